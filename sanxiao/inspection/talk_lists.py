"""The list of talks."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Kind
from sanxiao.inspection.talk_models import Talk
from sanxiao.inspection.talk_rules import TALK
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing

STATES = [("open", _("未办结")), *[(state.key, state.name) for state in TALK.states]]
DUE = [("late", _("已逾期"))]


def rows(user: Any) -> QuerySet[Talk]:
    """Talks that this person may see."""
    found = Talk.objects.seen_by(user).select_related("file__kind", "officer")
    return found.defer("file__facts", "file__search")


def found(talks: QuerySet[Talk], text: str) -> QuerySet[Talk]:
    """Those of a place found by any of its names, or by the talk's own number."""
    places = Establishment.objects.matching(text).values("pk")
    return talks.filter(Q(file__in=places) | Q(number__icontains=text.strip()))


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="talk")]


def _kinds(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)]


def _in_state(talks: QuerySet[Talk], value: str) -> QuerySet[Talk]:
    return talks.filter(state__in=TALK.open_states) if value == "open" else talks.filter(state=value)


TALKS = Listing(
    key="talks",
    title=_("责任约谈"),
    rows=rows,
    columns=(
        Column("file", _("经营单位"), lambda t: t.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda t: t.state, slot="state", state=lambda t: t.state_row),
        Column("number", _("文号"), lambda t: t.number, width=22),
        Column("cause", _("约谈事由"), lambda t: t.cause, slot="note", width=30),
        Column("person", _("被约谈人"), lambda t: t.person, slot="note", width=12),
        Column("area", _("村（社区）"), lambda t: t.area, kind="area", slot="note", width=16),
        Column("day", _("约谈日期"), lambda t: t.day, kind="date", width=12),
        Column("officer", _("约谈人"), lambda t: str(t.officer or ""), width=12),
        Column("due", _("最近期限"), lambda t: t.due_on, kind="due", slot="end", width=12),
        Column("updated", _("更新"), lambda t: t.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(file__kind=v)),
        Filter("state", _("状态"), lambda _u: STATES, _in_state),
        Filter(
            "due", _("期限"), lambda _u: DUE,
            lambda rows, _v: rows.filter(state__in=TALK.open_states, due_on__lt=today()),
        ),
    ),
    search=found,
    template="inspection/list.html",
    empty={
        "title": _("还没有责任约谈"),
        "text": _("在一户的档案页、检查或者整改通知上按“约谈”，约谈就出现在这里。"),
    },
)  # fmt: skip
