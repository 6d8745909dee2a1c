"""Proof by sampling: a draw of closed matters by a published seed, and what two people found at each."""

from types import MappingProxyType
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Matter
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.oversight import say
from sanxiao.oversight.models.rounds import Finding
from sanxiao.oversight.models.sight import SightQuerySet, offices
from sanxiao.oversight.rules import CHECK, DRAW, RESULTS

JUDGED = tuple(key for key, *_rest in RESULTS)


class DrawQuerySet(SightQuerySet):
    """Who checks something of a draw sees the draw; a unit sees those by which it was checked."""

    def own(self, user: Any) -> Q:
        """Draws with a matter of one's own, to check or checked."""
        return Q(pk__in=Check.objects.filter(Check.objects.own(user)).values("draw"))


class ProofDraw(Matter):
    """办结核验: the rule of a draw, its seed, its pool, and the matters that it gave."""

    called = models.CharField(_("名称"), max_length=80)
    unit = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("只抽一个单位办结的")
    )
    sorts = models.JSONField(_("抽哪几种"), default=list)  # keys of proofs.SORTS
    from_on = models.DateField(_("办结日期自"))
    until_on = models.DateField(_("办结日期至"))
    size = models.PositiveIntegerField(_("抽几件"))
    seed = models.CharField(_("公开种子"), max_length=60, blank=True)
    method = models.CharField(max_length=20, editable=False)
    pool = models.JSONField(default=list, editable=False)  # numbers of the log's entries, in their order
    digest = models.CharField(_("名单校验码"), max_length=64, editable=False)
    check_by = models.DateField(_("核验期限"), null=True, editable=False)
    state = DRAW.field()

    flow = DRAW
    family = "oversight"
    fact_labels: ClassVar[dict[str, Any]] = {"list": _("抽中"), "pool": _("在册办结"), "unassigned": _("没有分到人")}
    fact_words: ClassVar[dict[str, Any]] = {"sorts": say.sorts}
    objects = DrawQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="draw_until_not_before"),)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.called

    def get_absolute_url(self) -> str:
        """The draw's page."""
        return reverse("oversight-draw", args=[self.pk])


class CheckQuerySet(SightQuerySet):
    """The two who go see what they check; the unit sees the result."""

    def own(self, user: Any) -> Q:
        """One's own to check, and what was found at one's own unit."""
        mine = Q(first=user.pk) | Q(second=user.pk)
        return mine | Q(unit__in=offices(user), state__in=JUDGED)

    def mine(self, user: Any) -> "CheckQuerySet":
        """Those that wait for this person."""
        return self.filter(Q(first=user.pk) | Q(second=user.pk), state="assigned")


class Check(Matter):
    """One closed matter that was drawn: who looks, and whether it is true."""

    draw = models.ForeignKey(ProofDraw, models.PROTECT, related_name="checks", verbose_name=_("抽取"))
    no = models.PositiveIntegerField(_("序号"))
    event = models.BigIntegerField(editable=False)
    about = models.UUIDField(editable=False)
    about_kind = models.CharField(max_length=40, editable=False)
    move = models.CharField(max_length=30, editable=False)
    file = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+", verbose_name=_("经营单位"))
    unit = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("办理单位"))
    called = models.CharField(_("名称"), max_length=180, editable=False)
    done_on = models.DateField(_("办结日期"))
    first = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("核验人"))
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("同行核验人"))
    until_on = models.DateField(_("核验期限"))
    seen_on = models.DateField(_("到场日期"), default=today)
    found = models.TextField(_("现场情况"), max_length=500)
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="+", verbose_name=_("督查问题"))
    state = CHECK.field()

    flow = CHECK
    in_hand = MappingProxyType({"first": "oversight.check", "second": "oversight.check"})
    family = "oversight"
    objects = CheckQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="check_by_area"),)
        constraints = (models.UniqueConstraint(fields=("draw", "event"), name="drawn_once"),)

    @property
    def title(self) -> str:
        """The place, otherwise the matter as it was called when it was drawn."""
        return self.file.called if self.file else self.called

    @property
    def act(self) -> str:
        """What the office says it has done."""
        return say.act(self.about_kind, self.move)

    @property
    def team(self) -> list[User]:
        """Who goes."""
        return [who for who in (self.first, self.second) if who]

    @property
    def file_id_for_log(self) -> None:
        """It is about a unit: the file of the place tells nothing of it."""
        return None

    def get_absolute_url(self) -> str:
        """The check's page."""
        return reverse("oversight-check", args=[self.pk])
