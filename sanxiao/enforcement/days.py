"""Days that somebody types: not after today, and not before what must have come first (no step is dated back)."""

from datetime import date

from django.utils.translation import gettext as _

from sanxiao.docket.refusal import Refused
from sanxiao.office.now import today


def not_ahead(day: date | None, field: str) -> None:
    """What has not happened is not told. Raises Refused."""
    if day is not None and day > today():
        raise Refused(_("日期不能晚于今天。"), {field: _("不能晚于今天")}, "invalid")


def not_before(day: date | None, earliest: date | None, field: str) -> None:
    """What comes of another step does not come before it. Raises Refused."""
    if day is not None and earliest is not None and day < earliest:
        said = _("不能早于上一步的日期 %(day)s。") % {"day": earliest}
        raise Refused(said, {field: said}, "invalid")
