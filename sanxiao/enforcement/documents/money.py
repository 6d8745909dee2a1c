"""The papers of paying: instalments, urging, and the court."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sanxiao.enforcement.documents.frame import form as form_of
from sanxiao.enforcement.documents.frame import handlers, letter, name, party, yuan
from sanxiao.enforcement.models import Case
from sanxiao.office.models import User
from sanxiao.papers import cn
from sanxiao.papers.models import Paper


def instalments(case: Case, by: User | None, rows: Sequence[Mapping[str, Any]]) -> Paper:
    """分期（延期）缴纳罚款通知书, with each rate and its day."""
    lines = [f"第{no}期：{cn.day_text(row['due_on'])}前，缴纳{yuan(Decimal(row['amount']))}。"
             for no, row in enumerate(rows, 1)]  # fmt: skip
    return letter(case, "分期（延期）缴纳罚款通知书", by, [
        f"你（单位）申请分期（延期）缴纳《行政处罚决定书》（{case.number}）所定的罚没款。经审查，同意按下列期限缴纳：",
        *lines, "任何一期逾期不缴的，自逾期之日起每日按该期罚款数额的百分之三加处罚款。",
    ], number=case.number)  # fmt: skip


def urged(case: Case, by: User | None, left: Decimal, late: Decimal) -> Paper:
    """行政处罚决定履行催告书."""
    more = f"，加处罚款{yuan(late)}" if late else ""
    return letter(case, "行政处罚决定履行催告书", by, [
        f"本局作出的《行政处罚决定书》（{case.number}）已于{cn.day_text(case.served_on)}送达，你（单位）至今没有履行。",
        f"请自收到本催告书之日起十个工作日内缴清：罚没款{yuan(left)}{more}。",
        "你（单位）有权陈述、申辩。无正当理由逾期仍不履行的，本局将依法申请人民法院强制执行。",
    ], number=case.number)  # fmt: skip


def to_court(case: Case, by: User | None, left: Decimal, late: Decimal) -> Paper:
    """强制执行申请书."""
    return form_of(case, "强制执行申请书", by, [
        ("被申请人", party(case)), ("行政处罚决定", f"{case.number}，{cn.day_text(case.decided_on)}作出"),
        ("送达日期", cn.day_text(case.served_on)), ("催告日期", cn.day_text(case.urged_on)),
        ("申请执行", f"罚没款{yuan(left)}，加处罚款{yuan(late)}"),
        ("附送材料", "行政处罚决定书及送达回证、催告书及送达回证、当事人的意见、财产状况"),
        ("承办人", handlers(case)), ("批准人", name(by)),
    ])  # fmt: skip
