"""Large made-up data for measurement, written in bulk: rows as the moves would leave them, but not told by moves.

What a measurement reads is there and consistent: files with numbers, their events, half of them with a decision
and its term, half of those that trade with a paper and its term. Nothing else: no sheets, orders, photos. Use
`practice` to look at the program, and this to measure it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import transaction

from sanxiao.archive import find
from sanxiao.archive.models import Classification, Establishment, Kind, Operator
from sanxiao.docket.models import Deadline, Event
from sanxiao.licensing.models import Certificate
from sanxiao.office.models import Post, User
from sanxiao.office.now import now, today
from sanxiao.papers.models import take_numbers
from sanxiao.web.practice import people
from sanxiao.web.practice.make import folder_of, is_there, town_area
from sanxiao.web.practice.places import CASES, SHARES, Ground, Place
from sanxiao.web.practice.story import BATCH

CHUNK = 2000
NAMED = {"workshop": "食品小作坊登记证", "vendor": "食品摊贩登记卡", "eatery": "食品小餐饮登记卡"}


class Field:
    """Grows a town's files by the thousand."""

    def __init__(self, ground: Ground, cadres: dict[str, User], officer: User) -> None:
        self.ground, self.rng, self.cadres, self.officer = ground, ground.rng, cadres, officer
        self.kinds = {kind.code: kind for kind in Kind.objects.filter(code__in=SHARES)}
        self.serial = Establishment.objects.count()
        self.offices = {user.pk: user.posts.on().first().office_id for user in {*cadres.values(), officer}}

    def grow(self, count: int, say: Callable[[int], None] = lambda _n: None) -> None:
        """So many files more; `say` hears how many there are."""
        for start in range(0, count, CHUNK):
            with transaction.atomic():
                self._chunk(min(CHUNK, count - start))
            say(min(start + CHUNK, count))

    def _chunk(self, count: int) -> None:
        areas = list(self.cadres)
        pairs = []
        for _n in range(count):
            kind = self.rng.choices(list(SHARES), list(SHARES.values()))[0]
            case = self.rng.choices(list(CASES), list(CASES.values()))[0]
            place = self.ground.place(kind, self.rng.choice(areas), case, today() - timedelta(days=2000))
            pairs.append((place, self._person(place)))
        Operator.objects.bulk_create([person for _place, person in pairs])
        files = [self._file(place, person) for place, person in pairs]
        self._number(files)
        Establishment.objects.bulk_create(files)
        self._history(files)

    def _person(self, place: Place) -> Operator:
        person = Operator(name=place.person, area=place.area, home=place.address)
        person.id_number, person.phone = place.id_number, place.phone
        return person

    def _file(self, place: Place, person: Operator) -> Establishment:
        lat, lng = place.point or (None, None)
        decided = self.rng.random() < 0.9
        facts = {"food_varieties": "、".join(place.foods["varieties"][:3]), "workers": 2, "health_certs": 2}
        return Establishment(
            kind=self.kinds[place.kind], operator=person, area=place.area, name=place.name, address=place.address,
            lat=lat, lng=lng, point_source="map" if place.point else "", opened_on=place.opened, state="normal",
            version=1, facts=facts, case=place.case if decided else "", batch=BATCH[place.case] if decided else "",
            missing=[] if place.point else ["position"], practice=True,
        )  # fmt: skip

    def _number(self, files: list[Establishment]) -> None:
        shelves: dict[tuple[str, str], list[Establishment]] = {}
        for file in files:
            shelves.setdefault((file.area, file.kind.prefix), []).append(file)
        for (area, prefix), held in shelves.items():
            for file, number in zip(held, take_numbers("file", area, held, kind=prefix), strict=True):
                file.number = number
                file.search = find.text_of(file)

    def _history(self, files: list[Establishment]) -> None:
        events, terms, decisions, papers = [], [], [], []
        for file in files:
            day = today() - timedelta(days=self.rng.randint(10, 700))
            events.append(self._event(file, file, "open", "", "normal", day))
            if file.case:
                decision = self._decision(file, day)
                decisions.append(decision)
                events.append(self._event(decision, file, "propose", "", "proposed", day))
                events.append(self._event(decision, file, "decide", "proposed", decision.state, day))
                if decision.state == "decided":
                    terms.append(_term(decision, file, "act", "首项任务期限", today() + self._some_days(-20, 400)))
            if file.case in ("0", "1") and self.rng.random() < 0.7:
                paper = self._paper(file)
                papers.append(paper)
                events.append(self._event(paper, file, "issue", "", "valid", paper.issued_on))
                terms.append(_term(paper, file, "validity", "有效期", paper.valid_to, lapse="expire"))
        for rows in (decisions, papers, events, terms):
            if rows:
                type(rows[0]).objects.bulk_create(rows)

    def _some_days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.rng.randint(least, most))

    def _decision(self, file: Establishment, day: date) -> Classification:
        open_still = self.rng.random() < 0.5
        return Classification(
            file=file, area=file.area, proposed_case=file.case, proposed_batch=file.batch, case=file.case,
            batch=file.batch, computed_case=file.case, computed_batch=file.batch, decided_on=day, act_days=60,
            state="decided" if open_still else "settled", version=2,
        )  # fmt: skip

    def _paper(self, file: Establishment) -> Certificate:
        self.serial += 1
        first = today() - self._some_days(5, 360)
        return Certificate(
            file=file, area=file.area, route="certificate" if file.kind.route == "bureau" else "card",
            kind_code=file.kind_id, document=NAMED[file.kind_id], number=f"量测{self.serial:07d}", issued_on=first,
            valid_from=first, valid_to=first + timedelta(days=364), state="valid", version=1,
        )  # fmt: skip

    def _event(self, obj: Any, file: Establishment, move: str, frm: str, to: str, on: date) -> Event:
        by = self.officer if move in ("decide", "issue") else self.cadres[file.area]
        return Event(
            kind=obj.flow.key, subject=obj.pk, file=file.pk, area=file.area, move=move, frm=frm, to=to,
            office_id=self.offices[by.pk], actor=by, facts={}, on=on, at=now(),
        )  # fmt: skip


def _term(obj: Any, file: Establishment, key: str, name: str, due: date, lapse: str = "") -> Deadline:
    start = min(due, today()) - timedelta(days=30)
    return Deadline(
        kind=obj.flow.key, subject=obj.pk, file=file.pk, area=file.area, term=key, name=name, length=None, unit="d",
        starts_on=start, due_on=due, first_due_on=due, lapse=lapse,
    )  # fmt: skip


def make(scale: float, seed: int, say: Callable[[int], None]) -> int:
    """Ten thousand files times `scale` for the loaded town; returns how many there are now. Raises NoTownError."""
    area, rng = town_area(), Random(seed)
    ground = Ground(area, folder_of(area), rng)
    if not is_there():
        people.settle(area, ground.words, rng, today() - timedelta(days=730))
    posts = Post.objects.on().filter(user__practice=True).select_related("user", "office").order_by("-user__username")
    cadres = {post.office.area: post.user for post in posts if post.office.role == "village"}
    officer = next(post.user for post in posts if post.office.role == "bureau")
    Field(ground, cadres, officer).grow(round(scale * 10_000), say)
    return Establishment.objects.count()
