"""What rooms above and other acts do with visits: plan one, choose two inspectors, note what became of it."""

import random
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.models import Order
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.models import Office, Post, User, prefix_of
from sanxiao.office.now import today

INSPECTORS = 2  # where the town's rules say nothing (inspection.min_inspectors)
MAKERS = ("bureau", "urban", "police", "village", "fso")  # whose people go along


def plan(
    file: Establishment,
    kind: str,
    *,
    by: User | None,
    on: date | None = None,
    between: tuple[date, date] | None = None,
    team: Sequence[User] = (),
    why: str = "",
    cause: str = "",
    override: str = "",
    within: bool = True,
) -> Visit:
    """Plan one visit as part of another act whose duty has been checked. Raises Refused with words for a person.

    `on` a day, or `between` two. `why`: the caller's own key ('lookback:<uuid>'), by which it finds its visits again
    with `Visit.objects.because(why)`; a second open visit of the same file, kind and key is refused. `cause`: in words
    for people. `override`: why it is made though the quiet period or the cap speaks against it. `within=False` asks
    whether `by` may plan visits himself.
    """
    first, last = between or (on or today(), on or today())
    visit = Visit(file=file, area=file.area, kind=kind, why=why)
    facts: dict[str, Any] = {"kind": kind, "planned_from": first, "planned_to": last, "team": team_rows(team)}
    facts |= {name: words for name, words in (("cause", cause), ("override", override)) if words}
    flow.move(visit, "plan", by, within=within, **facts)
    return visit


def team_rows(people: Iterable[User]) -> list[dict[str, Any]]:
    """A team as a visit keeps it: who, by what name, of what office on that day; nobody twice."""
    wanted = list(dict.fromkeys(people))
    posts = Post.objects.on().filter(user__in=wanted).select_related("office").order_by("acting", "-since")
    offices: dict[int, str] = {}
    for post in posts:
        offices.setdefault(post.user_id, post.office.name)
    return [{"user": p.pk, "name": p.name, "office": offices.get(p.pk, "")} for p in wanted]


def inspectors(area: str) -> list[User]:
    """People of the bureau today who can be sent to a place, by name."""
    posts = Post.objects.on().filter(office__role="bureau", user__is_active=True)
    covering = [p.user_id for p in posts.select_related("office") if p.seat().covers(area)]
    return list(User.objects.filter(pk__in=covering).order_by("name", "pk"))


def colleagues(area: str) -> list[tuple[str, list[User]]]:
    """Who may go along, by office: the bureau first, then the other offices and the village itself."""
    offices = Office.objects.on().filter(role__in=MAKERS)
    here = [office for office in offices if area.startswith(prefix_of(office.area))]
    here.sort(key=lambda office: (MAKERS.index(office.role), office.pk))
    posts = Post.objects.on().filter(office__in=here, user__is_active=True).select_related("user")
    held: dict[int, list[User]] = {}
    for post in posts.order_by("user__name"):
        held.setdefault(post.office_id, []).append(post.user)
    return [(str(office), held[office.pk]) for office in here if office.pk in held]


def random_pair(area: str, seed: str) -> list[User]:
    """随机选派: as many inspectors as the rules ask, drawn by lot; the same seed draws the same people.

    Raises Refused when the bureau has too few.
    """
    pool, least = inspectors(area), fewest(area)
    if len(pool) < least:
        raise Refused(_("分局在岗人员不足 %(n)d 名。") % {"n": least}, code="invalid")
    return random.Random(seed).sample(pool, least)


def fewest(area: str, on: date | None = None) -> int:
    """The least number of inspectors, by the town's rule of the day."""
    return int(Rule.objects.value("inspection.min_inspectors", area, on, INSPECTORS))


def note(
    file: Establishment, *, by: User, on: date, team: Sequence[User], why: str, cause: str, result: str = ""
) -> Visit:
    """A look-back that an upper room has recorded in its own short form: made, and nothing of it left to do.

    `team` as in `plan`; who goes along from outside the bureau is one of it.
    """
    visit = Visit(
        file=file, area=file.area, kind="lookback", why=why, cause=cause[:200], planned_from=on, planned_to=on,
        begun_on=on, done_on=on, told_on=on, officer=by, team=team_rows(team), result=result,
    )  # fmt: skip
    flow.move(visit, "note", by, within=True, on=on)
    return visit


def recheck(order: Order, due: date) -> Visit | None:
    """安排复查, by the program: one for an order, when its date has come or the operator has answered. None: it waits
    already."""
    if Visit.objects.filter(order=order, state="awaiting").exists():
        return None
    came_of = order.visit
    visit = Visit(
        file=order.file, area=order.area, kind="recheck", order=order, before=came_of, planned_from=today(),
        planned_to=max(due, today()), officer=order.officer,
    )  # fmt: skip
    flow.move(visit, "recheck", None)
    return visit


def rechecked(order: Order, on: date, names: Sequence[str], *, passed: bool) -> None:
    """The order was judged again: the re-check that waited for it is made."""
    if visit := Visit.objects.filter(order=order, state="awaiting").select_related("file").first():
        people = {user.name: user for user in User.objects.filter(name__in=names, posts__office__role="bureau")}
        visit.team = team_rows(people[name] for name in names if name in people)
        visit.done_on, visit.begun_on, visit.told_on = on, on, on
        visit.result = "conform" if passed else "fail"
        flow.move(visit, "rechecked", None, on=on)


def drop_rechecks(order: Order, reason: str) -> None:
    """No re-check outlives its order."""
    for visit in Visit.objects.filter(order=order, state="awaiting").select_related("file"):
        flow.move(visit, "drop", None, reason=reason)
