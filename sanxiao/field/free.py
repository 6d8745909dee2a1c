"""Free forms: published here, known to no room. Their answers are kept, and shown on the file of the place."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.rooms import Fill, Filled, Panel, Taken, fill_for
from sanxiao.field.incoming import groups_of
from sanxiao.field.models import Submission
from sanxiao.office.duties import may_read

MOST = 50


def take(filled: Filled) -> Taken:
    """The answers stand in the submission; here it is only tied to its place."""
    file = Establishment.objects.filter(pk=filled.place).first() if filled.place else None
    return Taken(subject=None, file=file)


FREE = Fill(prefix="", duty="sheet.fill", about="place", take=take)


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """The tab with the answers to free forms, newest first."""
    if not may_read(user, "field"):
        return
    seen = Submission.objects.seen_by(user).filter(state="settled", place__in=file.pks)
    rows = [row for row in seen.select_related("edition__form", "by").order_by("-observed_on", "-received_at")[:MOST]
            if (fill := fill_for(row.edition.code)) and not fill.prefix]  # fmt: skip
    if rows:
        shown = [{"row": row, "groups": groups_of(row, user)} for row in rows]
        yield Panel("field", _("现场记录"), "field/_panel.html", {"rows": shown}, len(rows), order=45)
