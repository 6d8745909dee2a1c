"""OpenRosa 1.0 with Entities: form list, form, manifest, media, integrity, submission.

Under `/openrosa/` for sessions and for names and passwords over HTTPS, under `/key/<key>/` for phones.
"""

from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import FILE
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import fill_for, list_for
from sanxiao.field import convert, inbox, offer, places, receiving, thread
from sanxiao.field.asking import Asker, message, openrosa, xml
from sanxiao.field.models import Edition, Submission
from sanxiao.office.duties import readers, scope_of

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
LARGEST = 64_000_000  # bytes of one request


@openrosa("GET", "HEAD")
def form_list(request: HttpRequest, asker: Asker) -> HttpResponse:
    """The forms that this person may fill; with `listAllVersions` every version that is still taken."""
    shown = offer.offers(asker.user, request.GET.get("formID", ""))
    wordy = request.GET.get("verbose") == "true"
    editions = [(o, o.edition) for o in shown]
    if request.GET.get("listAllVersions") == "true":
        older = Edition.objects.filter(code__in=[o.form.code for o in shown], closed_at__isnull=True).defer("xform")
        by_code = {o.form.code: o for o in shown}
        editions = [(by_code[edition.code], edition) for edition in older]
    rows = "".join(_listed(request, asker, o, edition, wordy) for o, edition in editions)
    return xml(f'{HEAD}<xforms xmlns="{LIST}">{rows}</xforms>')


def _listed(request: HttpRequest, asker: Asker, shown: offer.Offer, edition: Edition, wordy: bool) -> str:
    said = {
        "formID": edition.code, "name": shown.form.title, "version": edition.version, "hash": f"md5:{edition.md5}",
        "downloadUrl": _url(request, asker.path("form", edition.code, edition.version)),
    }  # fmt: skip
    if edition.media:
        said["manifestUrl"] = _url(request, asker.path("manifest", edition.code, edition.version))
    if wordy:
        said["descriptionText"] = shown.form.title_en
    return "<xform>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in said.items()) + "</xform>"


def _url(request: HttpRequest, path: str) -> str:
    return request.build_absolute_uri(path)


def served(asker: Asker, code: str, version: str) -> Edition:
    """An edition that this person may fetch; 404 for all others alike."""
    fill = fill_for(code)
    rows = Edition.objects.filter(code=code, version=version, closed_at__isnull=True)
    edition = rows.first() if fill and offer.ground_of(asker.user, fill) else None
    if edition is None:
        raise Http404
    return edition


@openrosa("GET", "HEAD", versioned=False)
def form(request: HttpRequest, asker: Asker, code: str, version: str) -> HttpResponse:
    """The very bytes whose hash stands in the list."""
    edition = served(asker, code, version)
    return _unless_known(request, edition.md5, lambda: xml(edition.xform))


def _unless_known(request: HttpRequest, mark: str, make: Any) -> HttpResponse:
    """304 to who has it already."""
    etag = f'"{mark}"'
    answer = get_conditional_response(request, etag=etag) or make()
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer


@openrosa("GET", "HEAD")
def manifest(request: HttpRequest, asker: Asker, code: str, version: str) -> HttpResponse:
    """The files that belong to a form, each with its hash as it would be given now; the list of places is one of
    entities."""
    edition = served(asker, code, version)
    rows = ""
    for name in edition.media:
        digest = places.md5_of(_list(asker, code, name))
        url = _url(request, asker.path("media", code, version, name))
        said = f"<filename>{name}</filename><hash>md5:{digest}</hash><downloadUrl>{escape(url)}</downloadUrl>"
        if name == convert.MEDIA:
            proof = escape(_url(request, asker.path("integrity")))
            rows += f'<mediaFile type="entityList">{said}<integrityUrl>{proof}</integrityUrl></mediaFile>'
        else:
            rows += f"<mediaFile>{said}</mediaFile>"
    return xml(f'{HEAD}<manifest xmlns="{MANIFEST}">{rows}</manifest>')


def _list(asker: Asker, code: str, name: str) -> bytes:
    fill = fill_for(code)
    if fill is None:
        return b""
    ground = offer.ground_of(asker.user, fill)
    if name == convert.MEDIA:
        return places.as_csv(ground, offer.columns())
    make = list_for(name)
    return make(ground) if make else b""


