"""What money is spent on: any matter of the house, named by kind and key as the log names its subjects.

A key of the database could point at one table alone; a column for every room would grow with the house. The kinds that
may be chosen are a dated row (`funds.activities`), a matter is found through `docket.rooms.model_of` and
`seen_by(user)`, so nobody names or opens here what he may not see elsewhere. Its name is kept as it was, so that a
claim can be read by who examines it even where the matter itself is not his to open.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from sanxiao.campaign.models import Invite
from sanxiao.docket import rooms
from sanxiao.docket.models import Rule
from sanxiao.funds import say
from sanxiao.funds.models import Spending
from sanxiao.guidance.models import Attendance, Letter
from sanxiao.joint.models import Stop
from sanxiao.office.models import User
from sanxiao.publicity.models import Reply
from sanxiao.sampling.models import Sample
from sanxiao.zones.models import Unit

NEWEST = 40  # of each kind, to choose from


@dataclass(frozen=True)
class Activity:
    """One matter that money may be spent on."""

    kind: str
    subject: UUID
    name: str
    matter: Any


def kinds(area: str = "") -> list[tuple[str, str]]:
    """Kinds that may be chosen, as far as their rooms are open: key of the flow and name."""
    rows = Rule.objects.value("funds.activities", area, None, [])
    return [(row["kind"], say.worded(row)) for row in rows if _model(row["kind"]) is not None]


def _model(kind: str) -> Any:
    try:
        return rooms.model_of(kind)
    except KeyError:
        return None


def _name(matter: Any) -> str:
    return str(getattr(matter, "title", "") or matter)


def _seen(kind: str, user: User) -> Any:
    """The matters of a kind that a person may see, with what their names are made of."""
    model = _model(kind)
    rows = model.objects.seen_by(user)
    links = {field.name for field in model._meta.concrete_fields if field.is_relation} & {"file", "text"}
    return rows.select_related(*links) if links else rows


def choices(user: User, area: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """The newest of every kind, in groups: name of the kind, then (kind:key, name)."""
    groups = []
    for kind, name in kinds(area):
        rows = [(f"{kind}:{each.pk}", _name(each)) for each in _seen(kind, user).order_by("-updated_at")[:NEWEST]]
        if rows:
            groups.append((name, rows))
    return groups


def find(said: str, user: User) -> Activity | None:
    """'publicity.act:<key>' as the matter that this person may see; None for anything else."""
    kind, _colon, key = said.partition(":")
    if kind not in dict(kinds()):
        return None
    try:
        matter = _seen(kind, user).filter(pk=key).first()
    except (ValidationError, ValueError):
        return None
    return Activity(kind, matter.pk, _name(matter), matter) if matter else None


# --- what came of it ---------------------------------------------------------------------------------------------


def _of_sessions(keys: list[UUID]) -> dict[UUID, str]:
    there = Q(state__in=("came", "passed", "failed"))
    rows = Attendance.objects.filter(session__in=keys).values_list("session")
    rows = rows.annotate(n=Count("pk", filter=there), good=Count("pk", filter=Q(state="passed")))
    return {key: _("到场 %(n)d 户，测试合格 %(good)d 户") % {"n": n, "good": good} for key, n, good in rows}


def _of_mailings(keys: list[UUID]) -> dict[UUID, str]:
    rows = Letter.objects.filter(mailing__in=keys).values_list("mailing")
    rows = rows.annotate(n=Count("pk"), there=Count("pk", filter=Q(state="delivered")))
    return {key: _("送达 %(there)d / %(n)d 封") % {"there": there, "n": n} for key, n, there in rows}


def _of_plans(keys: list[UUID]) -> dict[UUID, str]:
    taken = Q(taken_on__isnull=False)
    rows = Sample.objects.filter(plan__in=keys).values_list("plan")
    rows = rows.annotate(n=Count("pk", filter=taken), bad=Count("pk", filter=Q(verdict="fail")))
    return {key: _("抽样 %(n)d 批，不合格 %(bad)d 批") % {"n": n, "bad": bad} for key, n, bad in rows}


def _of_polls(keys: list[UUID]) -> dict[UUID, str]:
    rows = Reply.objects.filter(poll__in=keys).values_list("poll").annotate(n=Count("pk"))
    return {key: _("收到答卷 %(n)d 份") % {"n": n} for key, n in rows}


def _of_operations(keys: list[UUID]) -> dict[UUID, str]:
    rows = Stop.objects.filter(operation__in=keys).values_list("operation").order_by("operation")
    there, wrong = Q(state="visited"), Q(findings__a="no")
    rows = rows.annotate(n=Count("pk", filter=there, distinct=True), bad=Count("findings", filter=wrong))
    return {key: _("到 %(n)d 户，发现问题 %(bad)d 个") % {"n": n, "bad": bad} for key, n, bad in rows}


def _of_meetings(keys: list[UUID]) -> dict[UUID, str]:
    rows = Invite.objects.filter(meeting__in=keys).values_list("meeting").order_by("meeting")
    rows = rows.annotate(n=Count("pk"), there=Count("pk", filter=Q(state="came")))
    return {key: _("到会 %(there)d / %(n)d 个单位") % {"there": there, "n": n} for key, n, there in rows}


def _of_zones(keys: list[UUID]) -> dict[UUID, str]:
    rows = Unit.objects.filter(zone__in=keys).values_list("zone").order_by("zone")
    lived_in = Count("pk", filter=Q(tenants__state="moved_in"), distinct=True)
    rows = rows.annotate(n=Count("pk", distinct=True), there=lived_in)
    return {key: _("入驻 %(there)d / %(n)d 个摊位（单元）") % {"there": there, "n": n} for key, n, there in rows}


COUNTED: Mapping[str, Callable[[list[UUID]], dict[UUID, str]]] = {
    "guidance.session": _of_sessions, "guidance.mailing": _of_mailings, "sampling.plan": _of_plans,
    "publicity.poll": _of_polls, "joint.operation": _of_operations, "campaign.meeting": _of_meetings,
    "zones.zone": _of_zones,
}  # fmt: skip


def results(matters: Iterable[Any]) -> dict[UUID, str]:
    """What came of each in the words and figures of the program; one query for each kind.

    A kind without figures of its own tells its `result` or `effect` where it has one, and else where it stands.
    """
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for matter in matters:
        by_kind[matter.flow.key].append(matter)
    told = {}
    for kind, rows in by_kind.items():
        counted = COUNTED[kind]([row.pk for row in rows]) if kind in COUNTED else {}
        for row in rows:
            own = getattr(row, "result", "") or getattr(row, "effect", "")
            told[row.pk] = counted.get(row.pk) or (str(own) if isinstance(own, str) else "") or str(row.state_row.name)
    return told


@dataclass(frozen=True)
class Cost:
    """One activity with what it cost and what came of it."""

    kind: str
    kind_name: str
    name: str
    url: str  # '' where it is not for this reader to open
    result: str
    effects: tuple[str, ...]  # in the words of those who spent
    paid: Decimal
    promised: Decimal
    count: int


def costs(spendings: Iterable[Spending], user: User) -> list[Cost]:
    """Activities of live spending, dearest first; for each kind one query of what this person may see."""
    groups: dict[tuple[str, UUID], list[Spending]] = defaultdict(list)
    for each in spendings:
        if each.subject is not None:
            groups[each.kind, each.subject].append(each)
    seen = {matter.pk: matter for matter in _matters(groups, user)}
    told = results(seen.values())
    names = {**{flow.key: str(flow.name) for flow in rooms.flows()}, **dict(kinds())}
    rows = []
    for (kind, subject), part in groups.items():
        matter = seen.get(subject)
        rows.append(Cost(
            kind, names.get(kind, kind), _name(matter) if matter else part[0].subject_name,
            matter.get_absolute_url() if matter else "", told.get(subject, ""),
            tuple(dict.fromkeys(each.effect for each in part if each.effect)),
            sum((each.amount or Decimal(0) for each in part if each.state == "paid"), Decimal(0)),
            sum((each.amount or Decimal(0) for each in part), Decimal(0)), len(part),
        ))  # fmt: skip
    return sorted(rows, key=lambda row: (-row.promised, row.name))


def _matters(groups: Iterable[tuple[str, UUID]], user: User) -> list[Any]:
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for kind, subject in groups:
        by_kind[kind].append(subject)
    found: list[Any] = []
    for kind, keys in by_kind.items():
        if _model(kind) is not None:
            found.extend(_seen(kind, user).filter(pk__in=keys))
    return found
