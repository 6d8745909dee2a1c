"""What our page asks besides OpenRosa: a key for the phone, who I am and what I may fill, my places, what became of
what I sent. The interface is described in docs/phone.md."""

import base64
import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from sanxiao.docket import rooms
from sanxiao.docket.models import Event, Matter, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.field import convert, inbox, offer, say
from sanxiao.field import places as lists
from sanxiao.field.asking import Asker, for_page, told
from sanxiao.field.models import Clash, Phone, Submission
from sanxiao.field.settling import subject_of
from sanxiao.office import seal
from sanxiao.office.models import Area, User
from sanxiao.office.now import now
from sanxiao.office.places import grounds
from sanxiao.survey.models import Sheet
from sanxiao.survey.phone import merged_labels

MOST = 200
RULES = {"keep_days": 14, "clock_minutes": 10, "photo_max_pixels": 1600, "far_m": 500, "market_unsigned": True}


@for_page("POST", "DELETE", post=False)
def phone(request: HttpRequest, asker: Asker) -> HttpResponse:
    """POST (session): this browser becomes a phone and gets its key, shown this once. DELETE (key): it signs out."""
    if request.method == "DELETE":
        if asker.phone is None:
            raise Refused(_("这里没有登记手机。"), code="unknown")
        revoke(asker.phone, _("在手机上退出"))
        return HttpResponse(status=204)
    said = told(request)
    name = str(said.get("name") or _("手机网页"))[:60]
    made, key = make(asker.user, name, "page")
    return JsonResponse({"id": str(made.pk), "key": key}, status=201)


def make(user: User, name: str, client: str) -> tuple[Phone, str]:
    """A phone of a person with its key, which is shown once and not kept."""
    made = Phone(user=user, name=name, client=client)
    key = made.new_key()
    made.save()
    return made, key


def revoke(one: Phone, reason: str) -> None:
    """Shut a phone out, for good."""
    Phone.objects.filter(pk=one.pk, revoked_at__isnull=True).update(revoked_at=now(), revoke_reason=reason[:120])


@for_page("GET")
def me(request: HttpRequest, asker: Asker) -> HttpResponse:
    """Who I am, where my ground is, which forms I may fill, and the rules of the house for a phone."""
    user = asker.user
    shown = offer.offers(user)
    codes = sorted({area.code for o in shown for area in grounds(user, o.fill.duty)})
    body = {
        "user": {"name": user.name, "large_type": user.large_type, "key": person(user)},
        "practice": not settings.REAL,
        "secret": secret(asker.phone),
        "villages": _villages(codes),
        "forms": [_form(request, asker, o) for o in shown],
        "lists": _lists(asker, shown),
        "boundaries": reverse("field-boundaries"),
        "rules": {name: Rule.objects.value(f"field.{name}", default=usual) for name, usual in RULES.items()},
    }
    return JsonResponse(body)


def person(user: User) -> str:
    """By what a page knows again whose answers it holds; nothing can be read back."""
    return seal.index("phone-person", str(user.pk))[:16]


def secret(one: Phone | None) -> str:
    """32 bytes of this phone alone, from which the page makes the key of what it stores; '' without a phone."""
    if one is None:
        return ""
    return base64.b64encode(hashlib.sha256(seal.index("phone-secret", str(one.pk)).encode()).digest()).decode()


def _form(request: HttpRequest, asker: Asker, o: offer.Offer) -> dict[str, Any]:
    return {
        "code": o.form.code, "version": o.edition.version, "md5": o.edition.md5, "title": o.form.title,
        "title_en": o.form.title_en, "kind": o.form.kind_id or "", "about": o.about,
        "url": asker.path("form", o.form.code, o.edition.version), "places": convert.MEDIA in o.edition.media,
        "lists": [name for name in o.edition.media if name != convert.MEDIA], "market": o.fill.market,
    }  # fmt: skip


def _lists(asker: Asker, shown: list[offer.Offer]) -> list[dict[str, str]]:
    """The lists that the forms choose from, each once, with the digest of what would be given now."""
    found = {name: o for o in shown for name in o.edition.media if name != convert.MEDIA}
    return [
        {"name": name, "md5": lists.md5_of(make(offer.ground_of(asker.user, o.fill))),
         "url": asker.path("media", o.form.code, o.edition.version, name)}
        for name, o in found.items()
        if (make := rooms.list_for(name))
    ]  # fmt: skip


def _villages(codes: list[str]) -> list[dict[str, Any]]:
    middle = _centres()
    rows = Area.objects.on().filter(code__in=codes)
    return [{"code": a.code, "name": a.name, "name_en": a.name_en, "centre": middle.get(a.code)} for a in rows]


def _centres() -> dict[str, list[float]]:
    """The middle of every village's boundary, as [lat, lng]."""
    found = {}
    for feature in Rule.objects.value("map.boundaries", default={}).get("features", ()):
        points = list(_points(feature["geometry"]["coordinates"]))
        code = feature.get("properties", {}).get("code")
        if code and points:
            lngs, lats = zip(*points, strict=True)
            found[code] = [round((min(lats) + max(lats)) / 2, 6), round((min(lngs) + max(lngs)) / 2, 6)]
    return found


