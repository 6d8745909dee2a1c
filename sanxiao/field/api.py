"""What came from phones, for programs that read ODK Central: `/api/v1/` with as many of Central's routes as pyodk and
spreadsheet programs need to list forms and read submissions. Personal answers are left out."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.contrib.auth import authenticate
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.security import HttpBearer, SessionAuth
from pydantic import ConfigDict, Field

from sanxiao.docket.api import Text, answers
from sanxiao.docket.refusal import Refused
from sanxiao.field import inbox, incoming, offer, phones, settling
from sanxiao.field.models import Edition, Phone, Submission
from sanxiao.field.receiving import read
from sanxiao.office.duties import may_read
from sanxiao.office.models import User
from sanxiao.office.now import now
from sanxiao.survey.models import Form

CLIENT = "api"
A_DAY = timedelta(days=1)
PAGE, MOST = 250, 1000
PROJECT = 1


class Token(HttpBearer):
    """A token of `/sessions`, good for a day and as long as its holder has a post."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The person behind a token."""
        held = Phone.objects.of_key(token)
        if held is None or held.client != CLIENT or now() - held.made_at > A_DAY:
            return None
        request.user = held.user
        return held.user


router = Router(tags=["submissions (as ODK Central)"], auth=[Token(), SessionAuth(csrf=True)])


class Login(Schema):
    """Name and password, as Central's clients send them."""

    model_config = ConfigDict(extra="forbid")
    email: Text
    password: Text


class Session(Schema):
    """A token for `Authorization: Bearer …`."""

    token: str
    createdAt: datetime
    expiresAt: datetime


class Me(Schema):
    """Who the token belongs to."""

    id: int
    displayName: str


class FormRow(Schema):
    """A form as Central lists it."""

    projectId: int
    xmlFormId: str
    version: str
    hash: str
    state: str
    createdAt: datetime
    name: str | None
    enketoId: str | None
    keyId: int | None
    updatedAt: datetime | None
    publishedAt: datetime | None


class SubmissionRow(Schema):
    """A submission as Central lists it."""

    instanceId: str
    submitterId: int
    createdAt: datetime
    deviceId: str | None
    reviewState: str | None
    instanceName: str | None
    updatedAt: datetime | None


class Paging(Schema):
    """OData's words for a page."""

    top: Annotated[int, Field(alias="$top", ge=0, le=MOST)] = PAGE
    skip: Annotated[int, Field(alias="$skip", ge=0, lt=2**31)] = 0
    count: Annotated[bool, Field(alias="$count")] = False


class Table(Schema):
    """A page of answers; `@odata.nextLink` leads to the next."""

    context: Annotated[str, Field(alias="@odata.context")]
    count: Annotated[int | None, Field(alias="@odata.count")] = None
    next: Annotated[str | None, Field(alias="@odata.nextLink")] = None
    value: list[dict[str, Any]]


@router.post("/sessions", auth=None, response=answers(Session, 400, 422), summary="A token for a day")
def log_in(request: HttpRequest, said: Login) -> dict[str, Any]:
    """Name and password for a token. It stands among the person's phones and can be ended there."""
    found = authenticate(request, username=said.email, password=said.password)
    if not isinstance(found, User):
        raise Refused(_("用户名或密码不对。"), code="signed-out")
    made, key = phones.make(found, _("读取接口"), CLIENT)
    return {"token": key, "createdAt": made.made_at, "expiresAt": made.made_at + A_DAY}


@router.get("/users/current", response=answers(Me), summary="Who I am")
def current(request: HttpRequest) -> dict[str, Any]:
    """The person behind the token."""
    return {"id": request.user.pk, "displayName": request.user.name}


@router.get("/projects/{int:project}/forms", response=answers(list[FormRow], 404), summary="Forms that phones fill")
def list_forms(request: HttpRequest, project: int) -> list[dict[str, Any]]:
    """Every form in use, with the version under which it is served today."""
    _open(request, project)
    forms = offer.in_use()
    newest = Edition.objects.filter(code__in=[form.code for form in forms]).values("code").annotate(last=Max("pk"))
    editions = {e.code: e for e in Edition.objects.filter(pk__in=[row["last"] for row in newest]).defer("xform")}
    return [_form(form, editions.get(form.code)) for form in forms]


def _form(form: Form, edition: Edition | None) -> dict[str, Any]:
    return {
        "projectId": PROJECT, "xmlFormId": form.code, "version": edition.version if edition else form.version,
        "hash": edition.md5 if edition else "", "state": "closed" if edition and edition.closed_at else "open",
        "createdAt": form.published_at, "name": form.title, "enketoId": None, "keyId": None, "updatedAt": None,
        "publishedAt": edition.made_at if edition else form.published_at,
    }  # fmt: skip


