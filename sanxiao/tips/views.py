"""The desk: inbox, lists, one tip with its talk, answering several at once, letters by hand, lost receipts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement.models import Case
from sanxiao.office.duties import may
from sanxiao.office.models import Office
from sanxiao.office.places import grounds
from sanxiao.tips import acts, box, by_hand, identity, lists, receipts, retention, rewards
from sanxiao.tips.forms import ground_in_words
from sanxiao.tips.models import Complaint, Handler, Letter, Report, Track

TRACKS: dict[str, type[Track]] = {"complaint": Complaint, "report": Report}
LONGEST_WORD = 2000


def _needs(request: HttpRequest, *duties: str) -> None:
    if not any(may(request.user, duty) for duty in duties):
        raise PermissionDenied


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What is open, by due date. The first look of a day takes out of the box what earlier days brought."""
    _needs(request, "tip.receive", "tip.check")
    receives = may(request.user, "tip.receive")
    if receives:
        box.empty()
    rows = lists.named(lists.inbox(request.user))
    context = {
        "rows": rows, "tabs": lists.tabs(request), "receives": receives,
        "fresh": lists.named(lists.fresh_words(request.user)),
        "unhappy": lists.named(lists.unhappy(request.user)) if receives else [], "no_handlers": not Handler.sealing(),
        "early": receives and box.may_open_early(),
    }  # fmt: skip
    return render(request, "tips/inbox.html", context)


@login_required
@require_POST
def open_early(request: HttpRequest) -> HttpResponse:
    """Take today's letters out before the day is over, as often as the town's rule allows."""
    _needs(request, "tip.receive")
    try:
        n = box.open_early(request.user)
        messages.success(request, _("取出 %(n)d 件。") % {"n": n} if n else _("今天还没有来信。"))
    except Refused as refusal:
        messages.warning(request, refusal.reason)
    return redirect("tips")


@login_required
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """All reports that this person may see."""
    _needs(request, "tip.receive", "tip.check")
    return lists.REPORTS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def complaints(request: HttpRequest) -> HttpResponse:
    """All complaints that this person may see."""
    _needs(request, "tip.receive", "tip.check")
    return lists.COMPLAINTS.respond(request, tabs=lists.tabs(request))


def _track(request: HttpRequest, kind: str, pk: Any) -> Track:
    if kind not in TRACKS:
        raise Http404
    rows = TRACKS[kind].objects.seen_by(request.user)
    found: Track = get_object_or_404(rows.select_related("letter__accused", "office", "file"), pk=pk)
    return found


