"""The checklists: items with stars and points, how answers are scored, and what a failed item leads to.

They are survey forms of the town's folder (`forms/visit_<kind>`), so that the same list is filled on the phone and at
the desk; the columns star, points, problem and gravity of their rows are ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive.models import Kind
from sanxiao.docket.models import Rule
from sanxiao.inspection.visit_rules import ACTIONS, ANSWERS, DECISIONS, GRAVITIES, OUTCOMES
from sanxiao.survey import load, xlsform
from sanxiao.survey.models import Form

PREFIX = "visit_"
MOST_GENERAL = 8  # general failures that still make 基本符合, where the town's rules say nothing
RANK = {key: rank for rank, (key, _name) in enumerate(ACTIONS)}


@dataclass(frozen=True)
class Item:
    """One item of a checklist. `problem`: the code of what an order says when it fails. `gravity`: as it usually is."""

    code: str
    no: str
    label: str
    label_en: str
    key: bool
    points: int
    problem: str
    gravity: str

    @property
    def words(self) -> str:
        """Its text in the language of the screen."""
        return self.label_en if self.label_en and (get_language() or "").startswith("en") else self.label


@dataclass(frozen=True)
class Judgement:
    """What a filled checklist comes to. `actions`: failed item -> what is to be done."""

    earned: int
    applicable: int
    score: float
    result: str
    action: str
    actions: dict[str, str]


def load_town(folder: Path) -> str:
    """Publish the checklists of a town's folder; a new version only where one changed."""
    codes = [f"{PREFIX}{kind.code}" for kind in Kind.objects.all()]
    held = [code for code in codes if (folder / "forms" / code).is_dir()]
    new = sum(load.publish(None, xlsform.source(folder, code)) for code in held)
    return f"{len(held)} checklists, {new} new"


def in_use(kind: str) -> Form | None:
    """The checklist of a kind of place that is filled today."""
    return Form.objects.filter(code=f"{PREFIX}{kind}").order_by("-published_at", "-id").first()


def items_of(form: Form) -> list[Item]:
    """The items of a checklist, in its order."""
    return [
        Item(
            q["name"], q["code"], q["label"], q["label_en"], q["star"], q["points"], q["problem"], q["gravity"],
        )
        for q in form.questions().values() if q.get("points")
    ]  # fmt: skip


def faults(items: Iterable[Item], answers: Mapping[str, Mapping[str, Any]], *, whole: bool) -> dict[str, str]:
    """What is wrong with the answers, by item: none given (`whole`), no gravity of a failure, or one it cannot have."""
    found: dict[str, str] = {}
    for item in items:
        said = answers.get(item.code) or {}
        answer, gravity = said.get("a"), said.get("gravity") or ""
        if not answer:
            if whole:
                found[item.code] = _("请选择：是、否、不适用")
        elif answer not in dict(ANSWERS):
            found[item.code] = _("请选择：是、否、不适用")
        elif answer == "no" and gravity not in dict(GRAVITIES):
            found[item.code] = _("不合格的，请选择情形")
        elif answer == "no" and DECISIONS[item.key, gravity] is None:
            found[item.code] = _("重点项不合格，不能以当场改正了结")
    return found


def judged(
    items: Iterable[Item], answers: Mapping[str, Mapping[str, Any]], *, most_general: int = MOST_GENERAL
) -> Judgement:
    """Score = 100 × earned ÷ applicable; the result by stars and the number of general failures; what follows.

    Items without an answer (a flying visit looks at some) count neither way. Answers must be free of `faults`,
    and one of them 是 or 否.
    """
    answered = [
        (item, answers[item.code]) for item in items if (answers.get(item.code) or {}).get("a") in ("yes", "no")
    ]
    earned = sum(item.points for item, said in answered if said["a"] == "yes")
    applicable = sum(item.points for item, _said in answered)
    failed = [(item, said) for item, said in answered if said["a"] == "no"]
    keys, general = sum(item.key for item, _said in failed), sum(not item.key for item, _said in failed)
    result = "conform" if not failed else "fail" if keys or general > most_general else "basic"
    actions = {item.code: _action(item, said, result) for item, said in failed}
    action = max(actions.values(), key=RANK.__getitem__, default="none")
    if OUTCOMES[result, action] is None:
        raise ValueError(f"{result} with {action}")
    return Judgement(earned, applicable, round(100 * earned / applicable, 1), result, action, actions)


def _action(item: Item, said: Mapping[str, Any], result: str) -> str:
    """As decided for the item; where the whole fails, what was put right on the spot is ordered in writing as well."""
    action = DECISIONS[item.key, said["gravity"]]
    assert action is not None
    return "order" if result == "fail" and action == "spot" else action


def most_general(area: str, on: Any) -> int:
    """How many general failures still make 基本符合, by the town's rule of the day."""
    said = Rule.objects.value("inspection.result", area, on, {})
    return int(said.get("max_general_failures", MOST_GENERAL))
