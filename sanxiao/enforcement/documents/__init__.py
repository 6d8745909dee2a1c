"""The papers of enforcement, in the words of the national forms (2021 edition) as far as they are known.

Each is filled from its matter, numbered where the form has a number, frozen when it is issued and reprinted byte for
byte, as PDF and as Word. They are written in Chinese whatever the screen's language; personal numbers are masked.
"""

from sanxiao.enforcement.documents.closing import closed_down, closing_announced, operation, ordered_to_stop
from sanxiao.enforcement.documents.frame import penalty_words
from sanxiao.enforcement.documents.goods import lengthened, measure
from sanxiao.enforcement.documents.goods import settled as goods_settled
from sanxiao.enforcement.documents.handed import to_office, to_police
from sanxiao.enforcement.documents.money import instalments, to_court, urged
from sanxiao.enforcement.documents.way import (
    agreed,
    announced,
    called_to_hearing,
    closed,
    decided,
    discussed,
    filed,
    heard,
    investigated,
    not_filed,
    not_punished,
    posted,
    questioned,
    registered,
    reviewed,
    scene,
    told_of_test,
)

__all__ = [
    "agreed", "announced", "called_to_hearing", "closed", "closed_down", "closing_announced", "decided", "discussed",
    "filed", "goods_settled", "heard", "instalments", "investigated", "lengthened", "measure", "not_filed",
    "not_punished", "operation", "ordered_to_stop", "penalty_words", "posted", "questioned", "registered", "reviewed",
    "scene", "to_court", "to_office", "to_police", "told_of_test", "urged",
]  # fmt: skip