def _points(nested: Any) -> Any:
    if nested and isinstance(nested[0], (int, float)):
        yield nested[0], nested[1]
        return
    for part in nested:
        yield from _points(part)


@for_page("GET")
def boundaries(_request: HttpRequest, _asker: Asker) -> HttpResponse:
    """The town's boundaries as GeoJSON, each area with its English name beside the Chinese one."""
    drawn = Rule.objects.value("map.boundaries", default={"type": "FeatureCollection", "features": []})
    english = dict(Area.objects.order_by("since").values_list("code", "name_en"))  # those of other years are drawn too
    features = [
        {**one, "properties": {**one["properties"], "name_en": english.get(one["properties"].get("code"), "")}}
        for one in drawn["features"]
    ]
    answer = JsonResponse({**drawn, "features": features})
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@for_page("GET")
def places(request: HttpRequest, asker: Asker) -> HttpResponse:
    """The places of my ground; 304 as long as nothing there has changed."""
    about_places = [o for o in offer.offers(asker.user) if convert.MEDIA in o.edition.media]
    prefixes = sorted({p for o in about_places for p in offer.ground_of(asker.user, o.fill)})
    known = offer.columns()
    etag = f'"{lists.digest_of(tuple(prefixes), known)}"'
    answer = get_conditional_response(request, etag=etag)
    answer = answer or JsonResponse({"places": lists.places(tuple(prefixes), known)})
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer


@for_page("POST", post=False)
def promises(request: HttpRequest, asker: Asker) -> HttpResponse:
    """Digests of original photos, told when they are taken; and how positions came about, by their questions."""
    said = told(request)
    instance, files = said.get("instance"), said.get("files")
    if not isinstance(instance, str) or not 0 < len(instance) <= 120 or not isinstance(files, list):
        raise Refused(_("请求不完整，或写法不对。"), code="malformed")
    inbox.promise(instance, asker.user, [_promised(entry) for entry in files[:50]])
    return HttpResponse(status=204)


def _promised(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not entry["name"]:
        raise Refused(_("请求不完整，或写法不对。"), code="malformed")
    kept: dict[str, Any] = {"name": entry["name"][:200]}
    for name in ("sha256", "sent_sha256", "taken_at"):
        kept[name] = str(entry.get(name) or "")[:64]
    for name in ("lat", "lng", "accuracy"):
        value = entry.get(name)
        kept[name] = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    return kept | {name: entry.get(name) is True for name in ("mock", "album", "hand")}


# --- what became of it -----------------------------------------------------------------------------------------


@for_page("POST", post=False)
def status(request: HttpRequest, asker: Asker) -> HttpResponse:
    """What became of what I sent, by instance."""
    asked = told(request).get("instances")
    if not isinstance(asked, list) or len(asked) > MOST:
        raise Refused(_("一次最多查询 %(n)d 份。") % {"n": MOST}, code="malformed")
    rows = Submission.objects.filter(instance__in=[str(one) for one in asked], by=asker.user)
    found = {row.instance: _state(row) for row in rows.select_related("edition__form").defer("edition__xform")}
    return JsonResponse({"instances": {str(one): found.get(str(one), {"state": "unknown"}) for one in asked}})


def _state(row: Submission) -> dict[str, Any]:
    said = {
        "state": row.state, "missing": inbox.missing(row) if row.state == "waiting" else [],
        "reason": row.result.get("dropped") or say.kept(row.result, "reason") or say.kept(row.result, "waits"),
        "url": "", "merged": [], "clash": False, "received_at": row.received_at.isoformat(),
    }  # fmt: skip
    if row.result.get("dropped"):
        return said | {"state": "returned"}
    if row.state != "settled":
        return said
    subject = subject_of(row)
    said["url"] = _url(subject, row)
    if waits := getattr(subject, "waits", ""):
        said |= {"state": "filing", "reason": waits}
    said["merged"] = merged_of(row, subject)
    said["clash"] = row.result.get("clash", False) and Clash.objects.filter(submission=row, state="open").exists()
    if isinstance(subject, Matter) and subject.state == "void":
        last = Event.objects.filter(subject=subject.pk, move="void").order_by("-id").first()
        said |= {"state": "returned", "reason": last.facts.get("reason", "") if last else ""}
    return said


def merged_of(row: Submission, subject: Any) -> list[str]:
    """What went in beside changes of the office, in the reader's language where the matter can say it."""
    held = row.result.get("merged", [])
    return list(merged_labels(subject)) if held and isinstance(subject, Sheet) else held


def _url(subject: Any, row: Submission) -> str:
    if subject is not None:
        return str(subject.get_absolute_url())
    return reverse("file", args=[row.result["file"]]) if row.result.get("file") else ""
