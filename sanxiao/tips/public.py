"""The public pages /tip/: no sign-in, no cookie, no script needed; nothing that they answer may be stored anywhere.

Pages are made without the frame of the house (`render_to_string` without a request), so that no session is looked
at. The receipt is typed into a form and sent by POST; it stands in no address.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sanxiao.docket.models import Deadline, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.field.models import Patch
from sanxiao.office.models import Area, Office
from sanxiao.office.now import today
from sanxiao.tips import box, limits, receipts, retention
from sanxiao.tips.models import Handler, Letter, Reward, Track
from sanxiao.tips.public_forms import MOST_BODY, InMemory, TipForm

MARKS = ("yes", "no")
LONGEST_WORD = 1000


def _spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """In the language asked for by `lang`, else the browser's; never one that a cookie says."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [InMemory(request)]
        wanted = request.GET.get("lang") or translation.get_language_from_request(request)
        with translation.override("en" if wanted.startswith("en") else "zh-hans"):
            return view(request, *args, **kwargs)

    return answered


def _page(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    english = (translation.get_language() or "").startswith("en")
    common = {
        "PRODUCT_NAME": settings.PRODUCT_NAME, "practice": not settings.REAL, "english": english,
        "lang": "en" if english else "zh", "hotline": Rule.objects.value("public.hotline", default=""),
    }  # fmt: skip
    return HttpResponse(render_to_string(template, {**common, **context}), status=status)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_spoken
def tip(request: HttpRequest) -> HttpResponse:
    """The one page of four questions; posted, it answers with the receipt at once."""
    if request.method != "POST":
        patch, area = _spot(request.GET.get("at", ""))
        begun = {"area": area, "place": patch.name if patch else "", "at": str(patch.pk) if patch else area}
        return _ask(_form(initial=begun), patch=patch)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BODY:
        said = _("照片合起来超过 32 MB，没有收下。请按“返回”，写的字还在；换小一点的照片，或者不带照片先提交。")
        return _page("tips/public_note.html", {"title": _("照片太大"), "text": said}, 413)
    form = _form(request.POST, request.FILES)
    return _taken(request, form)


def _taken(request: HttpRequest, form: TipForm) -> HttpResponse:
    photos = [(f.name or "", f.read()) for f in request.FILES.getlist("photos")]
    if len(photos) > box.MOST_PICTURES:
        form.add_error("photos", _("最多 %(n)d 张照片。") % {"n": box.MOST_PICTURES})
    if not form.is_valid():
        return _ask(form, status=422)
    if limits.too_many(request, "posts"):
        return _ask(form, refused=_("提交得太频繁。请过十分钟再提交，写的字还在。"), status=429)
    receipt = receipts.from_once(form.cleaned_data["once"])
    language = "en" if (translation.get_language() or "").startswith("en") else "zh"
    try:
        box.drop(box.Posted(form.content(_town(), language), form.identity(), photos), receipt)
    except Refused as refusal:
        if "photos" in refusal.fields:
            form.add_error("photos", refusal.fields["photos"])
        return _ask(form, refused=refusal.reason, status=422 if refusal.code == "type" else 503)
    return _page("tips/public_slip.html", {"receipt": receipts.shown(receipt), "named": bool(form.identity())})


def _form(*args: Any, **kwargs: Any) -> TipForm:
    grounds = list(Area.objects.on().filter(level__in=("village", "community")).order_by("code"))
    units = list(Office.objects.on().exclude(role="admin").order_by("area", "id"))
    return TipForm(*args, areas=grounds, offices=units, sealed=bool(Handler.sealing()), **kwargs)


def _ask(form: TipForm, *, status: int = 200, **context: Any) -> HttpResponse:
    days = retention.identity_days()
    shapes = _shapes(form)
    return _page("tips/public.html", {"form": form, "days": days, "map": shapes, "handlers": len(Handler.sealing()),
                                      "photo_lost": status != 200 and form.files, **context}, status)  # fmt: skip


def _spot(said: str) -> tuple[Patch | None, str]:
    """The street and the village of a printed code, ('', no street) for anything else."""
    try:
        patch = Patch.objects.filter(pk=UUID(said)).first()
        return patch, patch.area if patch else ""
    except ValueError:
        known = Area.objects.on().filter(code=said[:12], level__in=("village", "community")).first()
        return None, known.code if known else ""


def _town() -> str:
    office = Office.objects.on().filter(role="fso").first()
    return office.area if office else ""


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """On the page's own host nothing else answers."""
    return _page("tips/public_note.html", {"title": _("没有这一页"), "text": ""}, 404)


def failed(_request: HttpRequest) -> HttpResponse:
    """The program failed; on the page's own host."""
    return _page("tips/public_note.html", {"title": _("程序出错了"), "text": _("请稍后再试，或者打举报电话。")}, 500)


# --- the map of our own boundaries -------------------------------------------------------------------------------


def _shapes(form: TipForm) -> dict[str, Any]:
    """The villages as paths of one SVG; {} where the town has no boundaries. A click is for who has JavaScript."""
    features = (Rule.objects.value("map.boundaries", default={}) or {}).get("features", [])
    rings = [(f["properties"].get("code", ""), ring) for f in features for ring in _rings(f["geometry"])]
    rings = [(code, ring) for code, ring in rings if code in form.areas]
    points = [point for _code, ring in rings for point in ring]
    if not points:
        return {}
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    wide, high = 600.0, 600.0 * (north - south) / max((east - west) * 0.85, 1e-9)
    paths = [
        {"code": code, "name": form.areas[code].label, "d": _path(ring, west, north, wide / (east - west),
                                                                  high / (north - south))}
        for code, ring in rings
    ]  # fmt: skip
    return {"paths": paths, "wide": round(wide), "high": round(high), "box": f"{west} {south} {east} {north}"}


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    """The outer rings of a polygon or of several."""
    shape = geometry.get("coordinates", [])
    return [part[0] for part in (shape if geometry.get("type") == "MultiPolygon" else [shape]) if part]


def _path(ring: list[list[float]], west: float, north: float, by_lng: float, by_lat: float) -> str:
    return "M" + "L".join(f"{(p[0] - west) * by_lng:.1f} {(north - p[1]) * by_lat:.1f}" for p in ring) + "Z"


# --- coming back -------------------------------------------------------------------------------------------------


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_spoken
def answer(request: HttpRequest) -> HttpResponse:
    """The receipt is typed, the talk is shown; what is written here waits in the box like a letter."""
    if request.method != "POST":
        return _page("tips/public_receipt.html", {})
    if limits.too_many(request, "looks"):
        return _page("tips/public_receipt.html", {"wrong": _("试得太多。请过十分钟再试。")}, 429)
    receipt = receipts.plain(request.POST.get("receipt", ""))
    index = receipts.index(receipt) if receipt else ""
    if not receipt or not box.known(index):
        wrong = _("没有这个回执码。请核对 16 位数字。")
        return _page("tips/public_receipt.html", {"wrong": wrong, "typed": request.POST.get("receipt", "")[:40]}, 422)
    said, typed = _write(request, receipt, index)
    return _page("tips/public_talk.html", _talk(index) | {
        "receipt": receipt, "shown": receipts.shown(receipt), "said": said, "typed": typed,
    }, 422 if typed is not None else 200)  # fmt: skip


def _write(request: HttpRequest, receipt: str, index: str) -> tuple[str, str | None]:
    """Take what was written with the receipt; words for the page, and what was typed in vain (None: nothing)."""
    act, text = request.POST.get("act", ""), request.POST.get("text", "").strip()[:LONGEST_WORD]
    if act == "word" and not text:
        return _("还没有写。"), ""
    if act not in ("word", "back", *MARKS):
        return "", None
    said: dict[str, Any] = {"text": text} if text else {}
    what = "mark" if act in MARKS else act
    if act in MARKS:
        said["satisfied"] = act
    try:
        if (what, said) not in box.waiting(index):
            box.drop_word(receipt, what, said)
    except Refused as refusal:
        return refusal.reason, text
    return _("收到了，明天送到办理人员手里。"), None


def _talk(index: str) -> dict[str, Any]:
    """What the holder of a receipt may see: states, dates, the talk, what still waits in the box, his reward."""
    letter = Letter.objects.filter(receipt=index).first()
    pending = box.waiting(index)
    if letter is None:
        return {"pending": pending, "tracks": [], "messages": []}
    tracks = letter.tracks()
    reward = Reward.objects.filter(report__letter=letter).exclude(state__in=("proposed", "refused")).last()
    claim = Deadline.objects.filter(subject=reward.pk, term="claim").last() if reward else None
    return {
        "letter": letter, "pending": pending, "tracks": [(track, _due(track)) for track in tracks],
        "messages": [] if letter.content_gone_on else list(letter.messages.all()), "reward": reward, "claim": claim,
        "closed": any(t.state == "closed" for t in tracks), "marked": any(t.satisfied for t in tracks),
        "may_withdraw": any(t.state in t.flow.row("withdraw").frm for t in tracks), "today": today(),
    }  # fmt: skip


def _due(track: Track) -> Deadline | None:
    """The term that runs or is paused, by the date."""
    return Deadline.objects.filter(subject=track.pk, done_on__isnull=True).order_by("due_on").first()
