"""The one view through which a state changes over HTTP, the files, and the background work."""

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.docket import files, flow, rooms, watermark
from sanxiao.docket.forms import MoveForm, SignForm, form_for
from sanxiao.docket.models import Attachment, Job, Matter
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.docket.tables import Move

STATUS = {
    "malformed": 400, "signed-out": 401, "forbidden": 403, "unknown": 404, "state": 409, "stale": 409, "guard": 409,
    "too-large": 413, "invalid": 422, "precondition": 428,
}  # fmt: skip


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who is not signed in is led to the sign-in page; a program is told 401."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if wants_json(request):
            return problem(Refused(_("请先登录。"), code="signed-out"), 401)
        return redirect_to_login(request.get_full_path())

    return asked


@signed_in
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, kind: str, pk: str, move: str) -> HttpResponse:
    """One move: GET shows its form, POST makes it. Page, htmx fragment or JSON by `Accept`."""
    try:
        data = posted(request)
        obj, row = _find(request, kind, pk, move, data)
        _check_conditions(request, obj)
    except Refused as refusal:
        return problem(refusal)
    except Http404:
        if wants_json(request):
            return problem(Refused(_("没有这份材料，或不在您的辖区。"), code="unknown"))
        raise
    proposal = flow.open_proposal(obj) if obj.state else None
    if proposal and proposal.move == move and flow.signing_seat(proposal, request.user):
        return _sign(request, obj, row, data)
    return _move(request, obj, row, data)


def _move(request: HttpRequest, obj: Matter, row: Move, data: QueryDict) -> HttpResponse:
    form = form_for(obj, row)(
        data if request.method == "POST" else None, request.FILES or None, obj=obj, row=row, user=request.user
    )
    if request.method == "GET":
        return _page(request, obj, row, form, refusal=_grey(obj, row, request))
    if unknown := _unknown_fields(request, obj, form):
        return problem(Refused(_("有不认识的内容。"), unknown, "invalid"))
    if not form.is_valid():
        fields = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
        return _no(request, obj, row, form, Refused(_("请检查标红的内容。"), fields, "invalid"))
    try:
        with transaction.atomic():
            form.keep_files()
            version = _version(request, form)
            event = flow.move(obj, row.key, request.user, version=version, **form.facts())
    except Refused as refusal:
        return _no(request, obj, row, form, refusal)
    return _yes(request, obj, str(row.name) if event.move == row.key else _("已提交会签"))


def _find(request: HttpRequest, kind: str, pk: str, move: str, data: QueryDict) -> tuple[Matter, Move]:
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
        return model.flow.begin(request.user, _params(request, data)), row
    except (ValidationError, ValueError) as error:  # a key that is none
        raise Http404 from error


def _as_uuid(rows: Any, pk: str) -> Any:
    try:
        return rows.filter(pk=rows.model._meta.pk.to_python(pk))
    except Exception as error:
        raise Http404 from error


def _params(request: HttpRequest, data: QueryDict) -> dict[str, str]:
    return {**request.GET.dict(), **data.dict()}  # type: ignore[dict-item]


def posted(request: HttpRequest) -> QueryDict:
    """The posted values of a form or of a JSON object, all as text, so that forms read both alike.

    Lists become several values, null is left out, what is nested stays JSON text. Raises Refused
    ('malformed', 'too-large') for a body that is no JSON object.
    """
    if request.content_type != "application/json":
        return request.POST
    data = QueryDict(mutable=True)
    for name, value in json_object(request).items():
        parts = [part for part in (value if isinstance(value, list) else [value]) if part is not None]
        if parts:
            data.setlist(name, [_as_text(part) for part in parts])
    return data


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request's body. Raises Refused, whatever was sent."""
    try:
        said = json.loads(request.body or b"{}")
        json.dumps(said, ensure_ascii=False).encode()  # half a character (a lone surrogate) fits no database
    except RequestDataTooBig as error:
        raise Refused(_("内容太大。"), code="too-large") from error
    except (ValueError, RecursionError) as error:
        raise Refused(_("内容不是正确的 JSON。"), code="malformed") from error
    if not isinstance(said, dict):
        raise Refused(_("内容应是一个 JSON 对象。"), code="malformed")
    return said


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _check_conditions(request: HttpRequest, obj: Matter) -> None:
    """A program that changes something says which version it has seen. Raises Refused or Stale."""
    if request.method == "POST" and wants_json(request) and not obj._state.adding and if_match(request) is None:
        raise Refused(_("请在 If-Match 中写明您看到的版本（读取时的 ETag）。"), code="precondition")


def _unknown_fields(request: HttpRequest, obj: Matter, form: MoveForm) -> dict[str, str]:
    """Names in a program's request that the move does not take; a new matter also takes what begins it."""
    if request.content_type != "application/json" or obj._state.adding or form.open_ended:
        return {}
    return {name: _("没有这一项") for name in form.data if name not in {*form.fields, *form.own}}


def if_match(request: HttpRequest) -> int | None:
    """The version in `If-Match`; -1, which no record has, when it is not one of ours; None without."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', header.strip())
    return int(found[1]) if found else -1


def _version(request: HttpRequest, form: Any) -> int | None:
    """The version the person saw: hidden in the form, or `If-Match` of the API."""
    header = if_match(request)
    return form.cleaned_data.get("version") if header is None else header


def _grey(obj: Matter, row: Move, request: HttpRequest) -> str:
    """Why the move cannot be made now, shown instead of the form's button."""
    if (obj.state or "") not in row.frm:
        return _("当前状态为“%(state)s”，不能办理“%(move)s”。") % {"state": obj.state_row.name, "move": row.name}
    if flow.seat_for(row, obj, request.user) is None:
        return _("这一步不归您办理：%(move)s") % {"move": row.name}
    return flow.why_not(obj, row, {}, request.user)