@login_required
@require_GET
def tip(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """One tip: what was told, where it stands, the talk, doubles, who could be asked. Others see the summary alone."""
    track = _track(request, kind, pk)
    letter = track.letter
    whole = Letter.objects.seen_by(request.user).filter(pk=letter.pk).exists()
    context = {
        "track": track, "letter": letter, "whole": whole, "said": letter.content if whole else {},
        "tabs": lists.tabs(request), "twin": [t for t in letter.tracks() if t.pk != track.pk],
        "events": Event.objects.of(track), "ground": _ground(track), "case": _case(request, track),
    }  # fmt: skip
    if whole:
        context |= _for_the_desk(request, track)
    return render(request, "tips/tip.html", context)


def _case(request: HttpRequest, track: Track) -> Case | None:
    """The case that came of a report, for who may read cases."""
    key = track.case_id if isinstance(track, Report) else None
    return Case.objects.seen_by(request.user).filter(pk=key).first() if key else None


def _ground(track: Track) -> str:
    key = "reason.complaint_refuse" if isinstance(track, Complaint) else "reason.report_refuse"
    return ground_in_words(key, track.area, track.ground) if track.ground else ""


def _for_the_desk(request: HttpRequest, track: Track) -> dict[str, Any]:
    """What only the receiving desks see."""
    user, letter = request.user, track.letter
    looks = list(retention.looks(letter)) if Handler.of(user) else []
    return {
        "photos": Attachment.objects.filter(subject=track.pk, voided_at__isnull=True).select_related("blob"),
        "talk": list(letter.messages.select_related("by")), "doubles": lists.doubles(track, user),
        "others": list(lists.others_of(letter, user)[:10]),
        "may_talk": bool(letter.receipt) and not letter.content_gone_on,
        "may_ask": identity.may_ask(user, letter) and not letter.identity_gone_on, "looks": looks,
        "sealed": letter.copies.exists(), "rewards": list(rewards.of(track)) if isinstance(track, Report) else [],
        "may_reward": isinstance(track, Report) and may(user, "reward.propose", track) and letter.wants_reward,
        "units": Office.objects.on().exclude(role="admin").order_by("area", "id"),
        "may_hold": may(user, "tip.dispose", letter), "identity_days": retention.identity_days(letter.area),
    }  # fmt: skip


@login_required
@require_POST
def say(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """A word to whoever holds the receipt; an empty one only notes that his have been read."""
    track = _track(request, kind, pk)
    letter = get_object_or_404(Letter.objects.seen_by(request.user), pk=track.letter.pk)
    text = request.POST.get("text", "").strip()
    if len(text) > LONGEST_WORD:
        messages.error(request, _("最多 %(n)d 个字，没有发出。") % {"n": LONGEST_WORD})
    elif text:
        acts.answered(letter, request.user, text)
        messages.success(request, _("已写到回执页。"))
    else:
        letter.messages.filter(by__isnull=True).update(read=True)
    return redirect(track)


@login_required
@require_POST
def hold(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """Keep a letter beyond its time, with the reason; or let it go again."""
    track = _track(request, kind, pk)
    letter = get_object_or_404(Letter.objects.seen_by(request.user), pk=track.letter.pk)
    try:
        flow.amend(letter, request.user, "tip.dispose", hold=request.POST.get("hold", "").strip()[:200])
        messages.success(request, _("已记下。"))
    except Refused as refusal:
        messages.warning(request, refusal.reason)
    return redirect(track)


@login_required
@require_POST
def accuse(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """Which unit of our own the letter is about; whoever sits in it sees it no longer."""
    track = _track(request, kind, pk)
    _needs(request, "tip.receive")
    letter = get_object_or_404(Letter.objects.seen_by(request.user), pk=track.letter.pk)
    chosen = request.POST.get("accused", "")
    office = get_object_or_404(Office.objects.on(), pk=chosen) if chosen.isdecimal() else None
    try:
        acts.accuse(letter, request.user, office)
        messages.success(request, _("已记下。"))
    except Refused as refusal:
        messages.warning(request, refusal.reason)
    seen = type(track).objects.seen_by(request.user).filter(pk=track.pk).exists()
    return redirect(track) if seen else redirect("tips")


# --- several at once ---------------------------------------------------------------------------------------------


@login_required
@require_POST
def answer_all(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """One answer for a tip and its chosen doubles: each is closed by its own move, what cannot be is named."""
    track = _track(request, kind, pk)
    try:
        wanted = TRACKS[kind].objects.seen_by(request.user).filter(pk__in=request.POST.getlist("also"))
        chosen = [track, *wanted.exclude(pk=track.pk)]
    except ValidationError as error:
        raise Http404 from error
    text, outcome = request.POST.get("answer", "").strip(), request.POST.get("outcome", "")
    done, left = acts.answer_all(chosen, request.user, text, outcome)
    if done:
        messages.success(request, _("一并答复、办结 %(n)d 件。") % {"n": done})
    for other, reason in left:
        messages.warning(request, f"{other.title} {other.rule_on}{_('：')}{reason}")
    return redirect(track)


# --- by hand, and lost receipts ----------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A letter that came by telephone, post or at the counter. Its receipt is shown once, to be handed over."""
    _needs(request, "tip.receive")
    form = by_hand.form_of(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            track, receipt = by_hand.take(form, request.user)
            context = {"track": track, "receipt": receipts.shown(receipt), "tabs": lists.tabs(request)}
            return render(request, "tips/receipt_once.html", context)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
    context = {"form": form, "tabs": lists.tabs(request), "no_handlers": not Handler.sealing()}
    return render(request, "tips/new.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Who has lost his receipt and gave a telephone: by its last four digits and the village; a new receipt."""
    _needs(request, "tip.receive")
    tail, area = request.POST.get("tail", "").strip(), request.POST.get("area", "")
    found: list[Letter] = []
    wrong = ""
    if request.method == "POST":
        if len(tail) != 4 or not tail.isdecimal():
            wrong = _("请填电话的后四位。")
        else:
            rows = Letter.objects.seen_by(request.user).filter(tail=receipts.tail_index(tail)).exclude(receipt="")
            found = list((rows.filter(area=area) if area else rows).order_by("-received_on", "id")[:50])
    context = {
        "tail": tail, "area": area, "found": found, "asked": request.method == "POST" and not wrong, "wrong": wrong,
        "areas": grounds(request.user, family="tip"), "tabs": lists.tabs(request),
    }  # fmt: skip
    return render(request, "tips/find.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def reissue(request: HttpRequest, pk: Any) -> HttpResponse:
    """A new receipt in the place of a lost one, shown once; the reason stands in the log."""
    _needs(request, "tip.receive")
    letter = get_object_or_404(Letter.objects.seen_by(request.user).exclude(receipt=""), pk=pk)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("请写明怎样核对了来人就是来件人，再发新回执。"))
        return redirect("tip-find")
    receipt = acts.reissue(letter, request.user, reason)
    context = {"track": letter.tracks()[0], "receipt": receipts.shown(receipt), "tabs": lists.tabs(request)}
    return render(request, "tips/receipt_once.html", context)
