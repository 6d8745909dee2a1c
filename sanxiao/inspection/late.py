"""What inspection hands down for the risk grade: problems that were not put right in time."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from sanxiao.docket.models import Deadline
from sanxiao.docket.rooms import Fact
from sanxiao.inspection.models import Problem
from sanxiao.inspection.rules import PROBLEM


def late_facts(files: list[UUID], on: date) -> dict[UUID, list[Fact]]:
    """Dates of correction that ran out by a day, with the problem in words; two queries. Voided orders do not count."""
    lapsed = Deadline.objects.filter(kind=PROBLEM.key, term="fix", outcome="lapsed", file__in=files, done_on__lte=on)
    found = list(lapsed.values_list("subject", "file", "done_on"))
    texts = Problem.objects.filter(pk__in=[subject for subject, _file, _on in found]).exclude(order__state="void")
    words = dict(texts.values_list("pk", "text"))
    facts: dict[UUID, list[Fact]] = defaultdict(list)
    for subject, file, day in found:
        if file and subject in words:
            facts[file].append(Fact("late", day, words=words[subject]))
    return facts
