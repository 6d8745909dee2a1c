"""The cockpit (态势): six figures that open their lists, the map, the way to the certificate, terms at risk."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sanxiao.campaign.models import phase_on
from sanxiao.office.duties import may, may_read, readers, scope_of
from sanxiao.office.now import today
from sanxiao.office.places import name_of, names_of
from sanxiao.reports import figures as counting
from sanxiao.reports import records
from sanxiao.reports.columns import Column, Holding, Standing, Stock
from sanxiao.reports.indicators import STOCK
from sanxiao.reports.lists import due_listing, listing
from sanxiao.reports.models import Due, Report
from sanxiao.reports.quarters import Period, Quarter, campaign_start
from sanxiao.reports.records import Items
from sanxiao.reports.sources import within
from sanxiao.reports.units import PUNCTUALITY, punctuality, with_first

SOON = 7  # days
FIX = ("inspection.problem", "fix")  # the term of one problem of an order of correction
COLUMNS = {
    "start": Column("start", gettext_lazy("上季末在册"), Stock(STOCK, at="since")),
    "end": Column("end", gettext_lazy("在册"), Stock(STOCK)),
    "complete": Column("complete", gettext_lazy("材料齐全"), Holding("complete")),
    "classified": Column("classified", gettext_lazy("已分类"), Standing()),
    "applied": Column("applied", gettext_lazy("已申请"), Holding("applied")),
    "certified": Column("certified", gettext_lazy("持证"), Holding("certified")),
}
FUNNEL = ("end", "classified", "applied", "certified")
FUNNEL_NAMES = {"end": gettext_lazy("建档")}


def ground_of(user: Any) -> str:
    """The ground whose picture this person sees; 404 where none is theirs to see."""
    prefixes = scope_of(user).prefixes(readers("desk"))
    if not prefixes:
        raise Http404
    return min(prefixes, key=len)


def now_period(ground: str) -> Period:
    """This quarter until today, and the campaign."""
    return Period(Quarter.of(today()).since, today(), campaign_start(ground.ljust(12, "0")))


@login_required
@require_GET
def cockpit(request: HttpRequest) -> HttpResponse:
    """Everything on one screen."""
    ground = ground_of(request.user)
    found = counting.count(ground, now_period(ground), COLUMNS)
    risks = at_risk(ground)
    funnel = _funnel(found)
    context = {
        "town": name_of(ground.ljust(12, "0")), "figures": _figures(found, ground), "funnel": funnel,
        "option": _option(funnel), "finding": _finding(found), "risks": risks, "today": today(), "soon": SOON,
        "phase": phase_on(today(), ground.ljust(12, "0")), **_reported(request.user),
    }  # fmt: skip
    return render(request, "reports/cockpit.html", context)


def _reported(user: Any) -> dict[str, Any]:
    """How the reports of the last opened quarter came in."""
    rows = Report.objects.seen_by(user) if may_read(user, "report") else Report.objects.none()
    last = rows.order_by("-year", "-no").first()
    if last is None:
        return {}
    states = [punctuality(report, today()) for report in with_first(rows.of(last.quarter))]
    return {"quarter": last.quarter, "punctual": [(s, states.count(s)) for s in PUNCTUALITY.values() if s in states]}


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "—"


def _figures(found: counting.Figures, ground: str) -> list[dict[str, Any]]:
    """The six, each with its address and what has changed in this quarter."""

    def at(key: str, span: str = "q") -> int:
        return found[key, span, "", ""]

    end, grown = at("end"), at("end") - at("start")
    due, kept = fixes(ground).count(), fixes_in_time(ground).count()
    late = overdue(ground).count()
    done = [
        (key, COLUMNS[key].name, at(key, span), _("还差 %(n)s 户") % {"n": end - at(key, span)})
        for key, span in (("complete", "q"), ("classified", "c"), ("certified", "q"))
    ]
    return [
        {
            "key": "end", "name": _("在册三小"), "value": end, "unit": _("户"),
            "trend": _("本季 %(n)+d") % {"n": grown}, "way": "up" if grown > 0 else "down" if grown < 0 else "",
        },
        *(
            {"key": key, "name": name, "value": _share(n, end), "unit": _("%(n)s 户") % {"n": n}, "trend": words}
            for key, name, n, words in done
        ),
        {
            "key": "fixed", "name": _("整改按期"), "value": _share(kept, due), "unit": _("%(n)s 项") % {"n": kept},
            "trend": _("应改 %(n)s 项") % {"n": due},
        },
        {
            "key": "overdue", "name": _("逾期事项"), "value": late, "unit": _("件"), "tone": "red" if late else "",
            "trend": _("%(n)s 件七天内到期") % {"n": soon(ground).count()},
        },
    ]  # fmt: skip


def _funnel(found: counting.Figures) -> list[dict[str, Any]]:
    """From the file to the certificate: each step, its share, its list."""
    end = found["end", "q", "", ""]
    steps = []
    for key in FUNNEL:
        n = found[key, "c" if key == "classified" else "q", "", ""]
        name = str(FUNNEL_NAMES.get(key, COLUMNS[key].name))
        steps.append({"key": key, "name": name, "n": n, "share": _share(n, end), "part": n, "whole": end or 1})
    return steps


def _option(funnel: list[dict[str, Any]]) -> dict[str, Any]:
    """Plain bars from nought, labelled; the house's script gives them face and colour."""
    return {
        "grid": {"left": 4, "right": 56, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {"type": "category", "inverse": True, "data": [step["name"] for step in funnel]},
        "series": [
            {"type": "bar", "data": [step["n"] for step in funnel], "label": {"show": True, "position": "right"}}
        ],
    }


def _finding(found: counting.Figures) -> str:
    """What the bars say, in one sentence."""
    end, certified = found["end", "q", "", ""], found["certified", "q", "", ""]
    if not end:
        return _("还没有建档")
    return _("在册 %(end)s 户，%(n)s 户还没有证") % {"end": end, "n": end - certified}


def running(ground: str) -> QuerySet[Due]:
    """Terms on the ground that are counted now."""
    return Due.objects.filter(within("area", ground), done_on__isnull=True, paused_on__isnull=True)


def overdue(ground: str) -> QuerySet[Due]:
    """Those that are past."""
    return running(ground).filter(due_on__lt=today())


def soon(ground: str) -> QuerySet[Due]:
    """Those that run out today or within SOON days."""
    return running(ground).filter(due_on__range=(today(), today() + timedelta(days=SOON)))


def fixes(ground: str) -> QuerySet[Due]:
    """Terms of corrections that are over, one way or the other: met, lapsed, or past."""
    rows = Due.objects.filter(within("area", ground), kind=FIX[0], term=FIX[1])
    past = Q(done_on__isnull=True, paused_on__isnull=True, due_on__lt=today())
    return rows.filter(Q(outcome__in=("met", "lapsed")) | past)


def fixes_in_time(ground: str) -> QuerySet[Due]:
    """Those of them that were met by their date."""
    return fixes(ground).filter(outcome="met", done_on__lte=F("due_on"))


def at_risk(ground: str) -> list[dict[str, Any]]:
    """Terms by unit: late, and due soon; units without any are left out, the worst stand first."""
    late = Q(due_on__lt=today())
    rows = running(ground).filter(due_on__lte=today() + timedelta(days=SOON)).values("area").order_by()
    counted = rows.annotate(late=Count("pk", filter=late), soon=Count("pk", filter=~late))
    names = names_of(row["area"] for row in counted)
    found = [
        {**row, "name": _("镇级各单位") if row["area"].endswith("000") else names.get(row["area"], row["area"])}
        for row in counted
    ]
    return sorted(found, key=lambda row: (-row["late"], -row["soon"]))


TERMS = {"fixed": fixes_in_time, "overdue": overdue}


@login_required
@require_GET
def figure(request: HttpRequest, figure: str) -> HttpResponse:
    """The list behind one of the figures; `?rest=1` shows the others of the stock."""
    ground = ground_of(request.user)
    if figure in TERMS:
        return _due_page(request, _("逾期事项") if figure == "overdue" else _("按期整改"), TERMS[figure](ground))
    if figure not in COLUMNS:
        raise Http404
    column, rest = COLUMNS[figure], bool(request.GET.get("rest")) and figure != "end"
    items = _items(ground, column)
    if rest:
        had = set(items.files)
        items = Items({}, [file for file in _items(ground, COLUMNS["end"]).files if file not in had])
    title = _("未%(name)s") % {"name": column.name} if rest else str(column.name)
    has_rest = figure not in ("end", "start")
    context = {"back": reverse("cockpit"), "has_rest": has_rest, "rest": rest, "name": column.name}
    return listing(f"cockpit-{figure}", title, items).respond(request, **context)


def _items(ground: str, column: Column) -> Items:
    found = records.NOTHING
    for items in records.lists(ground, now_period(ground), column, "c").values():
        found = found.joined(items)
    return found


@login_required
@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    """Terms of one unit: `?area=` and `?when=late|soon`."""
    ground = ground_of(request.user)
    area, late = request.GET.get("area", ""), request.GET.get("when") == "late"
    rows = overdue(ground) if late else soon(ground)
    title = _("已逾期") if late else _("七天内到期")
    return _due_page(request, f"{name_of(area)} {title}" if area else title, rows.filter(area=area) if area else rows)


def _due_page(request: HttpRequest, title: str, rows: QuerySet[Due]) -> HttpResponse:
    return due_listing(title, rows).respond(request, back=reverse("cockpit"))


def acts(user: Any) -> list[dict[str, Any]]:
    """The button on the desk of those who lead and have no files of their own to work on."""
    if may(user, "desk.lead") and not may(user, "file.open"):
        return [{"name": _("全镇态势"), "url": reverse("cockpit"), "primary": True}]
    return []
