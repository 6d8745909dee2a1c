"""What the moves of a submission in trouble do: try it once more as it is, or let it rest with a reason."""

from functools import partial
from typing import Any

from django.db import transaction

from sanxiao.field import thread
from sanxiao.field.models import Submission, Trouble
from sanxiao.field.rules import TROUBLE
from sanxiao.field.settling import release
from sanxiao.office.models import User


@TROUBLE.effect("retry")
def retried(trouble: Trouble, _by: User | None, _facts: dict[str, Any]) -> None:
    """It goes back into the inbox, and is settled as if it had just come."""
    Submission.objects.filter(pk=trouble.submission_id, state="trouble").update(state="received")
    transaction.on_commit(thread.wake)


@TROUBLE.effect("drop")
def dropped(trouble: Trouble, _by: User | None, facts: dict[str, Any]) -> None:
    """It is kept as it came; whoever sent it reads the reason, and what waited for it goes on without."""
    row = Submission.objects.get(pk=trouble.submission_id)
    row.result = {**row.result, "dropped": facts["reason"]}
    row.save(update_fields=["result"])
    transaction.on_commit(partial(_go_on, row))


def _go_on(row: Submission) -> None:
    release(row)
    thread.wake()
