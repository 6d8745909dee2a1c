"""Pages beside the desk: identities and their keys, routes and their bench, rewards, posters, retention."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import DUTIES, LEADS, may
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.tips import figures, identity, lists, posters, retention, routing, sealing
from sanxiao.tips.models import Disposal, Handler, Opening, Reward, Route
from sanxiao.tips.route_forms import RouteForm
from sanxiao.tips.rules import DISPOSAL


def _key_file(request: HttpRequest) -> tuple[bytes, str]:
    upload = request.FILES.get("key_file")
    return (upload.read(sealing.MOST_KEY_FILE) if upload else b""), request.POST.get("passphrase", "")


# --- identities --------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def show_identity(request: HttpRequest, pk: Any) -> HttpResponse:
    """Key file and passphrase, then who it was, once. The answer is kept by nobody."""
    rows = Opening.objects.seen_by(request.user).filter(by=request.user)
    opening = get_object_or_404(rows.select_related("letter"), pk=pk)
    context: dict[str, Any] = {"opening": opening, "letter": opening.letter, "tabs": lists.tabs(request)}
    status = 200
    if request.method == "POST":
        try:
            context["identity"] = identity.opened(opening, request.user, *_key_file(request))
        except Refused as refusal:
            context["refused"], status = refusal.reason, 422
    response = render(request, "tips/identity.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def handlers(request: HttpRequest) -> HttpResponse:
    """Who keeps the identities: named by the leading group, each with a key of his own."""
    mine = Handler.of(request.user)
    if not (may(request.user, "handler.name") or mine):
        raise PermissionDenied
    refused: Refused | None = None
    if request.method == "POST":
        try:
            if (response := _handlers_act(request)) is not None:
                return response
            return redirect("tip-handlers")
        except Refused as refusal:
            refused = refusal
    month = identity.month_of(request.GET.get("month", ""))
    context = {
        "mine": mine, "handlers": Handler.objects.on().select_related("user"), "refused": refused,
        "may_name": may(request.user, "handler.name"), "could": _could_be_named(), "tabs": lists.tabs(request),
        "held": mine.copies.count() if mine else 0, "least": sealing.LEAST_PASSPHRASE,
        "events": Event.objects.filter(kind="tips.handler").order_by("-id")[:30],
        "looks": identity.looks_of(*month) if may(request.user, "handler.name") else None, "month": month,
        "others": [h for h in Handler.objects.on().exclude(public_key="").select_related("user") if h != mine],
    }  # fmt: skip
    return render(request, "tips/handlers.html", context, status=422 if refused else 200)


def _could_be_named() -> list[User]:
    roles = DUTIES["tip.identity"].roles(LEADS)
    named = Handler.objects.on().filter(until__isnull=True).values("user")
    rows = User.objects.filter(is_active=True, posts__office__role__in=roles).exclude(pk__in=named)
    return list(rows.distinct().order_by("name"))


def _handlers_act(request: HttpRequest) -> HttpResponse | None:
    """One of: name, dismiss, key (answers with the file), hand_over. Raises Refused."""
    act, user = request.POST.get("act", ""), request.user
    if act == "name":
        identity.name(get_object_or_404(User, pk=_number(request.POST.get("user"))), user)
        messages.success(request, _("已指定。请他做自己的钥匙。"))
    elif act == "dismiss":
        identity.dismiss(_handler(request.POST.get("handler")), user)
        messages.success(request, _("已免去。"))
    elif act == "key":
        data = identity.new_key(user, request.POST.get("passphrase", ""), request.POST.get("again", ""))
        response = HttpResponse(data, content_type="application/octet-stream")
        name = f"{user.username}-{today()}.tipkey"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        response["Cache-Control"] = "no-store"
        return response
    elif act == "hand_over":
        to, leave = _handler(request.POST.get("to")), request.POST.get("leave") == "1"
        n = identity.hand_over(user, to, *_key_file(request), leave=leave)
        messages.success(request, _("已把 %(n)d 件的身份密封给 %(name)s。") % {"n": n, "name": to.user.name})
    return None


def _number(said: str | None) -> int:
    if not said or not said.isdecimal():
        raise Http404
    return int(said)


def _handler(said: str | None) -> Handler:
    try:
        return get_object_or_404(Handler.objects.select_related("user"), pk=UUID(said or ""))
    except ValueError as error:
        raise Http404 from error


# --- routes ------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def routes(request: HttpRequest) -> HttpResponse:
    """Which office gets what; who may changes it in a draft of his own, tries it on old letters, puts it in force."""
    if not may(request.user, "tip.receive"):
        raise PermissionDenied
    changes = may(request.user, "tip.route")
    form = RouteForm(request.POST if request.POST.get("act") == "add" else None, user=request.user)
    if request.method == "POST":
        if not changes:
            raise PermissionDenied
        if _routes_act(request, form):
            return redirect("tip-routes")
    drafts = list(Route.objects.filter(draft_of=request.user).select_related("ends"))
    roles = {office.role: office.label for office in Office.objects.on().exclude(role="village")}
    context = {
        "live": [(row, roles.get(row.role, row.role)) for row in routing.live(today())],
        "later": Route.objects.filter(draft_of__isnull=True, since__gt=today()), "form": form, "changes": changes,
        "drafts": [(row, roles.get(row.role, row.role)) for row in drafts], "tabs": lists.tabs(request),
        "tomorrow": today() + timedelta(days=1), "taken_out": {row.ends_id for row in drafts},
    }  # fmt: skip
    if drafts:
        context["bench"], context["looked"] = routing.replay(request.user)
    return render(request, "tips/routes.html", context, status=422 if form.errors else 200)


def _routes_act(request: HttpRequest, form: RouteForm) -> bool:
    """Add to, take from or publish one's draft; False when something was wrong and the page is shown again."""
    act, user = request.POST.get("act"), request.user
    if act == "add":
        if not form.is_valid():
            return False
        form.save_draft(user)
    elif act == "end":
        row = get_object_or_404(Route.objects.filter(draft_of__isnull=True), pk=_uuid(request.POST.get("row")))
        Route.objects.get_or_create(draft_of=user, ends=row, defaults={"area": row.area, "role": ""})
    elif act == "drop":
        Route.objects.filter(draft_of=user, pk=_uuid(request.POST.get("row"))).delete()
    elif act == "publish":
        since = _day(request.POST.get("since", ""))
        if since is None or since < today():
            messages.error(request, _("请填生效日期，不能早于今天。"))
            return True
        n = routing.publish(user, since)
        messages.success(request, _("%(n)d 条改动自 %(day)s 起生效。") % {"n": n, "day": since})
    return True


