"""打印一户一档: the whole file as one PDF, with cover, index, timeline, papers, tables and photos."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanxiao.archive import answers, sight
from sanxiao.archive.models import Classification, Establishment
from sanxiao.archive.personal import masked
from sanxiao.archive.templatetags.archive import window_words
from sanxiao.archive.views import gallery, history, the_file
from sanxiao.docket import files, rooms, words
from sanxiao.docket.flow import log
from sanxiao.office.duties import may_read, scope_of
from sanxiao.office.models import Office
from sanxiao.office.now import now
from sanxiao.office.places import name_of
from sanxiao.papers import cn, pdf
from sanxiao.papers.models import Paper

MOST_EVENTS, MOST_PHOTOS, MOST_PAPERS = 500, 24, 200


@login_required
@require_GET
def print_file(request: HttpRequest, pk: Any) -> HttpResponse:
    """The file on paper, numbers masked as on the screen; that it was printed stands in the log."""
    found = the_file(request, pk)
    facts, images = whole(found, request.user)
    data = pdf.render("file", facts, images, at=now())
    seat = next((s for s in scope_of(request.user).seats if s.covers(found.area)), None)
    log(found, "print", request.user, seat)
    response = HttpResponse(data, content_type="application/pdf")
    name = "-".join((found.name, _("一户一档"))) + ".pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


def whole(file: Establishment, user: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the paper says (see papers/typst/file.typ) and its pictures by name."""
    photos, images = _photos(file, user)
    facts = {
        "name": file.name, "number": file.number or str(file.pk)[:8], "kind": str(file.kind),
        "village": name_of(file.area), "address": file.address, "person": file.operator.name, "org": _org(file),
        "archived_on": file.created_at, "photo": photos[0]["image"] if photos else None,
        "qr": settings.PUBLIC_BASE_URL + file.get_absolute_url(), "blocks": list(_blocks(file, user)),
        "timeline": _timeline(file, user), "papers": _papers(file, user),
        "tables": _tables(file, user), "photos": photos,
        "generated_at": now(), "practice": file.practice or not settings.REAL,
    }  # fmt: skip
    return facts, images


def _org(file: Establishment) -> str:
    office = Office.objects.on().filter(role="fso", area__in=(file.area[:9] + "000", file.area)).first()
    return str(office or "")


def _blocks(file: Establishment, user: Any) -> Any:
    who = masked(file.operator, user, file.area)
    yield {
        "title": _("主体"),
        "rows": [
            [_("类别"), str(file.kind)], [_("经营状态"), str(file.state_row.name)], [_("经营者"), file.operator.name],
            [_("联系电话"), who["phone"]["text"]], [file.operator.get_id_type_display(), who["id_number"]["text"]],
            [_("统一社会信用代码"), file.operator.credit_code], [_("户籍地或现住址"), file.operator.home],
            [_("经营地址"), file.address], [_("坐标"), "" if file.lat is None else f"{file.lat:.6f}, {file.lng:.6f}"],
            [_("开业日期"), cn.day_table(file.opened_on)], [_("流动经营"), _("是") if file.mobile else _("否")],
        ],
    }  # fmt: skip
    yield {
        "title": _("责任与分类"),
        "rows": [
            [_("监管责任人"), str(file.officer or "")], [_("村级网格员"), file.warden],
            [_("处置类型"), str(file.get_case_display())], [_("批次"), str(file.get_batch_display())],
            [_("风险等级"), str(file.get_grade_display())],
        ],
    }  # fmt: skip
    if pitches := list(file.pitches.all()):
        yield {"title": _("出摊点"), "rows": [[spot.name, _when(spot)] for spot in pitches]}
    if said := answers.in_words(file):
        yield {"title": _("调查内容"), "rows": [[label, value] for label, value in said]}


def _when(spot: Any) -> str:
    parts = [window_words(window) for window in spot.windows]
    if spot.market_days:
        parts.append(" ".join((_("集日"), spot.market_days)))
    if spot.until:
        parts.append(_("至 %(day)s") % {"day": spot.until})
    return "；".join(parts)


def _timeline(file: Establishment, user: Any) -> list[dict[str, Any]]:
    """Oldest first, as one reads a life."""
    rows = words.told(sorted(history(file, user)[:MOST_EVENTS], key=lambda e: (e.on, e.pk)))
    return [
        {
            "at": row["event"].on, "what": " ".join(filter(None, (str(row["name"]), str(row["of"])))),
            "by": " ".join(filter(None, (str(row["event"].office or ""), str(row["event"].actor or _("系统自动"))))),
            "note": "；".join(
                [f"{label}：{old} → {new}" for label, old, new in row["changes"]]
                + [f"{label}：{value}" for label, value in row["told"] if value]
            )
            or None,
        }
        for row in rows
    ]  # fmt: skip


def _papers(file: Establishment, user: Any) -> list[dict[str, Any]]:
    rows = list(sight.seen(Paper.objects.filter(file__in=file.pks), file, user)[:MOST_PAPERS])
    return [{"title": each.title, "number": each.number, "date": each.at} for each in reversed(rows)]


def _tables(file: Establishment, user: Any) -> list[dict[str, Any]]:
    """The archive's own table of classes, then those that the rooms above hand down."""
    tables = [_classes(file)] if may_read(user, "class") else []
    return [t for t in [*tables, *rooms.gather("print_tables", file, user)] if t["rows"]]


def _classes(file: Establishment) -> dict[str, Any]:
    rows = Classification.objects.filter(file__in=file.pks, decided_on__isnull=False).order_by("decided_on")
    heads = ((_("处置类型"), "text"), (_("批次"), "text"), (_("审定"), "date"), (_("止"), "date"), (_("状态"), "text"))
    return {
        "title": _("分类处置"),
        "columns": [{"label": label, "kind": kind} for label, kind in heads],
        "rows": [
            [str(r.get_case_display()), str(r.get_batch_display()), r.decided_on, r.ended_on, str(r.state_row.name)]
            for r in rows
        ],
    }


def _photos(file: Establishment, user: Any) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Pictures that stand, oldest first, as re-encoded copies without serial number or position."""
    rows = gallery(file, user).filter(voided_at__isnull=True, blob__width__isnull=False)
    shown, images = [], {}
    for each in rows.order_by("at", "id")[:MOST_PHOTOS]:
        path, name = files.path_of(each.blob_id, "view"), str(each.pk)
        if path.exists():
            images[name] = path.read_bytes()
        place = "" if each.lat is None else f"{each.lat:.5f}, {each.lng:.5f}"
        shown.append({"image": name, "caption": each.name, "at": each.taken_at or each.at, "place": place})
    return shown, images
