"""What the moves of this room do, and the conditions they wait for."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.clock import add_months
from sanxiao.docket.models import Attachment, Deadline, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import scope_of
from sanxiao.office.models import Area, User
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.sources import standing
from sanxiao.sources.models import Alert, Buyer, BuyerKind, Check, Purchase, Supplier
from sanxiao.sources.naming import Named, supplier_for
from sanxiao.sources.rules import ALERT, BUYER, CHECK, PURCHASE, SUPPLIER
from sanxiao.sources.say import PROBLEMS
from sanxiao.survey import leads

ORIGIN = "purchase"
KIND_OF_FILE = {"vendor": "stall", "eatery": "eatery"}
NAMED_IN_A_LEAD = 3  # buyers


class Doubled(Refused):
    """A line that was entered before: `held` is that one."""

    code = "doubled"

    def __init__(self, held: Purchase) -> None:
        told = {"day": held.bought_on, "food": held.food, "named": held.named}
        said = _("这一行已经登记过（%(day)s，%(food)s，%(named)s），没有再记。") % told
        super().__init__(said, {"invoice": _("已登记过")})
        self.held = held


# -- buyers


@BUYER.beginning
def begin_buyer(user: User, params: dict[str, str]) -> Buyer:
    """A buyer on one's own ground; from a file, that very place."""
    if params.get("file"):
        file = get_object_or_404(Establishment.objects.seen_by(user).current(), pk=params["file"])
        return buyer_of(file)
    here = grounds(user, "source.buyer")
    wanted = params.get("village") or params.get("area")
    area = next((a.code for a in here if a.code == wanted), here[0].code if here else "")
    return Buyer(area=area)


def buyer_of(file: Establishment) -> Buyer:
    """A place on file as a buyer, not yet registered."""
    kinds = BuyerKind.objects.filter(active=True)
    kind = kinds.filter(pk=KIND_OF_FILE.get(file.kind_id, "other")).first() or kinds.last()
    return Buyer(file=file, area=file.area, name=file.called[:100], address=file.address, kind=kind,
                 lat=file.lat, lng=file.lng)  # fmt: skip


@BUYER.effect("register")
def registered(buyer: Buyer, _by: User | None, _facts: dict[str, Any]) -> None:
    """From now on it is checked at its turn."""
    if buyer.file_id and Buyer.objects.filter(file=buyer.file_id).exclude(pk=buyer.pk).exists():
        raise Refused(_("这一户已经登记为进货单位。"), code="guard")
    buyer.check_by = add_months(today(), buyer.kind.months)


@BUYER.effect("checked")
def was_checked(buyer: Buyer, _by: User | None, _facts: dict[str, Any]) -> None:
    """The next check is due by its kind."""
    retime(buyer)


def retime(buyer: Buyer) -> None:
    """Last and next check from the checks that stand."""
    done = Check.objects.filter(buyer=buyer.pk).exclude(state="void").aggregate(last=Max("checked_on"))["last"]
    buyer.checked_on = done
    buyer.check_by = add_months(done or buyer.created_at.date(), buyer.kind.months)


def amend_buyer(buyer: Buyer, by: User, version: int, changes: dict[str, Any]) -> None:
    """Correct a buyer; put on other ground, it takes along what hangs on it. Raises Refused."""
    was = buyer.area
    with transaction.atomic():
        flow.amend(buyer, by, "source.buyer", version=version, **changes)
        if buyer.area != was:
            _follow(buyer)


def _follow(buyer: Buyer) -> None:
    for model in (Purchase, Check, Alert):
        rows = model.objects.filter(buyer=buyer)
        for shared in (Deadline, Attachment):
            shared._base_manager.filter(subject__in=rows.values("pk")).update(area=buyer.area)
        rows.update(area=buyer.area)


# -- purchases


def enter(
    by: User,
    buyer: Buyer,
    named: Named,
    food: str,
    bought_on: date,
    *,
    quantity: Decimal | None = None,
    unit: str = "",
    invoice: str = "",
    note: str = "",
    way: str = "desk",
    pk: UUID | None = None,
    within: bool = False,
) -> Purchase:
    """One line of an invoice, with its supplier judged as of the day. Raises Refused with the field to mend."""
    _fit(buyer, food, bought_on, quantity)
    line = Purchase(
        buyer=buyer, file=buyer.file, area=buyer.area, food=food.strip()[:60], bought_on=bought_on, quantity=quantity,
        unit=unit.strip()[:10] if quantity is not None else "", invoice=invoice.strip()[:40], note=note.strip()[:200],
        way=way, **({"id": pk} if pk else {}),
    )  # fmt: skip
    if not within and scope_of(by).seat_for("source.enter", buyer.area) is None:
        raise Refused(_("这一步不归您办理：%(move)s") % {"move": PURCHASE.row("enter").name}, code="forbidden")
    with transaction.atomic():
        line.supplier = supplier_for(named, buyer.area, by, on=bought_on, buyer=buyer.name)
        line.named = named.name.strip()[:100] or line.supplier.name
        line.seal_digest()
        if held := Purchase.objects.standing().filter(digest=line.digest).first():
            raise Doubled(held)
        flow.move(line, "enter", by, within=within, on=bought_on)
    return line