def _open(request: HttpRequest, project: int) -> None:
    if project != PROJECT or not may_read(request.user, "field"):
        raise Http404


def _rows(request: HttpRequest, project: int, code: str) -> QuerySet:
    """Submissions of a form on this person's ground, newest first; 404 for a form that there is not."""
    _open(request, project)
    if not Form.objects.filter(code=code).exists():
        raise Http404
    return incoming.rows(request.user).filter(edition__code=code).order_by("-received_at", "id")


@router.get(
    "/projects/{int:project}/forms/{str:code}/submissions", response=answers(list[SubmissionRow], 404, 422),
    summary="Submissions of a form, newest first",
)  # fmt: skip
def list_submissions(request: HttpRequest, project: int, code: str, said: Query[Paging]) -> list[dict[str, Any]]:
    """What came of a form, without the answers: at most a thousand, the newest unless skipped."""
    top = said.top if "$top" in request.GET else MOST
    return [_submission(row) for row in _rows(request, project, code)[said.skip : said.skip + top]]


@router.get(
    "/projects/{int:project}/forms/{str:code}/submissions/{str:instance}", response=answers(SubmissionRow, 404),
    summary="One submission",
)  # fmt: skip
def get_submission(request: HttpRequest, project: int, code: str, instance: str) -> dict[str, Any]:
    """One submission by its instance, without the answers."""
    found = _rows(request, project, code).filter(instance=instance).first()
    if found is None:
        raise Http404
    return _submission(found)


def _submission(row: Submission) -> dict[str, Any]:
    return {
        "instanceId": row.instance, "submitterId": row.by_id, "createdAt": row.received_at,
        "deviceId": row.phone.device if row.phone else None, "reviewState": _review(row), "instanceName": None,
        "updatedAt": row.settled_at,
    }  # fmt: skip


def _review(row: Submission) -> str | None:
    """Central's word for our state."""
    if row.result.get("dropped"):
        return "rejected"
    return {"settled": "approved", "trouble": "hasIssues"}.get(row.state)


@router.get(
    "/projects/{int:project}/forms/{str:code}.svc/Submissions", response=answers(Table, 404, 422),
    summary="Answers of a form as an OData table", by_alias=True, exclude_unset=True,
)  # fmt: skip
def get_table(request: HttpRequest, project: int, code: str, said: Query[Paging]) -> dict[str, Any]:
    """The answers, grouped as in the form. Personal answers are null, photos are named."""
    if unknown := {"$filter", "$expand", "$select"} & set(request.GET):
        raise Refused(_("不支持：%(names)s") % {"names": "、".join(sorted(unknown))}, code="invalid")
    rows = _rows(request, project, code)
    whole = rows.defer(None).defer("edition__xform", "edition__form__definition", "edition__form__source")
    found = list(whole[said.skip : said.skip + said.top + 1])
    context = request.path.replace("/Submissions", "/$metadata#Submissions")
    body: dict[str, Any] = {"@odata.context": request.build_absolute_uri(context)}
    if said.count:
        body["@odata.count"] = rows.count()
    if len(found) > said.top > 0:
        query = request.GET.copy()
        query["$skip"] = str(said.skip + said.top)
        body["@odata.nextLink"] = request.build_absolute_uri(f"{request.path}?{query.urlencode(safe='$')}")
    return {**body, "value": [_line(row) for row in found[: said.top]]}


def _line(row: Submission) -> dict[str, Any]:
    form = settling.form_of(row)
    repeats = [name for name, question in form.questions().items() if question["type"] == "repeat"]
    said = {} if row.gone_on else read(row.xml.encode()).answers(repeats)
    line: dict[str, Any] = {
        "__id": row.instance,
        "__system": {
            "submissionDate": row.received_at.isoformat(), "submitterId": str(row.by_id), "submitterName": row.by.name,
            "reviewState": _review(row), "formVersion": row.edition.version,
            "edits": 0 if row.replaces_id is None else 1, "status": None,
        },
    }  # fmt: skip
    for group in form.definition["groups"]:
        kept = {q["name"]: _value(q, said.get(q["name"])) for q in group["questions"] if q["type"] != "note"}
        line[group["name"]] = kept
    return line


def _value(question: dict[str, Any], value: Any) -> Any:
    """An answer as OData writes it; nothing of what is personal."""
    kind = question["type"]
    if kind == "repeat":
        return [{q["name"]: _value(q, said.get(q["name"])) for q in question["questions"]} for said in value or ()]
    if value in (None, "") or (question["private"] and kind not in inbox.BINARY):
        return None
    try:
        if kind == "integer":
            return int(value)
        if kind == "decimal":
            return float(value)
        if kind == "geopoint":
            lat, lng, *rest = (float(part) for part in value.split())
            return {"type": "Point", "coordinates": [lng, lat, *rest[:1]]}
    except ValueError:
        return value
    return value
