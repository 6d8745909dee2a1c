"""What enforcement hands down: the tab and the starter on a file's page, and what waits for a case."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.rooms import Candidate, Panel, Starter
from sanxiao.enforcement import clues, crimes
from sanxiao.enforcement.closing_rules import CLOSURE
from sanxiao.enforcement.handing import REFERRAL
from sanxiao.enforcement.models import Case, Closure, Incident
from sanxiao.enforcement.rules import CASE
from sanxiao.office.duties import may, may_read


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """案件: of this place, and of the same person at other places or in other roles."""
    if not may_read(user, "case"):
        yield from _incidents_alone(file, user)
        return
    seen = Case.objects.seen_by(user).select_related("file")
    rows = list(seen.of(file))
    others = list(seen.of_person(file.operator).exclude(pk__in=[case.pk for case in rows]))
    context = {"rows": rows, "others": others, **_incidents(file, user)}
    yield Panel("case", _("案件"), "enforcement/_panel.html", context, len(rows), order=60)


def _incidents(file: Establishment, user: Any) -> dict[str, Any]:
    rows = Incident.objects.seen_by(user).filter(file__in=file.pks).select_related("transfer")
    return {"incidents": list(rows), "file": file, "may_report": may(user, "incident.record", file)}


def _incidents_alone(file: Establishment, user: Any) -> Iterator[Panel]:
    """阻碍执法, for who meets it and reads no cases: the police, 城管."""
    if may_read(user, "incident"):
        context = _incidents(file, user)
        count = len(context["incidents"])
        yield Panel("incident", _("阻碍执法"), "enforcement/_incidents.html", context, count, order=60)


def candidates(user: Any) -> Iterator[Candidate]:
    """What visits, orders, samples and purchases found and no case has come of."""
    if may(user, "case.handle"):
        name = _("检查、抽检、进货核查发现的立案线索，还没有登记案源")
        yield Candidate(name, clues.count(user), reverse("case-clues"), _("登记案源"))
        wanting = crimes.unasked(user)
        url = wanting[0].get_absolute_url() if len(wanting) == 1 else f"{reverse('cases')}?crime=unasked"
        yield Candidate(_("涉嫌犯罪（非法添加），还没有报请移送公安"), len(wanting), url, _("报请移送"))


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """登记案源, and a penalty on the spot, for the bureau."""
    if may(user, "case.handle", file) and file.state != "void":
        yield Starter(CASE.key, "register", _("登记案源"))
        yield Starter(CASE.key, "summary", _("当场处罚"))
    if may(user, "closure.notice", file) and file.is_trading:
        reason = flow.why_not(Closure(file=file, area=file.area), CLOSURE.row("notice"), {})
        yield Starter(CLOSURE.key, "notice", _("告知关停"), reason, primary=file.batch == "phase_out" and not reason)
    if may(user, "referral.send", file):
        yield Starter(REFERRAL.key, "send", _("移送其他单位"))
