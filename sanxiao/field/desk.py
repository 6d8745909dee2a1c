"""现场表单: the forms that phones fill, their versions and editions; a new one comes as a workbook, is judged, opened
once in the page that phones use, and only then published."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.archive.models import Kind
from sanxiao.docket import files
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import fill_for
from sanxiao.field import convert, inbox, offer, workbooks
from sanxiao.field.models import Draft, Edition, Submission
from sanxiao.office.duties import may
from sanxiao.office.models import User
from sanxiao.office.now import now
from sanxiao.papers.lists import XLSX
from sanxiao.survey import export, xlsform
from sanxiao.survey.load import publish
from sanxiao.survey.models import Form
from sanxiao.survey.views import sent

DUTY = "form.manage"


def _manages(request: HttpRequest) -> User:
    if not may(request.user, DUTY):
        raise Http404
    return request.user


@login_required
@require_http_methods(["GET", "POST"])
def forms(request: HttpRequest) -> HttpResponse:
    """The list of forms with what has come of each; POST brings a workbook."""
    user = _manages(request)
    if request.method == "POST":
        upload = request.FILES.get("workbook")
        if upload is None:
            messages.error(request, _("请选择一个 .xlsx 文件。"))
            return redirect("field-forms")
        try:
            draft = drafted(
                files.bytes_of(upload.read(settings.MAX_UPLOAD_BYTES + 1), str(upload.name)), str(upload.name), user
            )
        except Refused as refusal:
            messages.error(request, refusal.reason)
            return redirect("field-forms")
        return redirect("field-draft", draft.pk)
    came = dict(Submission.objects.values_list("edition__code").annotate(n=Count("pk")).order_by())
    rows = [{"form": form, "came": came.get(form.code, 0)} for form in offer.in_use()]
    drafts = Draft.objects.filter(published=None).defer("source", "xform")[:20]
    return render(request, "field/forms.html", {"rows": rows, "drafts": drafts})


@login_required
@require_GET
def form(request: HttpRequest, code: str) -> HttpResponse:
    """One form: every version ever published, and the editions under which it went to phones."""
    _manages(request)
    versions = list(Form.objects.filter(code=code).defer("definition", "source").order_by("-published_at", "-id"))
    if not versions:
        raise Http404
    editions = Edition.objects.filter(code=code).defer("xform").order_by("-made_at")
    came = dict(Submission.objects.filter(edition__code=code).values_list("edition").annotate(n=Count("pk")).order_by())
    rows = [{"edition": edition, "came": came.get(edition.pk, 0)} for edition in editions]
    return render(request, "field/form.html", {"form": versions[0], "versions": versions, "editions": rows})


@login_required
@require_GET
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as a workbook, with our own columns, so that it can be changed and uploaded again."""
    _manages(request)
    found = get_object_or_404(Form, pk=pk)
    return sent(export.xlsform_book(found.source, found, ours=True), XLSX, f"{found.code}-{found.version}.xlsx")


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more answers to an edition; what has come stays. Or take them again."""
    _manages(request)
    edition = get_object_or_404(Edition.objects.defer("xform"), pk=pk)
    Edition.objects.filter(pk=pk).update(closed_at=None if edition.closed_at else now())
    cache.delete(inbox.mark_of(edition.code, edition.version))
    said = _("已重新收件：%(version)s") if edition.closed_at else _("已停止收件：%(version)s")
    messages.success(request, said % {"version": edition.version})
    return redirect("field-form", edition.code)


# --- drafts ----------------------------------------------------------------------------------------------------


def drafted(data: bytes, name: str, by: User) -> Draft:
    """Read, judge and convert a workbook; the draft says everything that is wrong with it."""
    found = workbooks.read(data)
    faults = list(found.faults)
    draft = Draft(name=name[:200], by=by, source=found.source)
    if found.source.get("settings"):
        said = found.source["settings"][0]
        draft.code, draft.version, draft.title = said["form_id"][:40], said["version"][:20], said["form_title"][:80]
    if not faults:
        faults += _clashes(found)
        draft.xform, more = _converted(found)
        faults += more
    draft.faults = workbooks.as_json(faults)
    draft.save()
    return draft


def _clashes(found: workbooks.Found) -> list[workbooks.Fault]:
    """A version that was published with another content, a kind that there is not."""
    said, faults = found.source["settings"][0], []
    same = Form.objects.filter(code=said["form_id"], version=said["version"]).values_list("source_hash", flat=True)
    if any(digest != xlsform.digest(found.source) for digest in same):
        faults.append(
            _fault(
                "version", _("版本 %(version)s 已经发布过，内容不同。请换一个新版本号。") % {"version": said["version"]}
            )
        )
    if said["kind"] and not Kind.objects.filter(pk=said["kind"]).exists():
        faults.append(_fault("kind", _("没有这个类别：%(kind)s") % {"kind": said["kind"]}))
    held = Form.objects.filter(code=said["form_id"]).order_by("-published_at", "-id").first()
    if held and (held.kind_id or "") != said["kind"]:
        faults.append(_fault("kind", _("这份表单原来的类别是“%(kind)s”，不能改。") % {"kind": held.kind_id or ""}))
    return faults


def _fault(column: str, text: str) -> workbooks.Fault:
    return workbooks.Fault("settings", 2, column, text)


def _converted(found: workbooks.Found) -> tuple[str, list[workbooks.Fault]]:
    """The XForm as phones would get it, or what the converter says against it."""
    said = found.source["settings"][0]
    fill, day = fill_for(said["form_id"]), convert.of_today()
    about = (said.get("about") if fill and not fill.prefix and "about" in said else fill.about if fill else "") or ""
    known = offer.columns() if fill and fill.values else []
    try:
        convert.xform(found.source, said["version"], "", (), day)  # rows as the author has them
        return convert.xform(found.source, said["version"], about, known, day), []
    except Exception as error:  # pyxform's own, and whatever its readers stumble over
        return "", [workbooks.translated(error, found.lines)]


@login_required
@require_GET
def draft(request: HttpRequest, pk: Any) -> HttpResponse:
    """An uploaded workbook: what is wrong with it, or how to go on."""
    _manages(request)
    found = get_object_or_404(Draft.objects.defer("xform"), pk=pk)
    held = Form.objects.filter(code=found.code).defer("definition", "source").order_by("-published_at", "-id").first()
    return render(request, "field/draft.html", {"draft": found, "held": held})


@login_required
@require_POST
def publish_draft(request: HttpRequest, pk: Any) -> HttpResponse:
    """Publish what was opened in our own page; what phones hold of older versions is still taken."""
    _manages(request)
    found = get_object_or_404(Draft, pk=pk)
    if found.faults or found.previewed_at is None or found.published_id:
        messages.error(request, _("先改好错误，并在手机页面里预览过，才能发布。"))
        return redirect("field-draft", pk)
    try:
        with transaction.atomic():
            kind = Kind.objects.filter(pk=found.source["settings"][0]["kind"] or None).first()
            publish(kind, found.source)
            made = Form.objects.get(code=found.code, source_hash=xlsform.digest(found.source))
            Draft.objects.filter(pk=pk).update(published=made)
    except (ValueError, IntegrityError):
        messages.error(request, _("这个版本号刚刚被用掉，请换一个再上传。"))
        return redirect("field-draft", pk)
    messages.success(request, _("已发布。手机下次联网时自动换用新版本。"))
    return redirect("field-form", found.code)
