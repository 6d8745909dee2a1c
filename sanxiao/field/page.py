"""The page `/field/` and what a browser needs to keep it: service worker, manifest, icons; the preview of a draft form.

The page is the same for everybody and knows nobody: who works with it is settled by its own scripts (docs/phone.md).
So it can be kept on a phone from the first visit on, and nothing of a person stays in the browser's caches.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from sanxiao.field.models import Draft
from sanxiao.office.duties import may
from sanxiao.office.models import User
from sanxiao.office.now import now

WORKER = Path(__file__).parent / "assets" / "sw.js"
# The engine reads XPath with a parser in WebAssembly; nothing else is added to the policy of the other pages.
engine_allowed: Any = csp_update({"script-src": [SELF, "'wasm-unsafe-eval'"]})
GREEN, PAPER = "#113f33", "#f6f8f7"
SIZES = (180, 192, 512)
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="#c8321f"/>'
    '<rect x="3.5" y="3.5" width="25" height="25" rx="2" fill="none" stroke="#fff"/><path d="M7.5 10.5h7M8.2 16h5.6'
    'M7 22h8.2M21.5 8.8v13q0 1.7-1.8 1.2M18.5 13q-.4 3.6-1.8 5.8M24.5 13q.5 3.6 1.8 5.8" fill="none" stroke="#fff"'
    ' stroke-width="1.9" stroke-linecap="round"/></svg>'
)


def files() -> list[str]:
    """The addresses of everything that the page loads, engine and map included."""
    manifest = Path(settings.STATIC_ROOT) / "manifest.json"
    names = json.loads(manifest.read_text()) if manifest.exists() else {}
    wanted = [name for name in names if name.startswith("field") or name == "icons.svg"]
    return [static(names[name]) for name in sorted(wanted)]


@require_GET
@engine_allowed
@ensure_csrf_cookie  # the first sign-in of a phone is a POST with the session
@cache_control(no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    """The phone page, the same bytes for everybody."""
    return HttpResponse(shell())


def shell() -> str:
    """The page as it stands."""
    return render_to_string("field/app.html", {"sw": reverse("field-worker")})


@require_GET
@cache_control(no_cache=True)
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; its version is a digest of all that it keeps."""
    said = {"PAGE": reverse("field"), "FILES": files()}
    version = hashlib.sha256(json.dumps([said, shell(), WORKER.read_text()]).encode()).hexdigest()[:16]
    heads = [f"const {name} = {json.dumps(value)};" for name, value in {"VERSION": version, **said}.items()]
    return HttpResponse("\n".join([*heads, WORKER.read_text()]), content_type="text/javascript; charset=utf-8")


@require_GET
@cache_control(max_age=86400)
def manifest(_request: HttpRequest) -> JsonResponse:
    """What a phone puts on its home screen."""
    icons = [
        {"src": reverse("field-icon", args=[size]), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in SIZES[1:]
        for purpose in ("any", "maskable")
    ]
    body = {
        "name": str(settings.PRODUCT_NAME), "short_name": "三小现场", "lang": "zh-Hans", "start_url": reverse("field"),
        "scope": reverse("field"), "display": "standalone", "orientation": "portrait", "theme_color": GREEN,
        "background_color": PAPER, "icons": icons,
    }  # fmt: skip
    return JsonResponse(body, content_type="application/manifest+json")


@require_GET
@cache_control(max_age=86400)
def icon(_request: HttpRequest, size: int) -> HttpResponse:
    """Our mark as PNG, for phones that take no SVG."""
    if size not in SIZES:
        raise Http404
    return HttpResponse(picture(size), content_type="image/png")


@lru_cache(maxsize=len(SIZES))
def picture(size: int) -> bytes:
    """The mark in `size` pixels."""
    paper = f"#set page(width: {size}pt, height: {size}pt, margin: 0pt)\n#image(bytes(sys.inputs.mark), width: 100%)"
    made = typst.compile(paper.encode(), format="png", ppi=72, sys_inputs={"mark": MARK})
    return made if isinstance(made, bytes) else b""


# --- the preview of a draft ------------------------------------------------------------------------------------


def draft_for(user: User | AnonymousUser, pk: object) -> Draft:
    """A draft that its reader may work on; 404 for everybody else."""
    draft: Draft = get_object_or_404(Draft, pk=pk)
    if not may(user, "form.manage"):
        raise Http404
    return draft


@login_required
@require_GET
@engine_allowed
@ensure_csrf_cookie
def preview(request: HttpRequest, pk: object) -> HttpResponse:
    """A draft in the page that phones use; the engine is a stricter judge than any check on the server."""
    draft = draft_for(request.user, pk)
    ways = {
        "xform": reverse("field-preview-form", args=[draft.pk]),
        "seen": reverse("field-preview-seen", args=[draft.pk]),
    }
    return render(request, "field/app.html", {"draft": draft, **ways})


@login_required
@require_GET
def preview_form(request: HttpRequest, pk: object) -> HttpResponse:
    """The XForm of a draft."""
    draft = draft_for(request.user, pk)
    return HttpResponse(draft.xform, content_type="text/xml; charset=utf-8")


@login_required
@require_POST
def preview_seen(request: HttpRequest, pk: object) -> JsonResponse:
    """The draft opened in the page: it may be published."""
    draft = draft_for(request.user, pk)
    Draft.objects.filter(pk=draft.pk).update(previewed_at=now())
    return JsonResponse({"message": _("已在手机页面打开过，可以发布。")})


paths = [
    path("field/", page, name="field"),
    path("field/sw.js", worker, name="field-worker"),
    path("field/manifest.webmanifest", manifest, name="field-manifest"),
    path("field/icon-<int:size>.png", icon, name="field-icon"),
    path("field/preview/<uuid:pk>/", preview, name="field-preview"),
    path("field/preview/<uuid:pk>/form.xml", preview_form, name="field-preview-form"),
    path("field/preview/<uuid:pk>/seen", preview_seen, name="field-preview-seen"),
]
