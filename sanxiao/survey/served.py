"""What a phone is given of a file, how a value of a choice between two is kept and said, and how it is written.

Phones are lost. They get the public answers and columns; never an ID number, a telephone, an address where
somebody lives, a landlord, or why somebody is poor.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment, Pitch
from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office import seal
from sanxiao.office.duties import sight
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.risk import keep
from sanxiao.survey import filing, plans, words
from sanxiao.survey.models import Form
from sanxiao.survey.plans import COLUMNS, PERSON, PERSONAL, PITCH, Plan
from sanxiao.survey.reading import Question, label

# Public on paper, but not for a phone: they say that somebody is poor.
PROTECTED = frozenset(("hardship",))
LEFT_OUT = ("note", "image", "calculate", "dateTime", "repeat")


def is_given(form: Form, name: str) -> bool:
    """Is a phone given this question's value?"""
    question = form.questions().get(name)
    if question is None:
        return False
    return not question["private"] and name not in PROTECTED and question["type"] not in LEFT_OUT


def values(files: Iterable[Establishment]) -> dict[Any, dict[str, Any]]:
    """Of every file (with its operator) what phones are given, by question; a few queries for any number."""
    rows = list(files)
    forms = {form.kind_id: form for form in Form.objects.in_use()}
    pitches = {}
    for pitch in Pitch.objects.filter(file__in=[row.pk for row in rows], until__isnull=True).order_by("since", "id"):
        pitches[pitch.file_id] = pitch
    return {row.pk: _values(row, forms.get(row.kind_id), pitches.get(row.pk)) for row in rows}


def _values(file: Establishment, form: Form | None, pitch: Pitch | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        **file.facts, "village": file.area, "shop_name": file.name, "operator_name": file.operator.name,
        "address": file.address, "operating_state": file.state, "id_type": file.operator.id_type,
        "uscc": file.operator.credit_code, "opened_on": file.opened_on.isoformat() if file.opened_on else "",
        "location": [file.lat, file.lng] if file.lat is not None else None,
    }  # fmt: skip
    if pitch:
        told |= {"pitch": pitch.name, "market_days": pitch.market_days}
        told["pitch_location"] = [pitch.lat, pitch.lng] if pitch.lat is not None else None
    asked = form.questions() if form else told
    given = {n: told[n] for n in asked if n in told and told[n] not in (None, "", [])}
    return {n: value for n, value in given.items() if form is None or is_given(form, n)}


# --- a choice between two values ---------------------------------------------------------------------------------


def kept(file: Establishment, name: str, value: Any) -> Any:
    """A value as it may be stored with a choice that waits: personal ones sealed for their place."""
    if value in (None, "", []):
        return None
    if name in PERSONAL:
        return {"sealed": seal.seal(str(value), _place(file, name))}
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _place(file: Establishment, name: str) -> str:
    return f"survey.clash:{file.pk}:{name}"


def opened(file: Establishment, name: str, value: Any) -> Any:
    """The value again."""
    if isinstance(value, dict) and "sealed" in value:
        return seal.unseal(value["sealed"], _place(file, name))
    return value


def say(file: Establishment, name: str, value: Any, user: User) -> tuple[str, str]:
    """The question and a value of it in words, personal numbers as this person may see them."""
    form = next((form for form in _forms(file) if name in form.questions()), None)
    question = form.questions()[name] if form else None
    called = label(question) if question else name
    if value in (None, "", []):
        return called, ""
    if name in PERSONAL:
        how = sight(user, f"person.{name if name in words.MASKS else 'id_number'}", file.area)
        mask = words.MASKS.get(name)
        return called, mask(opened(file, name, value)) if mask and how != "none" else _("（已填，不显示）")
    if form is None or question is None:
        return called, str(value)
    return called, words.said(form, question, _typed(question, value))


def _forms(file: Establishment) -> list[Form]:
    """The forms that ask about a file, its own kind's first; read once for a page."""
    held: list[Form] | None = file.__dict__.get("_asking")
    if held is None:
        own, free = Form.objects.latest_of(file.kind_id), Form.objects.free()
        held = file.__dict__["_asking"] = [form for form in (own, *free) if form]
    return held


def _typed(question: Question, value: Any) -> Any:
    """Text of the form's own language as words can say it."""
    if isinstance(value, str) and question["type"] == "select_multiple":
        return value.split()
    if isinstance(value, str) and question["type"] == "geopoint":
        return [float(part) for part in value.split()[:2]]
    return value


def adopt(file: Establishment, chosen: Mapping[str, Any], by: User) -> None:
    """Write the phone's values that a person has chosen into the file as it stands. Raises Refused or Stale."""
    if not chosen:
        return
    held = Establishment.objects.held().get(pk=file.standing.pk)
    if held.state == "void":
        raise Refused(_("这份档案的建档已撤回，不能再写入。"), code="guard")
    plan = plan_of({name: opened(file, name, value) for name, value in chosen.items()}, held)
    plan = replace(plan, gone=plan.gone | _follow(held, plan))
    changes, _same = plans.changes_of(plan, held)
    origin = filing.Origin(held.area, today(), missing=held.missing)
    filing.write(origin, plan, plan, held, {}, by, frozenset(chosen))
    told = {change.name: change.logged() for change in changes if change.name != "operating_state"}
    flow.move(held, "resurvey", by, within=True, changes=told, reason=_("两处修改，选定用手机的"))
    filing.go_to_state(held, plan.state, by, origin, _("两处修改，选定用手机的"))
    keep.refresh([held])


def plan_of(chosen: Mapping[str, Any], file: Establishment) -> Plan:
    """Chosen values, sorted by where the archive keeps them; one that is empty goes."""
    opened_on = chosen.get("opened_on")
    columns: dict[str, Any] = {
        name: chosen.get(name) for name in (*COLUMNS, "location") if name not in ("opened_on", "mobile")
    }
    columns["opened_on"] = date.fromisoformat(opened_on) if opened_on else None
    columns["mobile"] = chosen["stall_form"] == "mobile" if "stall_form" in chosen else None
    person = {name: chosen.get(name) or "" for name in PERSON}
    own = {*COLUMNS, "location", "operating_state", *PERSON, *PITCH}
    facts = {name: value for name, value in chosen.items() if name not in own and value not in (None, "", [])}
    gone = frozenset(name for name, value in chosen.items() if name not in own and value in (None, "", []))
    return Plan(columns, person, facts, gone, chosen.get("operating_state") or "", _pitch(chosen, file))


def _pitch(chosen: Mapping[str, Any], file: Establishment) -> dict[str, Any]:
    held = plans.current_pitch(file)
    if not any(chosen.get(name) for name in PITCH):
        return {}
    now = {name: getattr(held, name, None) for name in ("lat", "lng")} if held else {"lat": None, "lng": None}
    return {
        **now, "name": chosen.get("pitch") or (held.name if held else file.address),
        "windows": chosen.get("windows") or (held.windows if held else []),
        "market_days": chosen.get("market_days") or (held.market_days if held else ""),
    }  # fmt: skip


def _follow(file: Establishment, plan: Plan) -> frozenset[str]:
    """Answers that the chosen ones rule out."""
    form = Form.objects.latest_of(file.kind_id)
    whole = {**file.facts, **plan.facts}
    ruled = plans.ruled_out(form, whole) if form else ()
    return frozenset(name for name in ruled if file.facts.get(name) not in (None, "", []))