@openrosa("GET", "HEAD", versioned=False)
def media(request: HttpRequest, asker: Asker, code: str, version: str, name: str) -> HttpResponse:
    """A list of this person's ground."""
    if name not in served(asker, code, version).media:
        raise Http404
    data = _list(asker, code, name)
    made = lambda: HttpResponse(data, content_type="text/csv; charset=utf-8")  # noqa: E731  one line, used once
    return _unless_known(request, places.md5_of(data), made)


@openrosa("GET", "HEAD")
def integrity(request: HttpRequest, asker: Asker) -> HttpResponse:
    """Which of these places are gone. Those that are unknown here are left out: a phone may have made them."""
    asked = {key for text in request.GET.get("id", "").split(",")[:1000] if (key := receiving.as_uuid(text))}
    found = Establishment.objects.seen_by(asker.user).filter(pk__in=asked).values_list("pk", "merged_into", "state")
    gone = {pk: bool(merged) or state == "void" for pk, merged, state in found}
    gone |= dict.fromkeys(_moved_away(asker, asked - set(gone)), True)
    rows = "".join(
        f'<entity id="{pk}"><deleted>{str(said).lower()}</deleted></entity>' for pk, said in sorted(gone.items())
    )
    return xml(f"{HEAD}<data><entities>{rows}</entities></data>")


def _moved_away(asker: Asker, asked: set[UUID]) -> set[UUID]:
    """Of these, the files that once lay on this person's ground and lie elsewhere now: gone from his list. Of others'
    files nothing is said."""
    ground = scope_of(asker.user).prefixes(readers(Establishment.family))
    was_here = Event.objects.within(ground).filter(kind=FILE.key, subject__in=asked)
    return set(was_here.values_list("subject", flat=True)) if ground and asked else set()


# --- submission ------------------------------------------------------------------------------------------------


@openrosa("HEAD", "POST", post=False)
def submission(request: HttpRequest, asker: Asker) -> HttpResponse:
    """HEAD says that one may send. POST stores the answers once and for good, and says 201."""
    if request.method == "HEAD":
        return HttpResponse(status=204, headers={"Location": _url(request, asker.path("submission"))})
    thread.arriving()
    data, more = _posted(request)
    sent = receiving.read(data)
    text = _text(data)
    clock = request.headers.get("X-Phone-Time", "")
    row = inbox.store(sent, text, asker.user, asker.phone, _uploads(request), clock)
    return _thanks(row, more)


def _posted(request: HttpRequest) -> tuple[bytes, bool]:
    """The XML of the request, and whether more files follow. Raises Refused."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise RequestDataTooBig
        if request.content_type in ("text/xml", "application/xml"):
            return request.body, False
        upload = request.FILES.get("xml_submission_file")
        if upload is not None and (upload.size or 0) > receiving.LONGEST:
            raise RequestDataTooBig
        data = upload.read() if upload is not None else request.POST.get("xml_submission_file", "").encode()
    except (RequestDataTooBig, TooManyFilesSent) as error:
        raise Refused(_("内容太大。"), code="too-large") from error
    except MultiPartParserError as error:
        raise Refused(_("上传不完整，请重试。"), code="malformed") from error
    if not data:
        raise Refused(_("请求里没有填报内容（xml_submission_file）。"), code="malformed")
    return data, request.POST.get("*isIncomplete*", "") == "yes"


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_("填报内容须是 UTF-8 编码。"), code="malformed") from error


def _uploads(request: HttpRequest) -> dict[str, Any]:
    """The files of the request by name: that of the part, or that of the file where a client tells them apart."""
    found: dict[str, Any] = {}
    for part, uploads in request.FILES.lists():
        for upload in uploads:
            if part != "xml_submission_file":
                found.setdefault(str(upload.name), upload)
                found.setdefault(part, upload)
    return found


def _thanks(row: Submission, more: bool) -> HttpResponse:
    waits = row.state == "waiting"
    said = _("已收到，等照片传完。") if waits else _("已收到。")
    return message(said, 202 if more else 201, "submit_success")
