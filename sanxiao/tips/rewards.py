"""举报奖励: the sum by the dated rule, its bounds, and payment against the receipt. Nobody needs to know who."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.tips import receipts
from sanxiao.tips.models import Report, Reward
from sanxiao.tips.rules import LEVELS, REWARD

CAP, INSIDER = 1_000_000, 2


def rule(area: str, on: date) -> dict[str, Any]:
    """levels {level: {percent, least}}, cap, insider_times of the day; empty where the town has no rule."""
    return Rule.objects.value("tips.reward", area, on, {})


def table(area: str, on: date) -> list[dict[str, Any]]:
    """The levels for the page."""
    names = dict(LEVELS)
    return [{"name": names[level], **row} for level, row in rule(area, on).get("levels", {}).items()]


def computed(level: str, penalty: int, insider: bool, area: str, on: date) -> int:
    """The sum in yuan: a share of fine and confiscation, not under the level's least, not over the cap."""
    said = rule(area, on)
    row = said["levels"][level]
    whole = max(penalty * row["percent"] // 100, row["least"])
    if insider:
        whole = int(whole * said.get("insider_times", INSIDER))
    return min(whole, said.get("cap", CAP))


def bounds(reward: Reward) -> tuple[int, int]:
    """The least and the most that finance may approve."""
    said = rule(reward.area, reward.rule_on)
    return said["levels"][reward.level]["least"], said.get("cap", CAP)


@REWARD.beginning
def begin_reward(user: User, params: dict[str, str]) -> Reward:
    """On a report that the person may see."""
    report = get_object_or_404(Report.objects.seen_by(user).select_related("letter"), pk=params.get("report", ""))
    if not rule(report.area, today()):
        raise Http404
    return Reward(report=report, area=report.area[:9].ljust(12, "0"))


@REWARD.predicate("wanted")
def wanted(reward: Reward, _facts: dict[str, Any]) -> bool:
    """The informer said that he would take one."""
    return reward.report.letter.wants_reward


@REWARD.predicate("verified")
def verified(reward: Reward, _facts: dict[str, Any]) -> bool:
    """Closed, and true."""
    return reward.report.state == "closed" and reward.report.outcome == "verified"


@REWARD.predicate("none_before")
def none_before(reward: Reward, _facts: dict[str, Any]) -> bool:
    """One reward for one report."""
    rows = Reward.objects.filter(report=reward.report).exclude(state__in=("refused", "forfeited"))
    return not rows.exclude(pk=reward.pk).exists()


@REWARD.predicate("has_receipt")
def has_receipt(reward: Reward, _facts: dict[str, Any]) -> bool:
    """Without a receipt nobody could claim it."""
    return bool(reward.report.letter.receipt)


@REWARD.predicate("within_rule")
def within_rule(reward: Reward, facts: dict[str, Any]) -> bool:
    """Between the level's least and the cap."""
    if "amount" not in facts:
        return True
    least, most = bounds(reward)
    return least <= facts["amount"] <= most


@REWARD.effect("propose")
def proposed(reward: Reward, _by: User | None, _facts: dict[str, Any]) -> None:
    """The sum by the rule of the day."""
    reward.computed = computed(reward.level, reward.penalty, reward.insider, reward.area, reward.rule_on)


@REWARD.effect("pay")
def paid(reward: Reward, _by: User | None, facts: dict[str, Any]) -> None:
    """Only against the receipt of this very report."""
    typed = receipts.plain(facts["receipt"])
    if not typed or receipts.index(typed) != reward.report.letter.receipt:
        said = _("回执码不对，不能发放。")
        raise Refused(said, {"receipt": said}, "invalid")
    reward.paid_on = today()


def of(report: Report) -> Iterator[Reward]:
    """Rewards of a report, the last first."""
    yield from Reward.objects.filter(report=report).order_by("-created_at", "id")
