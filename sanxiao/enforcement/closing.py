"""What the moves of a closing do, and the conditions they wait for; incidents; persons barred from the trade."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement import documents
from sanxiao.enforcement.closing_rules import CLOSURE
from sanxiao.enforcement.models import Barred, Closure, Incident, known
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number

GONE = ("closed", "moved", "void")


@CLOSURE.beginning
def begin_closure(user: User, params: dict[str, str]) -> Closure:
    """On a file of one's own ground."""
    file = known(Establishment, params.get("file"))
    if file is None or not Establishment.objects.seen_by(user).filter(pk=file.pk).exists():
        raise Http404
    return Closure(file=file, area=file.area)


@CLOSURE.predicate("still_there")
def still_there(closure: Closure, _facts: dict[str, Any]) -> bool:
    """Only what is open can be closed."""
    return closure.file.state not in GONE and closure.file.merged_into_id is None


@CLOSURE.predicate("none_other")
def none_other(closure: Closure, _facts: dict[str, Any]) -> bool:
    """One at a time."""
    rows = Closure.objects.filter(file__in=closure.file.pks, state__in=CLOSURE.open_states)
    return not rows.exclude(pk=closure.pk).exists()


def _shown(closure: Closure, *roles: str) -> bool:
    kept = Attachment.objects.filter(subject=closure.pk, voided_at__isnull=True, blob__width__isnull=False)
    return set(roles) <= set(kept.values_list("role", flat=True))


@CLOSURE.predicate("shown_after")
def shown_after(closure: Closure, facts: dict[str, Any]) -> bool:
    """The closed door is photographed; asked when it is done, not by the button."""
    return not facts or _shown(closure, "after")


@CLOSURE.predicate("shown_both")
def shown_both(closure: Closure, facts: dict[str, Any]) -> bool:
    """Before and after."""
    return not facts or _shown(closure, "before", "after")


@CLOSURE.predicate("not_early")
def not_early(_closure: Closure, facts: dict[str, Any]) -> bool:
    """What has not happened is not told."""
    return facts.get("acted_on") is None or facts["acted_on"] <= today()


@CLOSURE.effect("notice")
def noticed(closure: Closure, by: User | None, facts: dict[str, Any]) -> None:
    """关停取缔告知书."""
    if closure.guided_until < today():
        said = _("引导期不能早于今天。")
        raise Refused(said, {"guided_until": said}, "invalid")
    closure.number = take_number("closure", closure.area, closure)
    documents.closing_announced(closure, by, facts["reason"])


@CLOSURE.effect("order")
def ordered(closure: Closure, by: User | None, _facts: dict[str, Any]) -> None:
    """责令停止经营通知书."""
    documents.ordered_to_stop(closure, by)


@CLOSURE.effect("plan", "postpone")
def planned(closure: Closure, by: User | None, _facts: dict[str, Any]) -> None:
    """The day lies ahead; the plan is a paper for everybody who goes."""
    if closure.act_on is None or closure.act_on < today():
        said = _("执行日期不能早于今天。")
        raise Refused(said, {"act_on": said}, "invalid")
    documents.operation(closure, by)


@CLOSURE.effect("carry_out")
def carried_out(closure: Closure, by: User | None, facts: dict[str, Any]) -> None:
    """The file is closed with the same day; the look-back sets its checks from that event."""
    documents.closed_down(closure, by)
    _close_file(closure, closure.way, by, facts.get("note", ""), closure.acted_on)


@CLOSURE.effect("gave_up")
def gave_up(closure: Closure, by: User | None, facts: dict[str, Any]) -> None:
    """Closed without an operation."""
    closure.way, closure.acted_on = "self", today()
    _close_file(closure, "self", by, facts.get("note", ""), today())


def _close_file(closure: Closure, way: str, by: User | None, note: str, on: Any) -> None:
    file = Establishment.objects.get(pk=closure.file.standing.pk)
    if file.state not in GONE:
        reason = note or str(_("关停取缔 %(no)s") % {"no": closure.number})
        flow.move(file, "close", by, within=True, on=on, closing=way, reason=reason)


def warnings(file: Establishment, _user: Any) -> list[str]:
    """What who goes to this place should know: violence against officers, here or by the same person."""
    rows = Incident.objects.filter(file__operator=file.operator) | Incident.objects.filter(file__in=file.pks)
    return [
        _("%(day)s 曾发生阻碍执法：%(harm)s。请结伴前往，必要时请派出所到场。")
        % {"day": row.on, "harm": row.get_harm_display()}
        for row in rows.distinct().order_by("-on")[:3]
    ]


def bars(operator: Operator) -> list[str]:
    """Why this person may not get a paper: the bars in force today."""
    return [
        _("%(name)s 被限制从事食品生产经营（%(basis)s），至 %(until)s")
        % {"name": row.name, "basis": row.basis, "until": row.until or _("终身")}
        for row in Barred.objects.of(operator).now()
    ]
