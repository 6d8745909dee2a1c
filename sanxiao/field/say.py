"""What the field says: facts of its events in words, and reasons that are kept for readers of either language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment

CHINESE, ENGLISH = "zh-hans", "en"


def in_english() -> bool:
    """Does whoever reads this read English?"""
    return (get_language() or "").startswith(ENGLISH)


def both(name: str, words: Callable[[], str]) -> dict[str, str]:
    """Words to be kept, as they are said in both languages: `name` and `name_en`."""
    found = {}
    for key, language in ((name, CHINESE), (f"{name}_en", ENGLISH)):
        with translation.override(language):
            found[key] = words()
    return found


def kept(held: Mapping[str, Any], name: str) -> str:
    """Kept words in the reader's language; in Chinese where they were kept before there were two."""
    return str((in_english() and held.get(f"{name}_en")) or held.get(name) or "")


def questions(names: Iterable[str]) -> str:
    """Questions of the survey by their names."""
    words, part = Establishment.words(), "label_en" if in_english() else "label"
    return _("、").join(words.get(name, {}).get(part) or name for name in names) or _("没有")


def chosen(sides: Mapping[str, str]) -> str:
    """Which side was chosen, question by question."""
    words = {"ours": _("用办公室的"), "theirs": _("用手机的")}
    return _("；").join(f"{questions([name])}{_('：')}{words.get(side, side)}" for name, side in sides.items())
