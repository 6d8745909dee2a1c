"""What an office itself has done, from the log: the table of a department's report.

Only a village has establishments of its own. A department reports its acts: every move of a flow that
its people made or counter-signed, counted by the same log, with the same lists.
"""

from collections import Counter, defaultdict
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.docket import rooms
from sanxiao.docket.models import Event
from sanxiao.docket.tables import Flow
from sanxiao.office.models import Office
from sanxiao.reports.columns import Column, Flows, Hits, Table
from sanxiao.reports.figures import Figures, Key
from sanxiao.reports.quarters import Period
from sanxiao.reports.records import Items, Place

SIGNED = "sign:"
TITLE, UNIT = gettext_lazy("本单位办理的事项"), gettext_lazy("件次")
NOTE = gettext_lazy("按本单位人员在本系统的办理记录计数，会签另计；撤销、更正也各是一件。")


def done_by(unit: Office, period: Period) -> QuerySet[Event]:
    """The office's acts from the campaign's beginning to the end of the period; its own reports apart."""
    rows = Event.objects.filter(office=unit, on__gte=period.start, on__lte=period.until)
    return rows.filter(kind__in=[flow.key for flow in _told_flows()])


# The reports themselves; and tips: "one, in that village" points at whoever told, and the unit that is told of reads
# the reports of others too. What may be told of tips stands in table 8.
UNTOLD = ("reports.", "tips.")


def _told_flows() -> list[Flow]:
    """Flows that people speak of: not parts of a larger matter, and none of the untold."""
    return [f for f in rooms.flows() if not getattr(f, "part", False) and not f.key.startswith(UNTOLD)]


def columns() -> dict[str, Column]:
    """One column for every move that a person can make, and for its counter-signature, in the order of the house."""
    found = {}
    for flow in _told_flows():
        for row in flow.moves:
            if row.duty is None:
                continue
            names = {row.key: str(row.name)}
            if row.needs:
                names[f"{SIGNED}{row.key}"] = _("会签：%(name)s") % {"name": row.name}
            for move, name in names.items():
                hits = Hits(flow.key, (move,))
                found[f"{flow.key}.{move}"] = Column(f"{flow.key}.{move}", name, Flows((hits,)), group=str(flow.name))
    return found


def count(unit: Office, period: Period) -> Figures:
    """How often each, this quarter and cumulative, by village."""
    known, cells = columns(), Counter[Key]()
    rows = done_by(unit, period).values("kind", "move", "area").annotate(
        quarter=Count("pk", filter=Q(on__gte=period.since)), whole=Count("pk")
    )  # fmt: skip
    for row in rows:
        if (key := f"{row['kind']}.{row['move']}") in known:
            cells[key, "q", row["area"], ""] += row["quarter"]
            cells[key, "c", row["area"], ""] += row["whole"]
    return Figures(cells)


class Shelf:
    """An office's acts, read once for all the lists of one reading."""

    def __init__(self, unit: Office, period: Period) -> None:
        self.period = period
        self._acts: dict[str, list[tuple[int, str, date]]] = defaultdict(list)
        rows = done_by(unit, period).order_by("pk").values_list("kind", "move", "pk", "area", "on")
        for kind, move, event, area, on in rows:
            self._acts[f"{kind}.{move}"].append((event, area, on))

    def lists(self, column: Column, span: str) -> dict[Place, Items]:
        """The events of one act, by village."""
        found: dict[Place, dict[int, int]] = {}
        for event, area, on in self._acts[column.key]:
            if self.period.holds(on, span):
                found.setdefault((area, ""), {})[event] = 1
        return {place: Items(events, []) for place, events in found.items()}


def table(figures: Figures) -> Table:
    """The columns that hold anything."""
    used = {column for column, *_rest in figures.leaves}
    return Table("works", TITLE, UNIT, tuple(c for key, c in columns().items() if key in used), note=NOTE)