def _uuid(said: str | None) -> UUID:
    try:
        return UUID(said or "")
    except ValueError as error:
        raise Http404 from error


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


# --- rewards, posters, retention ---------------------------------------------------------------------------------


@login_required
@require_GET
def reward_list(request: HttpRequest) -> HttpResponse:
    """Rewards; nothing of the tip stands on them."""
    if not (may(request.user, "reward.propose") or may(request.user, "payout.approve")):
        raise PermissionDenied
    return lists.REWARDS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def reward(request: HttpRequest, pk: Any) -> HttpResponse:
    """One reward."""
    found = get_object_or_404(Reward.objects.seen_by(request.user), pk=pk)
    context = {"reward": found, "events": Event.objects.of(found), "tabs": lists.tabs(request)}
    return render(request, "tips/reward.html", context)


@login_required
@require_GET
def poster_list(request: HttpRequest) -> HttpResponse:
    """A poster for every village and street, to be printed."""
    if not may(request.user, "tip.receive"):
        raise PermissionDenied
    return render(request, "tips/posters.html", {"places": posters.places(), "tabs": lists.tabs(request)})


@login_required
@require_GET
def poster(request: HttpRequest, spot: str) -> HttpResponse:
    """One poster as PDF: a village by its code, a street by its key."""
    if not may(request.user, "tip.receive"):
        raise PermissionDenied
    found = posters.facts(spot)
    if found is None:
        raise Http404
    response = HttpResponse(posters.render(found), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{_('举报海报')}-{found['place']}.pdf") or ""
    return response


@login_required
@require_GET
def figures_page(request: HttpRequest) -> HttpResponse:
    """T8 of a quarter: received and closed by village, small numbers hidden, the town's sums and rewards."""
    if not may(request.user, "tipfigure.read"):
        raise PermissionDenied
    last = figures.newest(may(request.user, "tip.receive"))
    year, quarter = figures.quarter_of(request.GET.get("quarter", ""), last)
    since, until = figures.span(year, quarter)
    if since > last:
        year, quarter = figures.quarter_of("", last)
        since, until = figures.span(year, quarter)
    areas = grounds(request.user, family="tipfigure")
    table = figures.table([area.code for area in areas], since, until)
    before, after = figures.neighbours(year, quarter)
    context = {
        "rows": [(area, table[area.code]) for area in areas], "town": figures.town(since, until), "since": since,
        "until": until, "year": year, "quarter": quarter, "before": before, "least": figures.smallest(),
        "after": after if until < last else "", "tabs": lists.tabs(request),
    }  # fmt: skip
    return render(request, "tips/figures.html", context)


@login_required
@require_GET
def retention_page(request: HttpRequest) -> HttpResponse:
    """What is due to be destroyed, exactly; what is held; what was destroyed and by whom."""
    if not may(request.user, "tip.dispose"):
        raise PermissionDenied
    seen = retention.Letter.objects.seen_by(request.user)
    context = {
        "identities": seen.filter(pk__in=retention.identities_due())[:200],
        "contents": seen.filter(pk__in=retention.contents_due())[:200], "held": retention.held(request.user),
        "lists": Disposal.objects.seen_by(request.user).order_by("-rule_on", "id")[:50], "flow": DISPOSAL.key,
        "identity_days": retention.identity_days(), "content_days": retention.content_days(),
        "tabs": lists.tabs(request),
    }  # fmt: skip
    return render(request, "tips/retention.html", context)
