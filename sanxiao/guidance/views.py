"""The pages of the room: progress of telling, leaflets, letters, training, help."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.archive.lists import FILES
from sanxiao.archive.models import Kind
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.refusal import Refused
from sanxiao.guidance import helping, letters, lists, prints, say, telling, training
from sanxiao.guidance.forms import ManyForm
from sanxiao.guidance.lists import MAILINGS, SESSIONS, UNTRAINED, helps_list, tabs, telling_list
from sanxiao.guidance.models import Help, Leaflet, Letter, Mailing, Session, Told
from sanxiao.guidance.rules import LEAFLET
from sanxiao.office.duties import may, scope_of
from sanxiao.office.now import today
from sanxiao.office.places import grounds, name_of, names_of
from sanxiao.papers import excel, pdf, qr
from sanxiao.papers.lists import XLSX

AT_ONCE = 200  # places on one page of boxes
PART = pdf.MAX_PAPERS


def _send(data: bytes, name: str, mime: str = "application/pdf", *, inline: bool = True) -> HttpResponse:
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


def _named(rows: list[Any]) -> list[Any]:
    """Rows with `village`, the name of their area; one query."""
    names = names_of(row.area for row in rows)
    for row in rows:
        row.village = names.get(row.area, row.area)
    return rows


# --- who was told ------------------------------------------------------------------------------------------------


@login_required
@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """How far every village is, with the list behind each number."""
    leaflets = telling.in_use_for(request.user)
    shares = telling.shares(lists.places(request.user), leaflets)
    names = names_of(share.area for share in shares)
    sums = {key: sum(share.by[key] for share in shares) for key in telling.STANDS}
    whole = sum(sums.values())
    context = {
        "tabs": tabs(request), "leaflets": leaflets, "sums": sums, "whole": whole,
        "percent": sums[telling.DONE] * 100 // whole if whole else 0,
        "rows": [{"share": share, "name": names.get(share.area, share.area)} for share in shares],
    }  # fmt: skip
    return render(request, "guidance/progress.html", context)


@login_required
@require_GET
def tellings(request: HttpRequest) -> HttpResponse:
    """Every trading place with where it stands."""
    return telling_list(request.user).respond(request, tabs=tabs(request))


@login_required
@require_http_methods(["GET", "POST"])
def tell_many(request: HttpRequest) -> HttpResponse:
    """集中告知: tick those who were there, one leaflet, one day, one proof."""
    if not may(request.user, "guide.tell"):
        raise PermissionDenied
    leaflets = telling.in_use_for(request.user)
    rows = telling_list(request.user).filtered(request.user, request.GET).order_by("area", "name", "id")
    shown = list(rows[: AT_ONCE + 1])
    form = ManyForm(request.POST or None, request.FILES or None, leaflets=leaflets)
    ticked = set(request.POST.getlist("file"))
    wrong = ""
    if request.method == "POST" and form.is_valid():
        chosen = [file for file in shown if str(file.pk) in ticked and may(request.user, "guide.tell", file)]
        if not chosen:
            wrong = _("请先勾选到场的单位。")
        else:
            return _told(request, chosen, form)
    _named(shown)
    context = {
        "form": form, "rows": [(file, str(file.pk) in ticked) for file in shown[:AT_ONCE]], "tabs": tabs(request),
        "more": len(shown) > AT_ONCE, "wrong": wrong, "leaflets": leaflets,
        "filters": telling_list(request.user).shown_filters(request), "q": request.GET.get("q", ""),
    }  # fmt: skip
    return render(request, "guidance/many.html", context, status=422 if wrong or form.errors else 200)


def _told(request: HttpRequest, chosen: list[Any], form: ManyForm) -> HttpResponse:
    said = form.cleaned_data
    done, left = telling.tell_many(
        chosen, said["leaflet"], request.user, way=said["way"], on=said["told_on"], note=said["note"],
        proof=said["proof"],
    )  # fmt: skip
    if done:
        messages.success(request, _("已登记 %(n)d 户。") % {"n": done})
    reasons: dict[str, list[str]] = {}
    for place, why in left:
        reasons.setdefault(why, []).append(place.called)
    for why, names in reasons.items():
        messages.warning(request, _("%(n)d 户没有登记：%(why)s（%(names)s）") % {
            "n": len(names), "why": why, "names": _("、").join(names[:5]) + ("…" if len(names) > 5 else ""),
        })  # fmt: skip
    return redirect(f"{reverse('tell-many')}?{request.GET.urlencode()}")


# --- leaflets ----------------------------------------------------------------------------------------------------


@login_required
@require_GET
def leaflets(request: HttpRequest) -> HttpResponse:
    """All versions, those in use first."""
    rows = list(Leaflet.objects.seen_by(request.user).order_by("code", "-since", "-created_at"))
    kinds = dict(Kind.objects.values_list("code", "name"))
    for row in rows:
        row.for_whom = _("、").join(kinds.get(kind, kind) for kind in row.kinds) or _("各类")
    context = {
        "rows": sorted(rows, key=lambda row: row.state != "current"), "tabs": tabs(request),
        "new": f"/do/{LEAFLET.key}/new/publish" if may(request.user, "guide.publish") else "",
    }  # fmt: skip
    return render(request, "guidance/leaflets.html", context)


@login_required
@require_GET
def leaflet(request: HttpRequest, pk: Any) -> HttpResponse:
    """One version: its words, how many were told of it, the sheet for each village."""
    found = get_object_or_404(Leaflet.objects.seen_by(request.user), pk=pk)
    told = Told.objects.seen_by(request.user).filter(leaflet=found, state="told")
    context = {
        "leaflet": found, "paragraphs": prints.paragraphs(found.text), "english": prints.paragraphs(found.text_en),
        "count": told.count(), "areas": grounds(request.user, family="guide"), "tabs": tabs(request),
        "events": Event.objects.of(found),
        "address": reverse("leaflet-public", args=[found.code]),
        "files": Attachment.objects.filter(subject=found.pk, voided_at__isnull=True).select_related("blob"),
    }  # fmt: skip
    return render(request, "guidance/leaflet.html", context)


@login_required
@require_GET
def leaflet_print(request: HttpRequest, pk: Any) -> HttpResponse:
    """The leaflet as PDF; with `?area=` also the list of that village to be signed."""
    found = get_object_or_404(Leaflet.objects.seen_by(request.user), pk=pk)
    area, places = request.GET.get("area", ""), []
    if area:
        if area not in {ground.code for ground in grounds(request.user, family="guide")}:
            raise Http404
        rows = telling.marked(lists.places(request.user).filter(area=area), [found]).filter(**{"has_0": False})
        places = [f for f in rows.order_by("name", "id")[: prints.MOST_ROWS] if found.is_for(f.kind_id)]
    village = name_of(area) if area else ""
    return _send(prints.leaflet(found, village, places), f"{found.title}{village}.pdf")


# --- letters -----------------------------------------------------------------------------------------------------


@login_required
@require_GET
def mailings(request: HttpRequest) -> HttpResponse:
    """All letters."""
    return MAILINGS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def mailing_choose(request: HttpRequest) -> HttpResponse:
    """To whom: the filter of the list of files, and how many that are."""
    if not may(request.user, "guide.write"):
        raise PermissionDenied
    wanted = letters.plain_filter(request.GET)
    rows = letters.places_of(wanted, request.user)
    context = {
        "filters": FILES.shown_filters(request), "q": request.GET.get("q", ""), "count": rows.count(),
        "rows": list(rows.select_related("operator", "kind")[:12]), "wanted": wanted, "tabs": tabs(request),
        "most": letters.MOST,
    }  # fmt: skip
    return render(request, "guidance/choose.html", context)


def _mailing(request: HttpRequest, pk: Any) -> tuple[Mailing, Any]:
    """A letter and its copies on this person's ground."""
    found = get_object_or_404(Mailing.objects.seen_by(request.user).select_related("by"), pk=pk)
    rows = Letter.objects.seen_by(request.user).filter(mailing=found).select_related("file__operator", "mailing")
    return found, rows.defer("file__facts", "file__search").order_by("area", "file__name", "id")


