"""Orders to correct and the problems that they name."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import sanxiao.inspection.answer_models
from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Attachment, Deadline, Matter, Proposal
from sanxiao.inspection import say
from sanxiao.inspection.rules import LADDER, ORDER, PROBLEM, SERVICES
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import today


class OrderQuerySet(ScopedQuerySet):
    """Orders. Rooms above ask here instead of through a reverse key."""

    def open_for(self, file: Establishment) -> Self:
        """Orders on a file (or on one merged into it) that still wait for correction or re-check."""
        return self.filter(file__in=file.pks, state__in=ORDER.open_states)

    def of(self, file: Establishment) -> Self:
        """All orders on a file and on those merged into it, newest first."""
        return self.filter(file__in=file.pks).order_by("-created_at")

    def clues(self) -> Self:
        """立案线索: not carried out, and by rule a matter for enforcement."""
        return self.filter(step__in=("clue", "ban")).exclude(state="void")


class Order(Matter):
    """责令改正通知书: what the bureau found, what is to be put right by when, and what became of it."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("经营单位"))
    number = models.CharField(_("文号"), max_length=60, blank=True, db_index=True)
    officer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("承办人"))
    issued_on = models.DateField(_("下达日期"), null=True, editable=False)
    found_on = models.DateField(_("检查日期"), default=today)
    second = models.CharField(_("同行执法人员"), max_length=40, default="")
    found = models.TextField(_("检查情况"), blank=True, help_text=_("印在通知书开头；不写就只印日期和检查人。"))
    served_on = models.DateField(_("送达日期"), null=True)
    service = models.CharField(_("送达方式"), max_length=8, choices=SERVICES, default="")
    received_by = models.CharField(_("签收人"), max_length=40, blank=True)
    witness = models.CharField(_("见证人"), max_length=40, blank=True)
    reviewed_on = models.DateField(_("复查日期"), null=True)
    review_second = models.CharField(_("复查同行人员"), max_length=40, default="")
    follow_on = models.DateField(_("跟踪检查日期"), null=True, blank=True)  # set when it passes
    step = models.CharField(_("催办"), max_length=8, choices=LADDER, blank=True, editable=False)  # the last one made
    visit = models.ForeignKey("Visit", models.PROTECT, null=True, related_name="orders")  # whose findings it orders
    state = ORDER.field()

    flow = ORDER
    family = "order"
    fact_labels: ClassVar[dict[str, Any]] = {
        "items": _("问题"), "answers": _("整改情况"), "results": _("复查结果"),
        "notice": _("再次责令的文号"),
        "problem": _("问题"), "until": _("期限至"),
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {
        "items": say.items, "answers": say.answers, "results": say.results,
    }  # fmt: skip
    objects = OrderQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="order_by_area"),)
        constraints = (
            models.UniqueConstraint(fields=("area", "number"), condition=~Q(number=""), name="order_number_once"),
            models.UniqueConstraint(
                fields=("visit",), condition=Q(visit__isnull=False) & ~Q(state="void"), name="one_order_of_a_visit"
            ),
        )

    @property
    def title(self) -> str:
        """The place it is about."""
        return self.file.called

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("order", args=[self.pk])

    def problem_pk(self, no: int) -> uuid.UUID:
        """The key of its problem of a number, known before the row is there: photos come with the form."""
        return uuid.uuid5(self.pk, f"problem {no}")

    def due_from(self, terms: Iterable[Deadline] = ()) -> date | None:
        """Its date is the earliest of its own terms and those of its problems, as they stand now."""
        parts = Problem.objects.filter(order=self.pk).values("pk")
        running = Deadline.objects.running().filter(Q(subject=self.pk) | Q(subject__in=parts))
        return running.order_by("due_on").values_list("due_on", flat=True).first()


class ProblemQuerySet(ScopedQuerySet):
    """Problems of orders, in the order in which they stand on the paper."""

    def waiting(self) -> Self:
        """Not yet reported as corrected."""
        return self.filter(state__in=("open", "lapsed"))

    def to_judge(self) -> Self:
        """Reported, or past their date: a re-check says whether they are put right."""
        return self.filter(state__in=("answered", "lapsed"))


class Problem(Matter):
    """One problem of an order: its legal basis, what is demanded, its own date and its own proof."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="problems")
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    no = models.PositiveSmallIntegerField(_("序号"))
    code = models.CharField(_("代码"), max_length=40, blank=True)  # of the rule problem.<kind>; blank: written by hand
    text = models.CharField(_("问题"), max_length=300)
    law = models.CharField(_("依据"), max_length=300)
    demand = models.TextField(_("改正要求"), max_length=500)
    key = models.BooleanField(_("关键项"), default=False)
    at_once = models.BooleanField(_("立即改正"), default=False)
    first_on = models.DateField(_("原改正期限"))
    fix_on = models.DateField(_("改正期限"))
    done = models.TextField(_("怎么改的"), blank=False, default="", max_length=500)
    answered_on = models.DateField(_("申请复查日期"), null=True)
    verdict = models.CharField(_("复查说明"), max_length=300, blank=True)
    extended = models.BooleanField(_("已延期"), default=False)
    again = models.BooleanField(_("已再次责令"), default=False)
    state = PROBLEM.field()
    photos: dict[str, list[Attachment]]  # laid on by show.laid_out, with the next three
    term: Deadline | None
    proposal: Proposal | None
    offers: list[Any]

    flow = PROBLEM
    family = "order"
    fact_labels: ClassVar[dict[str, Any]] = {"until": _("期限至")}
    objects = ProblemQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("order", "no")
        constraints = (
            models.UniqueConstraint(fields=("order", "no"), name="problem_number_once"),
            models.CheckConstraint(condition=~Q(law=""), name="problem_has_a_basis"),
        )

    @property
    def title(self) -> str:
        """Its number and words."""
        return f"{self.no}. {self.text}"

    def get_absolute_url(self) -> str:
        """It is read on the order's page."""
        return f"{reverse('order', args=[self.order_id])}#p{self.no}"

    def due_from(self, terms: Iterable[Deadline]) -> date | None:
        """Its terms count for the order's date."""
        due = super().due_from(terms)
        if due != self.due_on:
            Order.objects.filter(pk=self.order_id).update(due_on=self.order.due_from())
        return due

    def has_proof(self) -> bool:
        """Is there a photo of its own, taken after the correction?"""
        return self.has_picture("after")

    def has_picture(self, use: str) -> bool:
        """Is there a photo of its own, of before or after?"""
        photos = Attachment.objects.filter(subject=self.pk, role=use, voided_at__isnull=True)
        return photos.filter(blob__width__isnull=False).exists()


def without_order(files: QuerySet[Establishment]) -> QuerySet[Establishment]:
    """Those of the files that are classed 规范 with defects (case 2), still trade and were never ordered to correct."""
    wanted = files.filter(case="2", batch="regulate", merged_into__isnull=True)
    wanted = wanted.exclude(state__in=("closed", "moved", "void"))
    standing = Order.objects.exclude(state="void")
    # Two questions, each by its own index: as one with "or" it read all orders for every file.
    on_it, on_merged = standing.filter(file=OuterRef("pk")), standing.filter(file__merged_into=OuterRef("pk"))
    return wanted.filter(~Exists(on_it), ~Exists(on_merged))


# Visits and talks stand in modules of their own and point at orders: they are read when Order is there.
import sanxiao.inspection.talk_models  # noqa: E402
import sanxiao.inspection.visit_models  # noqa: E402,F401
