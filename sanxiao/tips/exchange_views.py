"""Pages of the exchange with 12345 and 12315."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.docket import files
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may
from sanxiao.office.now import today
from sanxiao.papers import excel
from sanxiao.papers.lists import XLSX
from sanxiao.tips import lists
from sanxiao.tips.exchange import LAYOUTS, Trial, layout, take
from sanxiao.tips.exchange import back as workbook
from sanxiao.tips.models import Handler


@login_required
@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest) -> HttpResponse:
    """Take in a list; what is wrong comes back marked in a copy of the very workbook."""
    if not may(request.user, "tip.exchange"):
        raise PermissionDenied
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return _taken(request)
        except Refused as refusal:
            refused = refusal
    shown = [(key, layout(key)["heads"]) for key in LAYOUTS]
    context = {"layouts": shown, "refused": refused, "tabs": lists.tabs(request), "no_handlers": not Handler.sealing()}
    return render(request, "tips/exchange.html", context, status=422 if refused else 200)


def _taken(request: HttpRequest) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None:
        words = _("请选一个 Excel 文件。")
        raise Refused(words, {"file": words}, "invalid")
    data: Any = files.bytes_of(cast(Any, upload), upload.name or "")
    trial: Trial = take(data, request.POST.get("layout", ""), request.user)
    said = _("收进 %(taken)d 件，早已有的 %(known)d 件，有错的 %(wrong)d 行。") % {
        "taken": trial.taken, "known": trial.known, "wrong": len({error.row for error in trial.errors}),
    }  # fmt: skip
    if not trial.errors:
        messages.success(request, said)
        return redirect("tip-exchange")
    response = HttpResponse(excel.marked_copy(data, trial.errors), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{_('有错的行')}-{today()}.xlsx") or ""
    response["Cache-Control"] = "no-store"
    messages.warning(request, said + _("有错的行没有收，已标在下载的文件里。"))
    return response


@login_required
@require_GET
def back(request: HttpRequest, layout: str) -> HttpResponse:
    """State and result of the letters of one list, in its layout."""
    if not may(request.user, "tip.exchange"):
        raise PermissionDenied
    try:
        data = workbook(layout, request.user)
    except Refused as refusal:
        raise Http404 from refusal
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{layout}-{today()}.xlsx") or ""
    return response
