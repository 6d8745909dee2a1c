"""May this supplier sell? Valid, run out, none, closed, unknown, elsewhere: judged against our register for a day.

The paper of a place is told by the room that issues papers (`Room.papers`); a paper that was only shown at the survey
counts as told, not as proved. One answer for one or for many, in a fixed number of queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import TRADING, Establishment
from sanxiao.docket import rooms
from sanxiao.docket.models import Rule
from sanxiao.docket.rooms import Paper
from sanxiao.docket.tables import State
from sanxiao.office.now import today
from sanxiao.sources.models import Supplier

VERDICTS = {
    "valid": State("valid", gettext_lazy("证照有效"), "green"),
    "told": State("told", gettext_lazy("自述持证"), "blue"),
    "suspended": State("suspended", gettext_lazy("证照暂停"), "red"),
    "expired": State("expired", gettext_lazy("证照过期"), "red"),
    "none": State("none", gettext_lazy("无证"), "red"),
    "closed": State("closed", gettext_lazy("已关停"), "red"),
    "outside": State("outside", gettext_lazy("外地"), "blue"),
    "unknown": State("unknown", gettext_lazy("未在册"), "red"),
}
BAD = ("suspended", "expired", "none", "closed", "unknown")
ADVICE = {
    "valid": gettext_lazy("可以进货，留存证照复印件和票据。"),
    "told": gettext_lazy("调查时自述持证，请当面核对原件。"),
    "suspended": gettext_lazy("证照已暂停，暂停期间不得进货。"),
    "expired": gettext_lazy("证照已过期，换证前不得进货。"),
    "none": gettext_lazy("没有登记证、卡，不得进货。"),
    "closed": gettext_lazy("已登记关停，不得进货；仍在供货的请报分局。"),
    "outside": gettext_lazy("外地供货，请查验并留存许可证和检验报告。"),
    "unknown": gettext_lazy("不在册。登记后交给所在村核实，核实前不要再进货。"),
}  # fmt: skip
# What the survey asks about the paper of each kind: answer, number, last day (forms B01, C01, D01).
TOLD = {
    "workshop": ("certificate", "certificate_no", "certificate_until"), "vendor": ("card", "card_no", "card_until"),
    "eatery": ("food_licence", "food_licence_no", "food_licence_until"),
}  # fmt: skip
CARD_COUNTS = "small_eatery.card_counts_as_certified"


@dataclass(frozen=True)
class Standing:
    """How a supplier stands on a day: the verdict, and the paper that it rests on."""

    key: str
    number: str = ""
    paper: str = ""
    until: date | None = None
    since: date | None = None

    @property
    def state(self) -> State:
        """Word and tone."""
        return VERDICTS[self.key]

    @property
    def advice(self) -> str:
        """What the buyer is told."""
        return str(ADVICE[self.key])

    @property
    def bad(self) -> bool:
        """Nothing may be bought there."""
        return self.key in BAD

    @property
    def words(self) -> str:
        """'食品小作坊登记证 ZF…，有效期至 2020-06-05'."""
        until = _("有效期至 %(day)s") % {"day": self.until} if self.until else ""
        return _("，").join(filter(None, (f"{self.paper} {self.number}".strip(), until)))

    def kept(self) -> dict[str, Any]:
        """As a purchase keeps it."""
        said = {"number": self.number, "paper": self.paper, "until": self.until}
        return {name: value for name, value in said.items() if value}


UNKNOWN, OUTSIDE = Standing("unknown"), Standing("outside")


def of_files(files: Iterable[Establishment], on: date | None = None) -> dict[UUID, Standing]:
    """How places stand on a day, by key; with their kind at hand, in two queries."""
    held, day = list(files), on or today()
    papers = rooms.papers_of(held, day)
    counts = bool(Rule.objects.value(CARD_COUNTS, held[0].area, day, False)) if held else False
    return {file.pk: _of(file, papers.get(file.pk), day, counts) for file in held}


def _of(file: Establishment, paper: Paper | None, day: date, card_counts: bool) -> Standing:
    if file.state not in TRADING and day >= today():
        return Standing("closed")
    told = _told(file, day)
    if paper is None or (file.kind_id == "eatery" and not card_counts):
        return told
    found = Standing(
        {"ended": "none"}.get(paper.state, paper.state), paper.number, paper.name, paper.until, paper.since
    )
    return told if found.bad and not told.bad else found


def _told(file: Establishment, day: date) -> Standing:
    """What the operator said at the survey."""
    answer, number, until = TOLD.get(file.kind_id, ("", "", ""))
    said, last = file.facts.get(answer), _day(file.facts.get(until))
    if said not in ("held", "expired"):
        return Standing("none")
    gone = said == "expired" or (last is not None and last < day)
    return Standing("expired" if gone else "told", str(file.facts.get(number) or ""), "", last)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text or "")[:10])
    except ValueError:
        return None


def lay(suppliers: Sequence[Supplier], on: date | None = None) -> Mapping[UUID, Standing]:
    """Write on each supplier (`standing`) how it stands on a day; returns the same by key. See `with_place`."""
    places = {place.pk: place for s in suppliers if (place := s.found_place) is not None}
    known = of_files(places.values(), on)
    for supplier in suppliers:
        place = supplier.found_place
        fallback = OUTSIDE if supplier.state == "outside" else UNKNOWN
        supplier.standing = known[place.pk] if place is not None else fallback
    return {supplier.pk: supplier.standing for supplier in suppliers}


def of(supplier: Supplier, on: date | None = None) -> Standing:
    """How one supplier stands on a day."""
    return lay([supplier], on)[supplier.pk]
