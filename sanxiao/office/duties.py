"""The matrix of duties × offices and the one question every act asks: may this person do it here?

`duties.csv` is the permission table: 主 leads and may do it, 协 assists (sees, comments, attaches),
知 is told (sees). The first word of a duty (`order.issue` -> `order`) names the family of matters
that a mark opens for reading. Another town replaces the file. `fields.csv` is its small brother
for personal fields: 显 may reveal with a reason, 掩 sees it masked, blank sees nothing.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanxiao.office.now import today
from sanxiao.office.settled import is_settled, once

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from sanxiao.office.models import User

LEADS, ASSISTS, TOLD = "主", "协", "知"
REVEALS, MASKED = "显", "掩"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Duty:
    """One row of the matrix: what is to be done, by the plan's clause, and the mark of every role."""

    key: str
    name: str
    clause: str
    marks: dict[str, str]

    def roles(self, *marks: str) -> frozenset[str]:
        """The roles that carry one of these marks."""
        return frozenset(role for role, mark in self.marks.items() if mark in marks)


def _rows(filename: str) -> Iterable[dict[str, str]]:
    with (HERE / filename).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _load() -> dict[str, Duty]:
    duties = {}
    for row in _rows("duties.csv"):
        key, name, clause = row.pop("duty"), row.pop("name"), row.pop("clause")
        if wrong := {mark for mark in row.values() if mark not in (LEADS, ASSISTS, TOLD, "")}:
            raise ValueError(f"duties.csv, {key}: unknown mark {wrong}")
        duties[key] = Duty(key, name, clause, row)
    return duties


DUTIES = _load()
FIELDS = {row.pop("field"): row for row in _rows("fields.csv")}


@dataclass(frozen=True)
class Seat:
    """One post held today: the role of its office and the ground (prefix of area codes) it covers."""

    role: str
    prefix: str
    office_id: int
    title: str
    acting: bool = False

    def covers(self, area: str) -> bool:
        """True when a record of this area lies on the seat's ground."""
        return area.startswith(self.prefix)


@dataclass(frozen=True)
class Scope:
    """All seats of one person on one day. No seat, no sight: it fails closed."""

    seats: tuple[Seat, ...]

    @property
    def roles(self) -> frozenset[str]:
        """The roles of all seats."""
        return frozenset(seat.role for seat in self.seats)

    def prefixes(self, roles: frozenset[str]) -> tuple[str, ...]:
        """The ground covered by the seats of these roles, each prefix once."""
        return tuple(sorted({seat.prefix for seat in self.seats if seat.role in roles}))

    def seat_for(self, duty: str, area: str | None, office: int | None = None) -> Seat | None:
        """The seat that leads this duty in this area (any area when None; only in this office when given), or None."""
        leads = DUTIES[duty].roles(LEADS)
        mine = (s for s in self.seats if s.role in leads and office in (None, s.office_id))
        return next((s for s in mine if area is None or s.covers(area)), None)


def scope_of(user: "User | AnonymousUser", on: date | None = None) -> Scope:
    """The scope of a person today, read once per request (the user object lives as long).

    Who still has the first password that somebody else read out to him holds no seat yet.
    """
    if not user.is_authenticated or user.must_change_password:
        return Scope(())
    day = on or today()
    kept: tuple[date, Scope] | None = getattr(user, "_scope", None)
    if kept is None or kept[0] != day:
        kept = (day, Scope(tuple(post.seat() for post in _posts_on(user, day))))
        user._scope = kept  # type: ignore[attr-defined]
    return kept[1]


def _posts_on(user: "User", day: date) -> Iterable[Any]:
    held: Iterable[Any] | None = user.__dict__.get("_posts_held")
    if held is not None:  # read with the person
        return [post for post in held if post.holds_on(day)]
    posts = user.posts.select_related("office")
    if is_settled():
        return [post for post in once(("posts", user.pk), lambda: list(posts)) if post.holds_on(day)]
    return posts.on(day)


def readers(family: str) -> frozenset[str]:
    """Roles that see matters of a family: those with any mark in a duty that begins with it."""
    found = {r for d in DUTIES.values() if d.key.split(".")[0] == family for r in d.roles(LEADS, ASSISTS, TOLD)}
    if not found:
        raise KeyError(f"no duty of the family {family!r} in duties.csv")
    return frozenset(found)


def may(user: "User | AnonymousUser", duty: str, obj: Any = None) -> bool:
    """May this person do this duty to this object (which has an `area`), or at all when there is none?"""
    return scope_of(user).seat_for(duty, obj.area if obj is not None else None) is not None


def may_read(user: "User | AnonymousUser", family: str) -> bool:
    """May this person read any matter of the family (for menus)?"""
    return bool(scope_of(user).roles & readers(family))


def sight(user: "User | AnonymousUser", field: str, area: str) -> str:
    """How a person sees a personal field of a record in this area: 'reveal', 'masked' or 'none'."""
    marks = {FIELDS[field].get(seat.role, "") for seat in scope_of(user).seats if seat.covers(area)}
    return "reveal" if REVEALS in marks else "masked" if MASKED in marks else "none"
