"""What the room shows elsewhere: the hold on a file's page, what is due on the desk."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.rooms import Candidate, Starter
from sanxiao.keeping.models import Disposal, Hold, Tally
from sanxiao.keeping.rules import DISPOSAL, HOLD
from sanxiao.office.duties import may


def starters(file: Any, user: Any) -> Iterator[Starter]:
    """暂缓销毁, for who may."""
    if may(user, "keeping.hold", file):
        reason = flow.why_not(Hold(place=file.pk, area=file.area), HOLD.row("place"), {})
        yield Starter(HOLD.key, "place", str(HOLD.row("place").name), reason)


def candidates(user: Any) -> Iterator[Candidate]:
    """What the last night found due and nobody has listed yet."""
    if may(user, "keeping.dispose"):
        open_lists = Disposal.objects.filter(state__in=DISPOSAL.open_states).values("kind")
        rows = Tally.objects.seen_by(user).exclude(kind__in=open_lists)
        count = rows.aggregate(sum=Sum("due"))["sum"] or 0
        yield Candidate(_("保管期满，待两人销毁"), count, reverse("keeping"), _("提出清单"))
