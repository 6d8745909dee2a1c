"""What the room shows elsewhere: the credit record on a file, the first act of an exposure, what waits on the desk."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.rooms import Candidate, Panel, Starter
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.publicity import acts, credit, exposing, prints
from sanxiao.publicity.models import Exposure, Poll
from sanxiao.publicity.rules import EXPOSURE
from sanxiao.publicity.survey import Quarter

NEWEST = 12


class Shown:
    """The record of who runs a place, read when its tab is opened: every other tab of the file costs nothing."""

    def __init__(self, file: Establishment) -> None:
        self.file = file

    @cached_property
    def record(self) -> credit.Record:
        """The whole record."""
        return credit.record_of(self.file.operator)

    @property
    def entries(self) -> list[tuple[credit.Entry, str]]:
        """Its newest lines with whether they count."""
        return [(entry, prints.standing(entry)) for entry in self.record.entries[:NEWEST]]

    @property
    def more(self) -> int:
        """How many older ones there are."""
        return max(0, len(self.record.entries) - NEWEST)


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """信用档案 of who runs the place."""
    if may_read(user, "credit"):
        context = {"shown": Shown(file), "url": reverse("credit", args=[file.operator_id])}
        yield Panel("credit", _("信用档案"), "publicity/_panel.html", context, order=66)


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """提出曝光 where a closed case of the place may be exposed."""
    if not may(user, "expose.propose", file):
        return
    if next(exposing.eligible(exposing.candidates(user).filter(file__in=file.pks)), None):
        yield Starter(EXPOSURE.key, "propose", _("提出曝光典型案例"))


def candidates(user: Any) -> Iterator[Candidate]:
    """Units that have made no publicity this quarter; no poll this quarter; cases that could be exposed."""
    quarter = Quarter.of(today())
    if may(user, "publicity.do"):
        rows = [row for row in acts.tallies(user, quarter.since, quarter.until) if not row.acts]
        yield Candidate(_("本季还没有开展宣传的单位"), len(rows), reverse("publicity-units"), _("登记宣传"))
    if may(user, "poll.run") and not Poll.objects.filter(year=quarter.year, quarter=quarter.no).exists():
        yield Candidate(_("本季的满意度调查还没有开始"), 1, reverse("polls"), _("开始调查"))
    if may(user, "expose.propose") and not Exposure.objects.filter(published_on__gte=quarter.since).exists():
        count = exposing.candidates(user).count()
        yield Candidate(_("本季还没有曝光过案例，有已结案件可以提出"), count, reverse("exposures"), _("提出曝光"))
