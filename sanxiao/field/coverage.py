"""走访: which streets and hamlets were walked, by village; who walks which; what is left."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.docket.views import STATUS
from sanxiao.field.models import Patch
from sanxiao.field.patches import Progress, progress, standing, walkers
from sanxiao.field.rules import PATCH_KINDS
from sanxiao.field.walks import named
from sanxiao.office.duties import may, may_read
from sanxiao.office.models import Area
from sanxiao.office.now import today
from sanxiao.office.places import grounds

STAGES = {"green": gettext_lazy("走完了"), "amber": gettext_lazy("正在走"), "grey": gettext_lazy("还没有走")}


class PatchForm(forms.Form):
    """A patch to be added to a village's list."""

    name = forms.CharField(label=gettext_lazy("片区"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=PATCH_KINDS)


@login_required
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """The villages of one's ground, or the patches of one village."""
    here = grounds(request.user, family="coverage")
    if not here:
        raise Http404
    wanted = request.GET.get("village", "")
    only = next((area for area in here if area.code == wanted), here[0] if len(here) == 1 else None)
    if wanted and (only is None or only.code != wanted):
        raise Http404
    return _village(request, only, len(here) > 1) if only else _town(request, here)


def _town(request: HttpRequest, here: list[Area]) -> HttpResponse:
    rows = progress(request.user, [area.code for area in here])
    names = {area.code: area.label for area in here}
    totals = {what: sum(getattr(row, what) for row in rows) for what in ("planned", "walked", "none_found", "found")}
    context = {
        "rows": [{"row": row, "name": names[row.area], "share": row.walked * 100 // row.planned} for row in rows],
        "totals": totals, "checks": may_read(request.user, "check"),
    }  # fmt: skip
    return render(request, "field/coverage.html", context)


def _village(request: HttpRequest, area: Area, several: bool) -> HttpResponse:
    found = progress(request.user, [area.code])
    row = found[0] if found else Progress(area.code, ())
    may_assign = may(request.user, "coverage.assign", row)
    context = {
        "area": area, "row": row, "several": several, "form": PatchForm(), "may_assign": may_assign,
        "may_walk": may(request.user, "coverage.walk", row),
        "walkers": walkers(area.code) if may_assign else [], "checks": may_read(request.user, "check"),
    }  # fmt: skip
    return render(request, "field/village.html", context)


@login_required
@require_GET
def points(request: HttpRequest) -> JsonResponse:
    """The villages as points in the middle of their ground, with how far each is."""
    here = {area.code: area.label for area in grounds(request.user, family="coverage")}
    middle = _centres()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": middle[row.area]},
            "properties": {
                "name": here[row.area], "url": f"{reverse('coverage')}?village={row.area}", "tone": row.tone,
                "state": str(STAGES[row.tone]), "note": _note(row),
            },
        }
        for row in progress(request.user, here)
        if row.area in middle
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features, "cut": False})


def _note(row: Progress) -> str:
    """How many of how many, and what is left."""
    return f"{row.walked} / {row.planned} " + _("、").join(patch.name for patch in row.left[:6])


def _centres() -> dict[str, list[float]]:
    """The middle of every village's boundary, as [lng, lat]."""
    found = {}
    for feature in Rule.objects.value("map.boundaries", default={}).get("features", ()):
        corners = list(_corners(feature["geometry"]["coordinates"]))
        if corners:
            lngs, lats = zip(*corners, strict=True)
            found[feature["properties"].get("code")] = [(min(lngs) + max(lngs)) / 2, (min(lats) + max(lats)) / 2]
    return found


def _corners(nested: Any) -> Any:
    if nested and isinstance(nested[0], (int, float)):
        yield nested[0], nested[1]
        return
    for part in nested:
        yield from _corners(part)


@login_required
@require_POST
def assign(request: HttpRequest, pk: Any) -> HttpResponse:
    """Who walks a patch from now on; empty: nobody yet."""
    patch = get_object_or_404(standing(Patch.objects.seen_by(request.user)), pk=pk)
    wanted = request.POST.get("walker", "")
    walker = next((user for user in walkers(patch.area) if str(user.pk) == wanted), None)
    if wanted and walker is None:
        raise Http404
    return _amended(request, patch, _("责任人已记下。"), walker=walker)


@login_required
@require_POST
def end(request: HttpRequest, pk: Any) -> HttpResponse:
    """A patch that is no more (pulled down, joined to another) is walked no longer; its walks stay."""
    patch = get_object_or_404(standing(Patch.objects.seen_by(request.user)), pk=pk)
    return _amended(request, patch, _("这一片不再走访。"), until=today().fromordinal(today().toordinal() - 1))


def _amended(request: HttpRequest, patch: Patch, said: str, **changes: Any) -> HttpResponse:
    try:
        flow.amend(patch, request.user, "coverage.assign", **changes)
    except Refused as refusal:
        if refusal.code != "same":
            return render(request, "field/refused.html", {"refused": refusal, "area": patch.area},
                          status=STATUS.get(refusal.code, 422))  # fmt: skip
    else:
        messages.success(request, said)
    return redirect(f"{reverse('coverage')}?village={patch.area}")


@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A patch that is missing from a village's list."""
    here = {area.code for area in grounds(request.user, "coverage.assign")}
    area, form = request.POST.get("village", ""), PatchForm(request.POST)
    if area not in here:
        raise Http404
    if form.is_valid():
        named(area, form.cleaned_data["name"].strip(), form.cleaned_data["kind"], request.user)
        messages.success(request, _("已加入走访名单。"))
    else:
        messages.error(request, _("请写明片区名称。"))
    return redirect(f"{reverse('coverage')}?village={area}")
