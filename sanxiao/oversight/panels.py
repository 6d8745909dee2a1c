"""What oversight hands down: what waits on the desks, and the checks to be made outside."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.docket.rooms import Candidate, Errand
from sanxiao.office.duties import may
from sanxiao.office.now import today
from sanxiao.oversight.models import Board, Check, Urge
from sanxiao.oversight.models.urging import RUNNING
from sanxiao.oversight.rules import RED

MOST = 300


def candidates(user: Any) -> Iterator[Candidate]:
    """Checks that were drawn for this person; red sheets for the leading group; a board that can be proposed."""
    mine = Check.objects.mine(user).count() if may(user, "oversight.check") else 0
    if mine:
        url = reverse("oversight-checks") + f"?mine={user.pk}&state=open"
        yield Candidate(_("抽给我核验的办结事项"), mine, url, _("去核验"))
    if may(user, "oversight.adopt"):
        red = Urge.objects.seen_by(user).filter(state__in=RUNNING, colour=RED).count()
        yield Candidate(_("红色催办的单位"), red, reverse("oversight-late"), _("打电话过问"))
    if may(user, "oversight.draw") and not may(user, "oversight.adopt"):
        ready = Board.objects.seen_by(user).filter(state="open").count()
        yield Candidate(_("可以提请审定的季度考核"), ready, reverse("oversight-boards") + "?state=open", _("看得分"))


def errands(user: Any) -> Iterator[Errand]:
    """What this person checks on site."""
    if not may(user, "oversight.check"):
        return
    rows = Check.objects.mine(user).select_related("file", "first", "second")
    for check in rows.order_by("due_on", "no")[:MOST]:
        file, late = check.file, check.due_on is not None and check.due_on < today()
        yield Errand(
            f"proof:{check.pk}", _("核验办结事项"), check.area, check.act, file.pk if file else None,
            file.called if file else "", file.lat if file else None, file.lng if file else None, check.due_on,
            url=check.get_absolute_url(), tone="red" if late else "amber",
        )  # fmt: skip
