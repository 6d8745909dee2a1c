"""What came from phones, as the office sees it: the list, one submission with its answers masked, its files."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sanxiao.docket import files
from sanxiao.docket.models import Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.field import inbox, phones, say, settling
from sanxiao.field.models import Clash, Edition, Submission, Trouble
from sanxiao.field.receiving import read
from sanxiao.field.rules import SUBMISSION_STATES
from sanxiao.office.duties import may, sight
from sanxiao.office.models import User
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.survey import words
from sanxiao.survey.arrival import accuracy_of
from sanxiao.survey.models import Form
from sanxiao.survey.reading import Question, label


def rows(user: Any) -> QuerySet:
    """Submissions of one's ground, without what is sealed in them."""
    seen = Submission.objects.seen_by(user).select_related("edition__form", "by", "phone")
    return seen.defer("body", "edition__xform", "edition__form__definition", "edition__form__source")


def clock_off(row: Submission) -> bool:
    """Is the phone's clock further off than the town allows?"""
    return row.skew is not None and abs(row.skew) > 60 * Rule.objects.value("field.clock_minutes", default=10)


def skew_words(seconds: int) -> str:
    """How far a clock is off: '快 3 小时', '慢 12 天'."""
    minutes = abs(seconds) // 60
    for unit, said in ((1440, (_("快 %(n)d 天"), _("慢 %(n)d 天"))), (60, (_("快 %(n)d 小时"), _("慢 %(n)d 小时")))):
        if minutes >= 2 * unit:
            return said[seconds < 0] % {"n": minutes // unit}
    return (_("慢 %(n)d 分钟") if seconds < 0 else _("快 %(n)d 分钟")) % {"n": minutes}


def _flags(rows: QuerySet, which: str) -> QuerySet:
    if which == "forced":
        return rows.filter(forced=True)
    seconds = 60 * Rule.objects.value("field.clock_minutes", default=10)
    return rows.filter(Q(skew__gt=seconds) | Q(skew__lt=-seconds))


FLAGS = [("clock", gettext_lazy("手机时钟不准")), ("forced", gettext_lazy("等待超期后办理"))]

INCOMING = Listing(
    key="incoming",
    title=gettext_lazy("手机来件"),
    rows=rows,
    order="-received_at",
    columns=(
        Column("form", gettext_lazy("表单"), lambda s: str(s.edition.form), slot="title", width=28),
        Column("state", gettext_lazy("状态"), lambda s: s.state, slot="state", state=lambda s: s.state_row, width=10),
        Column("by", gettext_lazy("填报人"), lambda s: s.by.name, slot="note", width=10),
        Column("area", gettext_lazy("村（社区）"), lambda s: s.area, kind="area", slot="note", width=16),
        Column("phone", gettext_lazy("手机"), lambda s: s.phone.name if s.phone else "", width=16),
        Column("observed_on", gettext_lazy("填报日期"), lambda s: s.observed_on, kind="date", sort="observed_on"),
        Column("received_at", gettext_lazy("收到"), lambda s: s.received_at.date(), kind="date", slot="end",
               sort="received_at"),
    ),
    filters=(
        Filter("state", gettext_lazy("状态"), lambda _u: SUBMISSION_STATES, lambda rows, v: rows.filter(state=v)),
        Filter("area", gettext_lazy("村（社区）"), lambda u: [(a.code, a.label) for a in grounds(u, family="field")],
               lambda rows, v: rows.filter(area=v)),
        Filter("form", gettext_lazy("表单"), lambda _u: _forms(), lambda rows, v: rows.filter(edition__code=v)),
        Filter("flag", gettext_lazy("提醒"), lambda _u: FLAGS, _flags),
    ),
    empty={
        "title": gettext_lazy("还没有手机来件"),
        "text": gettext_lazy("手机网页或 ODK Collect 发来的填报都先到这里，随即入库。"),
    },
)  # fmt: skip


def _forms() -> list[tuple[str, str]]:
    served = Edition.objects.order_by("code").values_list("code", "form__title")
    return list(dict(served).items())


@login_required
@require_GET
def incoming(request: HttpRequest) -> HttpResponse:
    """Everything that came from phones on one's ground."""
    return INCOMING.respond(request)


def the_submission(request: HttpRequest, pk: Any) -> Submission:
    """A submission on this person's ground, or 404."""
    seen = Submission.objects.seen_by(request.user).select_related("edition__form", "by", "phone", "replaces")
    return get_object_or_404(seen.defer("edition__xform"), pk=pk)


@login_required
@require_GET
def submission(request: HttpRequest, pk: Any) -> HttpResponse:
    """One submission: what it says (personal answers masked), its files, its clock, its phone, what became of it."""
    row = the_submission(request, pk)
    trouble = Trouble.objects.filter(submission=row).first()
    subject = phones.subject_of(row) if row.state == "settled" else None
    keys = [one.pk for one in (trouble, *Clash.objects.filter(submission=row)) if one]
    context = {
        "row": row, "groups": groups_of(row, request.user), "trouble": trouble, "clock_off": clock_off(row),
        "skew": skew_words(row.skew or 0), "files": _files(row),
        "missing": inbox.missing(row) if row.state == "waiting" else [], "subject": subject,
        "merged": phones.merged_of(row, subject),
        "events": Event.objects.filter(subject__in=keys).order_by("-id")[:40],
        "later": Submission.objects.filter(replaces=row).first(), "dropped": row.result.get("dropped", ""),
        "waits": say.kept(row.result, "waits") if row.state == "held" else "",
    }  # fmt: skip
    return render(request, "field/submission.html", context)


def _files(row: Submission) -> list[dict[str, Any]]:
    """The files with what the phone promised of them: is what came the original, the smaller copy, or neither?"""
    found = []
    for file in row.files.select_related("blob").order_by("name"):
        told = settling.told_of(row).get(file.name, {})
        known = {told.get("sent_sha256"): "copy", told.get("sha256"): "original"}
        came = known.get(file.blob_id, "other" if told.get("sent_sha256") else "unknown") if told.get("sha256") else ""
        found.append({"file": file, "told": told, "came": came})
    return found


@login_required
@require_GET
def submitted_file(request: HttpRequest, pk: Any, key: int, variant: str) -> HttpResponse:
    """A photo of a submission, re-encoded to be looked at."""
    found = get_object_or_404(the_submission(request, pk).files.select_related("blob"), pk=key)
    if found.blob is None:
        raise Http404
    shown = variant if variant in files.VIEWS and found.blob.mime.startswith("image/") else ""
    try:
        files.make_views(found.blob)  # it may still wait to be settled
    except Refused as refusal:
        raise Http404 from refusal
    answer = FileResponse(
        files.path_of(found.blob.pk, shown).open("rb"), content_type="image/jpeg" if shown else found.blob.mime,
        as_attachment=not shown, filename=found.name,
    )  # fmt: skip
    answer["Cache-Control"] = "private, max-age=600"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer  # type: ignore[return-value]


# --- answers in words ------------------------------------------------------------------------------------------


def groups_of(row: Submission, user: User) -> list[dict[str, Any]]:
    """The answered questions by group, in words; personal answers as this person may see them."""
    if row.gone_on:
        return []
    form = settling.form_of(row)
    repeats = [name for name, question in form.questions().items() if question["type"] == "repeat"]
    said = read(row.xml.encode()).answers(repeats)
    groups = []
    for group in form.definition["groups"]:
        lines = [line for q in group["questions"] if (line := _line(row, form, q, said, user))]
        if lines:
            groups.append({"title": label(group), "rows": lines})
    return groups


def _line(row: Submission, form: Form, q: Question, said: dict[str, Any], user: User) -> dict[str, str] | None:
    value = said.get(q["name"])
    if value in (None, "", []) or q["type"] in ("note", *inbox.BINARY) or q["name"] == "photos":
        return None
    if q["private"]:
        hides = sight(user, f"person.{q['name'] if q['name'] in words.MASKS else 'id_number'}", row.area) == "none"
        mask = words.MASKS.get(q["name"])
        return {"label": label(q), "text": _("（已填，不显示）") if hides or mask is None else mask(str(value))}
    text = words.said(form, q, _typed(q, value))
    if q["type"] == "geopoint" and text:
        text += _how(str(value), settling.told_of(row).get(q["name"], {}))
    return {"label": label(q), "text": text}


def _how(value: str, told: dict[str, Any]) -> str:
    """How a position was taken: within how many metres, and whether the phone calls it made up or set by hand."""
    within = accuracy_of(value)
    said = [_("误差 %(n)d 米") % {"n": round(within)}] if within else []
    said += [words for name, words in (("mock", _("模拟位置")), ("hand", _("地图点选"))) if told.get(name)]
    return "".join(f" · {each}" for each in said)


def _typed(question: Question, value: Any) -> Any:
    """An answer as its words are made from: choices and points apart, the lines of a repeat each by its questions."""
    kind = question["type"]
    if kind == "repeat":
        inner = {each["name"]: each for each in question["questions"] if not each["private"]}
        return [{name: _typed(inner[name], said) for name, said in line.items() if name in inner} for line in value]
    if kind == "select_multiple":
        return str(value).split()
    if kind == "time":
        return str(value)[:5]  # 05:30:00.000+08:00
    if kind == "geopoint":
        try:
            return [float(part) for part in str(value).split()[:2]]
        except ValueError:
            return None
    return value


def acts(user: Any) -> Iterator[dict[str, Any]]:
    """Buttons of the desk: what came from phones, and the forms."""
    if may(user, "field.settle"):
        yield {"name": _("手机来件"), "url": reverse("incoming")}
    if may(user, "form.manage"):
        yield {"name": _("现场表单"), "url": reverse("field-forms")}
