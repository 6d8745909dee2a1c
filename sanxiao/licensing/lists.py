"""The lists of the room: applications of both routes, papers, those that run out, those that could have one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Kind
from sanxiao.licensing import eligibility
from sanxiao.licensing.acts import renewal_days
from sanxiao.licensing.models import Application, Certificate, CertificateQuerySet
from sanxiao.licensing.orders import with_open_orders
from sanxiao.licensing.rules import APPLICATION, CERTIFICATE_FLOW, PURPOSES, ROUTES
from sanxiao.office.duties import may, scope_of
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user)]


def _kinds(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)]


def _states(_user: Any) -> Sequence[tuple[str, Any]]:
    return [("open", gettext("办理中")), *((state.key, state.name) for state in APPLICATION.states)]


def _manages(user: Any) -> bool:
    return may(user, "paper.manage")


tabs = Tabs(
    _("登记发证"),
    (
        Tab("applications", _("申请")),
        Tab("certificates", _("证卡")),
        Tab("could-register", _("应办未办")),
        Tab("expiring", _("临近到期")),
        Tab("certificate-print", _("成批打印"), _manages),
        Tab("numbers", _("编号登记簿"), _manages),
    ),
)


def applications(user: Any) -> QuerySet:
    """Both routes in one inbox."""
    return Application.objects.seen_by(user).select_related("file__operator", "file__kind").defer("file__facts")


def certificates(user: Any) -> CertificateQuerySet:
    """All papers, the replaced ones too."""
    return Certificate.objects.seen_by(user).select_related("file__operator").defer("file__facts", "facts")


def expiring(user: Any) -> QuerySet:
    """Papers that run out within the time in which a renewal is asked for, and have no renewal in hand."""
    prefixes = [seat.prefix.ljust(12, "0") for seat in scope_of(user).seats] or [""]
    until = today() + timedelta(days=max(renewal_days(area) for area in prefixes))
    renewing = Application.objects.undecided().filter(previous=OuterRef("pk"), purpose="renew")
    return certificates(user).ending(until).filter(~Exists(renewing))


def could_register(user: Any) -> QuerySet:
    """第1类: meets the conditions, holds no paper, has not applied (E12)."""
    held = Certificate.objects.filter(file=OuterRef("pk"), state__in=("valid", "suspended"))
    asked = Application.objects.undecided().filter(file=OuterRef("pk"))
    rows = Establishment.objects.seen_by(user).trading().filter(case="1").exclude(kind__document="")
    return rows.filter(~Exists(held), ~Exists(asked)).select_related("operator", "kind").defer("search")


APPLICATIONS = Listing(
    key="applications",
    title=_("登记发证 · 申请"),
    rows=applications,
    columns=(
        Column("name", _("名称"), lambda a: a.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda a: a.state, slot="state", state=lambda a: a.state_row),
        Column("purpose", _("申请事项"), lambda a: a.get_purpose_display(), slot="note", width=10),
        Column("kind", _("类别"), lambda a: str(a.file.kind), slot="note", width=12),
        Column("route", _("办理路径"), lambda a: str(a.get_route_display()), width=18),
        Column("area", _("村（社区）"), lambda a: a.area, kind="area", slot="note", width=16),
        Column("number", _("申请编号"), lambda a: a.number, width=26),
        Column("due", _("期限"), lambda a: a.due_on, kind="due", slot="end", width=14),
    ),
    filters=(
        Filter("route", _("办理路径"), lambda _u: ROUTES, lambda rows, v: rows.filter(route=v)),
        Filter("state", _("状态"), _states,
               lambda rows, v: rows.filter(state__in=APPLICATION.open_states if v == "open" else [v])),
        Filter("purpose", _("申请事项"), lambda _u: PURPOSES, lambda rows, v: rows.filter(purpose=v)),
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(file__kind=v)),
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
    ),
    search=lambda rows, text: _found(rows, text),
    empty={"title": _("还没有申请"), "text": _("从一户的档案页点“代办申请”，就开始一件。"), "url": "could-register",
           "act": _("看应办未办的")},
    template="licensing/list.html",
)  # fmt: skip

_PAPER_COLUMNS = (
    Column("name", _("名称"), lambda c: c.file.called, slot="title", width=24),
    Column("state", _("状态"), lambda c: c.state, slot="state", state=lambda c: c.state_row),
    Column("document", _("证卡"), lambda c: c.document, slot="note", width=18),
    Column("number", _("编号"), lambda c: c.number, slot="note", width=26),
    Column("area", _("村（社区）"), lambda c: c.area, kind="area", slot="note", width=16),
    Column("operator", _("经营者"), lambda c: c.file.operator.name, width=10),
    Column("issued_on", _("发证日期"), lambda c: c.issued_on, kind="date", sort="issued_on", width=12),
)
_PAPER_FILTERS = (
    Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(kind_code=v)),
    Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
)


def _found(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(Q(file__in=Establishment.objects.matching(text)) | Q(number=text.strip().upper()))


CERTIFICATES = Listing(
    key="certificates",
    title=_("证卡"),
    rows=certificates,
    columns=(
        *_PAPER_COLUMNS,
        Column("valid_to", _("有效期至"), lambda c: c.valid_to, kind="date", slot="end", sort="valid_to", width=12),
    ),
    filters=(
        Filter("state", _("状态"), lambda _u: [(s.key, s.name) for s in CERTIFICATE_FLOW.states],
               lambda rows, v: rows.filter(state=v)),
        *_PAPER_FILTERS,
        Filter("place", _("经营状态"), lambda _u: [("ended", gettext("已关停或迁出，证卡未注销"))],
               lambda rows, _v: rows.filter(state__in=("valid", "suspended"), file__state__in=("closed", "moved"))),
    ),
    order="-issued_on",
    search=_found,
    empty={"title": _("还没有发出证卡"), "text": _("申请准予登记、制证以后，证卡出现在这里。")},
    template="licensing/list.html",
)  # fmt: skip

EXPIRING = Listing(
    key="expiring",
    title=_("临近到期，还没有申请延续"),
    rows=expiring,
    columns=(
        *_PAPER_COLUMNS,
        Column("valid_to", _("有效期至"), lambda c: c.valid_to, kind="due", slot="end", sort="valid_to", width=14),
    ),
    filters=_PAPER_FILTERS,
    order="valid_to",
    search=_found,
    empty={"title": _("没有临近到期的证卡"), "text": _("有效期届满前三十日起，还没有申请延续的出现在这里。")},
    template="licensing/list.html",
)


def could(user: Any) -> Listing:
    """Those that could have a paper, with what is to be checked before; settings and orders are read once for all."""
    rows = could_register(user)
    town = next((seat.prefix for seat in scope_of(user).seats), "").ljust(12, "0")
    ground = eligibility.ground_for(town, with_open_orders(rows))

    def to_check(file: Establishment) -> str:
        found = eligibility.findings(file, ground)
        return "；".join(f.text for f in found if f.level in (eligibility.BAR, eligibility.WARN))

    column = Column("why", _("办证前要核实的"), to_check, slot="end", width=40)
    return replace(_COULD, columns=(*_COULD.columns, column))


_COULD = Listing(
    key="could-register",
    title=_("具备条件未办证，还没有申请"),
    rows=could_register,
    columns=(
        Column("name", _("名称"), lambda f: f.called, slot="title", width=24),
        Column("kind", _("类别"), lambda f: str(f.kind), slot="note", width=12),
        Column("operator", _("经营者"), lambda f: f.operator.name, slot="note", width=10),
        Column("area", _("村（社区）"), lambda f: f.area, kind="area", slot="note", width=16),
        Column("number", _("档案编号"), lambda f: f.number, width=24),
    ),
    filters=(
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(kind=v)),
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
    ),
    search=lambda rows, text: rows.matching(text),
    empty={"title": _("没有应办未办的"), "text": _("审定为第1类（具备条件未办证）、还没有申请的，出现在这里。")},
    template="licensing/list.html",
)
