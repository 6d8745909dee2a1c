"""Facts of the field's events in words."""

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment


def questions(names: Iterable[str]) -> str:
    """Questions of the survey by their names."""
    words, part = Establishment.words(), "label_en" if (get_language() or "").startswith("en") else "label"
    return "、".join(words.get(name, {}).get(part) or name for name in names) or _("没有")


def chosen(sides: Mapping[str, str]) -> str:
    """Which side was chosen, question by question."""
    words = {"ours": _("用办公室的"), "theirs": _("用手机的")}
    return "；".join(f"{questions([name])}：{words.get(side, side)}" for name, side in sides.items())
