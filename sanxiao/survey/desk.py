"""Filling a survey table at the desk: choose the kind, type, save, next."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.archive import doubles
from sanxiao.archive.models import Establishment
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.survey import intake, leads, plans
from sanxiao.survey.doubles import likeness_of_typed, option_of
from sanxiao.survey.forms import SheetForm
from sanxiao.survey.models import Form, Lead, Sheet

LAST = "survey_last"  # in the session: what the next sheet takes over


@login_required
@require_GET
def kinds(request: HttpRequest) -> HttpResponse:
    """Which table?"""
    _must(request)
    return render(request, "survey/kinds.html", {"forms": Form.objects.in_use()})


def _must(request: HttpRequest) -> None:
    if not may(request.user, "sheet.fill"):
        raise PermissionDenied


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """The table of a kind: GET shows it prefilled, POST sends the sheet."""
    _must(request)
    form = Form.objects.latest_of(kind)
    if form is None:
        raise Http404
    about, lead = _about(request, kind), _lead(request)
    here = grounds(request.user, "sheet.fill")
    if request.method == "GET":
        typed = SheetForm(form, here, request.user, known=_known(about), initial=_initial(request, form, about, lead))
        return _page(request, form, typed, about, lead=lead)
    if sent := _sent_before(request):
        messages.info(request, _("这张表已经保存过了。"))
        return redirect(sent)
    typed = SheetForm(form, here, request.user, request.POST, request.FILES, known=_known(about))
    if not typed.is_valid():
        return _page(request, form, typed, about, status=422, lead=lead)
    if (about or _to_confirm(typed)) and not request.POST.get("sure"):
        return _page(request, form, typed, about, confirm=_to_confirm(typed), lead=lead, **_changes(typed, form, about))
    return _save(request, form, typed, about, lead)


def _page(
    request: HttpRequest, form: Form, typed: SheetForm, about: Establishment | None, status: int = 200, **context: Any
) -> HttpResponse:
    token = request.POST.get("sheet") or str(uuid.uuid4())
    context |= {"table": form, "form": typed, "about": about, "token": token, "last": request.session.get(LAST)}
    return render(request, "survey/new.html", context, status=status)


def _about(request: HttpRequest, kind: str) -> Establishment | None:
    """The file that is surveyed again, where the way led from its page."""
    wanted = request.POST.get("file") or request.GET.get("file")
    if not wanted:
        return None
    mine = Establishment.objects.seen_by(request.user).current().select_related("operator")
    return get_object_or_404(mine, pk=_as_uuid(wanted), kind=kind)


def _lead(request: HttpRequest) -> Lead | None:
    """The lead that led here."""
    wanted = request.POST.get("lead") or request.GET.get("lead")
    return leads.begun_from(request.user, wanted) if wanted else None


def _changes(typed: SheetForm, form: Form, about: Establishment | None) -> dict[str, Any]:
    """Of a place that is surveyed again: what the sheet would change, and how much it says the same."""
    if about is None:
        return {}
    sheet = intake.sheet_of(form, typed.answers, source="desk")
    return {"changes": option_of(sheet, about)}


def _as_uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def _known(about: Establishment | None) -> dict[str, str]:
    if about is None:
        return {}
    person = about.operator
    return {"id_number": person.id_number, "phone": person.phone, "home_address": person.home}


def _initial(request: HttpRequest, form: Form, about: Establishment | None, lead: Lead | None = None) -> dict[str, Any]:
    """What need not be typed: defaults of the form, the cadre's village, today, the surveyors of the last sheet."""
    found: dict[str, Any] = {
        name: question["default"]
        for name, question in form.questions().items()
        if question["default"] and "(" not in question["default"]
    }
    last = request.session.get(LAST, {})
    here = grounds(request.user, "sheet.fill")
    found |= {"surveyed_on": str(today()), "surveyor_1": request.user.name, "surveyor_2": last.get("surveyor_2", "")}
    if len(here) == 1:
        found["village"] = here[0].code
    if request.GET.get("again"):
        found |= {name: value for name, value in last.items() if value}
    if lead is not None:
        found |= {"village": lead.area, "shop_name": lead.name, "address": lead.address}
    return found | (_of_file(about) if about else {})


def _of_file(file: Establishment) -> dict[str, Any]:
    """The file as answers, personal numbers left out."""
    found = dict(file.facts)
    found |= {
        "village": file.area, "shop_name": file.name, "operator_name": file.operator.name, "address": file.address,
        "id_type": file.operator.id_type, "uscc": file.operator.credit_code, "operating_state": file.state,
        "opened_on": file.opened_on.strftime("%Y-%m") if file.opened_on else "",
    }  # fmt: skip
    if file.lat is not None:
        found |= {"location_lat": file.lat, "location_lng": file.lng}
    if pitch := plans.current_pitch(file):
        found |= {"pitch": pitch.name, "market_days": pitch.market_days}
        found |= {"pitch_location_lat": pitch.lat or "", "pitch_location_lng": pitch.lng or ""}
        for at, window in enumerate(pitch.windows):
            days = [str(day) for day in window["days"]]
            found |= {f"windows-{at}-weekdays": days, f"windows-{at}-window_from": window["from"]}
            found[f"windows-{at}-window_to"] = window["to"]
    for at, line in enumerate(file.facts.get("buyers", ())):
        found |= {f"buyers-{at}-{name}": value for name, value in line.items()}
    return found


def _sent_before(request: HttpRequest) -> Sheet | None:
    """The sheet that this very page sent already: an old page sent again adds nothing."""
    token = request.POST.get("sheet", "")
    return Sheet.objects.seen_by(request.user).filter(pk=_as_uuid(token)).first() if token else None


def _to_confirm(typed: SheetForm) -> bool:
    """Something is unlikely, though not wrong: look once more."""
    return bool(typed.answers.warnings) or typed.answers.prohibited != "no"


def _save(
    request: HttpRequest, form: Form, typed: SheetForm, about: Establishment | None, lead: Lead | None
) -> HttpResponse:
    told = typed.answers
    intake.measure_school(told)
    token = request.POST.get("sheet")
    sheet = intake.sheet_of(form, told, source="desk", pk=_as_uuid(token) if token else None)
    sheet.place = about.pk if about else None
    try:
        intake.send(sheet, request.user, typed.pictures)
        if lead is not None:
            leads.tie(lead, sheet)
    except Refused as refusal:
        typed.add_error(None, refusal.reason)
        return _page(request, form, typed, about, status=409)
    names = ("village", "surveyor_1", "surveyor_2", "surveyed_on")
    request.session[LAST] = {name: told.public.get(name, "") for name in names}
    messages.success(request, _("已保存：%(name)s，编号 %(number)s。") % {"name": sheet.name, "number": sheet.number})
    if request.POST.get("again"):
        return redirect(f"{reverse('sheet-new', args=[form.kind_id])}?again=1")
    return redirect(sheet)


@login_required
@require_POST
def likely(request: HttpRequest) -> HttpResponse:
    """Likely doubles of what stands in the form so far. By POST: personal numbers belong in no address."""
    _must(request)
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    place = likeness_of_typed(typed, request.POST.get("kind", ""))
    here = {area.code for area in grounds(request.user, "sheet.fill")}
    if place.area not in here:
        return render(request, "survey/_doubles.html", {})
    found = doubles.likely(place, request.user)
    context = {"doubles": found, "outside": not found and doubles.outside(place, request.user)}
    return render(request, "survey/_doubles.html", context)
