"""Work in the background. One door to the queue, so that another queue can take its place.

An act is a dotted function `(job) -> dict`; it may call `step(job, done, total)`. It is delivered
at least once, so it must be safe to run twice.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django_q.tasks import async_task

from sanxiao.docket.models import Job
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import now


def enqueue(act: str, name: str, by: User | None, **facts: Any) -> Job:
    """Begin work after the present transaction; returns its row, whose page shows the progress."""
    job = Job.objects.create(act=act, name=name, by=by, facts=facts)
    transaction.on_commit(partial(async_task, "sanxiao.docket.jobs.run", str(job.pk)))
    return job


def run(job_id: str) -> None:
    """Carry out one job; called by the queue's worker. A finished one is not run again."""
    job = Job.objects.get(pk=job_id)
    if job.state == "done":
        return
    act: Callable[[Job], dict[str, Any] | None] = import_string(job.act)
    Job.objects.filter(pk=job.pk).update(state="running")
    try:
        result, state, message = act(job) or {}, "done", ""
    except Refused as refusal:
        result, state, message = {}, "failed", refusal.reason
    except Exception as error:
        Job.objects.filter(pk=job.pk).update(state="failed", message=str(error)[:500], ended_at=now())
        raise
    Job.objects.filter(pk=job.pk).update(state=state, result=result, message=message, ended_at=now())


def step(job: Job, done: int, total: int) -> None:
    """Tell how far a job is."""
    Job.objects.filter(pk=job.pk).update(done=done, total=total)
