"""信用档案: what a person's record says, over all his places and over years. Nothing in it is typed.

It follows from what happened: what the rooms hand down for the risk grade, talks (the law wants them in the record, and
whether the promise was kept), violence and bans from enforcement, closings that did not last, training and help from
guidance. It is no second grade: the risk grade is of a place and of today,
this is of a person and of years. Points, how long each counts and the bands are dated rows (`credit.*`, ours to
propose); an entry whose objection or repair was granted stays to be read and counts no more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket import files
from sanxiao.docket.clock import add_months
from sanxiao.docket.models import Event, Rule
from sanxiao.docket.rooms import Fact
from sanxiao.docket.tables import State
from sanxiao.enforcement.models import Barred, Incident, known
from sanxiao.guidance.models import Attendance, Help
from sanxiao.inspection.talk_models import Talk
from sanxiao.lookback.models import Alarm
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.publicity.models import Repair
from sanxiao.publicity.rules import REPAIR
from sanxiao.publicity.say import worded
from sanxiao.risk.known import known as known_of
from sanxiao.zones.models import Entrant
from sanxiao.zones.rules import ZONE

FROM_FACTS = ("penalty", "crime", "late", "sample_failed", "complaint")
GOOD_VISIT = 90


@dataclass(frozen=True)
class Entry:
    """One line of a record. `key` stays the same as long as it is the same event; `until`: the last day it counts."""

    key: str
    kind: str
    on: date
    name: str
    words: str
    points: int
    until: date
    file: UUID
    place: str
    repair: Repair | None = None  # granted: it counts no more
    capped: bool = False  # beyond the most that its kind may come to

    @property
    def counts(self) -> bool:
        """Does it count today?"""
        return self.repair is None and not self.capped and self.until >= today()

    @property
    def shown_points(self) -> str:
        """With its sign; nothing is neither more nor less."""
        return f"{self.points:+d}" if self.points else "0"

    @property
    def is_bad(self) -> bool:
        """Does it take points away?"""
        return self.points < 0


@dataclass(frozen=True)
class Record:
    """A person's record on a day."""

    operator: Operator
    base: int
    entries: tuple[Entry, ...]  # newest first, those that count no more among them
    band: State
    direct: str = ""  # why the band is the lowest whatever the points

    @property
    def points(self) -> int:
        """The base and what counts; never below nothing."""
        return max(0, self.base + sum(entry.points for entry in self.entries if entry.counts))

    @property
    def why(self) -> str:
        """The band in words."""
        if self.direct:
            return _("%(points)d 分；%(why)s，直接列为失信") % {"points": self.points, "why": self.direct}
        return _("基础分 %(base)d，加减后 %(points)d 分") % {"base": self.base, "points": self.points}


@dataclass(frozen=True)
class Rules:
    """The dated rows of a day."""

    base: int
    points: dict[str, dict[str, Any]]
    bands: list[dict[str, Any]]
    repair_months: int

    @classmethod
    def of(cls, area: str = "", on: date | None = None) -> "Rules":
        """As they hold on a day."""
        rows = Rule.objects
        return cls(
            int(rows.value("credit.base", area, on, 100)),
            {row["code"]: row for row in rows.value("credit.points", area, on, [])},
            list(rows.value("credit.bands", area, on, [])),
            int(rows.value("credit.repair_months", area, on, 6)),
        )


def band_states(area: str = "") -> list[State]:
    """The bands as chips, best first."""
    return [_band(row) for row in Rules.of(area).bands]


def _band(row: dict[str, Any]) -> State:
    return State(row["code"], worded(row), row.get("tone", "grey"))


# --- the record --------------------------------------------------------------------------------------------------


def record_of(operator: Operator) -> Record:
    """One person's record today."""
    return records([operator])[operator.pk]


def records(operators: Sequence[Operator]) -> dict[UUID, Record]:
    """Records of many people in a fixed number of queries. A person is known by the index of his ID number, or by his
    own row where none is on file."""
    persons = _same(operators)
    files = {file.pk: file for file in _places(persons)}
    whose: dict[UUID, list[UUID]] = defaultdict(list)  # file -> those of the operators asked for
    for operator in operators:
        for file in files.values():
            if file.operator_id in persons[operator.pk]:
                whose[file.pk].append(operator.pk)
    rules = Rules.of(operators[0].area if operators else "")
    found: dict[UUID, list[Entry]] = defaultdict(list)
    for file, kind, on, words in _events(files):
        row = rules.points.get(kind)
        for whom in whose.get(file.pk, ()):
            if row:
                found[whom].append(_entry(row, file, on, words))
    granted = _granted([pk for pks in persons.values() for pk in pks])
    barred = set(Barred.objects.now().values_list("id_number_index", flat=True)) - {""}
    return {
        operator.pk: _record(operator, found[operator.pk], rules, granted, barred, persons[operator.pk])
        for operator in operators
    }


