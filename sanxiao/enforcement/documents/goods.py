"""The papers of goods: what is taken, for how much longer, and what becomes of it; each with its list."""

from typing import Any

from sanxiao.enforcement.documents.frame import REMEDY, goods_list, head, label, letter, party
from sanxiao.enforcement.measure_rules import FATES, MEASURES
from sanxiao.enforcement.models import Measure
from sanxiao.office.models import User
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper

TITLES = {"seal": "查封决定书", "seize": "扣押决定书", "register": "先行登记保存证据通知书"}


def measure(taken: Measure, by: User | None) -> Paper:
    """实施行政强制措施决定书 or 先行登记保存通知书, with its list."""
    case = taken.case
    lead = (
        f"你（单位）涉嫌“{case.conduct.rstrip('。')}”，本局决定对下列财物予以{label(MEASURES, taken.how)}，"
        f"存放于{taken.place}，由{taken.custodian}保管。"
    )
    end = ["本局将在七个工作日内作出处理决定，期间不得销毁或者转移。"] if taken.how == "register" else [REMEDY]
    goods = list(taken.exhibits.all())
    return letter(taken, TITLES[taken.how], by, [lead, *end, "财物清单："], number=taken.number, goods=goods)


def lengthened(taken: Measure, by: User | None, until: Any, reason: str) -> Paper:
    """延长行政强制措施期限决定书."""
    return letter(taken, "延长行政强制措施期限决定书", by, [
        f"本局《{TITLES[taken.how]}》（{taken.number}）所列财物，因{reason}，",
        f"现决定将{label(MEASURES, taken.how)}期限延长至{cn.day_text(until)}。", REMEDY,
    ], number=taken.number)  # fmt: skip


def settled(taken: Measure, by: User | None) -> Paper:
    """解除行政强制措施决定书 where all goes back, 先行登记保存证据处理决定书, else 财物处理清单."""
    goods = list(taken.exhibits.all())
    title = "先行登记保存证据处理决定书" if taken.how == "register" else "财物处理清单"
    if taken.how != "register" and all(row.fate == "returned" for row in goods):
        title = "解除行政强制措施决定书"
    witness = [f"监销人或见证人：{taken.witness}"] if taken.witness else []
    words = [f"本局《{TITLES[taken.how]}》（{taken.number}）所列财物处理如下：", *witness]
    facts = head(taken.case, title, taken.number) | {
        "addressee": party(taken.case), "paragraphs": words, "receipt": True, "contact": taken.case.officer.name,
        "list": goods_list(goods, FATES),
    }  # fmt: skip
    return issue_paper(taken, "notice", title, facts, by, taken.number)
