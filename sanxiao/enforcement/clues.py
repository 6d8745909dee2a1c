"""What other rooms found that is for enforcement to look into, and that no case has come of yet.

Nothing is pushed up: visits, orders, samples, suppliers and checks of purchases are asked. Who registers a case from
one keeps the link both ways: the case names its source, and the page of the source shows the case (`follows`).
A report of the public is handed over by the room of tips itself (`acts.from_public`), for no case may know of one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.docket import rooms
from sanxiao.docket.rooms import Follow
from sanxiao.enforcement.models import Case, known
from sanxiao.enforcement.rules import CASE, ORIGINS
from sanxiao.inspection.models import Order
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.duties import may
from sanxiao.office.places import names_of
from sanxiao.sampling.models import Sample
from sanxiao.sampling.rules import FAILED
from sanxiao.sources.models import Check, Supplier

SHOWN = 200  # of each origin
ORIGIN_OF = {"inspection.visit": "visit", "inspection.order": "order", "sampling.sample": "sample",
             "sources.supplier": "purchase", "sources.check": "purchase"}  # fmt: skip


@dataclass(frozen=True)
class Clue:
    """One of them: where it comes from in words, the matter itself, and where its case begins."""

    origin: str
    matter: Any
    file: Any
    area: str
    url: str


def origins() -> tuple[tuple[str, QuerySet[Any]], ...]:
    """The clues of each room by the origin of the case; a case that was refused is settled as well."""
    return (
        ("sample", Sample.objects.failed_without_case(_taken(Sample))),
        ("visit", Visit.objects.clues().exclude(pk__in=_taken(Visit))),
        ("order", Order.objects.clues().exclude(pk__in=_taken(Order))),
        ("purchase", Supplier.objects.clues().exclude(pk__in=_taken(Supplier))),
    )


def _taken(model: Any) -> QuerySet[Any]:
    return Case.objects.filter(origin_kind=model.flow.key, origin_pk__isnull=False).values("origin_pk")


def count(user: Any) -> int:
    """How many wait on one's ground."""
    return sum(rows.filter(pk__in=rows.model.objects.seen_by(user).values("pk")).count() for _o, rows in origins())


def waiting(user: Any) -> Iterator[Clue]:
    """The clues on one's ground, samples first, the oldest of each first."""
    names = dict(ORIGINS)
    found = [(origin, matter) for origin, rows in origins() for matter in _seen(rows, user)]
    areas = names_of(matter.area for _origin, matter in found)
    for origin, matter in found:
        if (file := accused_in(matter)) is not None:
            yield Clue(str(names[origin]), matter, file, areas.get(matter.area, matter.area), _begins(matter, file))


def _seen(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    seen = rows.filter(pk__in=rows.model.objects.seen_by(user).values("pk"))
    places = ("place", "lead__file") if rows.model is Supplier else ("file",)
    return seen.select_related(*places).order_by("created_at")[:SHOWN]


def accused_in(matter: Any) -> Any:
    """The file of the place that a case out of this matter would be about; None where it is not on file."""
    file = matter.found_place if isinstance(matter, Supplier) else getattr(matter, "file", None)
    return file.standing if file is not None and file.merged_into_id else file


def _begins(matter: Any, file: Any) -> str:
    """The address at which its case begins."""
    origin = ORIGIN_OF[matter.flow.key]
    asked = {"file": file.pk, "origin": origin, "origin_kind": matter.flow.key, "origin_pk": matter.pk}
    return f"{reverse('do', args=[CASE.key, 'new', 'register'])}?{urlencode(asked)}"


def follows(matter: Any, user: Any) -> Iterable[Follow]:
    """On the page of a visit, an order, a sample, a supplier or a check: its case, or the act that begins one."""
    if matter.flow.key not in ORIGIN_OF:
        return
    standing = False
    for case in Case.objects.seen_by(user).from_origin(matter.flow.key, matter.pk).order_by("created_at"):
        standing |= case.state != "refused"
        name = _("案件 %(no)s") % {"no": case.number}
        yield Follow(name, case.get_absolute_url(), case.conduct[:40], case.state_row)
    file = accused_in(matter)
    if not standing and file is not None and may(user, "case.handle", file) and _suspicious(matter):
        said = _("发现涉嫌违法的，从这里登记案源")
        yield Follow(_("登记案源"), _begins(matter, file), said, begins=True)


def _suspicious(matter: Any) -> bool:
    """Does this matter tell of anything that a case could be about?"""
    if isinstance(matter, Check):
        return bool(matter.problems)
    if isinstance(matter, Sample):
        return matter.state in FAILED
    return not isinstance(matter, Visit) or matter.told_on is not None


def origin_of(user: Any, kind: str, key: str, file: Any) -> Any:
    """The matter that an address names, as this person may see it and of this very place; 404 for anything else."""
    try:
        model = rooms.model_of(kind)
    except KeyError as error:
        raise Http404 from error
    found = known(model, key)
    if found is None or not model.objects.seen_by(user).filter(pk=found.pk).exists():
        raise Http404
    accused = accused_in(found)
    if found.flow.key not in ORIGIN_OF or accused is None or accused.pk not in file.pks:
        raise Http404
    return found
