"""What 建档 would write: a sheet seen as a file, and set beside a file as it stands."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sanxiao.archive import expressions
from sanxiao.archive.models import Establishment, Pitch
from sanxiao.office import seal
from sanxiao.survey.models import Form, Sheet

# Answers that have a place of their own, on the sheet or on the file; all others are survey facts.
OWN_PLACE = frozenset(
    (
        "form_no", "village", "shop_name", "operator_name", "id_type", "address", "location", "operating_state",
        "opened_on", "uscc", "pitch", "pitch_location", "windows", "market_days", "photos", "signature", "surveyor_1",
        "surveyor_2", "surveyed_on", "signature_refused", "refusal_reason", "same_operator", "revisit_note",
        "market_round",
    )
)  # fmt: skip
COLUMNS = {"shop_name": "name", "address": "address", "opened_on": "opened_on", "mobile": "mobile"}
PERSON = {
    "operator_name": "name", "id_type": "id_type", "id_number": "id_number", "phone": "phone", "home_address": "home",
    "uscc": "credit_code",
}  # fmt: skip
PITCH = {"pitch": ("name", "lat", "lng"), "windows": ("windows",), "market_days": ("market_days",)}
PERSONAL = ("id_number", "phone", "home_address")


@dataclass(frozen=True)
class Plan:
    """A sheet as a file would hold it; empty values mean that the sheet says nothing."""

    columns: dict[str, Any]  # by question: shop_name, address, location, opened_on, mobile
    person: dict[str, Any]  # by question
    facts: dict[str, Any]
    gone: frozenset[str]  # facts that by these answers no longer apply
    state: str
    pitch: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One difference between a sheet and a file, by the name of its question."""

    name: str
    old: Any
    new: Any

    @property
    def personal(self) -> bool:
        """Never shown, never logged in clear."""
        return self.name in PERSONAL

    def logged(self) -> list[Any]:
        """Old and new as the log may hold them."""
        if not self.personal:
            return [self.old, self.new]
        return [f"idx:{seal.index(self.name, str(value))[:12]}" if value else "" for value in (self.old, self.new)]


def plan_of(sheet: Sheet) -> Plan:
    """What the sheet says, sorted by where the archive keeps it."""
    told, hidden = sheet.answers, sheet.hidden()
    opened = told.get("opened_on")
    columns = {
        "shop_name": sheet.name, "address": sheet.address,
        "location": [sheet.lat, sheet.lng] if sheet.lat is not None else None,
        "opened_on": date.fromisoformat(opened) if opened else None,
        "mobile": told["stall_form"] == "mobile" if "stall_form" in told else None,
    }  # fmt: skip
    person = {
        "operator_name": sheet.operator, "id_type": told.get("id_type"),
        "id_number": seal.plain_id(hidden.get("id_number", "")), "phone": seal.plain_phone(hidden.get("phone", "")),
        "home_address": str(hidden.get("home_address") or hidden.get("household_address") or "")[:120],
        "uscc": told.get("uscc"),
    }  # fmt: skip
    facts = {name: value for name, value in told.items() if name not in OWN_PLACE}
    pitch = {}
    if told.get("pitch"):
        point = told.get("pitch_location") or [sheet.lat, sheet.lng]
        pitch = {
            "name": told["pitch"], "lat": point[0], "lng": point[1], "market_days": told.get("market_days", ""),
            "windows": [windows_of(line) for line in told.get("windows", ())],
        }  # fmt: skip
    return Plan(
        columns, person, facts, frozenset(ruled_out(sheet.form, told)), told.get("operating_state") or "", pitch
    )


def restricted(plan: Plan, names: Set[str], file: Establishment) -> Plan:
    """The part of a plan that may be written: these questions and nothing else."""
    columns = {name: value if name in names else None for name, value in plan.columns.items()}
    columns["mobile"] = plan.columns["mobile"] if "stall_form" in names else None
    person = {name: value if name in names else "" for name, value in plan.person.items()}
    facts = {name: value for name, value in plan.facts.items() if name in names}
    state = plan.state if "operating_state" in names else ""
    return Plan(columns, person, facts, plan.gone & names, state, _restricted_pitch(plan, names, file))


def _restricted_pitch(plan: Plan, names: Set[str], file: Establishment) -> dict[str, Any]:
    """The pitch that stands with those of its parts that may be written; a new one where none stands."""
    held = current_pitch(file)
    if not plan.pitch or not names & set(PITCH):
        return {}
    if held is None:
        return plan.pitch
    whole = {name: getattr(held, name) for name in ("name", "lat", "lng", "windows", "market_days")}
    for question, columns in PITCH.items():
        if question in names:
            whole |= {column: plan.pitch[column] for column in columns}
    return whole


def windows_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the form's hours as a pitch keeps it."""
    days = [int(day) for day in line.get("weekdays", ())]
    return {"days": days, "from": line.get("window_from", ""), "to": line.get("window_to", "")}


def ruled_out(form: Form, answers: Mapping[str, Any]) -> Iterator[str]:
    """Questions that these answers rule out, where the answers that rule them out are there."""
    for name, question in form.questions().items():
        condition = question["relevant"]
        if not condition or name in OWN_PLACE:
            continue
        asked = expressions.compiled(condition)[1]
        known = all(answers.get(n) not in (None, "", []) for n in asked)
        if known and not expressions.is_true(condition, answers):
            yield name


# --- what would change -----------------------------------------------------------------------------------------


def changes_of(plan: Plan, file: Establishment) -> tuple[list[Change], list[str]]:
    """Differences, and the names of what the sheet says the same as the file."""
    found, same = [], []
    for name, old, new in _compared(plan, file):
        if new in (None, "", []) and name not in plan.gone:
            continue
        if _equal(old, new):
            if new not in (None, "", []):
                same.append(name)
        else:
            found.append(Change(name, old, new))
    return found, same


def _equal(old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list) and old and isinstance(old[0], float):
        return [round(v, 6) for v in old] == [round(v, 6) for v in new]
    return old == new or expressions.as_text(old) == expressions.as_text(new)


def _compared(plan: Plan, file: Establishment) -> Iterator[tuple[str, Any, Any]]:
    person = file.operator
    for name, column in COLUMNS.items():
        if name != "mobile":  # it follows from the form of the stall, which is shown
            yield name, getattr(file, column), plan.columns[name]
    yield "location", [file.lat, file.lng] if file.lat is not None else None, plan.columns["location"]
    if plan.state:
        yield "operating_state", file.state, plan.state
    for name, column in PERSON.items():
        yield name, getattr(person, column), plan.person[name]
    if plan.pitch:
        now = current_pitch(file)
        yield "pitch", now.name if now else None, plan.pitch["name"]
        yield "windows", now.windows if now else None, plan.pitch["windows"]
        yield "market_days", now.market_days if now else None, plan.pitch["market_days"]
    for name in {**file.facts, **plan.facts}:
        if name in plan.facts:
            yield name, file.facts.get(name), plan.facts[name]
        elif name in plan.gone and file.facts.get(name) not in (None, "", []):
            yield name, file.facts[name], None


def current_pitch(file: Establishment) -> Pitch | None:
    """Where the vendor stands now."""
    return Pitch.objects.filter(file=file, until__isnull=True).order_by("since", "id").last()
