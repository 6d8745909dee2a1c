"""What the moves of a plan do, and the conditions they wait for."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import scope_of
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.sampling import drawing
from sanxiao.sampling.plan_models import Plan, Quota
from sanxiao.sampling.rules import PLAN


@PLAN.beginning
def begin_plan(user: User, _params: dict[str, str]) -> Plan:
    """A plan for the ground on which this person plans, for this year."""
    seat = scope_of(user).seat_for("sample.plan", None)
    area = seat.prefix.ljust(12, "0") if seat else ""
    said = Rule.objects.value("document.sampling", area, default={})
    title = _("%(year)d年食品三小监督抽检计划") % {"year": today().year}
    return Plan(area=area, year=today().year, title=title, organiser=said.get("issuer", ""))


@PLAN.effect("make", "revise")
def quotas_set(plan: Plan, _by: User | None, facts: dict[str, Any]) -> None:
    """The lines of the plan; one from which was drawn keeps its number."""
    wanted = [_clean(row, no) for no, row in enumerate(facts["lines"], 1)]
    held = {quota.no: quota for quota in plan.quotas.all()}
    for no, row in enumerate(wanted, 1):
        quota = held.pop(no, None) or Quota(plan=plan, no=no)
        if quota.pk and quota.samples.exists() and _differs(quota, row):
            raise Refused(_("第 %(no)d 行已经抽过，只能改批次。") % {"no": no}, {"lines": _("只能改批次")}, "guard")
        for name, value in row.items():
            setattr(quota, name, value)
        quota.save()
    for quota in held.values():
        if quota.samples.exists():
            raise Refused(_("第 %(no)d 行已经抽过，不能删去。") % {"no": quota.no}, {"lines": _("不能删去")}, "guard")
        quota.delete()
    facts["lines"] = [
        {k: v for k, v in row.items() if k != "kind_id"} | {"kind": row["kind_id"] or ""} for row in wanted
    ]


def _clean(row: Mapping[str, Any], no: int) -> dict[str, Any]:
    count = int(row.get("count") or 0)
    if not 1 <= count <= 999:
        raise Refused(_("第 %(no)d 行的批次须在 1 至 999 之间。") % {"no": no}, {"lines": _("1 至 999")}, "invalid")
    return {"kind_id": row.get("kind") or None, "food": row.get("food") or "", "village": row.get("village") or "",
            "count": count}  # fmt: skip


def _differs(quota: Quota, row: Mapping[str, Any]) -> bool:
    return any(getattr(quota, name) != row[name] for name in ("kind_id", "food", "village"))


@PLAN.predicate("quota_kept")
def quota_kept(plan: Plan, facts: dict[str, Any]) -> bool:
    """No line falls below what was drawn for it already."""
    for no, row in enumerate(facts.get("lines") or (), 1):
        quota = plan.quotas.filter(no=no).first()
        if quota and int(row.get("count") or 0) < quota.samples.counted().count():
            return False
    return True


@PLAN.predicate("has_quotas")
def has_quotas(plan: Plan, _facts: dict[str, Any]) -> bool:
    """There is something to draw."""
    return plan.quotas.exists()


@PLAN.predicate("something_left")
def something_left(plan: Plan, _facts: dict[str, Any]) -> bool:
    """Some quota is not used up."""
    return any(drawing.left(quota) for quota in plan.quotas.all())
