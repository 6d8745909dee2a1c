"""A cell of an old ledger as the answer it means: choices by their names, villages by theirs, hours from words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.office.models import Area
from sanxiao.papers.excel import Cell
from sanxiao.survey.columns import plain
from sanxiao.survey.models import NAMELESS, Form
from sanxiao.survey.reading import Ground, Question, tidy

NOTHING = frozenset(("", "无", "/", "\\", "-", "—", "－", "--", "——", "暂无", "不详", "未知", "n/a", "空"))
YES, NO = ("是", "有", "√", "y", "yes", "对", "1", "true"), ("否", "无", "没有", "×", "x", "n", "no", "0", "false")
FAULTS = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")
WEEK = {sign: str(day) for day, sign in enumerate("一二三四五六日", 1)} | {"天": "7"}
_WINDOW = re.compile(
    r"(每天|每日|周[一二三四五六日天周、,，至到\-—~～]+)?\s*(\d{1,2}[:：]\d{2})\s*[-—–~～至到]+\s*(\d{1,2}[:：]\d{2})"
)


def answer(question: Question, cell: Cell, form: Form, ground: Ground) -> Any:
    """What a cell answers, ready for `answers.check`; None for nothing. Raises ValueError in words."""
    text = tidy(cell)
    if text.upper() in FAULTS:
        raise ValueError(_("这一格是公式错误，请改为实际内容。"))
    kind, name = question["type"], question["name"]
    if name == "shop_name":
        return NAMELESS if text in NOTHING else text
    if kind == "select_one":
        return village_code(text, ground) if question["list"] == "village" else _choice(question, text, form, ground)
    if kind == "select_multiple":
        return _choices(question, text, form, ground)
    if text.lower() in NOTHING:
        return None
    if kind == "repeat":
        return windows(text) if name == "windows" else _lines(question, text)
    if name in ("id_number", "phone"):
        return _number(name, cell, text)
    return cell if kind in ("date", "time") and not isinstance(cell, str) else text


def _number(name: str, cell: Cell, text: str) -> str | None:
    """Personal numbers: masked ones say nothing, rounded ones are not what was written."""
    if "*" in text:
        return None
    if name == "id_number" and not isinstance(cell, str) and len(text) > 15:
        raise ValueError(_("号码按数值存放，后几位已被 Excel 改成 0。请把这一列设为“文本”后重新填写。"))
    return text


def _known(question: Question, form: Form, ground: Ground) -> dict[str, str]:
    """The choices of a question under everything they may be called."""
    key = ("called", question["list"])
    if key not in ground.memo:
        known = ground.memo[key] = {}
        for choice in form.definition["choices"].get(question["list"], ()):
            for spelling in ("value", "label", "label_en"):
                known.setdefault(plain(choice[spelling]), choice["value"])
    return ground.memo[key]


def _choice(question: Question, text: str, form: Form, ground: Ground) -> str | None:
    known = _known(question, form, ground)
    if plain(text) in known:
        return known[plain(text)]
    if text.lower() in YES and "yes" in known.values():
        return "yes"
    if text.lower() in NO and "no" in known.values():
        return "no"
    held = {"held": YES, "none": NO}
    for value, words in held.items():
        if value in known.values() and text.lower() in words:
            return value
    return None if text.lower() in NOTHING else text


def _choices(question: Question, text: str, form: Form, ground: Ground) -> list[str] | None:
    known = _known(question, form, ground)
    if plain(text) in known:
        return [known[plain(text)]]
    parts = [part.strip() for part in re.split(r"[、,，;；/／\s]+", text) if part.strip()]
    found = [known.get(plain(part), part) for part in parts]
    return None if not found or text in NOTHING else found


# --- villages --------------------------------------------------------------------------------------------------

URBAN = ("社区", "居委会", "居民委员会", "居委")
_TAIL = re.compile(r"(村民委员会|居民委员会|村委会|居委会|社区居委会|村委|居委|社区|村)$")


def village_code(text: str, ground: Ground) -> str:
    """The code of a village as people write it: by code, full name, or name without its tail where that is one only.

    What fits none, or several, comes back as it is and is refused with the list by `check`.
    """
    if text in ground.villages:
        return text
    key = ("village", text)
    if key not in ground.memo:
        ground.memo[key] = _village(text, ground)
    return ground.memo[key]


def _village(text: str, ground: Ground) -> str:
    named = re.sub(r"^.*?(镇|街道|乡)", "", text) or text
    for spelling in (text, named):
        exact = [code for code, name in ground.villages.items() if plain(name) == plain(spelling)]
        if len(exact) == 1:
            return exact[0]
    wanted = _stem(named)
    loose = [code for code, name in ground.villages.items() if _stem(name) == wanted]
    if len(loose) > 1 and wanted != named:  # a village and a community of one name: the tail tells
        loose = [code for code in loose if ground.villages[code].endswith(URBAN) == named.endswith(URBAN)]
    return loose[0] if len(loose) == 1 else text


def _stem(name: str) -> str:
    text, before = name.strip(), ""
    while text != before:
        before, text = text, _TAIL.sub("", text)
    return text


def why_no_village(text: str, everywhere: Sequence[Area], ground: Ground) -> str:
    """Why a village cannot be taken: unknown, of another ground, or no longer there."""
    meant = [area for area in everywhere if text in (area.code, area.name, area.name_en)]
    meant = meant or [area for area in everywhere if _stem(area.name) == _stem(text)]
    for area in sorted(meant, key=lambda area: area.until is not None):
        if area.code in ground.villages:
            continue
        if area.until:
            ended = {"name": area.label, "day": area.until}
            return _("“%(name)s”已于 %(day)s 撤并，请填现在的村（社区）。") % ended
        return _("“%(name)s”不在您的辖区。") % {"name": area.label}
    return _("没有“%(name)s”这个村（社区），请按名单写全称。") % {"name": text[:30]}


# --- repeats ---------------------------------------------------------------------------------------------------


def windows(text: str) -> list[dict[str, Any]]:
    """Weekly hours out of words: '周一、周三 05:30-09:00；每天 16:00-19:00'. Raises ValueError."""
    found = []
    for part in re.split(r"[；;\n]+", text):
        if not part.strip():
            continue
        read = _WINDOW.search(part)
        if not read:
            raise ValueError(_("出摊时段请写成“周一、周三 05:30-09:00”或“每天 05:30-09:00”的样子。"))
        found.append({"weekdays": _days(read[1] or "每天"), "window_from": read[2], "window_to": read[3]})
    return found


def _days(text: str) -> list[str]:
    if text.startswith("每"):
        return list("1234567")
    spans = re.findall(r"([一二三四五六日天])(?:[至到\-—~～]+周?([一二三四五六日天]))?", text)
    days: set[int] = set()
    for first, last in spans:
        start, end = int(WEEK[first]), int(WEEK[last or first])
        days |= set(range(start, end + 1)) if end >= start else {*range(start, 8), *range(1, end + 1)}
    return [str(day) for day in sorted(days)]


def _lines(question: Question, text: str) -> list[dict[str, Any]]:
    """Names apart by semicolons; the first question of a line takes the name, brackets are left to the reader."""
    first = question["questions"][0]["name"]
    return [{first: re.sub(r"（.*", "", part).strip()} for part in re.split(r"[；;、\n]+", text) if part.strip()]


def joined_point(raw: Mapping[str, Any]) -> list[Any] | None:
    """Two columns of a point as one answer."""
    pair = [raw.get("location:lat"), raw.get("location:lng")]
    return pair if any(part not in (None, "") for part in pair) else None
