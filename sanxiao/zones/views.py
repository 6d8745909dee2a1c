"""Pages of zones: the list, one project in time, its plan, its scoring; one step, one unit, one entrant."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event, Rule
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.zones import figures, item_acts, lists, night, outline, plan, say, show, timing
from sanxiao.zones.forms import UnitForm
from sanxiao.zones.lists import CONDITIONS, ENTRANTS, OPINIONS, STEPS, WILLING, ZONES
from sanxiao.zones.models import Entrant, Step, Unit, Zone
from sanxiao.zones.rules import GOING, HERE, OPENED

EVENTS = 60


def _zone(request: HttpRequest, pk: Any) -> Zone:
    return get_object_or_404(Zone.objects.seen_by(request.user).select_related("kind"), pk=pk)


def _pages(zone: Zone, here: str) -> list[dict[str, Any]]:
    """The pages of one zone."""
    shown = [("zone", _("手续与进度")), ("zone-plan", _("摊位图")), ("zone-scoring", _("示范评分"))]
    found = [{"url": reverse(name, args=[zone.pk]), "name": said, "here": name == here} for name, said in shown]
    entrants = {"url": f"{reverse('zone-entrants')}?zone={zone.pk}", "name": _("入驻名单"), "here": False}
    return [*found[:2], entrants, *found[2:]]


# --- lists -------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def zones(request: HttpRequest) -> HttpResponse:
    """All projects on one's ground, with what matters in figures."""
    if not may_read(request.user, "zone"):
        raise Http404
    return ZONES.respond(request, tabs=lists.tabs(request), figures=_figures(request.user))


def _figures(user: Any) -> list[dict[str, Any]]:
    """Numbers that are doors; a fixed number of queries."""
    counts = dict(Zone.objects.seen_by(user).order_by().values_list("state").annotate(n=Count("pk")))
    going, running = (sum(counts.get(state, 0) for state in states) for states in (GOING, OPENED))
    open_steps = lists.steps(user).filter(state__in=lists.WITH_SOMEBODY)
    silent = lists.opinions(user).filter(state__in=("asked", "lapsed"))
    units = Unit.objects.seen_by(user).filter(usable=True, zone__state__in=OPENED).count()
    let = Entrant.objects.seen_by(user).filter(state__in=HERE, zone__state__in=OPENED).count()
    zones_, steps_ = reverse("zones"), reverse("zone-steps")
    late = open_steps.filter(due_on__lt=today()).count()
    return [
        {"name": _("在办在建"), "value": going, "unit": _("个"), "url": f"{zones_}?state=going",
         "trend": _("建设中 %(n)d 个") % {"n": counts.get("building", 0)}},
        {"name": _("已开业"), "value": running, "unit": _("个"), "url": f"{zones_}?state=running",
         "trend": _("示范区 %(n)d 个") % {"n": counts.get("model", 0)}},
        {"name": _("在办手续"), "value": open_steps.count(), "unit": _("件"), "url": f"{steps_}?state=open",
         "tone": "red" if late else "", "trend": _("%(n)d 件已逾期") % {"n": late}},
        {"name": _("没有回复的意见"), "value": silent.count(), "unit": _("件"),
         "url": f"{reverse('zone-opinions')}?state=silent",
         "trend": _("催过 %(n)d 件") % {"n": silent.filter(urged__gt=0).count()}},
        {"name": _("没有落实的条件"), "value": CONDITIONS.rows(user).filter(state__in=("open", "proved")).count(),
         "unit": _("项"), "url": f"{reverse('zone-conditions')}?state=unmet",
         "trend": _("证件快到期 %(n)d 件") % {"n": night.ending(lists.steps(user)).count()}},
        {"name": _("入驻率"), "value": f"{100 * let // units}%" if units else "—", "unit": "",
         "url": f"{reverse('zone-entrants')}?state=here", "trend": f"{let} / {units}"},
    ]  # fmt: skip


@login_required
@require_GET
def steps(request: HttpRequest) -> HttpResponse:
    """Steps of all projects: who has them, how long, until when."""
    return STEPS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def opinions(request: HttpRequest) -> HttpResponse:
    """What offices were asked."""
    return OPINIONS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def conditions(request: HttpRequest) -> HttpResponse:
    """What decisions ask for besides."""
    return CONDITIONS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def entrants(request: HttpRequest) -> HttpResponse:
    """Who is on the way in, who is there, who left; with the funnel of what is shown."""
    zone = request.GET.get("zone", "")
    rows = ENTRANTS.filtered(request.user, request.GET.copy() if not request.GET.get("stage") else _no_stage(request))
    wide = rows.select_related("place__operator", "place__kind", "zone", "unit").defer(None)
    return ENTRANTS.respond(request, tabs=lists.tabs(request), funnel=figures.funnel(wide), chosen=zone)


@login_required
@require_GET
def willing(request: HttpRequest) -> HttpResponse:
    """Who would come and was not asked yet; each opens its file, where it is invited."""
    return WILLING.respond(request, tabs=lists.tabs(request))