@login_required
@require_GET
def mailing(request: HttpRequest, pk: Any) -> HttpResponse:
    """One letter: its words, a sample, its copies with the way of each."""
    found, rows = _mailing(request, pk)
    sample = letters.sample(found, request.user) if found.state == "draft" else None
    shown = _named(list(rows))
    count = letters.places_of(found.wanted, request.user).count() if found.state == "draft" else len(shown)
    stands = {s.key: sum(x.state == s.key for x in shown) for s in Letter.flow.states}
    context = {
        "mailing": found, "rows": shown, "sample": sample, "count": count, "stands": stands, "tabs": tabs(request),
        "may_deliver": may(request.user, "guide.deliver"),
        "parts": range(1, (len(shown) + PART - 1) // PART + 1), "today": today(), "events": Event.objects.of(found),
        "words": _in_words(found, request), "paragraphs": prints.paragraphs(found.text),
    }  # fmt: skip
    return render(request, "guidance/mailing.html", context)


def _in_words(found: Mailing, request: HttpRequest) -> str:
    """The filter in words."""
    params = QueryDict(found.wanted)
    said = [params["q"]] if params.get("q") else []
    for each in FILES.filters:
        if value := params.get(each.key):
            said.append(str({str(v): n for v, n in each.choices(request.user)}.get(value, value)))
    return _("、").join(said) or _("全部在营单位")


@login_required
@require_GET
def mailing_print(request: HttpRequest, pk: Any, part: int) -> HttpResponse:
    """All letters in one PDF, 300 in a file."""
    found, rows = _mailing(request, pk)
    facts = letters.papers_of(rows)[(part - 1) * PART : part * PART]
    if not facts:
        raise Http404
    return _send(pdf.render_many("notice", facts), f"{found.title}-{part}.pdf")


@login_required
@require_POST
def mailing_deliver(request: HttpRequest, pk: Any) -> HttpResponse:
    """Those that are ticked arrived on a day."""
    found, rows = _mailing(request, pk)
    ticked = set(request.POST.getlist("letter"))
    chosen = [x for x in rows if str(x.pk) in ticked and x.state != "delivered"]
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
        with transaction.atomic():
            done = letters.deliver_many(chosen, request.user, on)
    except ValueError:
        messages.warning(request, _("请填送达日期。"))
    except Refused as refusal:
        messages.warning(request, refusal.reason)
    else:
        words = _("已登记送达 %(n)d 封。") % {"n": done} if done else _("请先勾选送到的信。")
        (messages.success if done else messages.warning)(request, words)
    return redirect(found)


@login_required
@require_POST
def mailing_numbers(request: HttpRequest, pk: Any) -> HttpResponse:
    """The list for text messages as a workbook; telephones only for who may see them, with a reason that is logged."""
    found, rows = _mailing(request, pk)
    reason = request.POST.get("reason", "").strip()
    if not may(request.user, "guide.deliver") or found.state != "issued":
        raise PermissionDenied
    if not reason:
        messages.warning(request, _("导出电话须写明用途。"))
        return redirect(found)
    names = names_of(x.area for x in rows)
    told = list(letters.numbers(rows, request.user))
    lines = [
        [x.file.called, x.file.operator.name, names.get(x.area, x.area), phone,
         "" if phone else _("没有电话，或您无权查看"), letters.filled(found.text, x.file, names.get(x.area, ""))]
        for x, phone in told
    ]  # fmt: skip
    heads = [
        excel.Column("name", _("名称"), 24), excel.Column("person", _("经营者"), 10),
        excel.Column("village", _("村（社区）"), 16), excel.Column("phone", _("联系电话"), 16),
        excel.Column("note", _("说明"), 20), excel.Column("text", _("短信内容"), 60),
    ]  # fmt: skip
    seat = next((s for s in scope_of(request.user).seats if s.covers(found.area)), None)
    count = sum(bool(phone) for _letter, phone in told)
    flow.log(found, "numbers", request.user, seat, facts={"reason": reason[:200], "count": count})
    return _send(excel.sheet(str(found.title), heads, lines), f"{found.title}.xlsx", XLSX, inline=False)


# --- training ----------------------------------------------------------------------------------------------------


@login_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """All trainings."""
    return SESSIONS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def untrained(request: HttpRequest) -> HttpResponse:
    """Places for which nobody has passed a test."""
    return UNTRAINED.respond(request, tabs=tabs(request))


@login_required
@require_GET
def session(request: HttpRequest, pk: Any) -> HttpResponse:
    """One training: who is on the list, who came, the scores; sheets and the code."""
    found = get_object_or_404(Session.objects.seen_by(request.user).select_related("kind"), pk=pk)
    people = found.people.model.objects.seen_by(request.user).filter(session=found)
    rows = list(
        people.select_related("file__operator").defer("file__facts", "file__search").order_by("area", "file__name")
    )
    questions = training.questions_of(found)
    context = {
        "session": found, "rows": _named(rows), "questions": questions,
        "came": sum(p.state in ("came", "passed", "failed") for p in rows), "tabs": tabs(request),
        "passed": sum(p.state == "passed" for p in rows), "pass_mark": training.pass_mark(found),
        "open": training.is_open(found) and bool(questions), "until": training.last_day(found),
        "address": prints.address(found), "code": qr.scalable(prints.address(found)) if found.is_open else "",
        "events": Event.objects.of(found),
    }  # fmt: skip
    return render(request, "guidance/session.html", context)


PRINTS: dict[str, Callable[[Session], bytes]] = {
    "sign-in": prints.sign_in, "code": prints.code,
    "test": lambda found: prints.test(found, key=False), "key": lambda found: prints.test(found, key=True),
}  # fmt: skip


@login_required
@require_GET
def session_print(request: HttpRequest, pk: Any, what: str) -> HttpResponse:
    """The sign-in sheet, the test, its key, or the code. The key is for who holds the training."""
    found = get_object_or_404(Session.objects.seen_by(request.user).select_related("kind"), pk=pk)
    if what not in PRINTS or (what != "sign-in" and not training.questions_of(found)):
        raise Http404
    if not may(request.user, "guide.train"):
        raise PermissionDenied
    return _send(PRINTS[what](found), f"{found.topic}-{what}.pdf")


# --- help --------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def helps(request: HttpRequest) -> HttpResponse:
    """All help: a figure by village, and the list."""
    listing = helps_list(request.user)
    if request.GET.get("as"):
        return listing.respond(request)
    rows = helping.sums(listing.filtered(request.user, request.GET))
    names = names_of(row.area for row in rows)
    whole = helping.Sum("")
    for row in rows:
        for part in ("planned", "given", "seen", "amount", "better"):
            setattr(whole, part, getattr(whole, part) + getattr(row, part))
    sums = [{"sum": row, "name": names.get(row.area, row.area)} for row in rows]
    return listing.respond(request, tabs=tabs(request), sums=sums, whole=whole)


@login_required
@require_GET
def help_(request: HttpRequest, pk: Any) -> HttpResponse:
    """One help: what was meant, what was done, what came of it, before and after side by side."""
    rows = Help.objects.seen_by(request.user).select_related("file__operator", "file__kind", "by")
    found = get_object_or_404(rows, pk=pk)
    photos = Attachment.objects.filter(subject=found.pk, voided_at__isnull=True).select_related("blob")
    context = {
        "help": found, "what": say.kind_of_help(found.what, found.area), "money": helping.money(found.amount),
        "sides": [(_("帮扶前"), [p for p in photos if p.role == "before"]),
                  (_("帮扶后"), [p for p in photos if p.role == "after"])],
        "after": helping.followed([found]).get(found.pk, []), "events": Event.objects.of(found),
    }  # fmt: skip
    return render(request, "guidance/help.html", context)
