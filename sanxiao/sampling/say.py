"""Facts of many parts in one line each, for the timeline; foods and laboratories by their names."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive.models import Kind
from sanxiao.docket.models import Rule
from sanxiao.office.places import name_of
from sanxiao.sampling.rules import BREACHES, VERDICTS

FOODS, LABS, QUICK_ITEMS = "sampling.foods", "sampling.labs", "sampling.quick_items"


def foods(area: str = "") -> list[dict[str, Any]]:
    """The foods that are sampled, each with its usual items, as the town's folder has them."""
    return list(Rule.objects.value(FOODS, area, default=[]))


def labs(area: str = "") -> list[dict[str, Any]]:
    """The laboratories: code, name, name_en, and whether they re-test."""
    return list(Rule.objects.value(LABS, area, default=[]))


def named(row: Mapping[str, Any]) -> str:
    """A row's name in the language of the screen."""
    english = (get_language() or "").startswith("en")
    return str((row.get("name_en") if english else "") or row["name"])


def food(code: str) -> str:
    """The name of a food's class; the code itself where no list has it."""
    return next((named(row) for row in foods() if row["code"] == code), code)


def quick_items(area: str = "") -> list[dict[str, Any]]:
    """What is usually tested on the spot: item, item_en."""
    return list(Rule.objects.value(QUICK_ITEMS, area, default=[]))


def items() -> dict[str, str]:
    """Test items in the language of the screen, by the town's own names; empty where those are shown as they are."""
    if not (get_language() or "").startswith("en"):
        return {}
    usual = [*quick_items(), *(row for each in foods() for row in each["items"])]
    return {row["item"]: row["item_en"] for row in usual if row.get("item_en")}


def item(name: str) -> str:
    """A test item in the language of the screen; what was written by hand stays as it is."""
    return items().get(name, name)


def several_items(names: Iterable[str]) -> str:
    """Test items in one line, in the language of the screen."""
    called = items()
    return _("、").join(called.get(name, name) for name in names)


def lay(rows: Iterable[Any]) -> None:
    """Write on each row with an `item` how it is called on the screen."""
    names = items()
    for row in rows:
        row.called = names.get(row.item, row.item)


def lab(code: str, area: str = "") -> str:
    """The name of a laboratory; the code itself where no list has it any more."""
    return next((named(row) for row in labs(area) if row["code"] == code), code)


def lab_of_paper(code: str, area: str) -> str:
    """The name of a laboratory as papers have it, whatever the screen's language."""
    return next((str(row["name"]) for row in labs(area) if row["code"] == code), code)


def quotas(rows: Iterable[Mapping[str, Any]]) -> str:
    """'食品小作坊 · 豆制品 5；…'."""
    kinds = {kind.code: str(kind) for kind in Kind.objects.all()}
    return _("；").join(f"{_quota(row, kinds)} {row['count']}" for row in rows)


def _quota(row: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    kind, what, where = kinds.get(row.get("kind") or "", ""), row.get("food"), row.get("village")
    return " · ".join(filter(None, (kind, food(what) if what else "", name_of(where) if where else ""))) or _("不限")


def results(rows: Iterable[Mapping[str, Any]]) -> str:
    """'苯甲酸 0.8 g/kg 不合格；…': failed items first come in full, passed ones are only counted."""
    found, names, called = list(rows), dict(VERDICTS), items()
    bad = [
        f"{called.get(r['item'], r['item'])} {r['result']} {r.get('unit', '')} {names['fail']}".strip()
        for r in found
        if r["verdict"] == "fail"
    ]
    good = len(found) - len(bad)
    return _("；").join([*bad, *([_("%(n)d 项合格") % {"n": good}] if good else [])])


def form(facts: Mapping[str, Any]) -> str:
    """The line of the sampling form."""
    said = facts.get("answers", {})
    return " ".join(str(said[name]) for name in ("food_name", "quantity", "unit") if said.get(name))


def hand(facts: Mapping[str, Any]) -> str:
    """'备份样品：陈伟 → 检验机构'."""
    return f"{facts.get('giver', '')} → {facts.get('taker', '')}"


def breach(kind: str) -> str:
    """The type of a failed item."""
    return str(dict(BREACHES).get(kind, kind))


def yes_no(said: str) -> str:
    """'是' or '否'."""
    return _("是") if said == "yes" else _("否")


def pool(codes: Iterable[str]) -> str:
    """Laboratories by name."""
    return _("、").join(lab(code) for code in codes)
