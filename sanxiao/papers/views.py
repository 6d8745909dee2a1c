"""Issued documents, for who may see the matter that they are about."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from sanxiao.docket import rooms
from sanxiao.papers.models import Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
@require_GET
def paper(request: HttpRequest, pk: str, form: str) -> HttpResponse:
    """A paper as PDF (the same bytes for ever) or, where there is one, as Word to work on."""
    found = get_object_or_404(Paper, pk=pk)
    get_object_or_404(rooms.model_of(found.kind).objects.seen_by(request.user), pk=found.subject)
    if form == "pdf":
        return _send(found.pdf(), "application/pdf", f"{found}.pdf", inline=True)
    if form == "docx":
        return _send(_as_word(found), DOCX, f"{found}.docx")
    raise Http404


def _as_word(found: Paper) -> bytes:
    from sanxiao.papers import word  # python-docx is loaded when somebody wants a Word file

    if make := getattr(word, found.template, None):
        return make(found.facts)
    raise Http404


def _send(data: bytes, mime: str, name: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