def _no_stage(request: HttpRequest) -> Any:
    params = request.GET.copy()
    params.pop("stage")
    return params


@login_required
@require_GET
def offices(request: HttpRequest) -> HttpResponse:
    """Days that steps lay with each office, in all and now."""
    if not may_read(request.user, "zone"):
        raise Http404
    rows, names = list(lists.steps(request.user)), show.Names()
    area = rows[0].area if rows else ""
    loads = timing.loads(timing.held(rows))
    lines = [
        {"name": _("村（社区）") if load.role == timing.VILLAGE else names.of(load.role, area), "load": load}
        for load in loads
    ]
    most = max((load.days for load in loads), default=1) or 1
    return render(request, "zones/offices.html", {"tabs": lists.tabs(request), "lines": lines, "most": most})


# --- one zone ----------------------------------------------------------------------------------------------------


@login_required
@require_GET
def zone(request: HttpRequest, pk: Any) -> HttpResponse:
    """One project: what it is, its steps in time, who has them, conditions, money, milestones."""
    found = _zone(request, pk)
    rows = list(found.steps.all())
    drawn = show.gantt(found, rows, show.Names())
    context = {
        "zone": found, "pages": _pages(found, "zone"), "gantt": drawn,
        "conditions": show.conditions_of(rows), "milestones": _milestones(found, rows),
        "payments": Event.objects.of(found).filter(move="invest").select_related("actor"),
        "school": _school(found), "ending": [s for s in rows if s.state == "expired" or _ends_soon(s)],
        "may_urge": may(request.user, "zone.urge", found), "events": Event.objects.of(found)[:EVENTS],
    }  # fmt: skip
    return render(request, "zones/zone.html", context)


def _ends_soon(step: Step) -> bool:
    return step.state == "done" and step.valid_until is not None and step.valid_until <= night.warn_by()


def _milestones(zone: Zone, rows: list[Step]) -> list[tuple[str, Any]]:
    """Days that matter, as far as they have come."""
    done = {step.key: step.finished_on for step in rows if step.state == "done"}
    begun = Event.objects.of(zone).filter(move="build").values_list("on", flat=True).first()
    found = [
        (_("提出项目"), zone.rule_on), (_("立项"), done.get("proposal")), (_("开工"), begun),
        (_("完工"), done.get("building")), (_("开业"), zone.opened_on), (_("示范验收"), zone.awarded_on),
    ]  # fmt: skip
    return [(name, day) for name, day in found if day]


def _school(zone: Zone) -> dict[str, Any] | None:
    """How far the next school gate is, where the town has told where its schools are; vendors may not be too near.

    From the boundary where there is one, else from the zone's point.
    """
    gates = Rule.objects.value("schools", zone.area, default=[]) if zone.lat is not None else []
    corners = zone.boundary or [[zone.lng, zone.lat]]
    away = [(outline.away(corners, gate["lat"], gate["lng"]), gate["name"]) for gate in gates]
    near = min(away, default=None)
    if near is None:
        return None
    least = int(Rule.objects.value("school.distance_m", zone.area, default=200))
    return {
        "metres": round(near[0]),
        "name": near[1],
        "least": least,
        "close": zone.kind_id == "vendor" and near[0] < least,
    }


@login_required
@require_GET
def points(request: HttpRequest) -> JsonResponse:
    """Zones as GeoJSON, for the map, with the boundaries that are drawn; one of them with `only`."""
    only = request.GET.get("only", "")
    placed = ZONES.filtered(request.user, request.GET).filter(lat__isnull=False)
    rows = [row for row in placed if only in ("", str(row.pk))]
    found = [_feature(row, {"type": "Point", "coordinates": [row.lng, row.lat]}) for row in rows]
    outlines = [_feature(row, outline.geometry(row.boundary)) for row in rows if row.boundary]
    told = {"type": "FeatureCollection", "features": found, "outlines": outlines, "cut": False, "unplaced": 0}
    return JsonResponse(told)


def _feature(zone: Zone, geometry: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature", "geometry": geometry,
        "properties": {
            "name": zone.called, "url": zone.get_absolute_url(), "tone": zone.state_row.tone,
            "state": str(zone.state_row.name), "note": zone.sort,
        },
    }  # fmt: skip


@login_required
@require_GET
def zone_plan(request: HttpRequest, pk: Any) -> HttpResponse:
    """The units as they lie, who holds them, who waits, and how many came how far."""
    found = _zone(request, pk)
    tenants = show.tenants_of(found)
    units = list(found.units.all())
    waiting = found.entrants.filter(state="waiting").select_related("place__operator").order_by("queue_no")
    held = found.entrants.select_related("place__operator", "place__kind")
    context = {
        "zone": found, "pages": _pages(found, "zone-plan"), "rows": plan.laid_out(units, tenants),
        "count": len(units), "usable": sum(u.usable for u in units), "let": len(tenants),
        "here": sum(t.state == "moved_in" for t in tenants.values()), "waiting": waiting,
        "share": say.share(len(tenants), sum(u.usable for u in units)), "funnel": figures.funnel(held),
        "chosen": str(found.pk), "draws": Event.objects.of(found).filter(move="draw").select_related("actor"),
    }  # fmt: skip
    return render(request, "zones/plan.html", context)


