"""The files over JSON: lists by key, one file with its version, its history, corrections. Numbers stay masked."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.params import Query
from pydantic import Field

from sanxiao.archive.lists import FILES
from sanxiao.archive.models import Establishment
from sanxiao.archive.personal import masked
from sanxiao.archive.views import history
from sanxiao.docket import flow, views, words
from sanxiao.docket.api import Strict, Text, answers
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused, Stale

router = Router(tags=["establishments"])
MOST = 200
Limit = Annotated[int, Field(ge=1, le=MOST)]


class Person(Schema):
    """Who runs it; numbers as this user may see them, never in clear."""

    name: str
    phone: str
    id_number: str


class File(Schema):
    """One establishment (一户一档). `version` is also the ETag; send it back in `If-Match` to change something."""

    id: UUID
    version: int
    number: str
    kind: str
    name: str
    operator: Person
    area: str
    address: str
    lat: float | None
    lng: float | None
    opened_on: date | None
    mobile: bool
    state: str
    case: str
    batch: str
    grade: str
    grade_points: float
    visit_by: date | None
    officer: str
    warden: str
    missing: list[str]
    merged_into: UUID | None
    updated_at: datetime
    url: str


class Files(Schema):
    """A page of files; `next` is the cursor of the following page, null on the last."""

    items: list[File]
    next: str | None


class Change(Schema):
    """One changed fact."""

    name: str
    old: str
    new: str


class Happening(Schema):
    """One event of a file's history, in words."""

    id: int
    kind: str
    move: str
    name: str
    on: date
    at: datetime
    office: str
    by: str
    told: dict[str, str]
    changes: list[Change]


class History(Schema):
    """Events, newest first; `next` is the cursor of older ones."""

    items: list[Happening]
    next: str | None


class FileFilter(Schema):
    """The filters of the screen. A value that this user cannot choose there is refused here."""

    q: Text = Field("", max_length=200)
    area: Text = ""
    kind: Text = ""
    state: Text = ""
    case: Text = ""
    batch: Text = ""
    grade: Text = ""
    rank: Text = ""
    visit: Text = ""
    missing: Text = ""
    sort: Text = ""
    cursor: Text = Field("", max_length=400)
    limit: Limit = 50


