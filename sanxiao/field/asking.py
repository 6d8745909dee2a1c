"""Who is asking: a phone by its key, a person by name and password over HTTPS, or our own page by its session."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib.auth import authenticate
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja.utils import check_csrf

from sanxiao.docket.refusal import Refused
from sanxiao.docket.views import STATUS, wants_json
from sanxiao.field.models import Phone
from sanxiao.office import seal
from sanxiao.office.duties import scope_of
from sanxiao.office.models import User
from sanxiao.office.now import now, on_the_wall

CODES = STATUS | {"revoked": 403, "no-post": 403, "csrf": 403, "insecure": 403, "signed-out": 401, "conflict": 409}
ACCEPTS = 10_000_000  # bytes of one request, after which ODK Collect splits
SEEN_EVERY = timedelta(minutes=10)
REMEMBERED = 300  # seconds for which a right password need not be hashed anew


@dataclass(frozen=True)
class Asker:
    """A person, the phone in his hand if he came by its key, and the beginning of the addresses he uses."""

    user: User
    phone: Phone | None
    token: str = ""

    def path(self, name: str, *args: Any) -> str:
        """The path of a view, under the key where he came with one."""
        return (
            reverse(f"key-{name}", args=[self.token, *args]) if self.token else reverse(f"openrosa-{name}", args=args)
        )


def who(request: HttpRequest, token: str = "", *, post: bool = True) -> Asker:
    """The one who asks. Raises Refused: revoked, no-post, signed-out, insecure, csrf."""
    said = request.headers.get("Authorization", "")
    if token or said.startswith("Bearer "):
        asker = _by_key(request, token, said.removeprefix("Bearer ").strip())
    elif said.startswith("Basic "):
        asker = Asker(_by_password(request, said), None)
    else:
        asker = Asker(_by_session(request), None)
    if post and not scope_of(asker.user).seats:
        raise Refused(_("您现在没有岗位，不能使用。已填的仍可上传。"), code="no-post")
    return asker


def _by_key(request: HttpRequest, token: str, bearer: str) -> Asker:
    phone = Phone.objects.of_key(token or bearer)
    if phone is None:
        raise Refused(_("这部手机已停用，或密钥不对。请重新登录，或请管理员重新发码。"), code="revoked")
    if phone.seen_at is None or now() - phone.seen_at > SEEN_EVERY:
        phone.seen_at, device = now(), request.GET.get("deviceID", "")[:80]
        Phone.objects.filter(pk=phone.pk).update(seen_at=phone.seen_at, device=device or phone.device)
    return Asker(phone.user, phone, token)


def _by_password(request: HttpRequest, said: str) -> User:
    """Basic, over HTTPS alone: over HTTP the password would lie open."""
    if not request.is_secure():
        raise Refused(_("用户名和密码只能通过 HTTPS 使用。请改用二维码里的地址。"), code="insecure")
    mark = "basic:" + seal.index("basic", said)
    kept = cache.get(mark)
    if kept and (user := User.objects.filter(pk=kept[0], password=kept[1], is_active=True).first()):
        return user
    try:
        name, _colon, password = base64.b64decode(said.removeprefix("Basic ")).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name = password = ""
    found = authenticate(request, username=name, password=password) if name else None
    if not isinstance(found, User):
        raise Refused(_("用户名或密码不对。"), code="signed-out")
    cache.set(mark, (found.pk, found.password), REMEMBERED)
    return found


def _by_session(request: HttpRequest) -> User:
    if not request.user.is_authenticated:
        raise Refused(_("请先登录。"), code="signed-out")
    if request.method not in ("GET", "HEAD") and check_csrf(request):
        raise Refused(_("缺少防伪令牌 X-CSRFToken，请重新登录后再试。"), code="csrf")
    return request.user


# --- answers ---------------------------------------------------------------------------------------------------


def openrosa(*methods: str, versioned: bool = True, post: bool = True) -> Callable[..., Any]:
    """A view of OpenRosa, `view(request, asker, …)`: who asks is found out, every answer gets its headers."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, token: str = "", **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    return _marked(HttpResponse(status=405, headers={"Allow": ", ".join(methods)}))
                if versioned and request.headers.get("X-OpenRosa-Version") != "1.0":
                    raise Refused(_("请求须注明 X-OpenRosa-Version: 1.0。"), code="malformed")
                return _marked(view(request, who(request, token, post=post), *args, **kwargs))
            except Refused as refusal:
                return _marked(refused(request, refusal))
            except Http404:
                return _marked(refused(request, Refused(_("没有这份表单，或不归您填写。"), code="unknown")))

        return asked

    return decorate


def _marked(answer: HttpResponse) -> HttpResponse:
    answer["X-OpenRosa-Version"] = "1.0"
    answer["X-OpenRosa-Accept-Content-Length"] = str(ACCEPTS)
    answer["Date"] = http_date(on_the_wall().timestamp())
    answer["X-Server-Time"] = on_the_wall().isoformat()
    if not answer.has_header("Cache-Control"):
        answer["Cache-Control"] = "private, no-store"
    return answer


def message(text: str, status: int, nature: str = "") -> HttpResponse:
    """An answer in the words of OpenRosa; clients show the text to the person."""
    mark = f' nature="{escape(nature)}"' if nature else ""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f"<message{mark}>{escape(text)}</message></OpenRosaResponse>"
    )
    return HttpResponse(body, status=status, content_type="text/xml; charset=utf-8")


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal, as XML or as JSON, whichever the other side reads."""
    status = CODES.get(refusal.code, 422)
    if wants_json(request):
        answer: HttpResponse = problem(refusal)
    else:
        answer = message(refusal.reason, status, refusal.code)
    if status == 401 and request.is_secure():
        answer["WWW-Authenticate"] = 'Basic realm="sanxiao", charset="UTF-8"'
    return answer


def problem(refusal: Refused) -> JsonResponse:
    """A refusal as our page reads it."""
    body = {"code": refusal.code, "message": refusal.reason, "fields": refusal.fields}
    return JsonResponse(body, status=CODES.get(refusal.code, 422))


def for_page(*methods: str, post: bool = True) -> Callable[..., Any]:
    """A view of what our page asks besides OpenRosa: JSON, never kept by the browser, with the server's clock."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    answer: HttpResponse = HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
                else:
                    answer = view(request, who(request, post=post), *args, **kwargs)
            except Refused as refusal:
                answer = problem(refusal)
            answer["X-Server-Time"] = on_the_wall().isoformat()
            if not answer.has_header("Cache-Control"):
                answer["Cache-Control"] = "no-store"
            return answer

        return asked

    return decorate


def xml(text: str) -> HttpResponse:
    """An XML document."""
    return HttpResponse(text, content_type="text/xml; charset=utf-8")


def told(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request. Raises Refused."""
    try:
        said = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refused(_("内容不是正确的 JSON。"), code="malformed") from error
    if not isinstance(said, dict):
        raise Refused(_("内容应是一个 JSON 对象。"), code="malformed")
    return said