def _fit(buyer: Buyer, food: str, bought_on: date, quantity: Decimal | None) -> None:
    wrong = {}
    if buyer.state != "active":
        raise Refused(_("“%(name)s”已停用，不能再登记进货。") % {"name": buyer.name}, {"buyer": _("已停办")}, "guard")
    if not food.strip():
        wrong["food"] = _("请填写食品名称")
    if bought_on > today():
        wrong["bought_on"] = _("进货日期不能晚于今天")
    elif bought_on.year < today().year - 10:
        wrong["bought_on"] = _("进货日期太早，请核对年份")
    if quantity is not None and quantity <= 0:
        wrong["quantity"] = _("数量须大于零")
    if wrong:
        raise Refused(_("；").join(wrong.values()), wrong, "invalid")


@PURCHASE.effect("enter")
def entered(line: Purchase, _by: User | None, facts: dict[str, Any]) -> None:
    """The verdict of the day stands with the line, whatever becomes of the supplier."""
    supplier = Supplier.objects.with_place().get(pk=line.supplier_id)
    found = standing.of(supplier, line.bought_on)
    line.verdict, line.verdict_words = found.key, found.kept()
    facts.update(named=line.named, food=line.food)


# -- suppliers: the loop


@SUPPLIER.predicate("looked_anew")
def looked_anew(supplier: Supplier, facts: dict[str, Any]) -> bool:
    """A village looks once."""
    return facts.get("village") not in supplier.asked


@SUPPLIER.effect("name")
def was_named(supplier: Supplier, _by: User | None, _facts: dict[str, Any]) -> None:
    """A loop begins."""
    supplier.loop = True


@SUPPLIER.effect("send")
def sent_out(supplier: Supplier, by: User | None, facts: dict[str, Any]) -> None:
    """The village gets a lead, once, with who buys there."""
    village = facts["village"]
    known = Area.objects.on().filter(code=village, level__in=("village", "community")).exists()
    if not known or village[:9] != supplier.area[:9]:
        raise Refused(_("请选择本镇的一个村（社区）。"), {"village": _("请选择")}, "invalid")
    _settle_in(supplier, village)
    supplier.asked = [*supplier.asked, village]
    buyers = Buyer.objects.filter(pk__in=Purchase.objects.standing().filter(supplier=supplier.pk).values("buyer"))
    names = dict.fromkeys(filter(None, (facts.get("buyer"), *buyers.values_list("name", flat=True)[:NAMED_IN_A_LEAD])))
    told = _("%(buyers)s 的进货票据上的供货单位，没有档案。") % {"buyers": _("、").join(names)} if names else ""
    note = "\n".join(filter(None, (told, facts.get("note"))))
    supplier.lead = leads.send(by, origin=ORIGIN, area=village, name=supplier.name, note=note, source=supplier)


def _settle_in(supplier: Supplier, area: str) -> None:
    """It belongs to this village from now on. Raises Refused where one of its name is there already."""
    if Supplier.objects.filter(area=area, key=supplier.key).exclude(pk=supplier.pk).exists():
        said = _("这个村已有同名的供货单位，请在那一条上办理。")
        raise Refused(said, {"village": said}, "invalid")
    supplier.area = area


@SUPPLIER.effect("tie")
def tied(supplier: Supplier, by: User | None, _facts: dict[str, Any]) -> None:
    """Its purchases are those of the place."""
    place = supplier.place
    if place is None or place.area[:9] != supplier.area[:9]:
        raise Refused(_("请选本镇在册的一户。"), {"place": _("请选择")}, "invalid")
    _move_to(supplier, place.area)
    if supplier.lead and supplier.lead.state == "open":
        # The village need not look any more: it is told which file it is, as if it had found it itself.
        flow.move(supplier.lead, "known", by, within=True, file=place)


def _move_to(supplier: Supplier, area: str) -> None:
    if not Supplier.objects.filter(area=area, key=supplier.key).exclude(pk=supplier.pk).exists():
        supplier.area = area


@SUPPLIER.effect("outside")
def from_outside(supplier: Supplier, by: User | None, facts: dict[str, Any]) -> None:
    """Not ours: whoever buys there checks and keeps its papers."""
    supplier.note, supplier.ended_on = facts.get("note") or "", today()
    if supplier.lead and supplier.lead.state == "open":
        flow.move(
            supplier.lead, "none", by, within=True, reason=_("供货单位在外地：%(town)s") % {"town": supplier.town}
        )


@SUPPLIER.effect("inside")
def not_outside(supplier: Supplier, _by: User | None, _facts: dict[str, Any]) -> None:
    """The loop is open again."""
    supplier.ended_on, supplier.loop = None, True


