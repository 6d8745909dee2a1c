"""The two papers of a talk, in Chinese on any screen: the notice that calls in, the record to be signed."""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from sanxiao.docket.models import Rule
from sanxiao.inspection.notice import addressee
from sanxiao.inspection.talk_models import Talk
from sanxiao.inspection.talk_rules import LAW
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper

NOTICE, RECORD = "责任约谈通知书", "责任约谈记录"


def _issuer(talk: Talk) -> str:
    said: dict[str, Any] = Rule.objects.value("document.order", talk.area, talk.rule_on, {})
    return str(said.get("issuer", ""))


def notice(talk: Talk, by: User | None) -> Paper:
    """约谈通知书: why, when and where, and what to bring."""
    with override("zh-hans"):
        when = f"{cn.day_text(talk.meet_on)}{talk.meet_at}"
        facts = {
            "title": NOTICE, "org": _issuer(talk), "number": talk.number, "date": str(today()),
            "addressee": addressee(talk.file.name, talk.file.operator), "receipt": True,
            "paragraphs": [
                f"因{talk.cause}，你（单位）存在下列食品安全隐患，未及时采取措施消除：",
                *talk.findings.splitlines(),
                f"依据{LAW}的规定，决定对你（单位）{talk.role}{talk.person}进行责任约谈。"
                f"请于{when}到{talk.place}参加约谈，并携带身份证件、证照和整改情况的材料。",
                "约谈情况和整改情况将记入食品安全信用档案。",
            ],
            "contact": by.name if by else None, "phone": by.phone if by else None, "practice": not settings.REAL,
        }  # fmt: skip
        return issue_paper(talk, "notice", NOTICE, facts, by, talk.number)


def record(talk: Talk, by: User | None) -> Paper:
    """约谈记录: who was there, what was pointed out, demanded and promised; the lines for the signatures."""
    with override("zh-hans"):
        return issue_paper(talk, "form", RECORD, facts_of(talk), by, talk.number)


def facts_of(talk: Talk) -> dict[str, Any]:
    """The facts of `typst/form.typ`."""
    about = [
        ("被约谈单位", talk.file.name), ("被约谈人", f"{talk.person}（{talk.role}）"),
        ("约谈日期", cn.day_text(talk.held_on)), ("约谈地点", talk.place),
        ("约谈人", "、".join(filter(None, [talk.officer.name if talk.officer else "", talk.second]))),
        ("约谈依据", LAW),
    ]  # fmt: skip
    said = [
        ("约谈事由", talk.cause), ("指出的问题", talk.findings), ("提出的要求", talk.demanded),
        ("被约谈人的说明和承诺", talk.promised), ("承诺完成日期", cn.day_text(talk.promise_on)),
    ]  # fmt: skip
    signers = [("约谈人", talk.officer.name if talk.officer else ""), ("约谈人", talk.second), ("被约谈人", "")]
    return {
        "title": RECORD, "org": _issuer(talk), "form_no": talk.number, "filled_on": str(talk.held_on),
        "groups": [
            {"title": "约谈基本情况", "questions": [{"label": name, "answer": words} for name, words in about]},
            {"title": "约谈内容", "questions": [{"label": n, "answer": w, "wide": True} for n, w in said]},
        ],
        "signatures": [{"label": label, "name": name} for label, name in signers],
        "notes": ["本记录经被约谈人核对无误后签字；拒绝签字的，由约谈人注明原因，见证人签字。"],
        "practice": not settings.REAL,
    }  # fmt: skip
