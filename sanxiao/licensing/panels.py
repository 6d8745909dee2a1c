"""What this room shows below: a tab and a first act on a file's page, and first acts on the desk."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.rooms import Candidate, Panel, Starter
from sanxiao.licensing import clash, eligibility, lists
from sanxiao.licensing.acts import held_by, likely_purpose, renewal_days
from sanxiao.licensing.models import Application, Certificate, route_of
from sanxiao.licensing.rules import APPLICATION
from sanxiao.office.duties import may, may_read

ENDED = ("closed", "moved")


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """The tab 证照: papers, applications, and whether the place could have one."""
    if not (file.kind.document and may_read(user, route_of(file.kind))):
        return
    papers = list(Certificate.objects.filter(file__in=file.pks).order_by("-created_at"))
    asked = list(Application.objects.filter(file__in=file.pks).select_related("file").order_by("-created_at"))
    context = {
        "papers": papers, "applications": asked, "findings": eligibility.check(file), "warnings": clash.warnings(file),
        "may_apply": may(user, f"{route_of(file.kind)}.apply", file),
    }  # fmt: skip
    yield Panel("papers", _("证照"), "licensing/_panel.html", context, len(papers), order=40)


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """A first application, or the renewal near the end; a change begins on the paper's own page."""
    route = route_of(file.kind)
    if file.state in (*ENDED, "void") or file.merged_into_id or not may(user, f"{route}.apply", file):
        return
    held = held_by(file)
    purpose = likely_purpose(held)
    if purpose == "change":
        return
    draft = Application(
        file=file, area=file.area, route=route, purpose=purpose, previous=held if purpose != "new" else None
    )
    reason = flow.why_not(draft, APPLICATION.row("begin"), {})
    name = _("代办延续") if held else _("代办申请")
    wanted = bool(held) or file.case == "1"
    yield Starter(APPLICATION.key, "begin", name, reason, primary=wanted and not reason)


def candidates(user: Any) -> Iterator[Candidate]:
    """Who could register and has not; what runs out; papers of places that are gone."""
    if may(user, "certificate.apply") or may(user, "card.apply"):
        count = lists.could_register(user).count()
        yield Candidate(_("具备条件未办证（第1类），还没有申请"), count, reverse("could-register"), _("代办申请"))
        words = _("证卡 %(n)d 天内到期，还没有申请延续") % {"n": renewal_days("")}
        yield Candidate(words, lists.expiring(user).count(), reverse("expiring"), _("代办延续"))
    if may(user, "paper.manage"):
        gone = Certificate.objects.seen_by(user).filter(state__in=("valid", "suspended"), file__state__in=ENDED)
        url = reverse("certificates") + "?place=ended"
        yield Candidate(_("已关停或迁出，证卡还没有注销"), gone.count(), url, _("注销"))
