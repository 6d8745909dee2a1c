"""Pages of looking back: what waits, a campaign, one look-back, one revisit, one alarm, before and after, relapse."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanxiao.archive.lists import FILES
from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Event
from sanxiao.lookback import lists, rule, say
from sanxiao.lookback import relapse as relapsing
from sanxiao.lookback.acts import WAITING
from sanxiao.lookback.forms import FreezeForm, RuleForm
from sanxiao.lookback.models import Alarm, Campaign, Look, proofs
from sanxiao.lookback.rules import CAMPAIGN
from sanxiao.lookback.sides import stages
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.office.places import names_of
from sanxiao.papers.lists import Listing

SHOWN, PREVIEWED = 8, 100


def _placed(rows: Iterable[Any]) -> list[Any]:
    """Rows with the name of their village, asked for all together."""
    held = list(rows)
    names = names_of(row.area for row in held)
    for row in held:
        row.place = names.get(row.area, row.area)
    return held


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What waits: open alarms, revisits of these days, campaigns that go on, and how much slips back."""
    if not lists.readable(request.user):
        raise Http404
    user = request.user
    raised = lists.alarm_rows(user).filter(state__in=("raised", "looked"))
    planned = lists.revisit_rows(user).filter(state="planned")
    mine = lists.look_rows(user).of_team(user).filter(state="assigned")  # type: ignore[attr-defined]
    running = lists.counted(Campaign.objects.seen_by(user)).filter(state__in=CAMPAIGN.open_states)
    closed = relapsing.points(user, "closed") if may_read(user, "lookback") else []
    context = {
        "figures": _figures(user, raised, planned, mine, relapsing.share(closed, relapsing.NOW)),
        "alarms": raised.order_by("due_on", "created_at")[:SHOWN],
        "revisits": planned.order_by("visit_on", "id")[:SHOWN],
        "mine": _placed(mine.order_by("due_on", "no")[:SHOWN]),
        "campaigns": running.order_by("-created_at")[:SHOWN],
        "may_plan": may(user, "lookback.plan"),
        "tabs": lists.tabs(request),
    }  # fmt: skip
    return render(request, "lookback/board.html", context)


def _figures(user: Any, raised: QuerySet, planned: QuerySet, mine: QuerySet, closed: Any) -> list[dict[str, Any]]:
    late = planned.filter(until_on__lt=today()).count()
    alarming = raised.count()
    return [
        {"name": _("死灰复燃线索"), "value": alarming, "unit": _("条"), "tone": "red" if alarming else "",
         "trend": _("待核实、待认定"), "url": reverse("lookback-alarms") + "?state=open"},
        {"name": _("关停回查"), "value": planned.count(), "unit": _("户次"), "tone": "red" if late else "",
         "trend": _("%(n)d 户次已逾期") % {"n": late}, "url": reverse("lookback-revisits") + "?state=open"},
        {"name": _("我这一组待看"), "value": mine.count(), "unit": _("户"), "trend": _("回头看"),
         "url": reverse("lookback-looks") + f"?mine={user.pk}&state=open"},
        {"name": _("关停后又开的"), "value": closed.rate, "unit": _("%(n)d 户") % {"n": closed.part},
         "trend": _("关停取缔 %(n)d 户") % {"n": closed.whole}, "url": reverse("lookback-relapse")},
    ]  # fmt: skip


# --- lists -------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns on one's ground."""
    return lists.CAMPAIGNS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """All look-backs on one's ground, and those of one's team."""
    return lists.LOOKS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def revisits(request: HttpRequest) -> HttpResponse:
    """The plan: which closed place is visited when, and what was found."""
    return lists.REVISITS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """All alarms on one's ground."""
    return lists.ALARMS.respond(request, tabs=lists.tabs(request))


# --- campaigns ---------------------------------------------------------------------------------------------------


@login_required
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """A rule is tried: how many places, and which; then the list is frozen."""
    if not may(request.user, "lookback.plan"):
        raise PermissionDenied
    asked = bool(request.GET)
    form = RuleForm(request.GET if asked else None, user=request.user, initial=_usual())
    context: dict[str, Any] = {"form": form, "asked": asked}
    if asked and form.is_valid():
        pool = rule.pool(request.user, form.rule())
        context |= {
            "count": pool.count(),
            "rows": _placed(pool[:PREVIEWED]),
            "most": PREVIEWED,
            **_freeze(request, form.rule()),
        }
    return render(request, "lookback/new.html", context)


def _usual() -> dict[str, Any]:
    day = today()
    return {"basis": "registered", "since": day.replace(month=1, day=1), "until": day}


