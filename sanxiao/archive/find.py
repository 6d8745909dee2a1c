"""Finding by part of a name, pinyin, initials, number, address or the tail of a telephone."""

from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Q

from sanxiao.office import seal

# Surnames that pypinyin reads as the common word.
SURNAMES = {"曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "朴": "piao", "任": "ren"}
SURNAMES |= {"区": "ou", "缪": "miao", "乐": "yue", "翟": "zhai", "尉": "yu", "员": "yun", "华": "hua", "宁": "ning"}


@lru_cache(maxsize=20_000)
def spelled(text: str, person: bool = False) -> str:
    """Full pinyin and initials of a Chinese text: '王家豆腐' -> 'wangjiadoufu wjdf'."""
    from pypinyin import Style, lazy_pinyin  # its dictionary takes a fifth of a second to load: not at start

    full = lazy_pinyin(text, style=Style.NORMAL, errors="default")
    if person and text[:1] in SURNAMES:
        full[0] = SURNAMES[text[0]]
    return f"{''.join(full)} {''.join(part[:1] for part in full)}".lower()


NAMELESS = ("", "无字号", "无")


def called(file: Any) -> str:
    """What a place is called on every page: its name; a place without one by who runs it."""
    return f"{file.operator.name}（{NAMELESS[1]}）" if file.name in NAMELESS and file.operator_id else file.name


def keep_in_step(file: Any) -> None:
    """Write anew what a file is called and found by; for an unsaved file, too."""
    file.called, file.search = called(file), text_of(file)


def text_of(file: Any) -> str:
    """The searchable text of a file: nothing in it is a personal number."""
    who = file.operator.name if file.operator_id else ""
    parts = (file.name, who, file.number, file.address, spelled(file.name), spelled(who, person=True))
    return " ".join(p for p in parts if p).lower()


def condition(text: str) -> Q:
    """The filter on files behind one search box; all words must be found."""
    found = Q()
    for word in text.replace("\0", " ").split()[:6]:  # PostgreSQL takes no NUL
        word = word[:50].lower()
        here = Q(search__contains=word)
        digits = seal.plain_phone(word)
        if len(digits) in (4, 11) and digits == word:
            operators = apps.get_model("archive", "Operator").objects
            by = {"phone_tail": seal.index("phone:tail", digits)}
            if len(digits) == 11:
                by = {"phone_index": seal.index("phone", digits)}
            here |= Q(operator__in=operators.filter(**by))
        if len(seal.plain_id(word)) == 18:
            here |= Q(operator__id_number_index=seal.index("id_number", seal.plain_id(word)))
        found &= here
    return found
