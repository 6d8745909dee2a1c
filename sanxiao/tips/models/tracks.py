"""The two ways on which a letter is dealt with: 投诉 with its mediation, 举报 with its check."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Matter
from sanxiao.enforcement import say
from sanxiao.enforcement.models import Case
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Office, ScopedQuerySet
from sanxiao.tips.models.letters import Letter, Message
from sanxiao.tips.models.shared import INTAKE, hidden, this_day
from sanxiao.tips.rules import COMPLAINT, ENDINGS, OUTCOMES, REPORT, RESULTS, SATISFIED


class TrackQuerySet(ScopedQuerySet):
    """Complaints and reports: the receiving desks see all, other offices what is given to them, the accused nothing."""

    def seen_by(self, user: Any) -> Self:
        """Ground × duty × not the accused unit."""
        scope = scope_of(user)
        offices = [seat.office_id for seat in scope.seats]
        seen, intake, checks = Q(pk__in=[]), DUTIES[INTAKE].roles(LEADS), DUTIES["tip.check"].roles(LEADS)
        for seat in scope.seats:
            ground = Q(area__gte=seat.prefix.ljust(12, "0"), area__lte=seat.prefix.ljust(12, "9"))
            if seat.role in intake:
                seen |= ground
            elif seat.role in checks:
                seen |= ground & Q(office=seat.office_id) & ~Q(state="received")
        return self.filter(seen).exclude(letter__accused__in=offices).select_related("letter")

    def files_seen_by(self, user: Any) -> Self:
        """Of which somebody may see the pictures: who reads the letter, and not who has the summary alone."""
        return self.seen_by(user).filter(letter__in=Letter.objects.seen_by(user))

    def counted(self) -> Self:
        """Those that stand in figures: what is told of a unit of our own stands in none."""
        return self.filter(letter__accused__isnull=True)


class Track(Matter):
    """One of the two ways on which a letter is dealt with."""

    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("承办单位"))
    file = models.ForeignKey(
        Establishment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("对应的档案")
    )
    summary_sealed = models.TextField(blank=True)
    ground = models.CharField(_("理由类别"), max_length=80, default="")
    satisfied = models.CharField(_("评价"), max_length=3, choices=SATISFIED, blank=True, editable=False)
    created_at = models.DateTimeField(default=this_day, editable=False)
    updated_at = models.DateTimeField(default=this_day, editable=False)

    summary = hidden("summary")
    letter: Any
    area_called: str  # laid on by a list
    objects = TrackQuerySet.as_manager()  # type: ignore[misc]
    family = "tip"
    day_only: ClassVar[bool] = True
    private = ("summary", "answer", "finding", "place_name")
    fact_labels: ClassVar[dict[str, Any]] = {
        "summary": _("摘要"), "answer": _("给来件人的答复"), "finding": _("核查情况"), "place_name": _("地点名称"),
        "satisfied": _("评价"), "master": _("原来的一件"),
    }  # fmt: skip

    class Meta:
        abstract = True

    @property
    def file_id_for_log(self) -> None:
        """Nothing of a tip stands in the timeline of a file."""
        return

    @property
    def title(self) -> str:
        """The problem, and the file where it is known; the informer's own words for the place are the desk's alone."""
        problem = str(self.letter.get_problem_display())
        return f"{problem} · {self.file.called}" if self.file else problem

    def get_absolute_url(self) -> str:
        """The page of the letter, opened at this track."""
        return reverse("tip", args=[self.flow.key.split(".")[1], self.pk])


class Complaint(Track):
    """投诉: a consumer's dispute, received, mediated, answered."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="complaints")
    result = models.CharField(_("调解结果"), max_length=10, choices=RESULTS, default="")
    ending = models.CharField(_("终止的情形"), max_length=10, choices=ENDINGS, default="")
    state = COMPLAINT.field()

    flow = COMPLAINT

    class Meta:
        constraints = (models.UniqueConstraint(fields=("letter",), name="one_complaint_of_a_letter"),)
        indexes = (models.Index(fields=("area", "rule_on"), name="complaint_by_day"),)


class Report(Track):
    """举报: a clue to an offence, checked, decided on, answered."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="reports")
    outcome = models.CharField(_("核查结论"), max_length=10, choices=OUTCOMES, default="")
    finding_sealed = models.TextField(blank=True)
    master = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats", verbose_name=_("原来的一件"))
    lead = models.UUIDField(null=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", editable=False)  # it knows no report
    state = REPORT.field()

    flow = REPORT
    fact_labels: ClassVar[dict[str, Any]] = {**Track.fact_labels, "second": _("协办人"), "case": _("案号")}
    fact_words: ClassVar[dict[str, Any]] = {"second": say.person}
    finding = hidden("finding")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("letter",), name="one_report_of_a_letter"),)
        indexes = (models.Index(fields=("area", "rule_on"), name="report_by_day"),)


def unanswered(rows: Any) -> Any:
    """Tracks whose informer has written what nobody at the desk has read."""
    fresh = Message.objects.filter(letter=OuterRef("letter"), by__isnull=True, read=False)
    return rows.filter(Exists(fresh))
