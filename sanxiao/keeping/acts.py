"""What the moves of a list and of a hold do, and the conditions they wait for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.docket import rooms
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Kept
from sanxiao.keeping import due
from sanxiao.keeping.models import Disposal, Hold
from sanxiao.keeping.rules import DISPOSAL, HOLD
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import User
from sanxiao.office.now import now, today

MOST = 500  # of a list: two people read it


@DISPOSAL.beginning
def begin_disposal(user: User, params: Mapping[str, str]) -> Disposal:
    """The list as it is now, on one's own ground, without what is held."""
    keeping = due.class_of(params.get("class", ""))
    prefixes = scope_of(user).prefixes(DUTIES["keeping.dispose"].roles(LEADS))
    if keeping is None or keeping.page or not prefixes:
        raise Http404
    rows = [row.kept for row in due.due(keeping, prefixes) if not row.hold][:MOST]
    listed = [_line(kept) for kept in rows]
    return Disposal(kind=keeping.key, rows=listed, count=len(listed), by=user, area=prefixes[0].ljust(12, "0"))


def _line(kept: Kept) -> dict[str, str]:
    return {
        "key": str(kept.key), "kind": kept.kind, "title": kept.title, "area": kept.area,
        "ended_on": str(kept.ended_on), "file": str(kept.file or ""),
    }  # fmt: skip


@DISPOSAL.predicate("something_due")
def something_due(disposal: Disposal, _facts: dict[str, Any]) -> bool:
    """There is something on it."""
    return disposal.count > 0


@DISPOSAL.predicate("waited")
def waited(disposal: Disposal, _facts: dict[str, Any]) -> bool:
    """The days in which it could be stopped are over."""
    return Deadline.objects.past().filter(subject=disposal.pk, term="wait").exists()


@DISPOSAL.effect("propose")
def proposed(disposal: Disposal, _by: User | None, facts: dict[str, Any]) -> None:
    """Which class and how many, in the log."""
    facts |= {"class": disposal.kind, "count": disposal.count}


@DISPOSAL.effect("destroy")
def destroyed(disposal: Disposal, by: User | None, facts: dict[str, Any]) -> None:
    """What is on the list and still due and not held goes; of each a tombstone and a line in the log stay."""
    keeping = due.class_of(disposal.kind)
    if keeping is None or keeping.destroy is None:
        raise Refused(_("这一类材料不在这里销毁。"), code="guard")
    listed = {UUID(row["key"]) for row in disposal.rows}
    rows = [row.kept for row in due.due(keeping) if row.kept.key in listed and not row.hold]
    keeping.destroy([kept.key for kept in rows])
    Event.objects.bulk_create(_told(kept, by) for kept in rows)
    disposal.destroyed = len(rows)
    facts |= {"destroyed": len(rows), "spared": disposal.count - len(rows)}


def _told(kept: Kept, by: User | None) -> Event:
    """That the content of a record went, in its own timeline and that of its file."""
    return Event(
        kind=kept.kind,
        subject=kept.key,
        file=kept.file,
        area=kept.area,
        move="disposed",
        actor=by,
        on=today(),
        at=now(),
    )


# --- holds -------------------------------------------------------------------------------------------------------


@HOLD.beginning
def begin_hold(user: User, params: Mapping[str, str]) -> Hold:
    """On a file that this person may see."""
    file = rooms.model_of("archive.file").objects.seen_by(user).filter(pk=UUID(params.get("file", ""))).first()
    if file is None:
        raise Http404
    file = file.standing
    return Hold(place=file.pk, called=file.called, area=file.area)


@HOLD.predicate("not_held")
def not_held(hold: Hold, _facts: dict[str, Any]) -> bool:
    """One hold says enough."""
    return not Hold.objects.now().filter(place=hold.place).exclude(pk=hold.pk).exists()


@HOLD.effect("place")
def placed(hold: Hold, _by: User | None, facts: dict[str, Any]) -> None:
    """The reason is what everybody reads who would destroy something."""
    hold.why = facts["reason"][:500]