def _same(operators: Iterable[Operator]) -> dict[UUID, set[UUID]]:
    """For each the keys of all rows that are the same person."""
    asked = list(operators)
    indices = {operator.id_number_index for operator in asked} - {""}
    by_index: dict[str, set[UUID]] = defaultdict(set)
    for pk, index in Operator.objects.filter(id_number_index__in=indices).values_list("pk", "id_number_index"):
        by_index[index].add(pk)
    return {operator.pk: by_index.get(operator.id_number_index, set()) | {operator.pk} for operator in asked}


def _places(persons: dict[UUID, set[UUID]]) -> Any:
    """Their places; closed ones and those merged away too, but none that was taken back."""
    keys = set().union(*persons.values()) if persons else set()
    rows = Establishment.objects.filter(operator__in=keys).exclude(state="void")
    return rows.only("called", "operator_id", "area", "merged_into_id", "state")


def _events(files: dict[UUID, Establishment]) -> Iterator[tuple[Establishment, str, date, str]]:
    """What happened at the places: file, kind, day, words."""
    keys = list(files)
    for each in known_of([pk for pk in keys if not files[pk].merged_into_id], today()):
        for kind, on, words in _of_facts(each.facts):
            yield files[each.pk], kind, on, words
    for incident in Incident.objects.filter(file__in=keys, on__lte=today()):
        kind = "threat" if incident.harm == "words" else "violence"
        yield files[incident.file_id], kind, incident.on, str(incident.get_harm_display())
    for alarm in Alarm.objects.filter(file__in=keys, state="confirmed"):
        yield files[alarm.file_id], "revival", alarm.looked_on, _("关停后又经营")
    yield from _talks(files)
    people = Attendance.objects.filter(file__in=keys, state="passed").select_related("session")
    for person in people:
        yield files[person.file_id], "training", person.tested_on or person.session.held_on, person.session.topic
    for help_ in Help.objects.filter(file__in=keys, state="seen"):
        yield files[help_.file_id], "help", help_.seen_on or help_.planned_on, help_.effect
    yield from _in_model_zones(files)


def _talks(files: dict[UUID, Establishment]) -> Iterator[tuple[Establishment, str, date, str]]:
    """责任约谈 that took place, with what it was about and where it stands; a broken promise is a line of its own."""
    for talk in Talk.objects.filter(file__in=list(files)).happened():
        file, day = files[talk.file_id], talk.held_on or talk.created_at.date()
        yield file, "talk", day, _("%(cause)s；%(state)s") % {"cause": talk.cause, "state": talk.state_row.name}
        if talk.state == "broken":
            yield file, "promise_broken", talk.seen_on or day, talk.effect


def _in_model_zones(files: dict[UUID, Establishment]) -> Iterator[tuple[Establishment, str, date, str]]:
    """Who works in a zone that bears the title of a model: since both are true; two queries."""
    tenants = Entrant.objects.filter(place__in=list(files), state="moved_in", zone__state="model")
    rows = list(tenants.exclude(moved_on=None).select_related("zone"))
    awards = Event.objects.filter(kind=ZONE.key, move="award", subject__in={row.zone_id for row in rows})
    since = dict(awards.order_by().values_list("subject").annotate(on=Max("on"))) if rows else {}
    for row in rows:
        first = max(row.moved_on, since.get(row.zone_id, row.moved_on))
        yield files[row.place_id], "model_zone", first, row.zone.called


def _of_facts(facts: Iterable[Fact]) -> Iterator[tuple[str, date, str]]:
    for fact in facts:
        if fact.kind in FROM_FACTS:
            yield fact.kind, fact.on, fact.words
        elif fact.kind == "visit" and fact.value >= GOOD_VISIT:
            yield "good_visit", fact.on, _("检查得分 %(n)g") % {"n": fact.value}


def _entry(row: dict[str, Any], file: Establishment, on: date, words: str) -> Entry:
    until = add_months(on, int(row["months"]))
    key = f"{row['code']}:{on}:{file.pk}"
    return Entry(key, row["code"], on, worded(row), words, int(row["points"]), until, file.pk, file.called)


def _granted(operators: list[UUID]) -> dict[tuple[UUID, str], Repair]:
    rows = Repair.objects.granted().filter(operator__in=operators)
    return {(row.operator_id, row.entry): row for row in rows}


