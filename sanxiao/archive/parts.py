"""Parts of a file that are no matters of their own: a vendor's pitches, photos and documents."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sanxiao.archive.models import Establishment, Pitch
from sanxiao.archive.part_forms import FilesForm, PitchForm, VoidForm
from sanxiao.archive.rules import FILE
from sanxiao.archive.views import may_work_on, the_file
from sanxiao.docket import files, flow
from sanxiao.docket.models import Attachment
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today

MOST_FILES = 12  # in one go


@login_required
@require_http_methods(["GET", "POST"])
def pitch(request: HttpRequest, pk: Any, number: Any = None) -> HttpResponse:
    """Add a pitch, or change one: place, point, weekly windows, market days."""
    found = the_file(request, pk)
    if not may_work_on(request.user, found):
        raise Http404
    spot = get_object_or_404(Pitch, pk=number, file=found) if number else Pitch(file=found, area=found.area)
    form = PitchForm(request.POST or None, initial=_typed(spot, found))
    if request.method == "POST" and form.is_valid():
        try:
            save_pitch(spot, request.user, form.cleaned_data["version"], form.values())
        except Refused as refusal:
            if refusal.code != "same":
                form.add_error(None, refusal.reason)
                return _pitch_page(request, found, spot, form, 409)
        else:
            messages.success(request, _("出摊点已保存。"))
        return redirect(found)
    return _pitch_page(request, found, spot, form, 422 if form.errors else 200)


def _pitch_page(request: HttpRequest, file: Establishment, spot: Pitch, form: PitchForm, status: int) -> HttpResponse:
    return render(request, "archive/pitch.html", {"file": file, "pitch": spot, "form": form}, status=status)


def _typed(spot: Pitch, file: Establishment) -> dict[str, Any]:
    """A pitch as the form shows it."""
    said = {name: getattr(spot, name) for name in ("name", "market_days", "lat", "lng", "until")}
    said |= {"version": file.version, "since": spot.since or today()}
    for n, window in enumerate(spot.windows):
        said |= {f"days_{n}": [str(d) for d in window["days"]], f"from_{n}": window["from"], f"to_{n}": window["to"]}
    return said


@transaction.atomic
def save_pitch(spot: Pitch, by: User, version: int | None, values: dict[str, Any]) -> None:
    """Write a pitch and, in the file's log, what changed. Raises Refused or Stale."""
    changes = {name: [getattr(spot, name), value] for name, value in values.items() if getattr(spot, name) != value}
    if spot._state.adding:
        changes = {name: [None, value] for name, value in values.items() if value not in (None, "", [])}
    if not changes:
        raise Refused(_("没有改动。"), code="same")
    was = spot.name or values["name"]
    for name, value in values.items():
        setattr(spot, name, value)
    flow.touch(spot.file, by, "file.edit", "pitch", version=version, pitch=was, changes=changes)
    spot.save()


@login_required
@require_POST
def attach(request: HttpRequest, pk: Any) -> HttpResponse:
    """Add photos and documents to a file. The good ones are kept beside the bad, each bad one is named."""
    found = the_file(request, pk)
    if not may_work_on(request.user, found):
        raise Http404
    form, uploads = FilesForm(request.POST), request.FILES.getlist("photo")[:MOST_FILES]
    caption = form.cleaned_data["caption"] if form.is_valid() else ""
    kept, faults = keep_all(found, uploads, caption, request.user)
    if not uploads:
        faults = [_("还没有选照片或文件。")]
    for fault in faults:
        messages.error(request, fault)
    if kept:
        said = ngettext("已添加 %(n)d 个文件。", "已添加 %(n)d 个文件。", len(kept)) % {"n": len(kept)}
        messages.success(request, said)
    return redirect(reverse("file", args=[found.pk]) + "?tab=files")


def keep_all(file: Establishment, uploads: list[Any], caption: str, by: User) -> tuple[list[Attachment], list[str]]:
    """Keep every upload that can be kept; returns them, and in words why the others could not."""
    kept, faults = [], []
    with transaction.atomic():
        for upload in uploads:
            try:
                kept.append(files.keep(file, upload, caption or upload.name, by))
            except Refused as refusal:
                faults.append(f"{upload.name}：{refusal.reason}")
        if kept:
            flow.touch(file, by, "file.edit", "attach", files=[each.name for each in kept])
            if "photo" in file.missing and any(each.blob.width for each in kept):
                file.missing = [what for what in file.missing if what != "photo"]
                Establishment.objects.filter(pk=file.pk).update(missing=file.missing)
    return kept, faults


@login_required
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, pk: Any, attachment: Any) -> HttpResponse:
    """Take a photo or document out of use, with a reason; it stays visible as voided."""
    found = the_file(request, pk)
    mine = Attachment.objects.filter(kind=FILE.key, subject__in=found.pks, voided_at__isnull=True)
    each = get_object_or_404(mine.select_related("blob"), pk=attachment)
    if not may_work_on(request.user, found):
        raise Http404
    form = VoidForm(request.POST or None, area=found.area)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            reason = form.cleaned_data["reason"]
            flow.touch(found, request.user, "file.edit", "void_file", files=[each.name], reason=reason)
            files.void(each, request.user, reason)
        messages.success(request, _("已作废，理由已记入时间线。"))
        return redirect(reverse("file", args=[found.pk]) + "?tab=files")
    context = {"file": found, "each": each, "form": form}
    return render(request, "archive/void.html", context, status=422 if form.errors else 200)
