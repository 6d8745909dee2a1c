"""What the moves of a talk do, and the conditions they wait for."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import override

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Attachment, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.inspection import checklist, talk_papers
from sanxiao.inspection.models import Order
from sanxiao.inspection.talk_models import Talk
from sanxiao.inspection.talk_rules import TALK
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number, void_number

Facts = dict[str, Any]


@TALK.beginning
def begin_talk(user: User, params: dict[str, str]) -> Talk:
    """A talk about an order, about a visit, or about a place as such; what is known of it is filled in."""
    places = Establishment.objects.seen_by(user).select_related("operator", "kind")
    order = visit = None
    if wanted := params.get("order"):
        order = get_object_or_404(Order.objects.seen_by(user), pk=wanted)
    elif wanted := params.get("visit"):
        visit = get_object_or_404(Visit.objects.seen_by(user).select_related("form"), pk=wanted)
    about = order or visit
    file = get_object_or_404(places, pk=about.file_id if about else params.get("file"))
    talk = Talk(file=file, area=file.area, order=order, visit=visit, person=file.operator.name)
    talk.place = str(Rule.objects.value("talk.place", file.area, default={}).get("place", ""))
    talk.cause, talk.findings = _known(talk)
    return talk


def _known(talk: Talk) -> tuple[str, str]:
    """Cause and findings in the words of the order or of the visit: in Chinese, as all that is printed."""
    with override("zh-hans"):
        if order := talk.order:
            rows = order.problems.exclude(state__in=("passed", "dropped"))
            return f"{order.number}：{order.state_row.name}", "\n".join(f"{p.no}. {p.text}" for p in rows)
        if visit := talk.visit:
            kind, result = visit.get_kind_display(), visit.get_result_display()
            return f"{visit.day}{kind}：{result}", "\n".join(_failed(visit))
    return "", ""


def _failed(visit: Visit) -> list[str]:
    """The failed items of a visit, with what was noted."""
    items = checklist.items_of(visit.form) if visit.form else []
    said = [(item, visit.answers.get(item.code) or {}) for item in items]
    return [
        f"{item.no}. {item.label}" + (f"（{row['note']}）" if row.get("note") else "")
        for item, row in said
        if row.get("a") == "no"
    ]


# --- conditions --------------------------------------------------------------------------------------------------


@TALK.predicate("file_current")
def file_current(talk: Talk, _facts: Facts) -> bool:
    """Neither merged into another nor taken back."""
    return talk.file.merged_into_id is None and talk.file.state != "void"


@TALK.predicate("file_trading")
def file_trading(talk: Talk, _facts: Facts) -> bool:
    """There is a business whose danger is to be removed."""
    return talk.file.state not in ("closed", "moved")


@TALK.predicate("none_waiting")
def none_waiting(talk: Talk, _facts: Facts) -> bool:
    """One talk of a place at a time."""
    return not Talk.objects.filter(file=talk.file, state__in=("called", "held")).exclude(pk=talk.pk).exists()


@TALK.predicate("promise_ahead")
def promise_ahead(_talk: Talk, facts: Facts) -> bool:
    """What is promised lies after the talk."""
    held, until = facts.get("held_on"), facts.get("promise_on")
    return held is None or until is None or until >= held


@TALK.predicate("later_day")
def later_day(_talk: Talk, facts: Facts) -> bool:
    """A new day is still to come."""
    return facts.get("until") is None or facts["until"] >= today()


@TALK.predicate("record_signed")
def record_signed(talk: Talk, facts: Facts) -> bool:
    """Who signed has his signature in the picture."""
    if facts.get("signed_how") != "signed":
        return True
    return Attachment.objects.filter(subject=talk.pk, role="signature", voided_at__isnull=True).exists()


@TALK.predicate("refusal_proved")
def refusal_proved(_talk: Talk, facts: Facts) -> bool:
    """A refusal has its reason, and somebody who saw it."""
    return facts.get("signed_how") != "refused" or bool(facts.get("refusal") and facts.get("witness"))


@TALK.predicate("after_talk")
def after_talk(talk: Talk, facts: Facts) -> bool:
    """Nobody signs what was not said yet."""
    return facts.get("signed_on") is None or talk.held_on is None or facts["signed_on"] >= talk.held_on


@TALK.predicate("seen_after")
def seen_after(talk: Talk, facts: Facts) -> bool:
    """An effect comes after its cause."""
    return facts.get("seen_on") is None or talk.held_on is None or facts["seen_on"] >= talk.held_on


# --- what the moves do -------------------------------------------------------------------------------------------


@TALK.effect("call")
def called(talk: Talk, by: User | None, _facts: Facts) -> None:
    """约谈通知书, with its number."""
    if talk.meet_on is not None and talk.meet_on < today():
        said = _("约谈日期不能早于今天；已经谈过的，请办“登记当场约谈”。")
        raise Refused(said, {"meet_on": said}, "invalid")
    talk.officer = by
    talk.number = take_number("talk", talk.area, talk)
    talk_papers.notice(talk, by)


@TALK.effect("absent")
def put_off(talk: Talk, _by: User | None, facts: Facts) -> None:
    """The new day."""
    talk.meet_on = facts["until"]


@TALK.effect("hold", "record")
def held(talk: Talk, by: User | None, facts: Facts) -> None:
    """约谈记录, to be printed and signed; two officers, and they are two."""
    if by is not None and facts["second"] == by.name:
        raise Refused(_("须两名执法人员，请选另一位同事。"), {"second": _("请选另一位")}, "invalid")
    talk.officer = by
    talk.number = talk.number or take_number("talk", talk.area, talk)
    talk_papers.record(talk, by)


@TALK.effect("void")
def voided(talk: Talk, _by: User | None, facts: Facts) -> None:
    """Its number is spent; nothing of it is deleted."""
    void_number(talk.number, talk.area, str(facts["reason"])[:200])
