"""脏乱差 put right: places where dirt or disorder was found, and those of them where by the last word it is gone.

Which findings are of that kind says the town's dated row `aim.dirty`, by the codes of its usual problems; the items of
checklists and the problems of orders both carry them. A place is put right when of each such problem that was ever
found there the last word is good: it was put right on the spot, passed at a re-check, or answered 是 at a later visit.
An order that passed for other reasons says nothing here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce

from sanxiao.docket.models import Event, Rule
from sanxiao.inspection import checklist, repeated
from sanxiao.inspection.models import Problem
from sanxiao.inspection.rules import PROBLEM
from sanxiao.inspection.visit_models import Visit
from sanxiao.reports.sources import within
from sanxiao.survey.models import Form

KEY = "aim.dirty"
Word = tuple[date, bool]  # on that day it was found (False), or was seen to be right (True)
Histories = dict[UUID, dict[str, list[Word]]]  # place -> problem -> what was said of it


def codes(area: str) -> frozenset[str]:
    """The problems that are 脏乱差 in a town."""
    return frozenset(Rule.objects.value(KEY, area, default=()))


def histories(ground: str, until: date) -> Histories:
    """What was found and put right of 脏乱差 at every place of a ground, by problem. A fixed number of queries."""
    wanted = codes(ground.ljust(12, "0"))
    found: Histories = defaultdict(lambda: defaultdict(list))
    for place, code, word in [*_visits(ground, until, wanted), *_orders(ground, until, wanted)]:
        found[place][code].append(word)
    return found


def is_put_right(said: Mapping[str, Iterable[Word]], day: date) -> bool | None:
    """Is everything of it gone by a day? None where nothing was found by then. Pure."""
    heard = [sorted(word for word in words if word[0] <= day) for words in said.values()]
    ever = [words for words in heard if not all(right for _day, right in words)]
    return all(words[-1][1] for words in ever) if ever else None


def _orders(ground: str, until: date, wanted: frozenset[str]) -> Iterator[tuple[UUID, str, Word]]:
    """Problems of orders that stand, from the day of the inspection; each passed at its re-check."""
    rows = repeated.standing(Problem.objects.filter(within("area", ground), code__in=wanted))
    place = Coalesce("file__merged_into", "file")
    told = {
        pk: (at, code)
        for pk, at, code, on in rows.annotate(at=place).values_list("pk", "at", "code", "order__found_on")
        if on <= until
    }
    found_on = dict(rows.values_list("pk", "order__found_on"))
    for pk, (at, code) in told.items():
        yield at, code, (found_on[pk], False)
    passed = Event.objects.filter(within("area", ground), kind=PROBLEM.key, move="pass", on__lte=until)
    for pk, on in passed.values_list("subject", "on"):
        if pk in told:
            yield (*told[pk], (on, True))


def _visits(ground: str, until: date, wanted: frozenset[str]) -> Iterator[tuple[UUID, str, Word]]:
    """Answers to the items of that kind. What was put right on the spot is found and gone on the same day."""
    rows = Visit.objects.judged().filter(within("area", ground), done_on__lte=until).order_by()
    place = Coalesce("file__merged_into", F("file"))
    items: dict[int, Sequence[tuple[str, str]]] = {}
    forms = {form.pk: form for form in Form.objects.filter(code__startswith=checklist.PREFIX)}
    for at, form, day, answers in rows.annotate(at=place).values_list("at", "form", "done_on", "answers"):
        if form not in items:
            known = checklist.items_of(forms[form]) if form in forms else ()
            items[form] = [(item.code, item.problem) for item in known if item.problem in wanted]
        for code, problem in items[form]:
            said = answers.get(code) or {}
            if said.get("a") == "no":
                yield at, problem, (day, False)
            if said.get("a") == "yes" or (said.get("a") == "no" and said.get("action") == "spot"):
                yield at, problem, (day, True)
