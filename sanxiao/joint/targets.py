"""Choosing where to go: what is known of a place, who is free on the day, and what speaks against one more visit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Handover
from sanxiao.enforcement.models import Incident
from sanxiao.inspection.models import Order
from sanxiao.inspection.rules import ORDER
from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_rules import VISIT
from sanxiao.joint.models import Operation, Part
from sanxiao.office.models import Office, Post, User
from sanxiao.office.now import today

CAPPED = ("below_cap", "outside_quiet")  # what a recorded reason sets aside


@dataclass
class Known:
    """What is known of a place that may be gone to."""

    orders: int = 0
    made: int = 0  # visits of ours this year
    last: date | None = None
    violence: int = 0

    @property
    def words(self) -> list[str]:
        """In words, the gravest first."""
        said = []
        if self.violence:
            said.append(_("曾阻碍执法 %(n)d 次") % {"n": self.violence})
        if self.orders:
            said.append(_("未办结整改 %(n)d 份") % {"n": self.orders})
        if self.made:
            said.append(_("今年已查 %(n)d 次") % {"n": self.made})
        if self.last:
            said.append(_("上次检查 %(day)s") % {"day": self.last})
        return said


def known(files: Sequence[Establishment], on: date) -> dict[UUID, Known]:
    """What is known of places; three queries however many."""
    found = {file.pk: Known() for file in files}
    keys = list(found)
    rows = Order.objects.filter(file__in=keys, state__in=ORDER.open_states)
    for pk, n in Counter(rows.values_list("file", flat=True)).items():
        found[pk].orders = n
    made = Visit.objects.filter(file__in=keys, higher="", done_on__isnull=False).exclude(state="void")
    for pk, day in made.values_list("file", "done_on"):
        found[pk].made += day.year == on.year
        found[pk].last = max(found[pk].last or day, day)
    for pk, n in Counter(Incident.objects.filter(file__in=keys).values_list("file", flat=True)).items():
        found[pk].violence = n
    return found


def held_back(file: Establishment, on: date) -> list[str]:
    """Why the rules of inspection speak against one more joint visit on that day: the cap, the quiet period."""
    visit = Visit(file=file, area=file.area, kind="joint")
    facts = {"kind": "joint", "planned_from": on, "planned_to": on}
    return [
        str(guard.reason)
        for guard in VISIT.row("plan").guards
        if guard.name in CAPPED and not VISIT.predicates[guard.name](visit, facts)
    ]


# --- people on a day -----------------------------------------------------------------------------------------------


@dataclass
class Free:
    """The people of an office on a day; `taken` says by user why somebody is not free."""

    people: list[User] = field(default_factory=list)
    taken: dict[int, str] = field(default_factory=dict)

    @property
    def free(self) -> int:
        """How many have nothing else to do."""
        return sum(user.pk not in self.taken for user in self.people)


def people_of(offices: Iterable[Office], on: date, besides: Operation | None = None) -> dict[int, Free]:
    """Who sits in these offices on a day, and who of them is away or elsewhere; four queries."""
    keys = [office.pk for office in offices]
    found = {key: Free() for key in keys}
    posts = Post.objects.on(on).filter(office__in=keys, user__is_active=True).select_related("user")
    for post in posts.order_by("acting", "user__name", "pk"):
        if post.user not in found[post.office_id].people:
            found[post.office_id].people.append(post.user)
    taken = busy(on, besides)
    for each in found.values():
        each.taken = {user.pk: taken[user.pk] for user in each.people if user.pk in taken}
    return found


def busy(on: date, besides: Operation | None = None) -> dict[int, str]:
    """Who is on leave or bound elsewhere on a day, with the reason; the leave weighs most."""
    found: dict[int, str] = {}
    visits = Visit.objects.filter(planned_from__lte=on, planned_to__gte=on, state__in=("later", "planned", "underway"))
    if besides is not None:
        visits = visits.exclude(why=besides.why)
    for team, first, last in visits.values_list("team", "planned_from", "planned_to"):
        said = _("当天有检查") if first == last else _("%(a)s 至 %(b)s 有检查") % {"a": first, "b": last}
        found |= {row["user"]: said for row in team if row.get("user")}
    parts = Part.objects.filter(operation__in=Operation.objects.of_the_day(on)).coming().select_related("operation")
    for part in parts.exclude(operation=besides.pk if besides is not None else None):
        said = _("参加联合执法：%(topic)s") % {"topic": part.operation.topic}
        found |= {row["user"]: said for row in part.people if row.get("user")}
    away = Handover.objects.filter(acting=True, since__lte=on).exclude(state=Handover.REFUSED)
    for giver in away.filter(Q(until__isnull=True) | Q(until__gte=on)).values_list("giver", flat=True):
        found[giver] = _("休假")
    return found


def certificates(users: Iterable[User]) -> dict[int, str]:
    """The enforcement certificate that each person showed last, as his office wrote it."""
    wanted = {user.pk for user in users}
    found: dict[int, str] = {}
    rows = Part.objects.filter(operation__held_on__gte=today().replace(year=today().year - 2, day=1)).coming()
    for people in rows.order_by("-updated_at").values_list("people", flat=True)[:200]:
        for row in people:
            if row.get("user") in wanted and row.get("certificate"):
                found.setdefault(row["user"], row["certificate"])
    return found


def why_chosen(file: Establishment, facts: Known) -> list[str]:
    """Why a place is on the list, in words of that day."""
    said = [_("风险等级 %(letter)s") % {"letter": file.grade}] if file.grade else []
    if file.state in ("closed", "moved"):
        said.append(str(file.state_row.name))
    return said + facts.words
