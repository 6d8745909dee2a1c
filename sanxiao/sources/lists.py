"""The lists of the room: buyers (which is the work list of checks), purchases, suppliers, loops, checks, warnings."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.tables import State
from sanxiao.office.duties import may
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs
from sanxiao.sources import loops, standing
from sanxiao.sources.models import Alert, Buyer, BuyerKind, Check, Purchase, PurchaseQuerySet, Supplier, quarter_of
from sanxiao.sources.rules import ALERT, BUYER, CHECK, SUPPLIER, WAYS

DONE = [("yes", _("本季度已核查")), ("no", _("本季度未核查")), ("late", _("已过应核查日期"))]
VERDICT = [(key, state.name) for key, state in standing.VERDICTS.items()]


tabs = Tabs(
    _("进货核查"),
    (
        Tab("buyers", _("进货单位")),
        Tab("purchases", _("进货记录")),
        Tab("suppliers", _("供货单位")),
        Tab("loops", _("来源闭环")),
        Tab("source-checks", _("核查")),
        Tab("alerts", _("停用通知")),
    ),
)


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="source")]


def _kinds(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(kind.code, str(kind)) for kind in BuyerKind.objects.all()]


def _states(table: Any) -> Any:
    return lambda _user: [(state.key, state.name) for state in table.states]


def _in_area(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(area=value)


def _in_state(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(state=value)


AREA = Filter("area", _("村（社区）"), _areas, _in_area)


# -- buyers


def buyers(user: Any) -> QuerySet[Buyer]:
    """Buyers with how many lines of this quarter name a supplier from whom nothing may be bought."""
    first, last = quarter_of(today())
    lines = Purchase.objects.standing().filter(buyer=OuterRef("pk"), bought_on__range=(first, last))
    rows = Buyer.objects.seen_by(user).select_related("kind", "officer", "file")
    bad = lines.filter(verdict__in=standing.BAD).order_by().values("buyer").annotate(n=Count("pk")).values("n")
    return rows.annotate(bad=bad[:1]).defer("file__facts", "file__search")


def _by_quarter(rows: QuerySet[Buyer], value: str) -> QuerySet[Buyer]:
    active = rows.filter(state="active")
    if value == "late":
        return active.filter(check_by__lt=today())
    first, _last = quarter_of(today())
    unchecked = Q(checked_on__isnull=True) | Q(checked_on__lt=first)
    return active.filter(unchecked) if value == "no" else active.exclude(unchecked)


def _new_buyer(request: HttpRequest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if may(request.user, "source.enter"):
        found.append({"name": gettext("Excel 导入进货"), "url": reverse("purchase-import")})
    if may(request.user, "source.buyer"):
        found.append({"name": gettext("登记进货单位"), "url": reverse("do", args=[BUYER.key, "new", "register"]),
                      "primary": True})  # fmt: skip
    return found


BUYERS = Listing(
    key="buyers",
    title=_("进货单位"),
    template="sources/list.html",
    rows=buyers,
    order="check_by",
    columns=(
        Column("name", _("名称"), lambda b: b.name, slot="title", width=26),
        Column("state", _("状态"), lambda b: b.state, slot="state", state=lambda b: checked_state(b)),
        Column("kind", _("类别"), lambda b: str(b.kind), slot="note", width=16),
        Column("area", _("村（社区）"), lambda b: b.area, kind="area", slot="note", width=16),
        Column("officer", _("核查责任人"), lambda b: b.officer.name if b.officer else "", width=10),
        Column("bad", _("本季问题进货"), lambda b: b.bad or 0, kind="int", width=12),
        Column("checked", _("上次核查"), lambda b: b.checked_on, kind="date", width=12),
        Column("check_by", _("应核查于"), lambda b: b.check_by if b.state == "active" else None, kind="due",
               slot="end", sort="check_by", width=12),
    ),
    filters=(
        AREA,
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(kind=v)),
        Filter("quarter", _("核查"), lambda _u: DONE, _by_quarter),
        Filter("state", _("在册"), _states(BUYER), _in_state),
    ),
    search=lambda rows, text: rows.matching(text),
    empty={
        "title": _("还没有进货单位"),
        "text": _("食堂、学校、超市、摊贩点、集贸市场登记以后，它们的进货就能与名录核对。"),
    },
    actions=_new_buyer,
)  # fmt: skip
CHECKED = {
    "yes": State("yes", _("本季已核查"), "green"), "no": State("no", _("本季未核查"), "amber"),
    "late": State("late", _("应查未查"), "red"),
}  # fmt: skip


def checked_state(buyer: Buyer) -> State:
    """Has it been checked this quarter?"""
    if buyer.state != "active":
        return buyer.state_row
    if buyer.checked_on and buyer.checked_on >= quarter_of(today())[0]:
        return CHECKED["yes"]
    return CHECKED["late" if buyer.is_late else "no"]


# -- purchases


def purchases(user: Any) -> PurchaseQuerySet:
    """Lines with their suppliers and the places that these are."""
    rows = Purchase.objects.seen_by(user).select_related("buyer", *_of_supplier("supplier__"))
    found: PurchaseQuerySet = rows.defer("supplier__place__search", "supplier__lead__file__search")
    return found


def _of_supplier(path: str) -> list[str]:
    ways = ("place__kind", "place__operator", "lead__file__kind", "lead__file__operator")
    return [f"{path}{way}" for way in ways]


def lay_lines(lines: Sequence[Purchase]) -> None:
    """How the supplier of each line stands today."""
    standing.lay([line.supplier for line in lines])


def _found_lines(rows: QuerySet[Purchase], text: str) -> QuerySet[Purchase]:
    wanted = text.replace("\0", "").strip()[:50]
    buyers_found = Buyer.objects.matching(wanted).values("pk")
    words = Q(named__icontains=wanted) | Q(food__icontains=wanted) | Q(invoice__icontains=wanted)
    return rows.filter(words | Q(supplier__name__icontains=wanted) | Q(buyer__in=buyers_found))


PURCHASES = Listing(
    key="purchases",
    title=_("进货记录"),
    template="sources/list.html",
    rows=purchases,
    order="-bought_on",
    columns=(
        Column("food", _("食品"), lambda p: p.food, slot="title", width=18),
        Column("verdict", _("进货时"), lambda p: p.verdict, slot="state", state=lambda p: standing.VERDICTS[p.verdict]),
        Column("now", _("现在"), lambda p: p.supplier.standing.key, state=lambda p: p.supplier.standing.state),
        Column("named", _("供货单位"), lambda p: p.supplier.name, slot="note", width=22),
        Column("where", _("供货单位所在村"), lambda p: p.supplier.area, kind="area", width=16),
        Column("buyer", _("进货单位"), lambda p: p.buyer.name, slot="note", width=22),
        Column("area", _("村（社区）"), lambda p: p.area, kind="area", width=16),
        Column("amount", _("数量"), lambda p: p.amount, slot="note", width=10),
        Column("invoice", _("票据号"), lambda p: p.invoice, width=16),
        Column("bought_on", _("进货日期"), lambda p: p.bought_on, kind="date", slot="end", sort="bought_on", width=12),
        Column("state", _("状态"), lambda p: p.state, state=lambda p: p.state_row, width=10),
    ),
    filters=(
        AREA,
        Filter("verdict", _("进货时证照"), lambda _u: [("bad", gettext("有问题的")), *VERDICT],
               lambda rows, v: rows.filter(verdict__in=standing.BAD) if v == "bad" else rows.filter(verdict=v)),
        Filter("kind", _("进货单位类别"), _kinds, lambda rows, v: rows.filter(buyer__kind=v)),
        Filter("way", _("录入方式"), lambda _u: WAYS, lambda rows, v: rows.filter(way=v)),
    ),
    search=_found_lines,
    lay=lay_lines,
    empty={"title": _("还没有进货记录"), "text": _("在进货单位的页面上登记票据，或用手机拍、用 Excel 导入。")},
)  # fmt: skip


# -- suppliers and loops


def suppliers(user: Any) -> QuerySet[Supplier]:
    """Suppliers on one's ground, with how many lines name them."""
    lines = Purchase.objects.standing().filter(supplier=OuterRef("pk")).order_by().values("supplier")
    rows = Supplier.objects.seen_by(user).with_place()
    return rows.annotate(lines=lines.annotate(n=Count("pk")).values("n")[:1]).defer("place__search")


