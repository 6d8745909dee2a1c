"""The facts of enforcement: cases, goods, what was handed over, closings, incidents, barred persons."""

from sanxiao.enforcement.models.cases import Case, Party, known
from sanxiao.enforcement.models.closing import Barred, Closure, Incident
from sanxiao.enforcement.models.goods import Exhibit, Measure
from sanxiao.enforcement.models.handing import Referral, Transfer
from sanxiao.enforcement.models.paying import Instalment, Payment

__all__ = [
    "Barred", "Case", "Closure", "Exhibit", "Incident", "Instalment", "Measure", "Party", "Payment", "Referral",
    "Transfer", "known",
]  # fmt: skip
