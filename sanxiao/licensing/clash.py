"""One card, one person, one pitch, its hours (E11): what another valid card says against a new one.

A person cannot stand at two places at once, and two people cannot stand on one pitch at once. These are
warnings for who decides, not refusals: hours as told in a survey are not exact.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment, Pitch
from sanxiao.docket.models import Rule
from sanxiao.licensing.eligibility import metres
from sanxiao.licensing.models import Certificate
from sanxiao.office.now import today

DAY = 24 * 60
SAME_PITCH = 10.0  # metres: two stalls do not fit


def minutes(text: str) -> int:
    """'05:30' -> 330."""
    hours, _colon, rest = text.partition(":")
    return int(hours) * 60 + int(rest or 0)


def stretches(windows: list[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Weekly windows as minutes of the week; one past midnight reaches into the next day, Sunday into Monday."""
    found = []
    for window in windows:
        if not (window.get("from") and window.get("to")):
            continue
        first, last = minutes(window["from"]), minutes(window["to"])
        last += DAY if last <= first else 0
        for day in window.get("days", []):
            start = (int(day) - 1) * DAY
            found.append((start + first, start + last))
            if start + last > 7 * DAY:
                found.append((start + first - 7 * DAY, start + last - 7 * DAY))
    return found


def overlap(one: list[Mapping[str, Any]], other: list[Mapping[str, Any]]) -> bool:
    """Do two sets of weekly windows have a minute in common?"""
    return any(a < d and c < b for a, b in stretches(one) for c, d in stretches(other))


def same_place(one: Pitch, other: Pitch) -> bool:
    """The same name in the same village, or within ten metres."""
    if one.area == other.area and one.name.strip() == other.name.strip():
        return True
    if one.lat is None or one.lng is None or other.lat is None or other.lng is None:
        return False
    return metres(one.lat, one.lng, other.lat, other.lng) <= SAME_PITCH


def warnings(file: Establishment) -> list[str]:
    """What speaks against a (further) card for this vendor; empty for other kinds, or where the rule is off."""
    if file.kind_id != "vendor" or not Rule.objects.value("vendor.one_place_one_card", file.area, default=True):
        return []
    mine = _pitches([file])
    others = _others(file)
    theirs = _pitches([card.file for card in others])
    found = []
    for card in others:
        same_person = _is_same_person(card.file, file)
        for pitch in theirs.get(card.file_id, []):
            for own in mine.get(file.pk, []):
                if said := _against(own, pitch, card, same_person):
                    found.append(said)
    return list(dict.fromkeys(found))


def _others(file: Establishment) -> list[Certificate]:
    who = Q(file__operator=file.operator_id)
    if index := file.operator.id_number_index:
        who |= Q(file__operator__id_number_index=index)
    town = file.area[:9]
    near = Q(area__gte=town.ljust(12, "0"), area__lte=town.ljust(12, "9"))
    rows = Certificate.objects.in_force().filter(who | near, kind_code="vendor").exclude(file__in=file.pks)
    return list(rows.select_related("file__operator"))


def _is_same_person(one: Establishment, other: Establishment) -> bool:
    index = one.operator.id_number_index
    return one.operator_id == other.operator_id or (bool(index) and index == other.operator.id_number_index)


def _pitches(files: list[Establishment]) -> dict[Any, list[Pitch]]:
    found: dict[Any, list[Pitch]] = {}
    for pitch in Pitch.objects.filter(file__in=files):
        if pitch.until is None or pitch.until >= today():
            found.setdefault(pitch.file_id, []).append(pitch)
    return found


def _against(own: Pitch, other: Pitch, card: Certificate, same_person: bool) -> str:
    words = {"name": card.file.called, "number": card.number, "place": other.name}
    at_once = overlap(own.windows, other.windows)
    if same_place(own, other):
        if same_person:
            return _("一地一卡：同一经营者在“%(place)s”已有卡 %(number)s（%(name)s）") % words
        return _("“%(place)s”同一时段已有卡 %(number)s（%(name)s）") % words if at_once else ""
    if same_person and at_once:
        return _("同一经营者同一时段在“%(place)s”另有卡 %(number)s（%(name)s）") % words
    return ""
