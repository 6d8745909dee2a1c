"""The pages of the room at the desk. States change through the one view of the docket."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanxiao.docket.models import Event
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.office.places import name_of, names_of
from sanxiao.publicity import acts as doing
from sanxiao.publicity import credit as crediting
from sanxiao.publicity import exposing, lists, prints, say, survey
from sanxiao.publicity.lists import CREDITS, EXPOSURES, REPAIRS, tabs
from sanxiao.publicity.models import Act, Exposure, Person, Poll, Repair, Text
from sanxiao.publicity.rules import EXPOSURE, POLL, TEXT

QUARTERS = 6  # to choose from


def _send(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


# --- acts --------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def acts(request: HttpRequest) -> HttpResponse:
    """All acts."""
    return lists.acts_list().respond(request, tabs=tabs(request))


@login_required
@require_GET
def act(request: HttpRequest, pk: Any) -> HttpResponse:
    """One act: channel, text, reach and how it is known, pictures."""
    found = get_object_or_404(Act.objects.seen_by(request.user).select_related("office", "text", "by"), pk=pk)
    context = {
        "act": found, "channel": say.channel(found.channel), "grounds": say.places(found.grounds),
        "events": Event.objects.of(found),
    }  # fmt: skip
    return render(request, "publicity/act.html", context)


@login_required
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """Which unit did how much in a quarter; who did nothing stands first."""
    if not may_read(request.user, "publicity"):
        raise PermissionDenied
    quarter, choices = _quarter(request)
    rows = doing.tallies(request.user, quarter.since, quarter.until)
    names = names_of(row.office.area for row in rows)
    context = {
        "tabs": tabs(request), "rows": [(row, names.get(row.office.area, "")) for row in rows], "quarter": quarter,
        "choices": choices, "idle": sum(not row.acts for row in rows), "acts": sum(row.acts for row in rows),
        "reach": sum(row.reach for row in rows), "news": sum(row.news for row in rows),
    }  # fmt: skip
    return render(request, "publicity/units.html", context)


def _quarter(request: HttpRequest) -> tuple[survey.Quarter, list[survey.Quarter]]:
    """The quarter of the address, this one for anything else; and those to choose from, newest first."""
    choices = [survey.Quarter.of(today())]
    while len(choices) < QUARTERS:
        before = choices[-1].since.toordinal() - 1
        choices.append(survey.Quarter.of(today().fromordinal(before)))
    said = request.GET.get("quarter", "")
    return next((each for each in choices if f"{each.year}-{each.no}" == said), choices[0]), choices


@login_required
@require_GET
def texts(request: HttpRequest) -> HttpResponse:
    """All editions, those in use first, each with how often it was used."""
    rows = list(Text.objects.seen_by(request.user))
    used = Act.objects.seen_by(request.user).done().filter(text__isnull=False).values_list("text", flat=True)
    counts: dict[Any, int] = {}
    for key in used:
        counts[key] = counts.get(key, 0) + 1
    context = {
        "rows": [(row, counts.get(row.pk, 0)) for row in sorted(rows, key=lambda row: row.state != "current")],
        "tabs": tabs(request), "new": f"/do/{TEXT.key}/new/publish" if may(request.user, "publicity.text") else "",
    }  # fmt: skip
    return render(request, "publicity/texts.html", context)


@login_required
@require_GET
def text(request: HttpRequest, pk: Any) -> HttpResponse:
    """One edition, and where it was used."""
    found = get_object_or_404(Text.objects.seen_by(request.user), pk=pk)
    used = Act.objects.seen_by(request.user).done().filter(text=found).select_related("office").order_by("-done_on")
    again = f"/do/{TEXT.key}/new/publish?after={found.code}" if may(request.user, "publicity.text", found) else ""
    context = {"text": found, "used": used[:100], "again": again, "events": Event.objects.of(found)}
    return render(request, "publicity/text.html", context)


# --- exposed cases -----------------------------------------------------------------------------------------------


@login_required
@require_GET
def exposures(request: HttpRequest) -> HttpResponse:
    """All that were proposed; and for who may propose, the closed cases that could be."""
    waiting = list(exposing.eligible(exposing.candidates(request.user))) if may(request.user, "expose.propose") else []
    names = names_of(case.area for case in waiting)
    cases = [(case, names.get(case.area, "")) for case in waiting]
    return EXPOSURES.respond(request, tabs=tabs(request), cases=cases, kind=EXPOSURE.key)


@login_required
@require_GET
def exposure(request: HttpRequest, pk: Any) -> HttpResponse:
    """One exposed case: its text, who agreed, until when; the case behind it for who may see that."""
    found = get_object_or_404(Exposure.objects.seen_by(request.user).select_related("case"), pk=pk)
    context = {
        "exposure": found, "paragraphs": found.body.split("\n"), "reads_case": may_read(request.user, "case"),
        "last": exposing.last_day(found.case, today()) if found.state == "draft" else None,
        "events": Event.objects.of(found),
    }  # fmt: skip
    return render(request, "publicity/exposure.html", context)


# --- polls -------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def polls(request: HttpRequest) -> HttpResponse:
    """The trend of a ground, and all polls."""
    if not may_read(request.user, "poll"):
        raise PermissionDenied
    rows = list(Poll.objects.seen_by(request.user))
    town = rows[0].area if rows else doing.ground_of(request.user, "poll.run")
    areas = sorted({door for poll in rows[:1] for door in poll.doors.values_list("area", flat=True)})
    area = request.GET.get("area", "")
    area = area if area in areas else town
    lines = survey.trend(area) if town else []
    names = names_of([*areas, town])
    context = {
        "tabs": tabs(request), "rows": rows, "area": area, "name": names.get(area, ""),
        "areas": [(code, names.get(code, code)) for code in areas], "lines": lines, "chart": chart(lines),
        "new": f"/do/{POLL.key}/new/start" if may(request.user, "poll.run") else "",
    }  # fmt: skip
    return render(request, "publicity/polls.html", context)


def chart(lines: list[tuple[Poll, survey.Index]]) -> dict[str, Any]:
    """Both shares as ECharts draws them: zero-based, direct names, gaps where too few answered."""
    shown = [(f"{poll.year}Q{poll.quarter}", index) for poll, index in lines]
    if not any(index.trust for _name, index in shown):
        return {}

    def line(name: str, part: str, where: str, down: int) -> dict[str, Any]:
        data = [share.percent if (share := getattr(index, part)) else None for _name, index in shown]
        label = {"show": True, "formatter": "{c}%", "position": where}
        return {"type": "line", "name": name, "data": data, "label": label,
                "endLabel": {"show": True, "formatter": name, "offset": [0, down]}}  # fmt: skip

    return {
        "grid": {"left": 44, "right": 90, "top": 24, "bottom": 28},
        "xAxis": {"type": "category", "data": [name for name, _index in shown]},
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [line(_("放心度"), "trust", "bottom", 9), line(_("满意度"), "content", "top", -9)],
    }  # fmt: skip


@login_required
@require_GET
def poll(request: HttpRequest, pk: Any) -> HttpResponse:
    """One poll: every village with its figures, the answers of the whole, codes and slips, free words."""
    found = get_object_or_404(Poll.objects.seen_by(request.user), pk=pk)
    rows, whole = survey.by_village(found)
    doors = list(found.doors.all())
    names = names_of(door.area for door in doors)
    batches = _batches(found, names) if may(request.user, "poll.run", found) else []
    replies = list(found.replies.filter(way="slip"))
    least = survey.smallest(found)
    context = {
        "poll": found, "whole": whole, "least": least, "batches": batches,
        "rows": [(door, names.get(door.area, door.area), rows.get(door.area)) for door in doors],
        "asked": survey.distribution(found, replies, least) if len(replies) >= least else [],
        "words": survey.words_of(found) if may(request.user, "poll.words", found) else None,
        "runs": may(request.user, "poll.run", found), "events": Event.objects.of(found),
    }  # fmt: skip
    return render(request, "publicity/poll.html", context)


def _batches(found: Poll, names: dict[str, str]) -> list[dict[str, Any]]:
    """Slips by village and printing: how many were printed and how many came back."""
    counts: dict[tuple[str, int], list[int]] = {}
    for area, batch, used in found.slips.values_list("area", "batch", "used"):
        pair = counts.setdefault((area, batch), [0, 0])
        pair[0] += 1
        pair[1] += used
    return [
        {"area": area, "batch": batch, "name": names.get(area, area), "count": count, "used": used}
        for (area, batch), (count, used) in sorted(counts.items())
    ]


@login_required
@require_GET
def poll_poster(request: HttpRequest, pk: Any, area: str) -> HttpResponse:
    """The poster of a village with its open code."""
    found = get_object_or_404(Poll.objects.seen_by(request.user), pk=pk)
    door = get_object_or_404(found.doors.select_related("poll"), area=area)
    return _send(prints.poster(door), f"{name_of(area)}-{found.title}.pdf")


@login_required
@require_GET
def poll_slips(request: HttpRequest, pk: Any, area: str, batch: int) -> HttpResponse:
    """The slips of a village as one file to be printed and cut: for who runs the poll, and for nobody of a village."""
    found = get_object_or_404(Poll.objects.seen_by(request.user), pk=pk)
    if not may(request.user, "poll.run", found):
        raise PermissionDenied
    data = prints.slips(found, area, batch)
    if not data:
        raise Http404
    return _send(data, f"{name_of(area)}-{found.title}-{batch}.pdf")


# --- credit ------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def credits_(request: HttpRequest) -> HttpResponse:
    """Everybody who runs a place, with band and points."""
    return CREDITS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def credit(request: HttpRequest, pk: Any) -> HttpResponse:
    """One person's record: every point in words, and what may be asked for."""
    found = _person(request, pk)
    record = crediting.record_of(found)
    place = lists.place_of(found, request.user)
    asked = Repair.objects.seen_by(request.user).filter(operator=found.pk).order_by("-created_at")
    context = {
        "person": found, "record": record, "entries": [(entry, prints.standing(entry)) for entry in record.entries],
        "asked": asked, "place": place, "may_ask": place is not None and may(request.user, "credit.ask", place),
        "tabs": tabs(request),
    }  # fmt: skip
    return render(request, "publicity/credit.html", context)


@login_required
@require_GET
def credit_print(request: HttpRequest, pk: Any) -> HttpResponse:
    """The record on paper."""
    found = _person(request, pk)
    return _send(prints.credit(crediting.record_of(found), request.user), f"{found.name}-信用档案.pdf")


def _person(request: HttpRequest, pk: Any) -> Person:
    return get_object_or_404(lists.operators(request.user), pk=pk)


@login_required
@require_GET
def repairs(request: HttpRequest) -> HttpResponse:
    """Objections and requests for repair."""
    return REPAIRS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def repair(request: HttpRequest, pk: Any) -> HttpResponse:
    """One request: which line, why, what was decided."""
    found = get_object_or_404(Repair.objects.seen_by(request.user).select_related("operator", "file"), pk=pk)
    first = Event.objects.of(found).filter(move="ask").first()
    reason = first.facts.get("reason", "") if first else ""
    context = {"repair": found, "reason": reason, "events": Event.objects.of(found)}
    return render(request, "publicity/repair.html", context)
