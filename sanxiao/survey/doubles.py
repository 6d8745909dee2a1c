"""Likely doubles of a sheet: what filing could update, and what would change there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from sanxiao.archive import doubles
from sanxiao.archive.models import Establishment
from sanxiao.office import seal
from sanxiao.office.models import User
from sanxiao.survey import plans, words
from sanxiao.survey.acts import why_not_update
from sanxiao.survey.models import Sheet
from sanxiao.survey.reading import label


@dataclass(frozen=True)
class Option:
    """A file that a sheet may be about: why, what would change, how much is the same."""

    file: Establishment
    reasons: tuple[str, ...]
    sure: bool
    changes: list[dict[str, str]]
    same: list[dict[str, str]]
    reason: str  # why it cannot be updated


def likeness(sheet: Sheet) -> doubles.Likeness:
    """A sheet as places are compared."""
    return doubles.Likeness(
        sheet.kind_id, sheet.area, sheet.name, sheet.operator, sheet.id_index, sheet.phone_index,
        sheet.answers.get("uscc", ""), sheet.lat, sheet.lng,
    )  # fmt: skip


def likeness_of_typed(typed: dict[str, str], kind: str) -> doubles.Likeness:
    """A half-filled form as places are compared."""
    lat, lng = (_number(typed.get(f"location_{axis}", "")) for axis in ("lat", "lng"))
    both = lat is not None and lng is not None
    return doubles.Likeness(
        kind, typed.get("village", ""), typed.get("shop_name", "").strip(), typed.get("operator_name", "").strip(),
        seal.index("id_number", seal.plain_id(typed.get("id_number", ""))),
        seal.index("phone", seal.plain_phone(typed.get("phone", ""))), typed.get("uscc", "").strip().upper(),
        lat if both else None, lng if both else None,
    )  # fmt: skip


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def options_for(sheet: Sheet, user: User) -> list[Option]:
    """The likely files of a received sheet on this person's ground, each with what would change."""
    if sheet.state != "received":
        return []
    plan = plans.plan_of(sheet)
    named = list(_named_by_the_phone(sheet, user))
    likely = [found for found in doubles.likely(likeness(sheet), user) if found.file not in [n.file for n in named]]
    return [_option(sheet, plan, found) for found in [*named, *likely]]


def _named_by_the_phone(sheet: Sheet, user: User) -> Iterator[doubles.Double]:
    """The file that the phone meant, where it was filed only after the phone's next visit had come in."""
    if sheet.place:
        known = Sheet.objects.filter(place=sheet.place, file__isnull=False).values("file")
        rows = Establishment.objects.seen_by(user).current().filter(Q(pk=sheet.place) | Q(pk__in=known))
        for file in rows.select_related("operator", "kind"):
            yield doubles.Double(file, (_("就是从这一户的档案填起的"),), sure=True)


def option_of(sheet: Sheet, file: Establishment) -> Option:
    """What a sheet, sent or not, would change in a file."""
    return _option(sheet, plans.plan_of(sheet), doubles.Double(file, (), sure=True))


def _option(sheet: Sheet, plan: plans.Plan, found: doubles.Double) -> Option:
    reason = why_not_update(sheet, found.file)
    changes, same = ([], []) if reason else plans.changes_of(plan, found.file)
    shown = [
        {"label": name_of(sheet, c.name), "old": _said(sheet, c, c.old), "new": _said(sheet, c, c.new)} for c in changes
    ]
    kept = [{"label": name_of(sheet, n), "value": _kept(sheet, n, plan)} for n in same]
    return Option(found.file, found.reasons, found.sure, shown, kept, reason)


def name_of(sheet: Sheet, name: str) -> str:
    """A question in the language of the screen."""
    question = sheet.form.questions().get(name)
    return label(question) if question else name


def _said(sheet: Sheet, change: plans.Change, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if change.personal:
        mask = words.MASKS.get(change.name)
        return mask(str(value)) if mask else "***"
    question = sheet.form.questions().get(change.name)
    return words.said(sheet.form, question, value) if question else str(value)


def _kept(sheet: Sheet, name: str, plan: plans.Plan) -> str:
    for shelf in (plan.facts, plan.columns, plan.person, plan.pitch):
        if name in shelf:
            return _said(sheet, plans.Change(name, None, None), shelf[name])
    return ""
