"""The page of keeping: how long each class is kept, what is due, what is held, the lists; and one list."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from sanxiao.docket.models import Event
from sanxiao.keeping import due
from sanxiao.keeping.models import Disposal, Hold
from sanxiao.keeping.rules import DISPOSAL
from sanxiao.office.duties import DUTIES, LEADS, may, may_read, scope_of
from sanxiao.office.places import names_of

SHOWN = 50  # of a class; the list itself has all


@login_required
@require_GET
def keeping(request: HttpRequest) -> HttpResponse:
    """Classes with their years and clause, what is due of each and what is held; open lists; holds."""
    if not may_read(request.user, "keeping"):
        raise PermissionDenied
    rows = Disposal.objects.seen_by(request.user)
    context = {
        "parts": [_part(request.user, each) for each in due.classes()], "flow": DISPOSAL.key,
        "open": list(rows.filter(state__in=DISPOSAL.open_states)), "may_dispose": may(request.user, "keeping.dispose"),
        "past": rows.exclude(state__in=DISPOSAL.open_states).order_by("-updated_at")[:20],
        "holds": Hold.objects.seen_by(request.user).now().order_by("-created_at"),
    }  # fmt: skip
    return render(request, "keeping/index.html", context)


def _part(user: Any, each: due.Keeping) -> dict[str, Any]:
    """One class as the page shows it; of a class with a way of its own nothing is counted here."""
    rule = due.rule_of(each)
    if each.page:
        return {"each": each, "rule": rule}
    prefixes = scope_of(user).prefixes(DUTIES["keeping.dispose"].roles(LEADS))
    rows = due.due(each, prefixes) if prefixes else []
    free, held = [row.kept for row in rows if not row.hold], [row for row in rows if row.hold]
    names = names_of({kept.area for kept in free[:SHOWN]})
    return {"each": each, "rule": rule, "count": len(free), "held": held[:SHOWN], "held_count": len(held),
            "rows": [(kept, names.get(kept.area, "")) for kept in free[:SHOWN]], "more": len(free) > SHOWN}  # fmt: skip


@login_required
@require_GET
def disposal(request: HttpRequest, pk: Any) -> HttpResponse:
    """One list, row by row, for who proposes, reviews, carries out, or looks back at it."""
    found = get_object_or_404(Disposal.objects.seen_by(request.user).select_related("by"), pk=pk)
    names = names_of({row["area"] for row in found.rows})
    context = {
        "disposal": found, "rows": [(row, names.get(row["area"], "")) for row in found.rows],
        "events": Event.objects.of(found),
    }  # fmt: skip
    return render(request, "keeping/disposal.html", context)
