"""The brief that everybody takes along, and the joint enforcement record (domain.md 5). In Chinese on any screen."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from sanxiao.docket import rooms
from sanxiao.joint import checklist, outcome, route, targets
from sanxiao.joint.models import Operation, Part, Stop
from sanxiao.joint.police import numbers
from sanxiao.office.now import now, today
from sanxiao.office.places import name_of
from sanxiao.papers import cn, pdf
from sanxiao.papers.models import Paper, issue_paper, take_number

TITLE = "联合执法记录"
NO = "无。"


def kilometres(metres: int) -> str:
    """'3.4 公里' or '800 米'."""
    return f"{metres / 1000:.1f} 公里" if metres >= 1000 else f"{metres} 米"


def _window(operation: Operation) -> str:
    return f"{cn.day_text(operation.held_on)} {operation.starts_at:%H:%M}—{operation.ends_at:%H:%M}"


# --- before ----------------------------------------------------------------------------------------------------------


def brief(operation: Operation, stops: Sequence[Stop], user: Any) -> bytes:
    """The brief as PDF, as the plan stands now."""
    with override("zh-hans"):
        return pdf.render("brief", brief_facts(operation, stops, user))


def brief_facts(operation: Operation, stops: Sequence[Stop], user: Any) -> dict[str, Any]:
    """The facts of `typst/brief.typ`; `stops` are those that `user` may see."""
    parts = [part for part in _parts(operation) if part.state not in ("declined", "absent", "dropped")]
    found = route.legs(stops)
    sketch = route.sketch(found)
    return {
        "org": str(operation.lead.name), "title": f"联合执法行动方案：{operation.topic}",
        "head": [
            ["事由", operation.purpose], ["时间", _window(operation)], ["集合地点", operation.meeting],
            ["牵头单位", operation.lead.name], ["范围", name_of(operation.area)],
        ],
        "offices": [
            {"name": part.office.name, "task": part.task, "vehicles": part.vehicles or None, "people": part.people}
            for part in parts
        ],
        "stops": _places(found, operation, user), "route": sketch,
        "length": f"共 {len(found)} 处，直线距离合计 {kilometres(route.length(found))}" if found else None,
        **_items(operation, parts), "police": _how_to_call(operation),
        "generated_at": now(), "practice": not settings.REAL,
    }  # fmt: skip


def _how_to_call(operation: Operation) -> str:
    return f"遇到阻碍执法：先打 {'、'.join(n.telephone for n in numbers(operation))}，再在手机上按“呼叫民警”。"


def _parts(operation: Operation) -> list[Part]:
    rows = operation.parts.select_related("office").order_by("created_at", "office")
    return sorted(rows, key=lambda part: part.office_id != operation.lead_id)


def _places(found: Sequence[route.Leg], operation: Operation, user: Any) -> list[dict[str, Any]]:
    known = targets.known([leg.stop.file for leg in found], operation.held_on)
    return [
        {
            "no": leg.no, "name": leg.stop.file.called, "address": leg.stop.file.address,
            "operator": leg.stop.file.operator.name,
            "way": None if leg.metres is None else f"距上一处 {kilometres(leg.metres)}",
            "known": targets.why_chosen(leg.stop.file, known[leg.stop.file_id]),
            "warn": rooms.gather("warnings", leg.stop.file, user),
        }
        for leg in found
    ]  # fmt: skip


def _items(operation: Operation, parts: Sequence[Part]) -> dict[str, Any]:
    """The merged list with a column for each office that has an item."""
    rows = checklist.rows_of(operation)
    named = {part.office.role: part.office.name for part in parts}
    roles = [role for role in named if any(role in row.roles for row in rows)]
    return {
        "roles": [outcome.short(role, named[role]) for role in roles],
        "items": [
            {"topic": row.topic, "text": row.text, "marks": [role in row.roles for role in roles]}
            for row in rows if set(row.roles) & set(roles)
        ],
    }  # fmt: skip


# --- after -----------------------------------------------------------------------------------------------------------


def issue_record(operation: Operation) -> Paper:
    """联合执法记录, frozen when the whole closes."""
    operation.number = take_number("joint", operation.area, operation)
    with override("zh-hans"):
        return issue_paper(operation, "report", TITLE, record_facts(operation), None, operation.number)


def record(operation: Operation) -> bytes:
    """The record as far as it has come, as PDF; it has no number yet."""
    with override("zh-hans"):
        return pdf.render("report", {**record_facts(operation), "draft": True})


def record_facts(operation: Operation) -> dict[str, Any]:
    """The facts of `typst/report.typ`: what domain.md 5 asks of a joint enforcement record."""
    parts = _parts(operation)
    came = [part for part in parts if part.state in ("underway", "closed", "released")]
    stops = list(operation.stops.standing().select_related("file__operator").prefetch_related("findings__office"))
    done = outcome.of(operation)
    return {
        "title": TITLE, "org": operation.lead.name, "number": operation.number or None, "date": str(today()),
        "sections": [
            {"heading": "基本情况", "paragraphs": _basics(operation)},
            {"heading": "参加单位和任务", "paragraphs": [_of_part(part) for part in came] + _who_did_not(parts)},
            {"heading": "检查情况", "paragraphs": [_seen(stops)]},
            {"heading": "采取的措施和制作的文书", "paragraphs": _made(done)},
            {"heading": "阻碍执法和公安处置", "paragraphs": _resistance(done)},
            {"heading": "各单位小结", "paragraphs": [f"{part.office.name}：{_word(part)}" for part in came] or [NO]},
        ],
        "tables": [_people_table(came), _places_table(operation, stops)], "generated_at": now(),
        "practice": not settings.REAL,
    }  # fmt: skip


def _basics(operation: Operation) -> list[str]:
    return [
        f"主题：{operation.topic}。牵头单位：{operation.lead.name}。", f"事由：{operation.purpose}",
        f"时间：{_window(operation)}。",
        f"地点：{name_of(operation.area)}，集合地点{operation.meeting}。",
    ]  # fmt: skip


def _of_part(part: Part) -> str:
    here = [row for row in part.people if row["user"] in part.came or part.state != "closed"]
    names = "、".join(f"{r['name']}（{r['certificate']}）" if r.get("certificate") else r["name"] for r in here)
    cars = part.cars if part.state == "closed" else part.vehicles
    return f"{part.office.name}：{part.task or '参加联合执法'}。{len(here)} 人：{names or '无'}；车辆 {cars} 辆。"


def _who_did_not(parts: Sequence[Part]) -> list[str]:
    names = {"declined": "答复不参加", "absent": "未答复、未到场"}
    return [f"{part.office.name}：{names[part.state]}。" for part in parts if part.state in names]


def _seen(stops: Sequence[Stop]) -> str:
    by = {key: sum(stop.state == key for stop in stops) for key in ("visited", "absent", "shut")}
    wrong = sum(row.a == "no" for stop in stops for row in stop.findings.all())
    return (
        f"共列入 {len(stops)} 处，到场检查 {by['visited']} 处，没找到 {by['absent']} 处，"
        f"当天关门 {by['shut']} 处；发现问题 {wrong} 项，详见附表。"
    )


def _made(done: outcome.Outcome) -> list[str]:
    return [
        f"{row.kind}：{row.title}{f'（{row.number}）' if row.number else ''}，{row.state}。" for row in done.papers
    ] or [NO]


def _resistance(done: outcome.Outcome) -> list[str]:
    said = [
        f"{timezone.localtime(call.at):%H:%M} 呼叫民警：{call.said}；{call.state_row.name}。{call.outcome}"
        f"{f'接处警编号 {call.police_no}。' if call.police_no else ''}"
        for call in done.calls
    ]
    return said + [f"{row.file.called}：{row.get_harm_display()}，{row.said}" for row in done.incidents] or [NO]


def _word(part: Part) -> str:
    return part.summary if part.state == "closed" else "没有办结。"


def _people_table(parts: Sequence[Part]) -> dict[str, Any]:
    rows = [
        [part.office.name, row["name"], row.get("certificate") or "", "是" if row["user"] in part.came else "", ""]
        for part in parts for row in part.people
    ]  # fmt: skip
    heads = (("单位", 3), ("姓名", 1.5), ("执法证号", 2), ("到场", 1), ("签名", 2))
    return {
        "title": "附表1　参加人员", "rows": rows,
        "columns": [{"key": str(n), "label": label, "width": width} for n, (label, width) in enumerate(heads)],
    }  # fmt: skip


def _places_table(operation: Operation, stops: Sequence[Stop]) -> dict[str, Any]:
    words = {row.code: row.text for row in checklist.rows_of(operation)}
    rows = []
    for no, stop in enumerate(stops, 1):
        wrong = [
            f"{words.get(row.code, row.code)}：{row.note}（{row.office.name}）"
            for row in stop.findings.all() if row.a == "no"
        ]  # fmt: skip
        file = stop.file
        rows.append(
            [str(no), file.called, file.operator.name, file.address, str(stop.state_row.name), "；".join(wrong)]
        )
    heads = (("序号", 0.7), ("对象", 2.4), ("经营者", 1.2), ("地址", 2.4), ("情况", 1.2), ("发现的问题", 5))
    return {
        "title": "附表2　检查对象和发现的问题", "rows": rows, "landscape": True,
        "columns": [{"key": str(n), "label": label, "width": width} for n, (label, width) in enumerate(heads)],
    }  # fmt: skip