def _freeze(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """The form that freezes exactly this rule."""
    campaign = CAMPAIGN.begun(request.user, {})
    form = FreezeForm(obj=campaign, row=CAMPAIGN.row("freeze"), user=request.user)
    hidden = [(name, each) for name, value in said.items() for each in (value if isinstance(value, list) else [value])]
    return {"freeze": [form[name] for name in ("called", "until_on", "size")], "hidden": hidden}


@login_required
@require_GET
def campaign(request: HttpRequest, pk: Any) -> HttpResponse:
    """One campaign: its rule, its teams, how far it is and what was found."""
    found = get_object_or_404(lists.counted(Campaign.objects.seen_by(request.user)), pk=pk)
    rows = lists.look_rows(request.user).filter(campaign=found).order_by("no")
    held = _placed(rows)
    results = [(state, sum(row.state == state.key for row in held)) for state in Look.flow.states]
    context = {
        "campaign": found, "rows": held, "results": [pair for pair in results if pair[1]],
        "unassigned": [row for row in held if row.state == "listed"] if found.state == "shared" else [],
        "done": sum(row.state not in WAITING for row in held),
        "rule": say.rule(found.rule), "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "lookback/campaign.html", context)


@login_required
@require_GET
def look(request: HttpRequest, pk: Any) -> HttpResponse:
    """One look-back: who goes, how the place looked before, and what they found."""
    rows = lists.look_rows(request.user).select_related("file__kind", "campaign", "first", "second", "visit")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "look": found, "stages": stages(found.file), "ours": request.user in found.team,
        "team": _("、").join(who.name for who in found.team),
        "may_open": Establishment.objects.seen_by(request.user).filter(pk=found.file_id).exists(),
        "photos": proofs([found.pk]), "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "lookback/look.html", context)


# --- what was closed ---------------------------------------------------------------------------------------------


@login_required
@require_GET
def revisit(request: HttpRequest, pk: Any) -> HttpResponse:
    """One revisit: when, why then, and what was found."""
    found = get_object_or_404(lists.revisit_rows(request.user), pk=pk)
    others = lists.revisit_rows(request.user).filter(closing=found.closing).exclude(pk=found.pk).order_by("step")
    context = {
        "revisit": found, "others": others, "stages": stages(found.file), "photos": proofs([found.pk]),
        "alarm": Alarm.objects.seen_by(request.user).filter(closing=found.closing).first(),
        "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "lookback/revisit.html", context)


@login_required
@require_GET
def alarm(request: HttpRequest, pk: Any) -> HttpResponse:
    """One alarm: what was seen, why it may be the same, and what somebody found there."""
    rows = lists.alarm_rows(request.user).select_related("file__kind", "file__operator", "seen")
    found = get_object_or_404(rows, pk=pk)
    mine = Establishment.objects.seen_by(request.user).filter(pk__in=[found.file_id, found.seen_id])
    context = {
        "alarm": found, "traces": found.traces.all(), "may_open": set(mine.values_list("pk", flat=True)),
        "photos": proofs([found.pk]), "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "lookback/alarm.html", context)


@login_required
@require_GET
def sides(request: HttpRequest, pk: Any) -> HttpResponse:
    """前后对照: the pictures of a place stage by stage, on one screen and on paper."""
    rows = Establishment.objects.seen_by(request.user).select_related("kind", "operator")
    file = get_object_or_404(rows, pk=pk)
    return render(request, "lookback/sides.html", {"file": file, "stages": stages(file), "today": today()})


# --- relapse -----------------------------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> tuple[str, str]:
    cohort, way = request.GET.get("of", "closed"), request.GET.get("by", "area")
    if cohort not in relapsing.COHORTS or way not in relapsing.WAYS or not may_read(request.user, "lookback"):
        raise Http404
    return cohort, way


@login_required
@require_GET
def relapse(request: HttpRequest) -> HttpResponse:
    """Of those who closed, were put right or registered, how many were at it again; by village and by route."""
    key, way = _asked(request)
    rows = relapsing.points(request.user, key)
    found, whole = relapsing.table(rows, way), relapsing.share(rows, relapsing.NOW)
    finding = relapsing.COHORTS[key].finding % {"all": whole.whole, "n": whole.part}
    context = {
        "of": key, "by": way, "cohorts": [(k, c.name) for k, c in relapsing.COHORTS.items()], "ways": relapsing.WAYS,
        "lines": found, "way": relapsing.WAYS[way], "finding": finding, "whole": whole,
        "spans": (*relapsing.SPANS, relapsing.NOW),
        "option": _option(found),
    }  # fmt: skip
    return render(request, "lookback/relapse.html", context)


def _option(found: list[relapsing.Line]) -> dict[str, Any]:
    """Plain bars from nought: how many of each line were at it again so far; the worst first."""
    lines = [(line.name, dict(line.shares)[relapsing.NOW]) for line in found if not line.total]
    lines = sorted((pair for pair in lines if pair[1].part), key=lambda pair: -pair[1].part / pair[1].whole)[:8]
    return {
        "grid": {"left": 4, "right": 56, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "max": 100, "show": False},
        "yAxis": {"type": "category", "inverse": True, "data": [name for name, _share in lines]},
        "series": [{
            "type": "bar", "data": [round(100 * share.part / share.whole) for _name, share in lines],
            "label": {"show": True, "position": "right", "formatter": "{c}%"},
        }],
    }  # fmt: skip


@login_required
@require_GET
def relapse_list(request: HttpRequest) -> HttpResponse:
    """The places behind one number."""
    key, way = _asked(request)
    span = request.GET.get("span", "0")
    days, part = int(span) if span.isdigit() else 0, request.GET.get("what") != "whole"
    points = relapsing.points(request.user, key)
    pks = relapsing.listed(points, way, request.GET.get("key", ""), days, part=part)
    which = _("又出问题的") if part else _("全部")
    title = f"{relapsing.COHORTS[key].name} · {which}"
    columns, rows = FILES.columns, Establishment.objects.seen_by(request.user).filter(pk__in=pks)
    rows = rows.select_related("operator", "kind").defer("facts", "search")
    return Listing("lookback-relapse-list", title, lambda _user: rows, columns).respond(request)
