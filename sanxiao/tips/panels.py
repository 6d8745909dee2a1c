"""What this room shows below: that a tip on a place was handled, once it is closed; first acts on the desk."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.archive.sightings import sighting
from sanxiao.docket.rooms import Candidate, Fact, Follow, Panel, Sighting
from sanxiao.enforcement.rules import CASE
from sanxiao.office.duties import may
from sanxiao.tips import figures, identity, lists, retention
from sanxiao.tips.models import Handler, Letter, Opening, Report
from sanxiao.tips.rules import REPORT

TRUE = ("verified", "partly")


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """The tab 投诉举报: month and outcome of what is closed. No tab before that: nothing shows that one runs."""
    rows = figures.handled(file.pks)
    if rows:
        shown = [{"month": row.letter.closed_on, "outcome": row.get_outcome_display(), "tone": _TONES[row.outcome]}
                 for row in rows if row.letter.closed_on]  # fmt: skip
        yield Panel("tips", _("投诉举报"), "tips/_panel.html", {"rows": shown}, len(shown), order=60)


_TONES = {"verified": "red", "partly": "amber", "unproved": "green", "unable": "grey", "": "grey"}


def risk_facts(files: list[UUID], on: date) -> dict[UUID, list[Fact]]:
    """A report that was checked, found true and closed counts as a complaint; nothing counts before, and no hour.

    The day is the first of the month in which it ended: a grade that changes must not tell which day it was.
    """
    found: dict[UUID, list[Fact]] = {}
    for row in figures.handled(files):
        ended = row.letter.closed_on
        if row.file_id and ended and ended <= on and row.outcome in TRUE:
            fact = Fact("complaint", ended.replace(day=1), 1, _("投诉举报查实"))
            found.setdefault(row.file_id, []).append(fact)
    return found


def sightings(since: datetime) -> Iterator[Sighting]:
    """Places on file of which a report was closed as true since a moment; it leads to the file, not to the tip."""
    day = timezone.localtime(since).date()
    rows = Report.objects.counted().filter(file__isnull=False, state="closed", outcome__in=TRUE)
    for row in rows.filter(letter__closed_on__gte=day).select_related("letter", "file__operator").order_by("id"):
        url = row.file.get_absolute_url()
        yield sighting(row.file, f"{REPORT.key}:{row.pk}", REPORT.key, "close", row.letter.closed_on, url)


def follows(matter: Any, user: Any) -> Iterator[Follow]:
    """On the page of a case: the report that it came of, for who may see that report and for nobody else."""
    if matter.flow.key != CASE.key or not (may(user, "tip.receive") or may(user, "tip.check")):
        return
    for row in Report.objects.seen_by(user).filter(case=matter.pk).select_related("file"):
        yield Follow(str(REPORT.name), row.get_absolute_url(), row.title, row.state_row)


def candidates(user: Any) -> Iterator[Candidate]:
    """What no state says: words that nobody has read, informers who are not content, keys that are not made."""
    if may(user, "tip.receive"):
        yield Candidate(_("来件人补充了情况，还没有看"), len(lists.fresh_words(user)), reverse("tips"), _("去看"))
        yield Candidate(_("来件人对答复不满意"), len(lists.unhappy(user)), reverse("tips"), _("看要不要重新办理"))
    if may(user, "tip.dispose"):
        due = Letter.objects.seen_by(user).filter(pk__in=retention.contents_due()).count()
        yield Candidate(_("来件保留期满，待两人销毁"), due, reverse("tip-retention"), _("提出清单"))
    mine = Handler.of(user)
    if mine and not mine.public_key:
        yield Candidate(_("您是专管人员，还没有做钥匙"), 1, reverse("tip-handlers"), _("做钥匙"))
    ready = Opening.objects.seen_by(user).filter(state="agreed", by=user.pk) if mine else Opening.objects.none()
    for opening in ready:
        yield Candidate(opening.title, 1, reverse("tip-identity", args=[opening.pk]), _("查看身份"))
    if may(user, "handler.name") and len(identity.handlers_anywhere()) < 2:
        yield Candidate(_("举报专管人员不足两人"), 1, reverse("tip-handlers"), _("指定"))