def _found_suppliers(rows: QuerySet[Supplier], text: str) -> QuerySet[Supplier]:
    return rows.filter(name__icontains=text.replace("\0", "").strip()[:50])


def _where(supplier: Supplier) -> str:
    return supplier.town or supplier.area


SUPPLIERS = Listing(
    key="suppliers",
    title=_("供货单位"),
    template="sources/list.html",
    rows=suppliers,
    columns=(
        Column("name", _("名称"), lambda s: s.name, slot="title", width=24),
        Column("now", _("现在"), lambda s: s.standing.key, slot="state", state=lambda s: s.standing.state),
        Column("state", _("核实"), lambda s: s.state, state=lambda s: s.state_row, slot="note", width=12),
        Column("area", _("所在村（社区）"), _where, kind="area", slot="note", width=16),
        Column("paper", _("证卡"), lambda s: s.standing.words, slot="note", width=34),
        Column("lines", _("进货条数"), lambda s: s.lines or 0, kind="int", width=10),
        Column("first", _("首次发现"), lambda s: s.first_on, kind="date", slot="end", sort="first_on", width=12),
    ),
    filters=(AREA, Filter("state", _("核实"), _states(SUPPLIER), _in_state)),
    search=_found_suppliers,
    lay=standing.lay,
    empty={"title": _("还没有供货单位"), "text": _("票据上写的供货单位登记后出现在这里，与名录逐一核对。")},
)

OPEN = [("open", _("未闭环")), ("closed", _("已闭环"))]


def loop_rows(user: Any) -> QuerySet[Supplier]:
    """Suppliers that nobody had on file when they were first named."""
    return loops.with_steps(suppliers(user).filter(loop=True))


def _by_loop(rows: QuerySet[Supplier], value: str) -> QuerySet[Supplier]:
    return rows.filter(ended_on__isnull=value == "open")


