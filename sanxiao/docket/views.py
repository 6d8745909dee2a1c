"""The one view through which a state changes over HTTP, the files, and the background work."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.docket import files, flow, rooms
from sanxiao.docket.forms import SignForm, form_for
from sanxiao.docket.models import Attachment, Job, Matter
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.docket.tables import Move

STATUS = {"forbidden": 403, "state": 409, "stale": 409, "guard": 409, "unknown": 404, "invalid": 422, "too-large": 413}


@login_required
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, kind: str, pk: str, move: str) -> HttpResponse:
    """One move: GET shows its form, POST makes it. Page, htmx fragment or JSON by `Accept`."""
    obj, row = _find(request, kind, pk, move)
    proposal = flow.open_proposal(obj) if obj.state else None
    if proposal and proposal.move == move and flow.signing_seat(proposal, request.user):
        return _sign(request, obj, row)
    data = _data(request)
    form = form_for(obj, row)(
        data if request.method == "POST" else None, request.FILES, obj=obj, row=row, user=request.user
    )
    if request.method == "GET":
        return _page(request, obj, row, form, refusal=_grey(obj, row, request))
    if not form.is_valid():
        fields = {name: " ".join(errors) for name, errors in form.errors.items()}
        return _no(request, obj, row, form, Refused(_("请检查标红的内容。"), fields, "invalid"))
    try:
        with transaction.atomic():
            form.keep_files()
            version = _version(request, form)
            event = flow.move(obj, move, request.user, version=version, **form.facts())
    except Refused as refusal:
        return _no(request, obj, row, form, refusal)
    return _yes(request, obj, str(row.name) if event.move == move else _("已提交会签"))


def _find(request: HttpRequest, kind: str, pk: str, move: str) -> tuple[Matter, Move]:
    """The object as this person may see it, or one about to begin; 404 for everything else alike."""
    try:
        model, row = rooms.model_of(kind), rooms.flow_of(kind).row(move)
    except KeyError as error:
        raise Http404 from error
    if pk != "new":
        return get_object_or_404(_as_uuid(model.objects.seen_by(request.user), pk)), row
    if "" not in row.frm or model.flow.begin is None:
        raise Http404
    try:
        return model.flow.begin(request.user, _params(request)), row
    except ValidationError as error:  # a key in the address that is none
        raise Http404 from error


def _as_uuid(rows: Any, pk: str) -> Any:
    try:
        return rows.filter(pk=rows.model._meta.pk.to_python(pk))
    except Exception as error:
        raise Http404 from error


def _params(request: HttpRequest) -> dict[str, str]:
    return {**request.GET.dict(), **{k: v for k, v in _data(request).items() if isinstance(v, str)}}


def _data(request: HttpRequest) -> Any:
    """The posted values, of a form or of a JSON object."""
    if request.content_type != "application/json":
        return request.POST
    try:
        said = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        said = {}
    return said if isinstance(said, dict) else {}


def _version(request: HttpRequest, form: Any) -> int | None:
    """The version the person saw: hidden in the form, or `If-Match` of the API."""
    header = request.headers.get("If-Match", "").strip('W/"')
    return int(header) if header.isdigit() else form.cleaned_data.get("version")


def _grey(obj: Matter, row: Move, request: HttpRequest) -> str:
    """Why the move cannot be made now, shown instead of the form's button."""
    if (obj.state or "") not in row.frm:
        return _("当前状态为“%(state)s”，不能办理“%(move)s”。") % {"state": obj.state_row.name, "move": row.name}
    if flow.seat_for(row, obj, request.user) is None:
        return _("这一步不归您办理：%(move)s") % {"move": row.name}
    return flow.why_not(obj, row, {})


def _sign(request: HttpRequest, obj: Matter, row: Move) -> HttpResponse:
    form = SignForm(_data(request) if request.method == "POST" else None)
    proposal = flow.open_proposal(obj)
    if request.method == "GET" or not form.is_valid():
        return _page(request, obj, row, form, proposal=proposal, status=200 if request.method == "GET" else 422)
    try:
        flow.sign(obj, request.user, **form.cleaned_data)
    except Refused as refusal:
        return _no(request, obj, row, form, refusal, proposal=proposal)
    return _yes(request, obj, _("已会签"))


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in (request.headers.get("Accept", ""), request.content_type)


def _yes(request: HttpRequest, obj: Matter, said: str) -> HttpResponse:
    if _wants_json(request):
        body = {"id": str(obj.pk), "kind": obj.flow.key, "state": obj.state, "version": obj.version}
        return JsonResponse(body, headers={"ETag": f'"{obj.version}"'})
    messages.success(request, _("已办理：%(move)s") % {"move": said})
    url = obj.get_absolute_url()
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _no(
    request: HttpRequest, obj: Matter, row: Move, form: Any, refusal: Refused, **context: Any
) -> HttpResponse:
    status = STATUS.get(refusal.code, 422)
    if _wants_json(request):
        if isinstance(refusal, Stale) and "If-Match" in request.headers:
            status = 412
        body = {"code": refusal.code, "message": refusal.reason, "fields": refusal.fields}
        return JsonResponse(body, status=status)
    if not obj._state.adding and isinstance(refusal, Stale):
        # The typed values stay; the next press is made against the record as it is now.
        obj.refresh_from_db()
        if "version" in form.data:
            form.data = {**form.data.dict(), "version": obj.version}
    for name, message in refusal.fields.items():
        if name in form.fields and name not in form.errors:
            form.add_error(name, message)
    return _page(request, obj, row, form, refused=refusal, status=status, **context)


def _page(
    request: HttpRequest, obj: Matter, row: Move, form: Any, *, status: int = 200, **context: Any
) -> HttpResponse:
    template = "docket/_do.html" if request.headers.get("HX-Request") else "docket/do.html"
    own = getattr(form, "template", None)
    parts = {"obj": obj, "row": row, "form": form, "own": own, "params": _params(request), **context}
    return render(request, template, parts, status=status)


@login_required
@require_GET
def attachment(request: HttpRequest, pk: str, variant: str) -> HttpResponse:
    """The bytes of an attachment for who may see its matter: 'view', 'thumb', or 'original' to keep."""
    found = get_object_or_404(Attachment.objects.select_related("blob"), pk=pk)
    model = rooms.model_of(found.kind)
    get_object_or_404(model.objects.seen_by(request.user), pk=found.subject)
    picture = found.blob.mime.startswith("image/")
    shown = variant if picture and variant in files.VIEWS else ""
    response = FileResponse(
        files.path_of(found.blob_id, shown).open("rb"),
        content_type="image/jpeg" if shown else found.blob.mime,
        as_attachment=not shown,
        filename=found.name,
    )
    response["Cache-Control"] = "private, max-age=600"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
@require_GET
def job(request: HttpRequest, pk: str) -> HttpResponse:
    """The progress of one's own background work; a fragment that asks again until it has ended."""
    row = get_object_or_404(Job, pk=pk, by=request.user)
    template = "docket/_job.html" if request.headers.get("HX-Request") else "docket/job.html"
    return render(request, template, {"job": row})
