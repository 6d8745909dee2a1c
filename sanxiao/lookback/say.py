"""What stands as data in this room's matters, in words of the screen's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive.models import Kind
from sanxiao.archive.rules import BATCHES, CASES
from sanxiao.docket import rooms
from sanxiao.office.places import names_of

BASES = {
    "registered": lambda: _("登记发证"),
    "corrected": lambda: _("整改合格"),
    "closed": lambda: _("登记关停"),
    "filed": lambda: _("建档"),
}


def window(said: Mapping[str, Any]) -> str:
    """An hour: 夜间 20:30–23:00."""
    english = (get_language() or "").startswith("en")
    name = said.get("name_en" if english else "name") or said.get("key", "")
    return f"{name} {said.get('from', '')}–{said.get('to', '')}"


def rule(said: Mapping[str, Any]) -> str:
    """A campaign's rule as a sentence."""
    basis = BASES[said["basis"]]() if said.get("basis") in BASES else str(said.get("basis", ""))
    days = {"basis": basis, "since": said.get("since") or "", "until": said.get("until") or ""}
    parts = [_("%(since)s 至 %(until)s 期间%(basis)s的") % days]
    if kinds := said.get("kinds"):
        parts.append(_("、").join(str(kind) for kind in Kind.objects.filter(pk__in=kinds)))
    if areas := said.get("areas"):
        parts.append(_("、").join(names_of(areas).values()))
    for name, rows in (("cases", CASES), ("batches", BATCHES)):
        if values := said.get(name):
            parts.append(_("、").join(str(label) for value, label in rows if value in values))
    return _("；").join(parts)


def teams(said: Iterable[Mapping[str, Any]]) -> str:
    """Teams of two: 陈伟、李明；吴昊、周敏."""
    return _("；").join(_("、").join(team["names"]) for team in said)


def reasons(codes: Iterable[Any]) -> str:
    """Why a place may be the closed one."""
    return _("；").join(reason(code) for code in codes)


def reason(code: Any) -> str:
    """One reason: a word, or a word with its metres."""
    word, metres = (code[0], code[1]) if isinstance(code, list | tuple) else (code, 0)
    words = {
        "id": _("经营者证件号码相同"), "phone": _("经营者电话相同"), "address": _("地址相同"), "self": _("就是这一户"),
        "near": _("相距 %(m)d 米") % {"m": metres}, "name": _("名称相近，又在附近"), "found": _("回查时看到"),
    }  # fmt: skip
    return words.get(word, str(word))


def seen(said: Mapping[str, Any]) -> str:
    """A sighting in the words of its flow: 办证申请 · 代办申请."""
    try:
        flow = rooms.flow_of(said["kind"])
    except KeyError:
        return str(said["kind"])
    move = str(flow.row(said["move"]).name) if flow.has(said["move"]) else ""
    return " · ".join(filter(None, (str(flow.name), move)))
