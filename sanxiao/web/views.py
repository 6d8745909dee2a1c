"""Sign-in, the home desk, search, and one's own account."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

import sanxiao
from sanxiao.archive.models import Establishment
from sanxiao.docket import rooms
from sanxiao.docket.models import Handover
from sanxiao.office.duties import may, may_read, scope_of
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.web import desk

PRACTICE_PASSWORD = "Lianxi-2018"  # noqa: S105  of made-up people, shown on the sign-in page


class SignIn(LoginView):
    """Sign-in; in practice mode the made-up accounts stand below to be clicked."""

    template_name = "web/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the practice accounts."""
        return super().get_context_data(**kwargs) | {"accounts": practice_accounts(), "password": PRACTICE_PASSWORD}


def practice_accounts() -> list[dict[str, str]]:
    """The accounts that `practice` made, for the sign-in page; none in the real profile."""
    path = settings.DATA_DIR / "practice-accounts.json"
    return [] if settings.REAL or not path.exists() else json.loads(path.read_text(encoding="utf-8"))


def locked_out(request: HttpRequest, _credentials: Any = None, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Too many wrong passwords from this address: wait; the account itself is not locked."""
    return render(request, "web/locked.html", {"minutes": int(settings.AXES_COOLOFF_TIME * 60)}, status=429)


@never_cache
@require_GET
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the data folder can be written; 503 with the failing part."""
    parts = {"database": _database_answers, "data": _folder_writes}
    failing = [name for name, works in parts.items() if not works()]
    body = {"status": "failing" if failing else "ok", "failing": failing, "version": sanxiao.__version__}
    return JsonResponse(body, status=503 if failing else 200)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return True
    except Exception:
        return False


def _folder_writes() -> bool:
    try:
        probe = settings.DATA_DIR / ".healthz"
        probe.write_text("ok")
        probe.unlink()
    except OSError:
        return False
    return True


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The desk: what awaits me by due date."""
    if request.user.must_change_password:
        messages.warning(request, _("请先更改初始密码，然后就能看到您的待办。"))
        return redirect("me")
    todo, total = desk.waiting(request.user)
    offices = [seat.office_id for seat in scope_of(request.user).seats]
    context = {
        "todo": todo,
        "total": total,
        "late": desk.late(request.user),
        "signing": desk.to_sign(request.user),
        "candidates": [c for c in rooms.gather("candidates", request.user) if c.count],
        "handovers": Handover.objects.filter(taker=request.user, state=Handover.OFFERED).select_related(
            "giver", "taker", "office"
        ),
        "duties": Office.objects.filter(pk__in=offices),
        "acts": rooms.gather("acts", request.user),
        "today": today(),
        "reads_files": may_read(request.user, "file"),
        "may_manage": may(request.user, "people.manage"),
        "may_rules": may(request.user, "rule.manage"),
    }
    return render(request, "web/home.html", context)


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """One box: straight to the file when only one is meant, else the list of hits."""
    text = request.GET.get("q", "").strip()
    hits = Establishment.objects.seen_by(request.user).current().matching(text)
    found = list(hits.values_list("pk", flat=True)[:2]) if text else []
    if len(found) == 1:
        return redirect("file", found[0])
    response = redirect("files")
    if text:
        query = request.GET.copy()
        query["q"] = text
        response["Location"] += "?" + query.urlencode()
    return response


@login_required
@require_POST
def large(request: HttpRequest) -> HttpResponse:
    """Switch large type for oneself."""
    request.user.large_type = not request.user.large_type
    request.user.save(update_fields=["large_type"])
    return redirect(_safe_next(request))


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "/")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """One's own account: posts, password."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        request.user.must_change_password = False
        request.user.save(update_fields=["must_change_password"])
        messages.success(request, _("密码已更改。"))
        return redirect("me")
    context = {
        "form": form,
        "may_manage": may(request.user, "people.manage"),
        "may_rules": may(request.user, "rule.manage"),
    }
    return render(request, "web/me.html", context, status=422 if form.errors else 200)
