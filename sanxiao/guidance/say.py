"""Facts of the room in words: kinds of help, kinds of places, long texts in one line."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive.models import Kind
from sanxiao.docket.models import Rule

SHORT = 30


def kinds_of_help(area: str = "", on: date | None = None) -> list[tuple[str, str]]:
    """The kinds of help of a town, in the language of the screen."""
    english = (get_language() or "").startswith("en")
    rows = Rule.objects.value("help.kinds", area, on, [])
    return [(row["code"], row.get("text_en") if english and row.get("text_en") else row["text"]) for row in rows]


def kind_of_help(what: str, area: str = "") -> str:
    """One kind in words; the code itself where the town has dropped it."""
    return dict(kinds_of_help(area)).get(what, what)


def short(text: str) -> str:
    """The beginning of a long text, on one line."""
    line = " ".join(str(text).split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"


def kinds_of_places(codes: Iterable[str]) -> str:
    """Kinds by their names; none means all."""
    names = {kind.pk: str(kind) for kind in Kind.objects.all()}
    return _("、").join(names.get(code, code) for code in codes) or _("各类")