def _record(
    operator: Operator, entries: list[Entry], rules: Rules, granted: dict[Any, Repair], barred: set[str],
    persons: set[UUID],
) -> Record:  # fmt: skip
    listed = _told_apart(sorted(entries, key=lambda entry: (entry.on, entry.key, entry.words), reverse=True))
    settled = [
        replace(entry, repair=next((granted[pk, entry.key] for pk in persons if (pk, entry.key) in granted), None))
        for entry in listed
    ]
    settled = list(_capped(settled, rules))
    direct = _direct(operator, settled, rules, barred)
    record = Record(operator, rules.base, tuple(settled), State("", ""), direct)
    return replace(record, band=_band(_row_of(record, rules)) if rules.bands else State("", "—"))


def _told_apart(entries: list[Entry]) -> list[Entry]:
    """Two of one kind on one day at one place have keys of their own."""
    seen: dict[str, int] = defaultdict(int)
    told = []
    for entry in entries:
        seen[entry.key] += 1
        told.append(replace(entry, key=f"{entry.key}:{seen[entry.key]}") if seen[entry.key] > 1 else entry)
    return told


def _capped(entries: Iterable[Entry], rules: Rules) -> Iterator[Entry]:
    """Honours of one kind come to a most: ten trainings do not buy off a penalty."""
    spent: dict[str, int] = defaultdict(int)
    for entry in entries:
        most = rules.points[entry.kind].get("most")
        if entry.counts and most is not None and not entry.is_bad:
            if spent[entry.kind] + entry.points > int(most):
                yield replace(entry, capped=True)
                continue
            spent[entry.kind] += entry.points
        yield entry


def _direct(operator: Operator, entries: Iterable[Entry], rules: Rules, barred: set[str]) -> str:
    if operator.id_number_index in barred:
        return _("在限制从业名单上")
    hit = next((e for e in entries if e.counts and rules.points[e.kind].get("direct")), None)
    return f"{hit.on:%Y-%m-%d} {hit.name}" if hit else ""


def _row_of(record: Record, rules: Rules) -> dict[str, Any]:
    if record.direct:
        return rules.bands[-1]
    return next((row for row in rules.bands if record.points >= int(row["from"])), rules.bands[-1])


# --- objection and repair ----------------------------------------------------------------------------------------


@REPAIR.beginning
def begin_repair(user: User, params: dict[str, str]) -> Repair:
    """About a person who runs a place that this officer may see; `entry` names the line."""
    file = known(Establishment, params.get("file"))
    if file is None or not Establishment.objects.seen_by(user).filter(pk=file.pk).exists():
        raise Http404
    return Repair(operator=file.operator, file=file, area=file.area, entry=params.get("entry", "")[:120])


def bad_entries(repair: Repair) -> list[Entry]:
    """Lines that take points away and still count."""
    return [entry for entry in record_of(repair.operator).entries if entry.is_bad and entry.counts]


def _entry_of(repair: Repair, facts: dict[str, Any]) -> Entry | None:
    key = facts.get("entry") or repair.entry
    return next((entry for entry in bad_entries(repair) if entry.key == key), None)


@REPAIR.predicate("known_entry")
def known_entry(repair: Repair, facts: dict[str, Any]) -> bool:
    """There is such a line; asked when it is chosen."""
    return not facts or _entry_of(repair, facts) is not None


@REPAIR.predicate("none_open")
def none_open(repair: Repair, facts: dict[str, Any]) -> bool:
    """One request at a time for a line."""
    rows = Repair.objects.filter(operator=repair.operator_id, entry=facts.get("entry") or repair.entry, state="asked")
    return not rows.exclude(pk=repair.pk).exists()


@REPAIR.predicate("waited")
def waited(repair: Repair, facts: dict[str, Any]) -> bool:
    """A repair is asked for after some months of good conduct; that a record is wrong can be said at once."""
    entry = _entry_of(repair, facts) if facts.get("request") == "repair" else None
    return entry is None or add_months(entry.on, Rules.of(repair.area).repair_months) <= today()


@REPAIR.effect("ask")
def asked(repair: Repair, by: User | None, facts: dict[str, Any]) -> None:
    """The line in words is kept, and the request on paper."""
    entry = _entry_of(repair, facts)
    assert entry is not None  # by the guard
    repair.words = f"{entry.on:%Y-%m-%d} {entry.name} {entry.words}".strip()[:200]
    for picture in facts.pop("papers", []):
        files.keep(repair, picture, getattr(picture, "name", _("申请书")), by, role="request")


@REPAIR.effect("grant", "refuse")
def decided(repair: Repair, _by: User | None, facts: dict[str, Any]) -> None:
    """What the operator is told."""
    repair.answer = str(facts.get("reason") or facts.get("note") or "")[:1000]
