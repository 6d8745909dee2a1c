"""What the moves of an entrant do: invitation, waiting list, unit and contract, moving in and leaving."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.zones.models import Entrant, Zone
from sanxiao.zones.rules import ENTRANT, FUNNEL_OPEN, OPENED

GONE = ("dropped", "shut")
TAKES = ("approved", "building", *OPENED)


@ENTRANT.beginning
def begin_entrant(user: User, params: dict[str, str]) -> Entrant:
    """A place that this person may see, and a zone that he may see; on the zone's ground once that is known."""
    place = get_object_or_404(Establishment.objects.seen_by(user).select_related("operator", "kind"),
                              pk=params.get("file"))  # fmt: skip
    if not params.get("zone"):
        return Entrant(place=place, area=place.area)
    zone = get_object_or_404(Zone.objects.seen_by(user), pk=params["zone"])
    return Entrant(place=place, zone=zone, area=zone.area)


def open_to(place: Establishment, user: User) -> Any:
    """Zones that could take a place, as this person sees them."""
    return Zone.objects.seen_by(user).filter(kind=place.kind_id).exclude(state__in=GONE).order_by("called")


@ENTRANT.predicate("zone_takes")
def zone_takes(entrant: Entrant, _facts: dict[str, Any]) -> bool:
    """It is neither given up nor closed."""
    return not entrant.zone_id or entrant.zone.state not in GONE


@ENTRANT.predicate("kind_fits")
def kind_fits(entrant: Entrant, _facts: dict[str, Any]) -> bool:
    """Workshops go where workshops are."""
    return not entrant.zone_id or entrant.zone.kind_id == entrant.place.kind_id


@ENTRANT.predicate("still_trading")
def still_trading(entrant: Entrant, _facts: dict[str, Any]) -> bool:
    """There is somebody to move."""
    return entrant.place.is_trading


@ENTRANT.predicate("once")
def once(entrant: Entrant, _facts: dict[str, Any]) -> bool:
    """One way into a zone at a time."""
    there = Entrant.objects.filter(zone=entrant.zone_id, place__in=entrant.place.pks, state__in=FUNNEL_OPEN)
    return not entrant.zone_id or not there.exclude(pk=entrant.pk).exists()


@ENTRANT.predicate("zone_open_to_all")
def zone_open_to_all(entrant: Entrant, _facts: dict[str, Any]) -> bool:
    """A project that is approved may let its units."""
    return entrant.zone.state in TAKES


@ENTRANT.predicate("zone_is_open")
def zone_is_open(entrant: Entrant, _facts: dict[str, Any]) -> bool:
    """Nobody moves in before it has opened."""
    return entrant.zone.is_running


@ENTRANT.predicate("in_turn")
def in_turn(entrant: Entrant, facts: dict[str, Any]) -> bool:
    """By the number, or with a reason."""
    if "unit" not in facts or str(facts.get("note", "")).strip():
        return True
    earlier = Entrant.objects.filter(zone=entrant.zone_id, state="waiting", queue_no__lt=entrant.queue_no or 0)
    return not earlier.exists()


@ENTRANT.predicate("contract_right")
def contract_right(_entrant: Entrant, facts: dict[str, Any]) -> bool:
    """A contract ends after it began."""
    since, until = facts.get("contract_from"), facts.get("contract_to")
    return since is None or until is None or until > since


@ENTRANT.predicate("moved_right")
def moved_right(entrant: Entrant, facts: dict[str, Any]) -> bool:
    """Nobody moves in before the contract, or tomorrow."""
    on = facts.get("moved_on")
    return on is None or (on <= today() and (entrant.contract_from is None or on >= entrant.contract_from))


def _claim(entrant: Entrant, said: str, **values: Any) -> None:
    """Write what only one may have; who comes second is told so. The database decides. Raises Stale."""
    try:
        with transaction.atomic():
            Entrant.objects.filter(pk=entrant.pk).update(**values)
    except IntegrityError as error:
        raise Stale(said) from error


@ENTRANT.effect("agree")
def agreed(entrant: Entrant, _by: User | None, _facts: dict[str, Any]) -> None:
    """Nobody agreed tomorrow."""
    if entrant.agreed_on and entrant.agreed_on > today():
        raise Refused(_("同意日期不能晚于今天。"), {"agreed_on": _("不能晚于今天")}, "invalid")


@ENTRANT.effect("queue")
def queued(entrant: Entrant, _by: User | None, _facts: dict[str, Any]) -> None:
    """The next number of the zone."""
    last = Entrant.objects.filter(zone=entrant.zone_id).aggregate(last=Max("queue_no"))["last"] or 0
    entrant.queue_no = last + 1
    _claim(entrant, _("刚刚有人排了号，请再按一次。"), queue_no=entrant.queue_no)


@ENTRANT.effect("allot", "drawn")
def allotted(entrant: Entrant, _by: User | None, _facts: dict[str, Any]) -> None:
    """One unit, one tenant."""
    unit = entrant.unit
    if unit is None or unit.zone_id != entrant.zone_id or not unit.usable:
        raise Refused(_("请选本区可以分配的摊位（单元）。"), {"unit": _("请另选一个")}, "invalid")
    _claim(entrant, _("摊位（单元）%(no)s 已经分给别人，请另选。") % {"no": unit.number}, unit=unit)


@ENTRANT.effect("sign")
def signed(entrant: Entrant, _by: User | None, _facts: dict[str, Any]) -> None:
    """A new contract is warned of anew."""
    entrant.warned_on = None


@ENTRANT.effect("warn")
def warned(entrant: Entrant, _by: User | None, _facts: dict[str, Any]) -> None:
    """Once for a contract."""
    entrant.warned_on = today()


@ENTRANT.effect("leave")
def left(entrant: Entrant, _by: User | None, _facts: dict[str, Any]) -> None:
    """The unit is free from now on; who had it stays in its history."""
    if entrant.left_on and entrant.left_on > today():
        raise Refused(_("退出日期不能晚于今天。"), {"left_on": _("不能晚于今天")}, "invalid")
