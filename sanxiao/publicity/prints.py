"""Papers of the room: posters and slips of a poll, a person's credit record."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.office.places import name_of
from sanxiao.papers import cn, codes, pdf
from sanxiao.publicity import survey
from sanxiao.publicity.credit import Record
from sanxiao.publicity.models import Door, Poll, Slip


def address(code: str) -> str:
    """Where a questionnaire is filled in."""
    return settings.PUBLIC_BASE_URL + reverse("open-survey", args=[code])


def _org(area: str) -> str:
    office = Office.objects.on().filter(role="fso", area=area).first()
    return office.name if office else ""


def poster(door: Door) -> bytes:
    """The open code of a village, large, to be hung up."""
    with override("zh-hans"):
        poll = door.poll
        facts = {
            "title": "食品安全满意度调查", "org": _org(poll.area), "name": name_of(door.area),
            "about": f"{poll.title}　{cn.day_text(poll.closes_on)}止", "qr": address(door.code),
            "address": address(door.code), "practice": not settings.REAL,
            "lines": ["1. 手机扫码，不用登录，一分钟答完。", "2. 不留姓名，不记时刻和来访地址，只记日期。",
                      "3. 收到答卷条的，请扫条上的码：条上的一户一票，计入结果。"],
        }  # fmt: skip
    return pdf.render("slip", facts)


def slips(poll: Poll, area: str, batch: int) -> bytes:
    """The slips of one village and batch, eight on a sheet to be cut; b"" where there are none."""
    rows = list(Slip.objects.filter(poll=poll, area=area, batch=batch).order_by("pk"))
    if not rows:
        return b""
    with override("zh-hans"):
        facts = {
            "title": "食品安全满意度调查答卷条", "about": poll.title, "place": name_of(area), "org": _org(poll.area),
            "until": f"{cn.day_text(poll.closes_on)}止", "practice": not settings.REAL,
            "cards": [{"qr": address(code), "code": codes.shown(code)} for code in map(survey.code_of, rows)],
        }  # fmt: skip
    return pdf.render("ballots", facts)


def credit(record: Record, by: Any) -> bytes:
    """A person's record as a table: every point in words."""
    with override("zh-hans"):
        heads = (("on", "日期", 2), ("name", "事项", 3), ("words", "内容", 6), ("place", "经营单位", 4),
                 ("points", "分", 1), ("until", "计到", 2), ("state", "现在", 3))  # fmt: skip
        rows = [
            [str(e.on), e.name, e.words, e.place, e.shown_points, str(e.until), standing(e)] for e in record.entries
        ]
        facts = {
            "title": f"{record.operator.name} 信用档案", "count": len(rows), "rows": rows, "by": by.name,
            "filter": f"{record.band.name}　{record.why}　截至{cn.day_text(today())}",
            "columns": [{"key": key, "label": label, "width": width} for key, label, width in heads],
            "practice": not settings.REAL,
        }  # fmt: skip
    return pdf.render("list", facts)


def standing(entry: Any) -> str:
    """Whether an entry counts, in words."""
    if entry.repair is not None:
        return _("已同意不计")
    if entry.capped:
        return _("已到加分上限")
    if not entry.points:
        return _("只记录，不计分")
    return _("计分") if entry.counts else _("期满不计")
