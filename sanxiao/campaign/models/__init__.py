"""The facts of the campaign: the plan as data, targets, tasks, meetings."""

from sanxiao.campaign.models.accidents import Accident
from sanxiao.campaign.models.meetings import Decision, Invite, Meeting
from sanxiao.campaign.models.plan import (
    CLAUSES,
    PHASES,
    Clause,
    GroupMember,
    Phase,
    PlanQuerySet,
    PlanRow,
    Proof,
    english,
    phase_on,
)
from sanxiao.campaign.models.records import Record
from sanxiao.campaign.models.tasks import Target, Task

__all__ = [
    "CLAUSES",
    "PHASES",
    "Accident",
    "Clause",
    "Decision",
    "GroupMember",
    "Invite",
    "Meeting",
    "Phase",
    "PlanQuerySet",
    "PlanRow",
    "Proof",
    "Record",
    "Target",
    "Task",
    "english",
    "phase_on",
]
