"""The official notice (责令改正通知书): what stands in it, in the words of the national form.

It is written in Chinese whatever the screen's language. Personal numbers are masked.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from sanxiao.archive.models import Operator
from sanxiao.docket.models import Rule
from sanxiao.inspection import answering
from sanxiao.inspection.models import Order, Problem
from sanxiao.office.models import User
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper, take_number

TITLE = "责令改正通知书"


def issue_notice(order: Order, problems: list[Problem], by: User | None) -> Paper:
    """Freeze the facts of the notice; PDF and Word are made from them when somebody asks."""
    said = Rule.objects.value("document.order", order.area, order.rule_on, {})
    with override("zh-hans"):
        facts = facts_of(order, problems, said)
    return issue_paper(order, "order", facts["title"], facts, by, order.number)


def issue_again(order: Order, problems: list[Problem], by: User | None) -> Paper:
    """再次责令: a second notice with a number of its own, which names the first, on what the re-check found undone."""
    said = Rule.objects.value("document.order", order.area, order.rule_on, {})
    number = take_number("order", order.area, order)
    with override("zh-hans"):
        facts = facts_of(order, problems, said) | {
            "number": number, "date": str(order.reviewed_on), "found": found_again(order, said),
            "lead": "经复查，你（单位）的下列行为仍未改正，违反了表中所列条款的规定：",
            "demand_lead": f"依据{basis_words(problems)}的规定，现再次责令你（单位）按照上表所列的内容和期限予以改正。"
            "改正完成后，请向本局申请复查。",
        }  # fmt: skip
    return issue_paper(order, "order", facts["title"], facts, by, number)


def found_again(order: Order, said: dict[str, Any]) -> str:
    """What the first notice was, when it was served, and who has been there again."""
    title = said.get("printed_title", TITLE)
    who = "、".join(filter(None, [order.officer.name if order.officer else "", order.review_second]))
    return (
        f"本局于{cn.day_text(order.issued_on)}向你（单位）下达《{title}》（{order.number}），"
        f"{cn.day_text(order.served_on)}送达。{cn.day_text(order.reviewed_on)}，本局执法人员{who}到你（单位）进行复查。"
    )


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
        "practice": not settings.REAL, "service": {"place": order.file.address}, **code_of(order),
    }  # fmt: skip


def code_of(order: Order) -> dict[str, str]:
    """The code by which the operator answers, where the order has one."""
    link = answering.link_of(order)
    return {"qr": answering.address(link), "qr_note": "扫码拍照回复整改情况，不用登录"} if link else {}


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
