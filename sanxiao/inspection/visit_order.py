"""From a visit's findings to an order: each failed item with problem, clause, demand and date already filled in."""

from datetime import timedelta
from typing import Any

from django.utils.translation import override

from sanxiao.docket.models import Rule
from sanxiao.inspection import checklist
from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_rules import ORDERED
from sanxiao.office.now import today
from sanxiao.papers import cn

UNSURE = ("，条款待核", "；条款待核")  # the mark of a clause that the legal office has still to name
DAYS = 7  # for an item whose problem the town's list does not know


def items(visit: Visit) -> list[dict[str, Any]]:
    """The failed items that are to be ordered, as `ORDER.issue` takes its problems, in the order of the checklist.

    `law` is empty where the town's list names no clause: the officer fills it in.
    """
    if visit.form is None:
        return []
    listed = Rule.objects.value(f"problem.{visit.file.kind_id}", visit.area, visit.rule_on, [])
    known = {row["code"]: row for row in listed}
    wanted = [(item, visit.answers.get(item.code) or {}) for item in checklist.items_of(visit.form)]
    return [_problem(item, said, known) for item, said in wanted if said.get("action") in ORDERED]


def _problem(item: checklist.Item, said: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    row = known.get(item.problem, {})
    days = 0 if said["action"] == "stop" else int(row.get("days", DAYS))
    text = row.get("text") or f"{item.label}：不符合"
    return {
        "item": item.code, "code": row.get("code", ""), "key": item.key,
        "text": f"{text}（{said['note']}）" if said.get("note") else text,
        "law": law(row), "demand": demand(days), "until": today() + timedelta(days=days),
    }  # fmt: skip


def law(row: dict[str, Any]) -> str:
    """The clause of a usual problem as an order may quote it, without the mark of what is still to be named."""
    said = str(row.get("law", ""))
    for mark in UNSURE:
        said = said.replace(mark, "")
    return said


def demand(days: int) -> str:
    """What is demanded, as it usually is."""
    return "立即停止并改正" if days == 0 else "限期改正到位"


def found(visit: Visit) -> str:
    """The sentence on the inspection at the head of an order: in Chinese, as all that is printed."""
    failed = sum(row.get("a") == "no" for row in visit.answers.values())
    with override("zh-hans"):
        kind = visit.get_kind_display()
    return (
        f"{cn.day_text(visit.done_on)}，本局执法人员{visit.inspectors}到你（单位）进行{kind}"
        f"（记录表编号 {visit.number}），发现 {failed} 项不符合要求。"
    )
