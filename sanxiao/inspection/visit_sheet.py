"""The result sheet of a visit (监督检查结果记录表), told and signed on the spot. In Chinese on any screen."""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from sanxiao.docket.models import Rule
from sanxiao.inspection.checklist import Item
from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_rules import ACTIONS, ANSWERS
from sanxiao.office.models import User
from sanxiao.papers.models import Paper, issue_paper

TITLE = "监督检查结果记录表"


def issue_sheet(visit: Visit, items: list[Item], by: User | None) -> Paper:
    """Freeze what the sheet says; PDF and Word are made from it when somebody asks."""
    said = Rule.objects.value("document.order", visit.area, visit.rule_on, {})
    with override("zh-hans"):
        facts = facts_of(visit, items, said.get("issuer", ""))
    return issue_paper(visit, "visit", TITLE, facts, by, visit.number)


def facts_of(visit: Visit, items: list[Item], org: str) -> dict[str, Any]:
    """The facts of `typst/visit.typ`."""
    return {
        "title": TITLE, "org": org, "number": visit.number, "place": _place(visit),
        "items": [_line(item, visit.answers.get(item.code) or {}) for item in items],
        "score": f"{visit.score:.1f}", "result": str(visit.get_result_display()),
        "action": str(visit.get_action_display()), "demand": _demand(visit, items),
        "team": visit.inspectors, "date": str(visit.begun_on), "practice": not settings.REAL,
    }  # fmt: skip


def _place(visit: Visit) -> list[list[str]]:
    file = visit.file
    return [
        ["经营单位", file.name], ["经营者", file.operator.name], ["地址", file.address],
        ["检查类型", str(visit.get_kind_display())], ["检查日期", str(visit.begun_on)], ["出示证件", visit.credentials],
    ]  # fmt: skip


def _line(item: Item, said: dict[str, Any]) -> dict[str, Any]:
    answer = str(dict(ANSWERS).get(said.get("a", ""), ""))
    return {
        "no": item.no, "text": item.label, "star": item.key, "points": item.points, "answer": answer,
        "note": said.get("note") or None,
    }  # fmt: skip


def _demand(visit: Visit, items: list[Item]) -> str | None:
    """'第1、9项：责令限期改正；第15项：责令立即停止。', or nothing where all is well."""
    parts = []
    for key, name in ACTIONS:
        numbers = [item.no for item in items if (visit.answers.get(item.code) or {}).get("action") == key]
        if numbers:
            parts.append(f"第{'、'.join(numbers)}项：{name}")
    return f"{'；'.join(parts)}。" if parts else None
