"""The named persons to whom identities are sealed."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Dated, DatedQuerySet, User


class Handler(Dated):
    """A named person to whom identities are sealed. Without a key of his own he is only named."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("专管人员"))
    area = models.CharField(max_length=12)
    public_key = models.CharField(max_length=64, blank=True)
    key_since = models.DateField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(fields=("user",), condition=Q(until__isnull=True), name="one_handler_of_a_person"),
        )

    @classmethod
    def sealing(cls) -> "list[Handler]":
        """Those to whom an identity that comes now is sealed: named, with a key, and still in an office that may."""
        rows = cls.objects.on().exclude(public_key="").select_related("user").order_by("id")
        roles = DUTIES["tip.identity"].roles(LEADS)
        return [row for row in rows if row.user.is_active and scope_of(row.user).roles & roles]

    @classmethod
    def of(cls, user: Any) -> "Handler | None":
        """This person as a handler, or None; who was dismissed or has handed over is none from that moment on."""
        rows = cls.objects.on().filter(user=user.pk, until__isnull=True)
        return rows.first() if user.is_authenticated else None
