"""What the room shows below: a tab and a starter on a file, and what waits for a first act on the desks."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.rooms import Candidate, Panel, Starter
from sanxiao.office.duties import may, may_read
from sanxiao.zones import lists, night
from sanxiao.zones.entrant_acts import open_to
from sanxiao.zones.models import Entrant, Step, Zone
from sanxiao.zones.rules import ENTRANT, HERE


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """集中区: the zones that this place was invited to, and where it stands there."""
    if may_read(user, "zone"):
        rows = list(Entrant.objects.seen_by(user).of(file).select_related("zone", "unit", "place__operator"))
        context = {"rows": rows, "willing": file.facts.get("zone_willing", "")}
        yield Panel("zone", _("集中区"), "zones/_panel.html", context, len(rows), order=65)


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """邀请入驻, where a zone of its kind is there; grey with the reason."""
    if not (may(user, "zone.invite") and may_read(user, "zone")):
        return
    mine = [zone for zone in open_to(file, user) if may(user, "zone.invite", zone)]
    if mine:
        reason = flow.why_not(Entrant(place=file, area=file.area), ENTRANT.row("invite"), {})
        yield Starter(ENTRANT.key, "invite", _("邀请入驻集中区"), reason)


def ready_to_open(zones: QuerySet[Zone]) -> QuerySet[Zone]:
    """Projects whose steps are all done."""
    left = Step.objects.filter(zone=OuterRef("pk")).exclude(state__in=("done", "skipped"))
    return zones.filter(~Exists(left), state__in=("approved", "building"))


def candidates(user: Any) -> Iterator[Candidate]:
    """What is urged, what may open, papers and contracts that end, stalls of those who are gone, who would come."""
    if not may_read(user, "zone"):
        return
    urged = lists.mine(lists.opinions(user), user).filter(urged__gt=0).count()
    yield Candidate(
        _("别的单位在催您的意见"), urged, f"{reverse('zone-opinions')}?urged=yes&state=silent", _("回复意见")
    )
    if may(user, "zone.propose"):
        ready = ready_to_open(Zone.objects.seen_by(user)).count()
        yield Candidate(_("手续办完、可以开业的集中区"), ready, f"{reverse('zones')}?state=going", _("正式开业"))
    if may(user, "zone.request"):
        papers = night.ending(lists.steps(user)).count()
        yield Candidate(_("集中区证件快到期"), papers, f"{reverse('zone-steps')}?paper=ending", _("办延续"))
    if may(user, "zone.run"):
        here = Entrant.objects.seen_by(user).filter(state__in=HERE)
        url = reverse("zone-entrants")
        yield Candidate(
            _("入驻合同快到期"), night.ending_contracts(here).count(), f"{url}?look=contract", _("续签或退出")
        )
        gone = here.exclude(place__in=Establishment.objects.trading()).count()
        yield Candidate(_("已不经营还占着摊位"), gone, f"{url}?look=gone", _("办理退出"))
    if may(user, "zone.invite"):
        count = lists.willing(user).count()
        yield Candidate(_("愿意进集中区、还没有邀请"), count, reverse("zone-willing"), _("邀请入驻"))