class Correction(Strict):
    """What may be corrected here; whatever is left out stays as it is."""

    name: Annotated[Text, Field(min_length=1, max_length=100)] = ""
    address: Annotated[Text, Field(min_length=1, max_length=160)] = ""
    lat: Annotated[float | None, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    lng: Annotated[float | None, Field(ge=-180, le=180, allow_inf_nan=False)] = None
    opened_on: date | None = None
    mobile: bool = False
    warden: Annotated[Text, Field(max_length=40)] = ""


def shown(file: Establishment, user: Any) -> dict[str, Any]:
    """A file as the API shows it."""
    who = masked(file.operator, user, file.area)
    person = {"name": file.operator.name, **{name: seen["text"] for name, seen in who.items()}}
    plain = (
        "id", "version", "number", "name", "area", "address", "lat", "lng", "opened_on", "mobile", "state", "case",
        "batch", "grade", "grade_points", "visit_by", "warden", "missing", "updated_at",
    )  # fmt: skip
    return {
        **{name: getattr(file, name) for name in plain}, "kind": file.kind_id, "operator": person,
        "officer": str(file.officer or ""), "merged_into": file.merged_into_id, "url": file.get_absolute_url(),
    }  # fmt: skip


def _mine(request: HttpRequest) -> Any:
    rows = Establishment.objects.seen_by(request.user).exclude(state="void")
    return rows.select_related("operator", "kind", "officer")


@router.get("/establishments", response=answers(Files, 422), summary="Files of one's ground")
def list_files(request: HttpRequest, said: Query[FileFilter]) -> dict[str, Any]:
    """The same rows as the list on the screen, scope before filter, by key and not by page number."""
    _check_query(request, said)
    rows = FILES.filtered(request.user, request.GET).select_related(None).select_related("operator", "kind", "officer")
    rows = rows.defer(None).defer("facts", "search")
    found, following = FILES.cut(rows, said.sort, said.cursor, said.limit)
    return {"items": [shown(file, request.user) for file in found], "next": following or None}


def _check_query(request: HttpRequest, said: FileFilter) -> None:
    """Names and values that mean nothing are said so; silently ignored they would give wrong lists. Raises Refused."""
    wrong = {name: _("没有这一项") for name in request.GET if name not in FileFilter.model_fields}
    for each in FILES.filters:
        value = getattr(said, each.key)
        if value and value not in {str(v) for v, _name in each.choices(request.user)}:
            wrong[each.key] = _("没有这个选项")
    if said.sort and said.sort.lstrip("-") not in {c.sort for c in FILES.columns if c.sort}:
        wrong["sort"] = _("不能按这一项排序")
    if said.cursor and FILES.place_of(said.cursor, said.sort) is None:
        wrong["cursor"] = _("游标无效，请从第一页重新取")
    if wrong:
        raise Refused(_("查询条件有误。"), wrong, "invalid")


@router.get("/establishments/{uuid:pk}", response=answers(File, 404), summary="One file, with its ETag")
def get_file(request: HttpRequest, response: HttpResponse, pk: UUID) -> dict[str, Any]:
    """One file. The ETag is its version."""
    return _answer(response, get_object_or_404(_mine(request), pk=pk), request.user)


@router.patch(
    "/establishments/{uuid:pk}",
    response=answers(File, 400, 403, 404, 409, 412, 422, 428),
    summary="Correct a file; If-Match required",
)
def correct_file(request: HttpRequest, response: HttpResponse, pk: UUID, said: Correction) -> dict[str, Any]:
    """Correct what stands at its head. Everything goes into the log, from -> to. States change at /do/ alone."""
    file = get_object_or_404(_mine(request), pk=pk)
    version = views.if_match(request)
    if version is None:
        raise Refused(_("请在 If-Match 中写明您看到的版本（读取时的 ETag）。"), code="precondition")
    changes = {name: getattr(said, name) for name in said.model_fields_set}
    if file.merged_into_id:
        raise Refused(_("这份档案已合并到另一份，请到那一份办理。"), code="state")
    _check_point(file, changes)
    try:
        flow.amend(file, request.user, "file.edit", version=version, **changes)
    except Stale as stale:
        raise Stale(stale.reason, views.differing(_mine(request).get(pk=pk), changes)) from stale
    except Refused as refusal:
        if refusal.code != "same":
            raise
    except ValidationError as error:
        raise Refused(_("请检查标红的内容。"), {"": " ".join(error.messages)}, "invalid") from error
    return _answer(response, file, request.user)


def _check_point(file: Establishment, changes: dict[str, Any]) -> None:
    """A point is two numbers or none; with it goes how it was come by, and whether it still wants. Raises Refused."""
    if not {"lat", "lng"} & set(changes):
        return
    lat, lng = (changes.get(name, getattr(file, name)) for name in ("lat", "lng"))
    if (lat is None) != (lng is None):
        said = _("经度和纬度要一起填写，或都留空。")
        raise Refused(said, {"lat" if lat is None else "lng": said}, "invalid")
    if (lat, lng) != (file.lat, file.lng):
        rest = [what for what in file.missing if what != "position"]
        changes["point_source"] = "typed" if lat is not None else ""
        changes["missing"] = rest if lat is not None else [*rest, "position"]


def _answer(response: HttpResponse, file: Establishment, user: Any) -> dict[str, Any]:
    response["ETag"] = f'"{file.version}"'
    return shown(file, user)


@router.get("/establishments/{uuid:pk}/events", response=answers(History, 404, 422), summary="History of a file")
def list_events(
    request: HttpRequest, pk: UUID, limit: Limit = 50, cursor: Annotated[int | None, Field(ge=0, lt=2**63)] = None
) -> dict[str, Any]:
    """What happened to a file and to what was merged into it. Read only: events are never written here."""
    rows = history(get_object_or_404(_mine(request), pk=pk), request.user)
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor)
    found = list(rows[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    return {"items": [_happening(row) for row in words.told(found)], "next": str(found[-1].pk) if more else None}


def _happening(row: dict[str, Any]) -> dict[str, Any]:
    event: Event = row["event"]
    return {
        "id": event.pk, "kind": event.kind, "move": event.move, "name": str(row["name"]), "on": event.on,
        "at": event.at, "office": str(event.office or ""), "by": str(event.actor or ""),
        "told": {str(label): str(value) for label, value in row["told"] if value},
        "changes": [{"name": str(n), "old": str(old), "new": str(new)} for n, old, new in row["changes"]],
    }  # fmt: skip
