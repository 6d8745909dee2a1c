"""/api/v1/: the routers that the rooms hand down, one way to say no, and our own page that lists what there is."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import SessionAuth

import sanxiao
from sanxiao.docket import rooms, views
from sanxiao.docket.api import WORDS
from sanxiao.docket.refusal import Refused, Stale

DESCRIPTION = """Read files, correct them, follow their history. States change at `POST /do/<kind>/<id>/<move>` alone
(same session, same errors, `If-Match` too). Errors are `{"code", "message", "fields"}` in the language of
`Accept-Language`. Writes need the CSRF token in `X-CSRFToken`. Personal numbers are always masked."""


class Cautious(Parser):
    """Reads JSON bodies so that nothing anybody sends is more than a refusal."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON object of the body. Raises Refused."""
        return views.json_object(request)


api = NinjaAPI(
    title="sanxiao", version=sanxiao.__version__, description=DESCRIPTION, docs_url=None, auth=SessionAuth(csrf=True),
    parser=Cautious(), urls_namespace="api",
)  # fmt: skip
for room in rooms.all_rooms():
    if room.api:
        api.add_router("", room.api)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> JsonResponse:
    """A refusal with its reason; stale is 412, because here a version is always named."""
    return views.problem(refusal, 412 if isinstance(refusal, Stale) else 0)


@api.exception_handler(Http404)
def absent(request: HttpRequest, _error: Http404) -> JsonResponse:
    """Out of scope and not there are answered alike."""
    return views.problem(Refused(_("没有这份材料，或不在您的辖区。"), code="unknown"))


@api.exception_handler(AuthenticationError)
def signed_out(request: HttpRequest, _error: AuthenticationError) -> JsonResponse:
    """Nobody is signed in."""
    return views.problem(Refused(_("请先登录。"), code="signed-out"), 401)


@api.exception_handler(HttpError)
def other(request: HttpRequest, error: HttpError) -> JsonResponse:
    """What the frame itself refuses: above all a missing CSRF token."""
    code, said = ("csrf", _("缺少防伪令牌 X-CSRFToken，请重新登录后再试。")) if error.status_code == 403 else (
        "malformed", _("请求不完整，或写法不对。")
    )  # fmt: skip
    return views.problem(Refused(said, code=code), error.status_code)


@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, error: ValidationError) -> JsonResponse:
    """Every field that does not fit, by name, in words."""
    fields = {_name(fault["loc"]): _fault(fault) for fault in error.errors}
    return views.problem(Refused(_("内容有误，请看各项说明。"), fields, "invalid"), 422)


def _name(place: tuple[Any, ...]) -> str:
    """('body', 'said', 'lat') -> 'lat'; the whole body has no name of its own."""
    inner = [str(part) for part in place if part not in ("body", "query", "path", "said")]
    return ".".join(inner)[:100] or "body"


def _fault(fault: dict[str, Any]) -> str:
    kind, limits = fault["type"].replace("string_too_", "too_"), fault.get("ctx", {})
    said = {
        "missing": _("请填写"), "extra_forbidden": _("没有这一项"), "too_short": _("请填写"),
        "too_long": _("最多 %(n)s 个字") % {"n": limits.get("max_length", "")},
        "greater_than_equal": _("不能小于 %(n)s") % {"n": limits.get("ge", "")},
        "less_than_equal": _("不能大于 %(n)s") % {"n": limits.get("le", "")},
        "less_than": _("数值太大"), "finite_number": _("应为普通的数"), "string_type": _("应为文字"),
    }  # fmt: skip
    if kind in said:
        return said[kind]
    if kind.startswith(("date", "datetime")):
        return _("日期写法：2018-06-05")
    if kind.startswith(("float", "int")):
        return _("应为数字")
    if kind.startswith("bool"):
        return _("应为 true 或 false")
    return _("内容不对")


@login_required
@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Our own list of operations, made from the OpenAPI document: no script and no host but ours."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    shown = {"operations": list(_operations(schema)), "flows": rooms.flows(), "description": DESCRIPTION}
    return render(request, "web/api.html", shown)


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, acts in schema["paths"].items():
        for verb, said in acts.items():
            yield {
                "verb": verb.upper(), "path": path, "summary": said.get("summary", ""),
                "description": said.get("description", ""),
                "takes": [(p["name"], p["in"], p.get("required", False)) for p in said.get("parameters", ())],
                "body": list(_body(schema, said)),
                "answers": [(status, WORDS.get(int(status), "")) for status in said["responses"]],
            }  # fmt: skip


def _body(schema: dict[str, Any], said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    for field, form in schema["components"]["schemas"].get(name, {}).get("properties", {}).items():
        types = [part.get("type", "") for part in form.get("anyOf", [form])]
        yield field, " | ".join(types) + (f" ≤ {form['maxLength']}" if "maxLength" in form else "")
