"""Meetings: invitations, sign-in, the roll, minutes whose decisions become tasks, and who has held none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sanxiao.campaign import papers
from sanxiao.campaign.models import Decision, Invite, Meeting, Task
from sanxiao.campaign.proving import Unit, unit_of
from sanxiao.campaign.rules import INVITE, JOINT, MEETING, MOBILISE
from sanxiao.campaign.standing import Round
from sanxiao.campaign.tasks import not_past
from sanxiao.campaign.units import area_of, holders, my_offices, seat_for
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Rule
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.office.models import Office, User
from sanxiao.office.now import now, today

EVERY = 3  # months between joint meetings, where the town's rules say nothing: the plan names no frequency


@MEETING.beginning
def begin_meeting(user: User, params: dict[str, str]) -> Meeting:
    """A meeting of one's own unit; of the whole town with `level=town`."""
    level = "town" if params.get("level") == "town" else "own"
    seat = seat_for(user, f"meeting.{level}")
    kind = JOINT if level == "town" else MOBILISE
    return Meeting(level=level, kind=kind, area=area_of(seat), host_id=seat.office_id)


@MEETING.predicate("has_invited")
def has_invited(meeting: Meeting, _facts: dict[str, Any]) -> bool:
    """Somebody is to come."""
    return meeting.invites.exists()


@MEETING.predicate("still_ahead")
def still_ahead(meeting: Meeting, _facts: dict[str, Any]) -> bool:
    """Nobody is invited to what is over."""
    return meeting.held_on >= today()


@MEETING.predicate("day_has_come")
def day_has_come(meeting: Meeting, _facts: dict[str, Any]) -> bool:
    """Nobody was at what is still to come."""
    return meeting.held_on <= today()


@MEETING.predicate("shown")
def shown(meeting: Meeting, _facts: dict[str, Any]) -> bool:
    """There is a picture of it: the sheet that was signed, or the room."""
    return Attachment.objects.filter(subject=meeting.pk, role__in=("signin", "photo"), voided_at=None).exists()


@INVITE.predicate("on_the_day")
def on_the_day(invite: Invite, _facts: dict[str, Any]) -> bool:
    """On the day itself, while the roll is open."""
    return invite.meeting.held_on == today() and invite.meeting.state == "notified"


@MEETING.effect("plan", "invite")
def invited(meeting: Meeting, by: User, facts: dict[str, Any]) -> None:
    """A row for every unit; the host is always one of them. The log holds how many."""
    had = set(meeting.invites.values_list("office", flat=True))
    units = {unit.pk: unit for unit in [meeting.host, *facts["invited"]] if unit.pk not in had}
    for unit in units.values():
        flow.move(Invite(meeting=meeting, office=unit, area=unit.area), "invite", by, within=True)
    facts["invited"] = len(units)


@MEETING.effect("notify")
def notified(meeting: Meeting, by: User, _facts: dict[str, Any]) -> None:
    """会议通知, with what is still open from the meetings before."""
    papers.notice(meeting, carried_over(meeting), by)


@MEETING.effect("move")
def moved(meeting: Meeting, by: User, facts: dict[str, Any]) -> None:
    """The day is not in the past; who has been told is told again."""
    not_past(meeting.held_on, "held_on")
    if meeting.state == "notified":
        papers.changed(meeting, facts["reason"], by)


@MEETING.effect("hold")
def held(meeting: Meeting, by: User, facts: dict[str, Any]) -> None:
    """The roll: who signed or is ticked was there."""
    ticked = {str(key) for key in facts["came"]["there"]}
    for invite in meeting.invites.filter(state__in=("invited", "excused")).select_related("meeting", "office"):
        if str(invite.pk) in ticked:
            invite.by_hand = True
            flow.move(invite, "come", by, within=True, on=meeting.held_on)
        elif invite.state == "invited":
            flow.move(invite, "miss", by, within=True, on=meeting.held_on)
    facts["came"] = meeting.invites.filter(state="came").count()


@MEETING.effect("minute")
def minuted(meeting: Meeting, by: User, facts: dict[str, Any]) -> None:
    """Decisions are numbered, those with a unit and a day become tasks, the minutes become a paper."""
    for no, row in enumerate(facts["decided"]["rows"], 1):
        decision = Decision.objects.create(meeting=meeting, no=no, text=row["text"], due_on=row["due_on"])
        if row["units"]:
            not_past(row["due_on"], "decisions")
            _given(decision, row, by)
    papers.minutes(meeting, by)
    facts["decided"] = len(facts["decided"]["rows"])


def _given(decision: Decision, row: dict[str, Any], by: User) -> None:
    meeting = decision.meeting
    task = Task(giver=meeting.host, area=meeting.area, decision=decision)
    heading = row["text"] if len(row["text"]) <= 40 else f"{row['text'][:39]}…"
    flow.move(
        task, "assign", by, within=True, units=row["units"], heading=heading, demand=row["text"],
        wanted_on=row["due_on"], urgent=False, clause=row.get("clause", ""),
    )  # fmt: skip