@SUPPLIER.effect("found")
def was_found(supplier: Supplier, _by: User | None, _facts: dict[str, Any]) -> None:
    """The village has it on file."""
    assert supplier.lead is not None
    supplier.place = supplier.lead.file
    if supplier.place is not None:
        _move_to(supplier, supplier.place.area)


@SUPPLIER.effect("referred")
def went_on(supplier: Supplier, _by: User | None, facts: dict[str, Any]) -> None:
    """The village gave the lead to another one."""
    assert supplier.lead is not None
    facts["village"] = supplier.lead.area
    supplier.asked = [*supplier.asked, supplier.lead.area]
    _move_to(supplier, supplier.lead.area)


@SUPPLIER.effect("close")
def loop_closed(supplier: Supplier, _by: User | None, _facts: dict[str, Any]) -> None:
    """Registered, or gone: nothing is left to be done about the name."""
    since = standing.of(supplier).since
    supplier.ended_on = max(since, supplier.first_on) if since else today()


def buyers_elsewhere(supplier: Supplier, user: User) -> int:
    """How many buyers of a supplier lie on ground that this person does not see."""
    lines = Purchase.objects.standing().filter(supplier=supplier.pk).values("buyer")
    return Buyer.objects.filter(pk__in=lines).exclude(pk__in=Buyer.objects.seen_by(user).values("pk")).count()


def follow_leads() -> tuple[int, int]:
    """What became of the leads, and which loops are closed by it; how many of each. For the night watch."""
    rows = Supplier.objects.with_place().filter(state="sent").exclude(lead=None)
    moved = 0
    for supplier in rows:
        assert supplier.lead is not None
        if supplier.lead.state in ("found", "known"):
            flow.move(supplier, "found", None)
        elif supplier.lead.state == "none":
            flow.move(supplier, "lost", None)
        elif supplier.lead.area not in supplier.asked:
            flow.move(supplier, "referred", None)
        else:
            continue
        moved += 1
    return moved, _close_loops()


def _close_loops() -> int:
    known = list(Supplier.objects.with_place().filter(loop=True, ended_on=None, state="known"))
    standing.lay(known)
    done = [supplier for supplier in known if supplier.standing.key in ("valid", "closed")]
    for supplier in done:
        flow.move(supplier, "close", None)
    return len(done)


# -- checks


@CHECK.beginning
def begin_check(user: User, params: dict[str, str]) -> Check:
    """A check of a buyer on one's own ground."""
    buyer = get_object_or_404(Buyer.objects.seen_by(user).select_related("kind", "file"), pk=params.get("buyer"))
    return Check(buyer=buyer, file=buyer.file, area=buyer.area, by=user)


@CHECK.predicate("buyer_active")
def buyer_active(check: Check, _facts: dict[str, Any]) -> bool:
    """It still buys."""
    return check.buyer.state == "active"


@CHECK.predicate("nothing_running")
def nothing_running(check: Check, _facts: dict[str, Any]) -> bool:
    """What was found before is dealt with first."""
    return not Check.objects.filter(buyer=check.buyer_id, state="found").exclude(pk=check.pk).exists()


@CHECK.effect("pass", "find")
def looked(check: Check, by: User | None, facts: dict[str, Any]) -> None:
    """The buyer's turn comes anew; what is named as a problem is one of the town's list."""
    check.note = facts.get("note") or ""
    if check.checked_on > today():
        raise Refused(_("核查日期不能晚于今天。"), {"checked_on": _("不能晚于今天")}, "invalid")
    if check.state == "found":
        _fit_problems(check)
    flow.move(check.buyer, "checked", by, within=True, on=check.checked_on)


def problems_of(area: str) -> list[dict[str, Any]]:
    """What a check may find, by the town's list."""
    return list(Rule.objects.value(PROBLEMS, area, default=[]))


def _fit_problems(check: Check) -> None:
    known = {row["code"] for row in problems_of(check.area)}
    if not check.problems or set(check.problems) - known:
        raise Refused(_("请至少勾选一个问题。"), {"problems": _("请勾选")}, "invalid")
    if check.fix_by is None or check.fix_by < check.checked_on:
        raise Refused(_("处理期限不能早于核查日期。"), {"fix_by": _("不能早于核查日期")}, "invalid")


@CHECK.effect("void")
def check_voided(check: Check, by: User | None, _facts: dict[str, Any]) -> None:
    """As if it had not been: the buyer's turn is reckoned anew."""
    flow.move(check.buyer, "checked", by, within=True)


# -- warnings


@ALERT.predicate("amount_told")
def amount_told(_alert: Alert, facts: dict[str, Any]) -> bool:
    """Who has stopped something says how much."""
    return facts.get("measure") != "stopped" or bool(facts.get("quantity"))


@ALERT.effect("answer")
def answered(alert: Alert, _by: User | None, facts: dict[str, Any]) -> None:
    """The buyer has answered."""
    alert.answered_on, alert.note = today(), facts.get("note") or ""
