"""Papers of the room: leaflets with the list to sign, sign-in sheets, tests and their keys, codes."""

import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from sanxiao.archive.models import Establishment
from sanxiao.guidance import training
from sanxiao.guidance.models import Leaflet, Session
from sanxiao.office.models import Office
from sanxiao.papers import cn, pdf

MOST_ROWS = 400


def paragraphs(text: str) -> list[str]:
    """Parts of a text between empty lines, each on one line."""
    return [re.sub(r"\s*\n\s*", "", part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def leaflet(which: Leaflet, village: str = "", places: list[Establishment] | None = None) -> bytes:
    """The leaflet; with a village also the list on which its operators sign."""
    with override("zh-hans"):
        office = Office.objects.on().filter(role="fso", area=which.area).first()
        facts = {
            "title": which.title, "version": which.edition, "org": office.name if office else "",
            "date": str(which.since), "paragraphs": paragraphs(which.text), "village": village,
            "qr": settings.PUBLIC_BASE_URL + reverse("leaflet-public", args=[which.code]),
            "rows": [{"name": f.name, "person": f.operator.name, "address": f.address} for f in places or []],
            "practice": not settings.REAL,
        }  # fmt: skip
    return pdf.render("leaflet", facts)


def sign_in(session: Session) -> bytes:
    """The sheet on which everybody on the list signs."""
    with override("zh-hans"):
        people = session.people.select_related("file__operator").order_by("area", "file__name", "id")[:MOST_ROWS]
        rows = [[str(n), p.file.called, p.person or p.file.operator.name, "", ""] for n, p in enumerate(people, 1)]
        rows += [[str(len(rows) + n), "", "", "", ""] for n in range(1, 6)]  # for those who come without being asked
        heads = (("no", "序号", 1), ("file", "单位", 4), ("who", "经营者", 2), ("sign", "签到", 3), ("tel", "备注", 3))
        facts = {
            "title": f"{session.topic} 签到表", "filter": about(session), "count": len(rows) - 5,
            "columns": [{"key": key, "label": label, "width": width} for key, label, width in heads],
            "rows": rows, "practice": not settings.REAL,
        }  # fmt: skip
    return pdf.render("list", facts)


def about(session: Session) -> str:
    """Day, hour, place and speaker."""
    when = " ".join(filter(None, [cn.day_text(session.held_on), session.starts_at]))
    return "　".join(filter(None, [when, session.place, session.speaker and f"主讲：{session.speaker}"]))


def test(session: Session, *, key: bool) -> bytes:
    """The test of a session on paper, or its key."""
    with override("zh-hans"):
        questions: list[dict[str, Any]] = [
            {**q, "choices": [{"letter": letter, "text": text} for letter, text in q["choices"]]}
            for q in training.questions_of(session)
        ]
        facts = {
            "title": f"{session.topic} 测试题" + ("（答案）" if key else ""), "about": about(session), "key": key,
            "questions": questions, "pass": training.pass_mark(session), "practice": not settings.REAL,
        }  # fmt: skip
    return pdf.render("quiz", facts)


def code(session: Session) -> bytes:
    """The code of the test, large, to be hung up in the room."""
    with override("zh-hans"):
        facts = {
            "title": "扫码答题", "name": session.topic, "about": about(session), "qr": address(session),
            "address": address(session), "practice": not settings.REAL,
            "lines": ["1. 用手机扫码，不用登录。", "2. 选自己的店，答十道题，点“交卷”。",
                      f"3. 当场看到得分和讲解，{training.pass_mark(session)} 分合格；没合格的可以再答。"],
        }  # fmt: skip
    return pdf.render("slip", facts)


def address(session: Session) -> str:
    """Where the test of a session is taken."""
    return settings.PUBLIC_BASE_URL + reverse("test", args=[session.code])