@login_required
@require_GET
def scoring(request: HttpRequest, pk: Any) -> HttpResponse:
    """Every item with its points and its proof; figures of the records as they are today."""
    found = _zone(request, pk)
    items = item_acts.of_now(found)
    show.with_files(items)
    for item in items:
        item.zone = found
        item.now_value = figures.computed(found, item.figure).rate if item.figure else None
    context = {
        "zone": found, "pages": _pages(found, "zone-scoring"), "items": items, "points": item_acts.points(items),
        "wanted": item_acts.wanted(found), "most": sum(item.most for item in items),
        "granted": sum(item.points or 0 for item in items), "missing": sum(item.state != "accepted" for item in items),
        "asked": [item for item in items if item.key and item.points is not None and item.points < item.most],
    }  # fmt: skip
    return render(request, "zones/scoring.html", context)


# --- a step, a unit, an entrant ----------------------------------------------------------------------------------


@login_required
@require_GET
def step(request: HttpRequest, pk: Any) -> HttpResponse:
    """One step: who has it, its term, its papers, the opinions, the conditions, its history."""
    found = get_object_or_404(Step.objects.seen_by(request.user).select_related("zone__kind"), pk=pk)
    names = show.Names()
    history = timing.held([found])
    asked = list(found.opinions.select_related("office", "step__zone"))
    last = max((row.round for row in asked), default=0)
    now = [row for row in asked if row.round == last and (row.state != "ended" or row.is_in)]
    show.with_files(asked)
    context = {
        "step": found, "zone": found.zone, "office": names.of(found.role, found.area),
        "opinions": now, "in_count": sum(row.is_in for row in now), "earlier": [r for r in asked if r.round != last],
        "conditions": show.with_files(show.conditions_of([found])),
        "loads": [(names.of(one.role, found.area), one) for one in timing.loads(history)],
        "holders": [(names.of(one.role, found.area), one.days) for one in history if one.until is None],
        "before": _before(found), "events": Event.objects.filter(
            subject__in=[found.pk, *(row.pk for row in asked)]).exclude(move="queue").order_by("-id")[:EVENTS],
    }  # fmt: skip
    return render(request, "zones/step.html", context)


def _before(found: Step) -> list[Step]:
    """What has to be done before it."""
    known = timing.by_key(found.zone.steps.all())
    return sorted((known[key] for key in timing.before(found.key, known)), key=lambda row: row.no)


@login_required
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: Any) -> HttpResponse:
    """One unit: what it is, who holds it, who held it. Its facts are edited here."""
    found = get_object_or_404(Unit.objects.seen_by(request.user).select_related("zone__kind"), pk=pk)
    edits = may(request.user, "zone.run", found)
    if request.method == "POST" and not edits:
        raise PermissionDenied
    form = UnitForm(request.POST or None, instance=found, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        told, refused = form.cleaned_data, ""
        again = Unit.objects.seen_by(request.user).get(pk=found.pk)
        try:
            flow.amend(again, request.user, "zone.run", **told)
            messages.success(request, _("已保存。"))
            return redirect(again.get_absolute_url())
        except flow.Refused as refusal:
            refused = refusal.reason
        form.add_error(None, refused)
    tenants = (
        Entrant.objects.seen_by(request.user)
        .filter(unit=found.pk)
        .select_related("place__operator")
        .order_by("-contract_from")
    )
    context = {
        "unit": found, "zone": found.zone, "form": form if edits else None, "tenants": tenants,
        "tenant": next((t for t in tenants if t.is_here), None), "events": Event.objects.of(found)[:EVENTS],
    }  # fmt: skip
    return render(request, "zones/unit.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def entrant(request: HttpRequest, pk: Any) -> HttpResponse:
    """One entrant: how far it is, its unit and contract."""
    rows = Entrant.objects.seen_by(request.user).select_related("place__operator", "place__kind", "zone__kind", "unit")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "entrant": found, "registered": found.place_id in figures.registered([found.place]),
        "may_open": Establishment.objects.seen_by(request.user).filter(pk=found.place_id).exists(),
        "may_zone": Zone.objects.seen_by(request.user).filter(pk=found.zone_id).exists(),
        "ahead": _ahead(found), "events": Event.objects.of(found)[:EVENTS],
    }  # fmt: skip
    return render(request, "zones/entrant.html", context)


def _ahead(found: Entrant) -> int:
    """How many wait with a lower number."""
    if found.state != "waiting":
        return 0
    return found.zone.entrants.filter(state="waiting", queue_no__lt=found.queue_no).count()
