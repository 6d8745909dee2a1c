"""Scores, figures and reasons in words, for people who do not know the model."""

from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.risk.ranking.judge import Figures

GROUPS = {
    "record": gettext_lazy("这一户以往的检查结果"),
    "visits": gettext_lazy("以往因何上门、隔了多久"),
    "near": gettext_lazy("附近近来的检查结果"),
    "alike": gettext_lazy("同名、同类、同地段的检查结果"),
    "self": gettext_lazy("类别、位置、开业年数等登记内容"),
    "person": gettext_lazy("由谁检查"),
}
SHOWN, LEAST = 3, 0.005  # reasons told of one score; what moves it by less than half a point is not told


def reasons_of(reasons: list[tuple[str, float, float, float]]) -> list[str]:
    """What moved one score most away from the average, in percentage points, and the rate behind it."""
    told = [_told(*reason) for reason in reasons[:SHOWN] if abs(reason[1]) >= LEAST]
    return told or [_("与平均水平相近")]


def _told(group: str, points: float, own: float, usual: float) -> str:
    words = _("%(what)s：%(points)+.1f 个百分点") % {"what": GROUPS[group], "points": points * 100}
    if group in ("visits", "self") or np.isnan(own):
        return words
    rate = _("查出率 %(own).0f%%，平常 %(usual).0f%%") % {"own": own * 100, "usual": usual * 100}
    return _("%(words)s（%(rate)s）") % {"words": words, "rate": rate}


def figures_line(name: str, told: Figures, blocks: int) -> str:
    """The figures of one order on one line, in both languages: the command speaks before a language is chosen."""
    half = f"前一半查到 in the first half {told.half:.1%}（原来 as it was {told.usual:.1%}）"
    days = f"平均提前 days earlier {told.days:.1f}"
    over = f"{blocks} × 60 天 days，{told.visits} 次 visits，{told.found} 次查出 found"
    return f"{name}: AUC {told.auc:.3f} · {half} · {days} · {over}"


def rows(ids: Any, reasons: list[list[tuple[str, float, float, float]]]) -> dict[str, list[Any]]:
    """Columns of the reasons file: id and up to three reasons."""
    told = [reasons_of(each) for each in reasons]
    return {"id": list(ids), "reasons": ["；".join(each) for each in told]}