def _sign(request: HttpRequest, obj: Matter, row: Move, data: QueryDict) -> HttpResponse:
    form = SignForm(data if request.method == "POST" else None)
    proposal = flow.open_proposal(obj)
    if request.method == "GET":
        return _page(request, obj, row, form, proposal=proposal)
    if not form.is_valid():
        fields = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
        return _no(request, obj, row, form, Refused(_("请检查标红的内容。"), fields, "invalid"), proposal=proposal)
    try:
        if if_match(request) not in (None, obj.version):
            raise Stale(_("这份材料刚刚被别人更新过，请核对后再办。"))
        flow.sign(obj, request.user, **form.cleaned_data)
    except Refused as refusal:
        return _no(request, obj, row, form, refusal, proposal=proposal)
    return _yes(request, obj, _("已会签"))


def wants_json(request: HttpRequest) -> bool:
    """Is the other side a program? It sends JSON, or asks for nothing but JSON."""
    accept = request.headers.get("Accept", "")
    return request.content_type == "application/json" or ("application/json" in accept and "text/html" not in accept)


def problem(refusal: Refused, status: int = 0, **headers: str) -> JsonResponse:
    """A refusal as every program gets it: {"code", "message", "fields"}."""
    body = {"code": refusal.code, "message": refusal.reason, "fields": refusal.fields}
    return JsonResponse(body, status=status or STATUS.get(refusal.code, 422), headers=headers)


def _yes(request: HttpRequest, obj: Matter, said: str) -> HttpResponse:
    if wants_json(request):
        body = {"id": str(obj.pk), "kind": obj.flow.key, "state": obj.state, "version": obj.version}
        return JsonResponse(body, headers={"ETag": f'"{obj.version}"'})
    messages.success(request, _("已办理：%(move)s") % {"move": said})
    url = obj.get_absolute_url()  # type: ignore[attr-defined]
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _no(request: HttpRequest, obj: Matter, row: Move, form: Any, refusal: Refused, **context: Any) -> HttpResponse:
    status = STATUS.get(refusal.code, 422)
    if wants_json(request):
        return _no_json(request, obj, form, refusal)
    if not obj._state.adding and isinstance(refusal, Stale):
        obj.refresh_from_db()
        if isinstance(form, MoveForm):
            form.renew()
    for name, message in refusal.fields.items():
        if name in form.fields and name not in form.errors:
            form.add_error(name, message)
    return _page(request, obj, row, form, refused=refusal, status=status, **context)


def _no_json(request: HttpRequest, obj: Matter, form: Any, refusal: Refused) -> JsonResponse:
    if not isinstance(refusal, Stale) or obj._state.adding:
        return problem(refusal)
    obj.refresh_from_db()
    fields = {"state": str(obj.state_row.name), **differing(obj, getattr(form, "cleaned_data", {}))}
    status = 412 if if_match(request) is not None else 409
    return problem(Stale(refusal.reason, fields), status, ETag=f'"{obj.version}"')


def differing(obj: Any, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What the record now holds where it is not what was wanted, by field; personal numbers never."""
    columns = {field.name for field in obj._meta.concrete_fields} - {"version"}
    now_held = {name: getattr(obj, name) for name in wanted if name in columns}
    return {name: None if value is None else str(value) for name, value in now_held.items() if value != wanted[name]}


def _page(
    request: HttpRequest, obj: Matter, row: Move, form: Any, *, status: int = 200, **context: Any
) -> HttpResponse:
    template = "docket/_do.html" if request.headers.get("HX-Request") else "docket/do.html"
    own = getattr(form, "template", None)
    parts = {"obj": obj, "row": row, "form": form, "own": own, "params": _params(request, request.POST), **context}
    return render(request, template, parts, status=status)


@login_required
@require_GET
def matter(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """To the page of a matter of which only kind and key are known, as in the log; 404 for who may not see it."""
    try:
        rows = rooms.model_of(kind).objects
    except KeyError:
        raise Http404 from None
    return redirect(get_object_or_404(rows.seen_by(request.user), pk=pk))


@login_required
@require_GET
def attachment(request: HttpRequest, pk: str, variant: str) -> HttpResponse:
    """The bytes of an attachment for who may see its matter: 'view', 'thumb', or 'original' to keep."""
    found = get_object_or_404(Attachment.objects.select_related("blob"), pk=pk)
    rows = rooms.model_of(found.kind).objects
    seen = getattr(rows, "files_seen_by", rows.seen_by)  # where who sees the matter does not see its files
    get_object_or_404(seen(request.user), pk=found.subject)
    if found.gone_on or found.blob.gone_on:
        said = _("这份附件已于 %(day)s 到期销毁。") % {"day": found.gone_on or found.blob.gone_on}
        return HttpResponse(said, status=410, content_type="text/plain; charset=utf-8")
    picture = found.blob.mime.startswith("image/")
    shown = variant if picture and variant in files.VIEWS else ""
    path = watermark.path_of(found) if shown == "view" else files.path_of(found.blob_id, shown)
    response = FileResponse(
        path.open("rb"),
        content_type="image/jpeg" if shown else found.blob.mime,
        as_attachment=not shown,
        filename=found.name,
    )
    response["Cache-Control"] = "private, max-age=600"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response  # type: ignore[return-value]


@login_required
@require_GET
def job(request: HttpRequest, pk: str) -> HttpResponse:
    """The progress of one's own background work; a fragment that asks again until it has ended."""
    row = get_object_or_404(Job, pk=pk, by=request.user)
    template = "docket/_job.html" if request.headers.get("HX-Request") else "docket/job.html"
    return render(request, template, {"job": row})
