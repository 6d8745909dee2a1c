"""How a matter looks on every page: its state, its term, its next moves, its history."""

from typing import Any

from django import template
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sanxiao.docket import flow, rooms, words
from sanxiao.docket.models import Attachment, Deadline, Event, Proposal
from sanxiao.docket.tables import State
from sanxiao.office.now import today

register = template.Library()
FEW = 2  # grey side steps that stand beside the others; more are folded


@register.inclusion_tag("docket/_state.html")
def state_chip(obj: Any) -> dict[str, Any]:
    """The present state: a word and a shape, never colour alone."""
    return {"state": obj.state_row}


@register.inclusion_tag("docket/_moves.html", takes_context=True)
def moves(context: dict[str, Any], obj: Any) -> dict[str, Any]:
    """Buttons for what this person can do now, the next step first; grey with the reason for what cannot be done yet.

    Many grey side steps are folded away: they would hide what can be done.
    """
    offers = flow.open_moves(obj, context["request"].user)
    first = next((o for o in offers if not o.reason and (o.proposal or o.move.tone == "primary")), None)
    shown = sorted(offers, key=lambda o: (o is not first, bool(o.reason)))
    aside = [o for o in shown if o.reason and not o.move.todo and not o.proposal]
    if len(aside) > FEW:
        shown = [o for o in shown if o not in aside]
    else:
        aside = []
    return {"obj": obj, "kind": obj.flow.key, "offers": shown, "first": first, "aside": aside,
            "holders": _holders(obj, offers)}  # fmt: skip


def _holders(obj: Any, offers: list[flow.Offer]) -> str:
    """Who has the matter now, when it is nobody here."""
    if any(not o.reason for o in offers) or not obj.is_open:
        return ""
    roles: set[str] = set()
    own: list[str] = []
    mine = {offer.move.key for offer in offers}
    for row in flow.rows_from(obj):
        if row.key in mine:
            continue  # it is this person's turn, and the button says what is still missing
        if row.todo and row.own:
            own.append(str(getattr(obj, row.own)))
        elif row.todo:
            roles |= flow.leaders(row, obj)
    return _("、").join(filter(None, [*dict.fromkeys(own), flow.role_names(sorted(roles), obj)]))


@register.inclusion_tag("docket/_term.html")
def term(deadline: Deadline | None) -> dict[str, Any]:
    """A term: its date, the days left in words, the clause, and whether it is paused."""
    return {"term": deadline, "left": left_in_words(deadline) if deadline else ""}


def left_in_words(deadline: Deadline) -> str:
    """'还有 3 天', '今天到期', '已逾期 2 天', '已暂停', '已完成'."""
    if deadline.done_on:
        return _("已完成")
    if deadline.paused_on:
        return _("计时已暂停")
    return days_in_words(deadline.days_left)


def days_in_words(days: int) -> str:
    """Days until a date, in words."""
    if days == 0:
        return _("今天到期")
    if days < 0:
        return ngettext("已逾期 %(n)d 天", "已逾期 %(n)d 天", -days) % {"n": -days}
    return ngettext("还有 %(n)d 天", "还有 %(n)d 天", days) % {"n": days}


@register.filter
def until_words(due: Any) -> str:
    """Days until a due date, in words; empty without one."""
    return days_in_words((due - today()).days) if due else ""


@register.filter
def due_tone(due: Any) -> str:
    """Red when past, amber within three days, otherwise green."""
    days = (due - today()).days if due else 99
    return "red" if days < 0 else "amber" if days <= 3 else "green"


@register.inclusion_tag("docket/_terms.html")
def terms(obj: Any) -> dict[str, Any]:
    """All terms of a matter, running ones first."""
    return {"terms": list(Deadline.objects.filter(subject=obj.pk).order_by("done_on", "due_on"))}


@register.inclusion_tag("docket/_stepper.html")
def stepper(obj: Any) -> dict[str, Any]:
    """The way of a matter through its states, from the flow table and the log."""
    reached = {e.to: e for e in Event.objects.of(obj).select_related("office").order_by("id") if e.to != e.frm}
    steps: list[dict[str, Any]] = []
    for state in obj.flow.states:
        event = reached.get(state.key)
        status = "now" if state.key == obj.state else "done" if event else "off" if state.final else "next"
        if (state.retired or state.side) and not (event or status == "now"):
            continue
        steps.append({"state": state, "event": event, "status": status})
    if not obj.is_open:
        steps = [s for s in steps if s["status"] in ("done", "now")]
    else:
        steps = [s for s in steps if s["status"] != "off" or not _is_side_way(obj, s["state"])]
        steps = [{**s, "status": "next"} if s["status"] == "off" else s for s in steps]
    return {"steps": steps}


def _is_side_way(obj: Any, state: State) -> bool:
    """Unhappy ends are not drawn as steps to come."""
    return state.tone in ("red", "grey")


@register.inclusion_tag("docket/_timeline.html")
def timeline(events: QuerySet[Event] | list[Event]) -> dict[str, Any]:
    """The history in time order: who, what, from -> to, why."""
    return {"rows": words.told(events)}


@register.inclusion_tag("docket/_followed.html", takes_context=True)
def followed(context: dict[str, Any], obj: Any) -> dict[str, Any]:
    """What came of a matter in other rooms, and what may be begun there with it as the source."""
    return {"rows": rooms.gather("follows", obj, context["request"].user)}


@register.inclusion_tag("docket/_signatures.html")
def signatures(obj: Any) -> dict[str, Any]:
    """'3 / 5': who has counter-signed the latest proposal and who has not."""
    proposal = Proposal.objects.filter(subject=obj.pk).select_related("by").prefetch_related("signatures__by").last()
    if proposal is None:
        return {}
    signed = {s.role: s for s in proposal.signatures.all()}
    rows = [(flow.role_names([role], obj), signed.get(role)) for role in proposal.needs]
    return {
        "proposal": proposal, "row": obj.flow.row(proposal.move), "rows": rows,
        "count": sum(s is not None and s.agrees for _name, s in rows),
    }  # fmt: skip


@register.inclusion_tag("docket/_files.html")
def attachments(obj: Any) -> dict[str, Any]:
    """The files of a matter; pictures as pictures."""
    return {"files": Attachment.objects.filter(subject=obj.pk).select_related("blob", "by")}


@register.inclusion_tag("docket/_facts.html")
def proposal_facts(obj: Any, proposal: Proposal) -> dict[str, Any]:
    """What a counter-signer is asked to agree to, in words."""
    return {"facts": words.facts_in_words(type(obj), proposal.facts)}


@register.inclusion_tag("docket/_fields.html")
def fields(form: Any) -> dict[str, Any]:
    """A plain form: label, control, hint, errors; the same everywhere."""
    return {"form": form}


@register.simple_tag
def attach_name(role: str) -> str:
    """What a file is for, in words."""
    names = {
        "photo": _("照片"), "before": _("整改前照片"), "after": _("整改后照片"), "signature": _("签名"),
        "receipt": _("送达或领取凭证"), "identity": _("身份证明"), "document": _("材料"),
        "signin": _("签到表"), "leaflet": _("告知书样张"),
        "evidence": _("证据"), "minutes": _("笔录"), "told": _("告知书的送达回证"),
        "called": _("听证通知书的送达回证"), "slip": _("缴款凭证"),
        "request": _("书面申请"),
        "permit": _("证件、批复"), "proof": _("凭据"), "consent": _("意向书"), "contract": _("合同"),
    }  # fmt: skip
    use = role.partition(":")[0]  # 'before:i05': of one item of several
    return names.get(use, use)