@MEETING.effect("cancel")
def cancelled(meeting: Meeting, by: User, _facts: dict[str, Any]) -> None:
    """Nobody need come."""
    for invite in meeting.invites.filter(state="invited").select_related("meeting", "office"):
        flow.move(invite, "spare", by, within=True)


@INVITE.effect("sign_in", "join")
def signed(invite: Invite, by: User, facts: dict[str, Any]) -> None:
    """Who signed, and at what time. Nobody signs twice."""
    if any(row["user"] == by.pk for row in invite.people):
        raise Refused(_("您已经签到了。"), code="same")
    moment = timezone.localtime(now())
    invite.people = [*invite.people, {"user": by.pk, "name": by.name, "at": f"{moment:%H:%M}"}]
    facts["who"] = by.name


def sign(meeting: Meeting, by: User) -> Invite:
    """Sign in for one's own unit. Raises Refused where it is not invited, or not today."""
    for _try in range(2):
        mine = meeting.invites.filter(office__in=my_offices(by)).select_related("meeting", "office").order_by("pk")
        invite = next(iter(mine), None)
        if invite is None:
            raise Refused(_("您的单位不在参会名单上，请找会议的召集单位。"), code="forbidden")
        try:
            flow.move(invite, "sign_in" if invite.state == "invited" else "join", by)
        except Stale:
            continue  # a colleague signed in the same moment
        return invite
    raise Stale(_("正有人签到，请再按一次。"))


# --- from one meeting to the next ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Carried:
    """A decision of a former meeting with its tasks, as the next one wants to hear of it."""

    decision: Decision
    tasks: list[Task]

    @property
    def is_open(self) -> bool:
        """Is any of it still to be done?"""
        return any(task.is_open for task in self.tasks)

    @property
    def left(self) -> list[Task]:
        """Those that are still to be done: what a meeting talks about."""
        return [task for task in self.tasks if task.is_open]

    @property
    def done(self) -> list[Task]:
        """Those that are over."""
        return [task for task in self.tasks if not task.is_open]


def before(meeting: Meeting) -> QuerySet[Meeting]:
    """The meetings of the whole town before this one, newest first."""
    rows = Meeting.objects.held().filter(level="town", area=meeting.area, held_on__lte=meeting.held_on)
    return rows.exclude(pk=meeting.pk).order_by("-held_on", "-created_at")


def carried_over(meeting: Meeting) -> list[Carried]:
    """What is to be told at a meeting: decisions that are still open, and what was done since the last one."""
    if meeting.level != "town":
        return []
    earlier = list(before(meeting).values_list("pk", "held_on"))
    if not earlier:
        return []
    tasks = Task.objects.exclude(state="withdrawn").select_related("unit", "giver").order_by("area", "id")
    rows = Decision.objects.filter(meeting__in=[pk for pk, _day in earlier]).select_related("meeting")
    rows = rows.order_by("-meeting__held_on", "no").prefetch_related(Prefetch("tasks", tasks))
    found = [Carried(row, list(row.tasks.all())) for row in rows]
    last, since = earlier[0]
    return [
        each
        for each in found
        if each.tasks
        and (each.is_open or each.decision.meeting_id == last or any((t.done_on or since) > since for t in each.tasks))
    ]


# --- who has held none --------------------------------------------------------------------------------------------


def mobilised(which: Round, area: str) -> list[tuple[Office, Meeting | None]]:
    """Every unit that is to hold a mobilisation meeting, with the last that it held in this round, or None."""
    since, until = which.phases[0].since, which.phases[-1].until or date.max
    rows = Meeting.objects.held().filter(kind=MOBILISE, level="own", held_on__gte=since, held_on__lte=until)
    last: dict[Unit, Meeting] = {}
    for meeting in rows.within((area[:9],)).select_related("host").order_by("held_on"):
        last[unit_of(meeting.host)] = meeting
    return [(office, last.get(unit_of(office))) for office in holders("meeting.own", area)]


def joint_due(area: str) -> date:
    """The day by which the next joint meeting is to be held: today where there never was one."""
    every = Rule.objects.value("meeting.joint_every", area, None, {"months": EVERY})["months"]
    rows = Meeting.objects.filter(kind=JOINT, level="town", area=area).exclude(state="cancelled")
    last = rows.order_by("-held_on").first()
    if last is None:
        return today()
    month = last.held_on.month - 1 + every
    return date(last.held_on.year + month // 12, month % 12 + 1, min(last.held_on.day, 28))


def photographed(meetings: Sequence[Meeting]) -> set[Any]:
    """Those of which there is a picture; one query."""
    rows = Attachment.objects.filter(subject__in=[m.pk for m in meetings], role__in=("signin", "photo"), voided_at=None)
    return set(rows.values_list("subject", flat=True))