LOOPS = Listing(
    key="loops",
    title=_("来源闭环"),
    template="sources/loops.html",
    rows=loop_rows,
    order="first_on",
    columns=(
        Column("name", _("供货单位"), lambda s: s.name, slot="title", width=24),
        Column("step", _("走到哪一步"), lambda s: s.reached.key, slot="state", state=lambda s: s.reached),
        Column("area", _("所在村（社区）"), _where, kind="area", slot="note", width=16),
        Column("first", _("票据上发现"), lambda s: s.first_on, kind="date", sort="first_on", width=12),
        Column("sent", _("交办"), lambda s: s.sent_on, kind="date", width=12),
        Column("surveyed", _("调查"), lambda s: s.surveyed_on, kind="date", width=12),
        Column("filed", _("建档"), lambda s: s.filed_on, kind="date", width=12),
        Column("classed", _("分类"), lambda s: s.classed_on, kind="date", width=12),
        Column("ended", _("登记或关停"), lambda s: s.ended_on, kind="date", width=12),
        Column("days", _("天数"), loops.days, kind="int", slot="end", width=8),
    ),
    filters=(Filter("loop", _("闭环"), lambda _u: OPEN, _by_loop), AREA),
    search=_found_suppliers,
    lay=loops.lay,
    empty={"title": _("没有未在册的供货单位"), "text": _("票据上出现名录里没有的供货单位，就从这里一步步追到登记。")},
)


# -- checks and warnings


def checks(user: Any) -> QuerySet[Check]:
    """Checks on one's ground."""
    return Check.objects.seen_by(user).select_related("buyer__kind", "by")


CHECKS = Listing(
    key="source-checks",
    title=_("进货核查"),
    template="sources/list.html",
    rows=checks,
    order="-checked_on",
    columns=(
        Column("buyer", _("进货单位"), lambda c: c.buyer.name, slot="title", width=26),
        Column("state", _("结果"), lambda c: c.state, slot="state", state=lambda c: c.state_row),
        Column("kind", _("类别"), lambda c: str(c.buyer.kind), slot="note", width=16),
        Column("area", _("村（社区）"), lambda c: c.area, kind="area", slot="note", width=16),
        Column("by", _("核查人"), lambda c: "、".join(filter(None, (c.by.name, c.second))), slot="note", width=16),
        Column("n", _("问题"), lambda c: len(c.problems), kind="int", width=8),
        Column("due", _("处理期限"), lambda c: c.due_on, kind="due", width=12),
        Column("day", _("核查日期"), lambda c: c.checked_on, kind="date", slot="end", sort="checked_on", width=12),
    ),
    filters=(
        AREA,
        Filter("state", _("结果"), _states(CHECK), _in_state),
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(buyer__kind=v)),
    ),
    search=lambda rows, text: rows.filter(buyer__in=Buyer.objects.matching(text).values("pk")),
    empty={"title": _("还没有核查记录"), "text": _("在进货单位的页面上登记核查，或用手机上的核查表。")},
)


def alerts(user: Any) -> QuerySet[Alert]:
    """Warnings to the buyers of one's ground."""
    return Alert.objects.seen_by(user).select_related("buyer__kind", "place__operator").defer("place__facts")


ALERTS = Listing(
    key="alerts",
    title=_("停用通知"),
    template="sources/list.html",
    rows=alerts,
    order="-sent_on",
    columns=(
        Column("buyer", _("进货单位"), lambda a: a.buyer.name, slot="title", width=24),
        Column("state", _("状态"), lambda a: a.state, slot="state", state=lambda a: a.state_row),
        Column("food", _("食品"), lambda a: a.food, slot="note", width=18),
        Column("place", _("供货单位"), lambda a: a.place.called, slot="note", width=22),
        Column("area", _("村（社区）"), lambda a: a.area, kind="area", slot="note", width=16),
        Column("measure", _("处置"), lambda a: answer_words(a), width=20),
        Column("due", _("回执期限"), lambda a: a.due_on, kind="due", slot="end", width=12),
        Column("sent", _("通知日期"), lambda a: a.sent_on, kind="date", sort="sent_on", width=12),
    ),
    filters=(AREA, Filter("state", _("状态"), _states(ALERT), _in_state)),
    search=lambda rows, text: rows.filter(buyer__in=Buyer.objects.matching(text).values("pk")),
    empty={"title": _("没有停用通知"), "text": _("抽检不合格或需要停用时，在供货户的档案上通知它的全部进货单位。")},
)


def answer_words(alert: Alert) -> str:
    """'已停用、下架 12 公斤'."""
    amount = f"{alert.quantity.normalize():f} {alert.unit}" if alert.quantity is not None else ""
    return " ".join(filter(None, (str(alert.get_measure_display()), amount)))


def unchecked(user: Any) -> int:
    """Buyers that were not checked this quarter."""
    return _by_quarter(Buyer.objects.seen_by(user), "no").count()


def open_loops(user: Any) -> QuerySet[Supplier]:
    """Loops that are not closed, for the summary by village."""
    return Supplier.objects.seen_by(user).filter(loop=True, ended_on=None)
