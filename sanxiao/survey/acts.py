"""What the moves of a sheet do: number it, file it, take the filing back."""

from typing import Any

from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.office.models import User
from sanxiao.papers.models import take_number
from sanxiao.risk import keep
from sanxiao.survey import filing, leads, touched
from sanxiao.survey.models import Sheet
from sanxiao.survey.rules import SHEET

SILENT = ("reveal", "print")  # reading changes nothing


@SHEET.effect("send")
def sent(sheet: Sheet, _by: User | None, _facts: dict[str, Any]) -> None:
    """The sheet gets its number in the town's series of the year."""
    sheet.number = take_number("form", sheet.area, sheet, kind=sheet.kind.prefix)


@SHEET.effect("file")
def filed(sheet: Sheet, by: User, facts: dict[str, Any]) -> None:
    """A new file, or the chosen one brought up to the sheet; the log names it by its number."""
    target, seen = facts.pop("target", ""), facts.pop("seen", None)
    if not target:
        made = filing.make(sheet, by)
        facts["made"] = made.number
        keep.refresh([made])
        leads.found(sheet, made, by)
        return
    file = the_target(sheet, by, target)
    if seen not in (None, touched.mark(file)):
        raise Stale(_("这一户的档案在您看这一页时又被改过，对照表已换成新的；请核对后再建档。"))
    facts["changed"] = len(filing.update(sheet, file, by))
    facts["target"] = file.number
    keep.refresh([file])
    leads.found(sheet, file, by)


def the_target(sheet: Sheet, by: User, target: str) -> Establishment:
    """The file that is to be updated: on this person's ground, of the same kind and village. Raises Refused."""
    mine = Establishment.objects.seen_by(by).current()
    file = mine.held().filter(pk=target).first()
    if file is None:
        raise Refused(_("没有找到要更新的档案，请重新选择。"), {"target": _("请选择")}, "invalid")
    if reason := why_not_update(sheet, file):
        raise Refused(reason, {"target": reason}, "invalid")
    return file


def why_not_update(sheet: Sheet, file: Establishment) -> str:
    """Why a file cannot be brought up to a sheet, or ''."""
    if file.kind_id != sheet.kind_id:
        return _("类别不同，不能用这张表更新。")
    if file.area != sheet.area:
        return _("档案在另一个村（社区）。请先在档案里办“迁往外村”，再更新。")
    return ""


@SHEET.effect("unfile")
def unfiled(sheet: Sheet, by: User, facts: dict[str, Any]) -> None:
    """Everything is as it was before 建档."""
    file = sheet.file
    filing.undo(sheet, by, facts["reason"])
    keep.refresh([file])


@SHEET.predicate("nothing_since")
def nothing_since(sheet: Sheet, _facts: dict[str, Any]) -> bool:
    """Nothing was done with the file after this sheet was filed."""
    if sheet.file_id is None:
        return True
    filed_at = Event.objects.filter(subject=sheet.pk, move="file").order_by("id").last()
    later = Event.objects.filter(file=sheet.file_id, id__gt=filed_at.pk if filed_at else 0)
    return not later.exclude(move__in=SILENT).exists()
