"""The papers by which a crime goes to the police and a matter to another office."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import override

from sanxiao.enforcement.documents.frame import goods_list, head_of, label, name, pairs, party
from sanxiao.enforcement.handing import CRIMES, PAPERS
from sanxiao.enforcement.models import Exhibit, Referral, Transfer
from sanxiao.office.models import Office, User
from sanxiao.papers import cn
from sanxiao.papers.models import Paper, issue_paper


def to_police(transfer: Transfer, by: User | None) -> Paper:
    """涉嫌犯罪案件移送书; 案件移送书 where the matter is one of public order."""
    by_law = "依据《行政执法机关移送涉嫌犯罪案件的规定》，" if transfer.crime != "order" else ""
    title = "涉嫌犯罪案件移送书" if transfer.crime != "order" else "案件移送书"
    papers = [title if key == "letter" else name for key, name in pairs(PAPERS) if key in transfer.papers]
    lines = [f"{no}. {name}" for no, name in enumerate(papers, 1)]
    words = [
        *_found(transfer), f"其行为涉嫌{label(CRIMES, transfer.crime)}。{by_law}现将该案移送你单位。",
        "随案材料：", *lines,
    ]  # fmt: skip
    held = Exhibit.objects.filter(measure__case=transfer.case) if transfer.case and "goods" in transfer.papers else ()
    return sent_to(transfer, transfer, title, _office_words(transfer.area, "police"), words, by, list(held))


def _found(transfer: Transfer) -> list[str]:
    """What a case found, or what happened to those who went there."""
    if transfer.case is not None:
        return [
            f"本局在查处{party(transfer.case)}一案中发现，{transfer.case.conduct}",
            f"经专案核实：{transfer.report}",
        ]
    when = "、".join(cn.day_text(each.on) for each in transfer.incidents.order_by("on"))
    hurt = "；".join(each.injured for each in transfer.incidents.order_by("on") if each.injured)
    place = f"{transfer.file.name or transfer.file.called}（{transfer.file.address or ''}）"
    return [
        f"{when}，执法人员在{place}依法执行职务时遇到阻碍。", f"经专案核实：{transfer.report}",
        *([f"受伤人员：{hurt}"] if hurt else []),
    ]  # fmt: skip


def to_office(referral: Referral, by: User | None) -> Paper:
    """案件移送函, also that by which the food-safety office names who has it."""
    last = "由食安办指定，不再退回。" if referral.assigned else "如不属你单位职责，请写明理由退回。"
    words = [
        f"在对{referral.file.name or referral.file.called}的检查中发现：{referral.matter}",
        f"按照职责分工，现移送你单位办理，{last}",
        f"请于{cn.day_text(referral.wanted_on)}前答复办理结果。",
    ]  # fmt: skip
    return sent_to(referral, referral, "案件移送函", str(referral.to.name if referral.to else ""), words, by)


def sent_to(
    subject: Any, of: Any, title: str, to: str, words: list[str], by: User | None, goods: Sequence[Exhibit] = ()
) -> Paper:
    """A letter to an office or a place, with a list of goods where there is one."""
    with override("zh-hans"):
        facts = head_of(of.area, of.rule_on, title, subject.number)
        facts |= {"addressee": to, "paragraphs": words, "receipt": True, "list": goods_list(goods),
                  "contact": name(by), "phone": (by.phone if by else "") or None}  # fmt: skip
        return issue_paper(subject, "notice", title, facts, by, subject.number)


def _office_words(area: str, role: str) -> str:
    office = Office.objects.on().filter(role=role, area__startswith=area[:9]).first()
    return office.name if office else ""
