"""What enforcement knows that counts for the risk grade: penalties, and crimes that the police took up."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from sanxiao.docket.rooms import Fact
from sanxiao.enforcement import say
from sanxiao.enforcement.models import Case, Transfer


def facts(files: list[UUID], on: date) -> dict[UUID, list[Fact]]:
    """Penalties by the day of decision; a hand-over from the day it was sent until it came back. Two queries."""
    found: dict[UUID, list[Fact]] = defaultdict(list)
    decided = Case.objects.filter(file__in=files, decided_on__lte=on).exclude(penalties=[]).filter(annulled_on=None)
    for case in decided.only("file_id", "decided_on", "penalties", "fine", "gains"):
        found[case.file_id].append(Fact("penalty", case.decided_on, float(case.fine), say.penalties(case.penalties)))
    sent = Transfer.objects.filter(file__in=files, state__in=("received", "short", "filed", "closed", "review"))
    for transfer in sent.filter(rule_on__lte=on):
        words = _("移送公安：%(crime)s") % {"crime": transfer.get_crime_display()}
        found[transfer.file_id].append(Fact("crime", transfer.rule_on, 1, words))
    return found
