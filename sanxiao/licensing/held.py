"""What paper places held on a day, for the rooms below: who buys from them asks, and may not look up here itself."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from sanxiao.archive.models import Establishment
from sanxiao.docket.rooms import Paper
from sanxiao.licensing.models import Certificate
from sanxiao.office.now import today

RANK = ("ended", "expired", "suspended", "valid")  # of several papers of one place the best one speaks


def papers(files: Sequence[Establishment], on: date) -> dict[UUID, Paper]:
    """The paper of each place on a day, one query; those merged into it are asked for it. Without one: left out."""
    wanted = {file.pk for file in files}
    rows = Certificate.objects.filter(Q(file__in=wanted) | Q(file__merged_into__in=wanted), valid_from__lte=on)
    found: dict[UUID, Paper] = {}
    rows = rows.select_related("file").defer("facts", "file__facts", "file__search")
    for row in rows.order_by("valid_to", "copy_no"):
        key = row.file_id if row.file_id in wanted else row.file.merged_into_id
        state = state_on(row, on)
        held = found.get(key)
        if held is None or RANK.index(state) >= RANK.index(held.state):
            found[key] = Paper(state, row.number, row.document, row.valid_to, row.valid_from, row.get_absolute_url())
    return found


def state_on(paper: Certificate, on: date) -> str:
    """How a paper stood on a day; of a suspension only the present one is known."""
    if paper.ended_on is not None and paper.ended_on <= on and paper.state != "expired":
        return "ended"
    if paper.valid_to < on:
        return "expired"
    return "suspended" if paper.state == "suspended" and on >= today() else "valid"
