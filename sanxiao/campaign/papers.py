"""The papers of the room: notices of meetings, minutes, sign-in sheets and the code to sign in by."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from sanxiao.campaign.models import Meeting
from sanxiao.office.models import User
from sanxiao.office.now import now, today
from sanxiao.papers import cn, pdf
from sanxiao.papers.models import Paper, issue_paper

SPARE = 10  # empty lines of a sign-in sheet


def notice(meeting: Meeting, carried: list[Any], by: User | None) -> Paper:
    """会议通知."""
    words: list[Any] = [
        f"经研究，定于{_when(meeting)}召开{meeting.topic}。现将有关事项通知如下：",
        *_heads(("时间", _when(meeting)), ("地点", meeting.place), ("主持", meeting.chair)),
    ]
    if meeting.agenda:
        words += [{"level": 1, "text": "议程"}, *_paragraphs(meeting.agenda)]
    if carried:
        words += [{"level": 1, "text": "请有关单位汇报以往会议议定事项的办理情况"}, *map(_told, carried)]
    words.append("请准时参加，到会后扫码签到；不能参加的，请事先在系统里请假。")
    return _issue(meeting, f"关于召开{meeting.topic}的通知", words, by)


def changed(meeting: Meeting, reason: str, by: User | None) -> Paper:
    """会议变更通知."""
    words = [f"{meeting.topic}因{reason}，改为{_when(meeting)}在{meeting.place}召开，请准时参加。"]
    return _issue(meeting, f"关于{meeting.topic}变更的通知", words, by)


def minutes(meeting: Meeting, by: User | None) -> Paper:
    """会议纪要."""
    with override("zh-hans"):
        came = "、".join(str(row.office.name) for row in meeting.invites.filter(state="came").select_related("office"))
        away = meeting.invites.filter(state__in=("absent", "excused")).select_related("office")
        gone = "、".join(f"{row.office.name}（{row.state_row.name}）" for row in away)
    words: list[Any] = [
        *_heads(("时间", _when(meeting)), ("地点", meeting.place), ("主持", meeting.chair), ("到会单位", came),
                ("缺席、请假", gone)),
        {"level": 1, "text": "会议内容"}, *_paragraphs(meeting.minutes),
    ]  # fmt: skip
    if decisions := list(meeting.decisions.prefetch_related("tasks__unit")):
        words.append({"level": 1, "text": "议定事项"})
        for row in decisions:
            units = "、".join(task.unit.name for task in row.tasks.all() if task.unit)
            due = f"，{cn.day_text(row.due_on)}前办结" if row.due_on else ""
            words.append({"level": 3, "text": f"{row.text}{f'（{units}{due}）' if units else ''}"})
    return _issue(meeting, f"{meeting.topic}纪要", words, by, to=False)


def _when(meeting: Meeting) -> str:
    return f"{cn.day_text(meeting.held_on)}{meeting.starts_at}"


def _heads(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"level": 1, "text": f"{name}：{text}"} for name, text in pairs if text]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _told(carried: Any) -> dict[str, Any]:
    with override("zh-hans"):
        said = "；".join(f"{task.unit.name}{task.state_row.name}" for task in carried.tasks if task.unit)
    return {"level": 3, "text": f"{carried.decision.text}（{said}）"}


def _issue(meeting: Meeting, title: str, words: list[Any], by: User | None, *, to: bool = True) -> Paper:
    units = [row.office.name for row in meeting.invites.select_related("office") if row.office_id != meeting.host_id]
    facts = {
        "title": title, "org": meeting.host.name, "paragraphs": words, "date": str(today()),
        "addressee": _briefly(units) if to else None, "practice": not settings.REAL,
    }  # fmt: skip
    return issue_paper(meeting, "notice", title, facts, by)


def _briefly(units: list[str]) -> str | None:
    return "、".join(units) or None


def address(meeting: Meeting) -> str:
    """Where one signs in."""
    return str(settings.PUBLIC_BASE_URL + reverse("meeting-sign", args=[meeting.code]))


def code(meeting: Meeting) -> bytes:
    """The code, large, to stand at the door."""
    facts = {
        "title": "扫码签到", "name": meeting.topic, "about": f"{_when(meeting)}　{meeting.place}",
        "qr": address(meeting), "address": address(meeting), "practice": not settings.REAL,
        "lines": ["1. 用手机扫码，用自己的账号登录。", "2. 按“签到”，每人签一次。",
                  "3. 没有手机的，请在签到表上签名，由工作人员补签。"],
    }  # fmt: skip
    return pdf.render("slip", facts)


def sheet(meeting: Meeting) -> bytes:
    """The sheet for those who sign by hand."""
    units = list(meeting.invites.select_related("office"))
    rows = [[str(n), row.office.name, "", "", ""] for n, row in enumerate(units, 1)]
    rows += [[str(len(units) + n), "", "", "", ""] for n in range(1, SPARE + 1)]
    heads = (("no", "序号", 1), ("unit", "单位", 4), ("who", "签名", 2), ("post", "职务", 2), ("tel", "备注", 3))
    facts = {
        "title": f"{meeting.topic} 签到表", "about": f"{_when(meeting)}　{meeting.place}　通知 {len(units)} 个单位",
        "columns": [{"key": key, "label": label, "width": width} for key, label, width in heads], "rows": rows,
        "generated_at": now(), "practice": not settings.REAL,
    }  # fmt: skip
    return pdf.render("list", facts)
