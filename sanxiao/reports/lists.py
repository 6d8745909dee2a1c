"""The list behind a number, as every other list of the house: on screen, as a workbook, on paper."""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.lists import FILES
from sanxiao.archive.models import Establishment
from sanxiao.campaign.lists import act_name
from sanxiao.docket import rooms
from sanxiao.papers.lists import Column, Listing
from sanxiao.reports.models import Due, Hit, Report
from sanxiao.reports.records import Items
from sanxiao.reports.rules import TOWN

LONG = ("facts", "search", "operator__phone_sealed", "operator__id_number_sealed")
EMPTY = {"title": _("这个数字背后没有记录"), "text": _("计数为零。")}


def listing(key: str, title: str, items: Items, template: str = "reports/cell.html") -> Listing:
    """A list page over exactly these records. Who may see the number may see of whom it is made."""
    if items.events:
        return Listing(key, title, lambda _user: hits(items), EVENTS, order="-id", empty=EMPTY, template=template)
    rows = Establishment.objects.filter(pk__in=items.files).select_related("operator", "kind").defer(*LONG)
    return Listing(key, title, lambda _user: rows, FILES.columns, empty=EMPTY, template=template)


def hits(items: Items) -> QuerySet[Hit]:
    """Events with the sign by which each counts and the place it concerns."""
    place = Establishment.objects.filter(pk=OuterRef("file"))
    lost = [event for event, sign in items.events.items() if sign < 0]
    sign = Case(When(pk__in=lost, then=Value(-1)), default=Value(1), output_field=IntegerField())
    return Hit.objects.filter(pk__in=items.events).select_related("office").annotate(
        sign=sign if lost else Value(1),
        name=Subquery(place.values("name")[:1], output_field=CharField()),
    )  # fmt: skip


def _entered(hit: Any) -> date:
    """The day on which it came in: what it counts for is the day on which it happened."""
    return timezone.localtime(hit.at).date()


EVENTS = (
    Column("name", _("名称"), lambda hit: hit.name or flow_name(hit.kind), slot="title", width=24),
    Column("act", _("事项"), act_name, slot="note", width=16),
    Column("on", _("发生日期"), lambda hit: hit.on, kind="date", slot="end", width=12),
    Column("entered", _("收到日期"), lambda hit: _entered(hit), kind="date", width=12),
    Column("late", _("迟到"), lambda hit: gettext("补录") if (_entered(hit) - hit.on).days > 1 else "", slot="note"),
    Column("area", _("村（社区）"), lambda hit: hit.area, kind="area", slot="note", width=16),
    Column("office", _("办理单位"), lambda hit: str(hit.office) if hit.office else "", width=18),
    Column("sign", _("计数"), lambda hit: hit.sign, kind="int", width=8),
)


def due_listing(title: str, rows: QuerySet[Due]) -> Listing:
    """Legal terms, the most urgent first; what hangs on no place is called by the unit that owes it."""
    place, report = Establishment.objects.filter(pk=OuterRef("file")), Report.objects.filter(pk=OuterRef("subject"))
    named = rows.annotate(
        place=Subquery(place.values("name")[:1], output_field=CharField()),
        debtor=Subquery(report.values(_in_its_language("unit__name"))[:1], output_field=CharField()),
        scope=Subquery(report.values("scope")[:1], output_field=CharField()),
    )
    empty = {"title": _("没有这样的期限"), "text": _("到期和逾期的事项会列在这里。")}
    return Listing("terms", title, lambda _user: named, DUES, order="due_on", empty=empty, template="reports/cell.html")


def _in_its_language(field: str) -> str:
    """The column of a name in the language of the screen."""
    return f"{field}_en" if (get_language() or "").startswith("en") else field


def due_name(due: Any) -> str:
    """The place, or whose report it is."""
    whose = _("全镇汇总") if due.scope == TOWN else due.debtor
    return due.place or str(whose or flow_name(due.kind))


def flow_name(kind: str) -> str:
    """What a kind of matter is called."""
    try:
        return str(rooms.flow_of(kind))
    except KeyError:
        return kind


DUES = (
    Column("place", _("名称"), due_name, slot="title", width=24),
    Column("name", _("期限"), lambda due: due.name, slot="note", width=18),
    Column("kind", _("事项"), lambda due: flow_name(due.kind), slot="note", width=14),
    Column("area", _("村（社区）"), lambda due: due.area, kind="area", slot="note", width=16),
    Column("due", _("到期日"), lambda due: due.due_on, kind="due", slot="end", width=12),
    Column("law", _("依据"), lambda due: due.law, width=30),
)
