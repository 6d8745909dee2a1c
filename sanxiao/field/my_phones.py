"""我的手机: the list of one's phones, a code for ODK Collect that is shown once, an end to a phone that is lost."""

import base64
import json
import zlib
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sanxiao.docket.flow import log
from sanxiao.field import phones
from sanxiao.field.models import Phone
from sanxiao.office.duties import scope_of
from sanxiao.office.models import Office, User


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My phones, those in use first."""
    rows = Phone.objects.filter(user=request.user).order_by("revoked_at", "-made_at")
    return render(request, "field/phones.html", {"rows": rows, "person": request.user, "own": True})


@login_required
@never_cache
@require_POST
def collect(request: HttpRequest) -> HttpResponse:
    """A key for ODK Collect, shown this once as the code that Collect scans."""
    name = request.POST.get("name", "").strip()[:60] or "ODK Collect"
    made, key = phones.make(request.user, name, "collect")
    _note(request, made, "key")
    url = request.build_absolute_uri(f"/key/{key}")
    return render(request, "field/phone_code.html", {"phone": made, "url": url, "code": code_of(url, name)})


def code_of(url: str, name: str) -> str:
    """The picture that Collect scans."""
    drawn = segno.make(packed(url, name), error="l")
    return mark_safe(drawn.svg_inline(scale=3, border=3))


def packed(url: str, name: str) -> str:
    """Collect's settings as ODK documents them: JSON, deflated, in base64."""
    settings = {
        "general": {
            "server_url": url, "username": "", "password": "", "form_update_mode": "match_exactly",
            "automatic_update": True, "autosend": "wifi_and_cellular", "app_language": "zh",
        },
        "admin": {}, "project": {"name": name, "color": "#14654f", "icon": "三"},
    }  # fmt: skip
    return base64.b64encode(zlib.compress(json.dumps(settings).encode(), 9)).decode()


@login_required
@require_POST
def rename(request: HttpRequest, pk: Any) -> HttpResponse:
    """Call a phone of mine otherwise."""
    one = get_object_or_404(Phone, pk=pk, user=request.user)
    if name := request.POST.get("name", "").strip()[:60]:
        Phone.objects.filter(pk=one.pk).update(name=name)
    return redirect("my-phones")


@login_required
@require_POST
def end(request: HttpRequest, pk: Any) -> HttpResponse:
    """Shut a phone out: one's own, or that of somebody whose people one manages. It says why."""
    one = get_object_or_404(Phone.objects.select_related("user"), pk=pk)
    own = one.user_id == request.user.pk
    if not own and not manages(request.user, one.user):
        raise Http404
    if reason := request.POST.get("reason", "").strip():
        phones.revoke(one, reason)
        _note(request, one, "revoke", reason)
        messages.success(request, _("“%(name)s”已停用。手机下次联网时清空。") % {"name": one.name})
    else:
        messages.error(request, _("请写明停用原因。"))
    return redirect("my-phones") if own else redirect("phones-of", one.user.username)


@login_required
@require_GET
def of_person(request: HttpRequest, username: str) -> HttpResponse:
    """Somebody's phones, for who manages the people of his office."""
    person = get_object_or_404(User, username=username)
    if not manages(request.user, person):
        raise Http404
    rows = Phone.objects.filter(user=person).order_by("revoked_at", "-made_at")
    return render(request, "field/phones.html", {"rows": rows, "person": person, "own": False})


def manages(by: User, person: User) -> bool:
    """Does he manage the people of an office in which this person holds or held a post?"""
    offices = Office.objects.filter(pk__in=person.posts.values("office"))
    return any(scope_of(by).seat_for("people.manage", office.area) for office in offices)


def _note(request: HttpRequest, one: Phone, act: str, reason: str = "") -> None:
    """Phones are no matters; what is done with them stands in the log, without the key."""
    post = one.user.posts.on().select_related("office").first()
    entry = _Entry(one, post.office.area if post else "")
    seat = next(iter(scope_of(request.user).seats), None)
    facts = {"person": one.user.name} | ({"reason": reason} if reason else {})
    log(entry, act, request.user, seat, facts=facts)


class _Entry:
    """A phone as the log wants it."""

    def __init__(self, one: Phone, area: str) -> None:
        self._meta, self.pk, self.area = one._meta, one.pk, area
