"""The official notice (责令改正通知书): what stands in it, in the words of the national form.

It is written in Chinese whatever the screen's language. Personal numbers are masked.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from sanxiao.archive.models import Operator
from sanxiao.docket.models import Rule
from sanxiao.inspection.models import Order, Problem
from sanxiao.office.models import User
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper

TITLE = "责令改正通知书"


def issue_notice(order: Order, problems: list[Problem], by: User | None) -> Paper:
    """Freeze the facts of the notice; PDF and Word are made from them when somebody asks."""
    said = Rule.objects.value("document.order", order.area, order.rule_on, {})
    with override("zh-hans"):
        facts = facts_of(order, problems, said)
    return issue_paper(order, "order", facts["title"], facts, by, order.number)


def facts_of(order: Order, problems: list[Problem], said: dict[str, Any]) -> dict[str, Any]:
    """The facts of `typst/order.typ`; blanks that nobody has filled are left to the pen."""
    consequence = Rule.objects.value("order.consequence", order.area, order.rule_on, {})
    officer = order.officer
    return {
        "title": said.get("printed_title", TITLE), "org": said.get("issuer", ""), "number": order.number,
        "addressee": addressee(order.file.name, order.file.operator), "date": str(order.issued_on),
        "found": order.found or found_words(order), "basis": basis_words(problems),
        "problems": [
            {"text": p.text, "clause": p.law, "demand": p.demand, "due": "立即" if p.at_once else str(p.fix_on)}
            for p in problems
        ],
        "consequence": consequence.get("text"), "review_to": said.get("review_to"), "court": said.get("court"),
        "contact": officer.name if officer else None, "phone": officer.phone if officer else None,
        "practice": not settings.REAL, "service": {"place": order.file.address},
    }  # fmt: skip


def addressee(name: str, operator: Operator) -> str:
    """'王家豆腐坊（经营者：王秀兰，居民身份证 320413********0015）'; the code of a firm where it has one."""
    if operator.credit_code:
        paper = f"统一社会信用代码 {operator.credit_code}"
    elif operator.id_number:
        paper = f"{operator.get_id_type_display()} {cn.mask_id(operator.id_number)}"
    else:
        paper = ""
    return f"{name}（{'，'.join(filter(None, [f'经营者：{operator.name}', paper]))}）"


def found_words(order: Order) -> str:
    """The sentence on the inspection, where the officer wrote none."""
    who = "、".join(filter(None, [order.officer.name if order.officer else "", order.second]))
    return f"{cn.day_text(order.found_on)}，本局执法人员{who}到你（单位）进行检查。"


def basis_words(problems: list[Problem]) -> str:
    """The instruments and articles of all problems, each once."""
    return "、".join(dict.fromkeys(p.law for p in problems))
