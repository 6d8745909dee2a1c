"""A crowd of made-up places for measuring, written in bulk; `practice` tells a town, this only fills one.

Nothing here is told by moves: rows of the archive, their first events, classifications, orders and running
terms are inserted as the moves would leave them, but without papers, numbers of papers or counter-signatures.
Reports and desks can be measured over them; histories cannot be read in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from django.db import transaction
from django.utils import timezone

from sanxiao.archive import find
from sanxiao.archive.models import Classification, Establishment, Kind, Operator
from sanxiao.docket.models import Deadline, Event, Matter
from sanxiao.inspection.models import Order, Problem
from sanxiao.office.now import today
from sanxiao.web.practice.places import CASES, SHARES, Ground, Place

BATCH_OF = {"0": "upgrade", "1": "regulate", "2": "regulate", "3": "phase_out"}
STATES = {"normal": 88, "seasonal": 3, "suspended": 4, "lost": 1, "closed": 4}
TEN_THOUSAND = 10_000
STEP = 1000
OPEN_DAYS = 60  # running terms end within so many days
LATE_ORDERS = 200  # for each ten thousand places: problems whose term ran out yesterday
LAW = "《江苏省食品小作坊和食品摊贩管理条例》"


@dataclass(frozen=True)
class One:
    """A place with its rows, unsaved."""

    place: Place
    file: Establishment
    surveyed_on: date


def fill(town: str, folder: Path, scale: int, seed: int = 1) -> int:
    """Insert `scale` × 10,000 places into a town; gives how many. All or nothing."""
    rng = Random(seed)
    ground = Ground(town, folder, rng)
    kinds = {kind.code: kind for kind in Kind.objects.all()}
    have = Establishment.objects.count()
    with transaction.atomic():
        for start in range(0, scale * TEN_THOUSAND, STEP):
            lot = [_one(ground, kinds, rng, have + start + n) for n in range(STEP)]
            _insert(lot, rng)
    return scale * TEN_THOUSAND


def _one(ground: Ground, kinds: dict[str, Kind], rng: Random, no: int) -> One:
    kind, case = _drawn(rng, SHARES), _drawn(rng, CASES)
    area, opened = rng.choice(list(ground.areas)), today() - timedelta(days=rng.randint(900, 6000))
    place = ground.place(kind, area, case, opened)
    surveyed = today() - timedelta(days=rng.randint(10, 720))
    at = _moment(surveyed, no)
    who = Operator(name=place.person, area=area, home=ground.areas[area], created_at=at, updated_at=at)
    who.id_number, who.phone = place.id_number, place.phone
    where = place.point or (None, None)
    classified = rng.random() < 0.9
    file = Establishment(
        area=area, number=f"{kinds[kind].prefix}{area}-C{no:07d}", kind=kinds[kind], name=place.name, operator=who,
        address=place.address, lat=where[0], lng=where[1], point_source="map" if place.point else "", opened_on=opened,
        mobile=kind == "vendor", state=_drawn(rng, STATES), case=case if classified else "",
        batch=BATCH_OF[case] if classified else "", version=1, practice=True, rule_on=surveyed, created_at=at,
        updated_at=at, facts={"food_varieties": "、".join(place.foods["varieties"][:3]), "water": "tap", "workers": 2},
        missing=[] if place.point else ["position"],
    )  # fmt: skip
    find.keep_in_step(file)
    return One(place, file, surveyed)


def _drawn(rng: Random, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def _moment(day: date, no: int) -> datetime:
    """Nine in the morning, and a fraction of a second for each place: lists are cut by moment and key."""
    return timezone.make_aware(datetime.combine(day, time(9))) + timedelta(microseconds=no)


def _insert(lot: list[One], rng: Random) -> None:
    Operator.objects.bulk_create([one.file.operator for one in lot], batch_size=STEP)
    Establishment.objects.bulk_create([one.file for one in lot], batch_size=STEP)
    decided = [_classification(one, rng) for one in lot if one.file.case]
    orders, problems = _orders(lot)
    Classification.objects.bulk_create(decided, batch_size=STEP)
    Order.objects.bulk_create(orders, batch_size=STEP)
    Problem.objects.bulk_create(problems, batch_size=STEP)
    Event.objects.bulk_create(_events(lot, decided, orders), batch_size=STEP)
    Deadline.objects.bulk_create(_terms(decided, problems), batch_size=STEP)


def _classification(one: One, rng: Random) -> Classification:
    """Decided; case 0 is settled, case 2 under way by its order, the others wait for their first task."""
    file, decided = one.file, min(one.surveyed_on + timedelta(days=3), today())
    state = {"0": "settled", "2": "underway"}.get(file.case, "decided")
    due = today() + timedelta(days=rng.randint(0, OPEN_DAYS)) if state == "decided" else None
    return Classification(
        file=file, area=file.area, computed_case=file.case, computed_batch=file.batch, proposed_case=file.case,
        proposed_batch=file.batch, case=file.case, batch=file.batch, act_days=30, decided_on=decided, state=state,
        version=2, rule_on=decided, due_on=due, created_at=file.created_at, updated_at=file.created_at,
    )  # fmt: skip


def _orders(lot: list[One]) -> tuple[list[Order], list[Problem]]:
    """An order with two problems for every trading place of case 2; the terms of a few ran out yesterday."""
    orders, problems = [], []
    late = LATE_ORDERS * len(lot) // 10_000
    for n, one in enumerate(o for o in lot if o.file.case == "2" and o.file.state == "normal"):
        file = one.file
        day = today() - timedelta(days=1) if n < late else today() + timedelta(days=n % OPEN_DAYS)
        made = max(one.surveyed_on, today() - timedelta(days=30))
        order = Order(
            file=file, area=file.area, number=f"练习责改〔{made.year}〕{file.number}", issued_on=made, found_on=made,
            second="吴昊", served_on=made, service="direct", received_by=file.operator.name, state="served", version=2,
            rule_on=made, due_on=day, created_at=file.created_at, updated_at=file.created_at,
        )  # fmt: skip
        orders.append(order)
        for no, text in enumerate(("防尘防蝇设施不全", "进货票据不全"), 1):
            last = day if no == 1 else day + timedelta(days=OPEN_DAYS)
            problems.append(_problem(order, no, text, made, last))
    return orders, problems


def _problem(order: Order, no: int, text: str, made: date, last: date) -> Problem:
    return Problem(
        pk=order.problem_pk(no), order=order, file=order.file, area=order.area, no=no, text=text, law=LAW,
        demand="限期改正", first_on=last, fix_on=last, state="open", version=2, rule_on=made, due_on=last,
    )  # fmt: skip


def _events(lot: list[One], decided: list[Classification], orders: list[Order]) -> list[Event]:
    """The step by which each matter came into the log."""
    return [
        *(_event(one.file, one.file, "open", "normal", one.surveyed_on) for one in lot),
        *(_event(row, row.file, "decide", "decided", row.rule_on, case=row.case, batch=row.batch) for row in decided),
        *(_event(row, row.file, "issue", "issued", row.rule_on) for row in orders),
    ]


def _event(obj: Matter, file: Establishment, move: str, to: str, on: date, **facts: str) -> Event:
    return Event(
        kind=obj.flow.key, subject=obj.pk, file=file.pk, area=obj.area, move=move, to=to, facts=facts, on=on,
        at=obj.created_at,
    )  # fmt: skip


def _terms(decided: list[Classification], problems: list[Problem]) -> Iterator[Deadline]:
    for row in decided:
        if row.due_on:
            yield _term(row, row.file, "act", "首项任务期限", row.due_on, "")
    for problem in problems:
        yield _term(problem, problem.file, "fix", "改正期限", problem.fix_on, "lapse")


def _term(obj: Matter, file: Establishment, key: str, name: str, due: date, lapse: str) -> Deadline:
    return Deadline(
        kind=obj.flow.key, subject=obj.pk, file=file.pk, area=obj.area, term=key, name=name, unit="d",
        starts_on=min(obj.rule_on, due), due_on=due, first_due_on=due, lapse=lapse,
    )  # fmt: skip
