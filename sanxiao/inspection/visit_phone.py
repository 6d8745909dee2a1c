"""A checklist filled on a phone: it belongs to the visit that waits for the place, or begins one.

What is incomplete is kept as a draft for the desk; nothing that was seen on the spot is lost.
"""

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow
from sanxiao.docket.models import Blob
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled, Taken
from sanxiao.inspection import checklist, visits
from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_rules import BY_HAND
from sanxiao.survey import arrival
from sanxiao.survey.phone import file_of

BEFORE_BEGUN = ("planned", "later")
PARTING = re.compile(r"[、,，;；\s]+")


@transaction.atomic
def take(filled: Filled) -> Taken:
    """Make of a filled checklist what can be made of it: begun, judged, told. Raises Refused, then nothing changed."""
    if held := Visit.objects.filter(filled=filled.id).select_related("file").first():
        return Taken(held, held.file)
    file = file_of(filled.place) if filled.place else None
    if file is None:
        raise Refused(_("没有找到检查的这一户。"), code="unknown")
    if filled.form.code != f"{checklist.PREFIX}{file.kind_id}":
        raise Refused(_("检查表与这一户的类别（%(kind)s）不符。") % {"kind": file.kind}, code="invalid")
    visit = _begun(filled, file)
    _keep_photos(visit, filled)
    _judge(visit, filled)
    return Taken(visit, file)


def _begun(filled: Filled, file: Establishment) -> Visit:
    """The visit of this place that was planned or begun, of the kind that was said if there is one; else a new one."""
    kind = str(filled.answers.get("visit_kind") or "")
    kind = kind if kind in dict(BY_HAND) else "routine"
    day, _wrong = arrival.day_of(filled, _date(filled.answers.get("begun_on")))
    rows = Visit.objects.filter(file=file, state__in=(*BEFORE_BEGUN, "underway")).select_related("file", "form")
    waiting = sorted(rows.order_by("due_on", "created_at"), key=lambda v: v.kind != kind)
    visit = waiting[0] if waiting else Visit(file=file, area=file.area)
    visit.filled, visit.form = filled.id, visit.form or filled.form
    if visit.state == "underway":
        return visit
    team = _team(filled, file)
    shown = str(filled.answers.get("credentials") or "").strip()[:60]
    cars = _vehicles(filled.answers.get("vehicles"))
    facts: dict[str, Any] = {
        "begun_on": day, "team": team, "vehicles": cars, "credentials": shown or visit.credentials,
    }  # fmt: skip
    if not visit.state:  # it has been made: what speaks against another visit is noted, not a reason to lose it
        facts |= {"kind": kind, "override": _("现场已检查（手机登记）")}
    move = {"planned": "begin", "later": "early"}.get(visit.state, "start")
    flow.move(visit, move, filled.by, within=True, on=day, **facts)  # whether he may, the inbox has asked
    return visit


def _team(filled: Filled, file: Establishment) -> list[dict[str, Any]]:
    """Who filled it, and the others by name; who is no user here (of a higher office) is kept by name alone."""
    people = {user.name: user for _office, users in visits.colleagues(file.area) for user in users}
    names = [n for n in PARTING.split(str(filled.answers.get("second") or "")) if n and n != filled.by.name]
    known = visits.team_rows([filled.by, *(people[name] for name in names if name in people)])
    return known + [{"user": None, "name": name[:40], "office": ""} for name in names if name not in people]


def _answers(filled: Filled, items: list[checklist.Item]) -> dict[str, dict[str, Any]]:
    found = {}
    for item in items:
        said = str(filled.answers.get(item.code) or "")
        if said in ("yes", "na"):
            found[item.code] = {"a": said}
        elif said == "no":
            gravity = str(filled.answers.get(f"{item.code}_gravity") or "")
            note = str(filled.answers.get(f"{item.code}_note") or "").strip()[:300]
            found[item.code] = {"a": "no", "gravity": gravity, "note": note}
    return found


def _keep_photos(visit: Visit, filled: Filled) -> None:
    items = checklist.items_of(filled.form)
    uses = (("photo", "before"), ("after", "after"))
    wanted = {f"{item.code}_{end}": f"{use}:{item.code}" for item in items for end, use in uses}
    for question, role in {**wanted, "signature": "signature"}.items():
        name = filled.answers.get(question)
        if not (isinstance(name, str) and name in filled.files):
            continue
        told = filled.told.get(name, {})
        place = (told["lat"], told["lng"]) if told.get("lat") is not None and told.get("lng") is not None else None
        blob = Blob.objects.get(pk=filled.files[name])
        files.keep(visit, blob, name, filled.by, role=role, place=place)


def _judge(visit: Visit, filled: Filled) -> None:
    """Judged and told where it is whole; else a draft that the desk completes."""
    assert visit.form is not None
    answers = _answers(filled, checklist.items_of(filled.form))
    day = visit.begun_on
    try:
        with transaction.atomic():
            flow.move(visit, "judge", filled.by, within=True, on=day, answers=answers)
    except Refused:
        fresh = Visit.objects.select_related("file", "form").get(pk=visit.pk)
        flow.move(fresh, "save", filled.by, within=True, answers=answers)
        visit.refresh_from_db()
        return
    told = {name: str(filled.answers.get(name) or "").strip() for name in ("told_how", "refusal", "witness")}
    facts: dict[str, Any] = {"told_on": day, **{name: text[:200] for name, text in told.items() if text}}
    if told["told_how"] == "signed":
        facts["told_to"] = visit.file.operator.name
    if told["told_how"] and not flow.why_not(visit, visit.flow.row("tell"), facts):
        flow.move(visit, "tell", filled.by, within=True, on=day, **facts)


def _vehicles(said: Any) -> int:
    """How many set out; nobody drove where nothing was said, nor where it is no sensible number."""
    text = str(said or "").strip()
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _date(said: Any) -> str | None:
    try:
        return date.fromisoformat(str(said or "")[:10]).isoformat()
    except ValueError:
        return None
