"""One answer at a time: text, numbers, days, choices and points as people write them, read into their types.

Errors are ValueErrors in the words of the person who typed; what is not there is None.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.office import seal
from sanxiao.office.now import today
from sanxiao.survey import xlsform
from sanxiao.survey.models import Form

Question = Mapping[str, Any]
BOX = {"lat": (3.0, 54.0), "lng": (73.0, 136.0)}  # China; a point elsewhere is a slip of the hand
LONGEST = 2000
# As long as the archive's columns are.
ROOM = {"shop_name": 100, "operator_name": 60, "address": 160, "pitch": 120, "market_days": 60}
MACRO = re.compile(r"#(idcard|uscc|phone)")
_FULL = {ord("！") + i: ord("!") + i for i in range(94)} | {0x3000: " "}


@dataclass(frozen=True)
class Ground:
    """What answers are checked against besides the form: villages by code, foods of the day, plausible ranges.

    `memo` keeps what is worked out again and again in ten thousand rows: the choices of a list, a village's spelling.
    """

    villages: Mapping[str, str]
    foods: Sequence[Mapping[str, Any]] = ()
    ranges: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict)


def ground_for(form: Form, villages: Mapping[str, str], area: str) -> Ground:
    """The rules of the town for a form: three queries, for any number of sheets."""
    names = [q["name"] for q in form.questions().values() if q["type"] in ("integer", "decimal")]
    kind = form.kind_id
    rows = Rule.objects.on().filter(key__in=[f"sanity.{name}.{kind}" for name in names]).order_by("area", "since")
    ranges = {row.key.split(".")[1]: row.value for row in rows}
    day = today()
    foods = [
        food
        for food in Rule.objects.value("prohibited_foods", area, default=[])
        if food["kind"] in (kind, "all") and xlsform.in_force(food, day)
    ]
    return Ground(villages, foods, ranges)


def label(question: Question, part: str = "label") -> str:
    """A text of a question in the language of the screen."""
    english = (get_language() or "").startswith("en")
    return (question.get(f"{part}_en") if english else "") or question.get(part, "")


def tidy(value: Any) -> str:
    """Text without stray blanks; full-width digits and letters made half-width stays with the reader of the type."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\u00a0", " ").replace("\u200b", "").strip() if value is not None else ""


def read(question: Question, value: Any, form: Form, ground: Ground) -> Any:
    """One answer as its type, None when empty. Raises ValueError with words for the person."""
    if value in (None, "", []):
        return None
    return _READERS.get(question["type"], _text)(question, value, form, ground)


def _text(question: Question, value: Any, _form: Form, _ground: Ground) -> str | None:
    text = tidy(value)
    macro = MACRO.search(question["constraint"])
    if macro and macro[1] == "idcard":
        return seal.plain_id(text)
    if macro:
        text = re.sub(r"\s", "", text.translate(_FULL)).replace("—", "-").replace("－", "-")
        return text.upper() if macro[1] == "uscc" else text
    most = ROOM.get(question["name"], LONGEST)
    if len(text) > most:
        raise ValueError(_("最多 %(n)d 字。") % {"n": most})
    return text or None


def _number(value: Any) -> float:
    text = tidy(value).translate(_FULL).replace(",", "")
    try:
        found = float(text)
    except ValueError as error:
        raise ValueError(_("请填数字。")) from error
    if not -1e12 < found < 1e12:
        raise ValueError(_("请填数字。"))
    return found


def _integer(_question: Question, value: Any, _form: Form, _ground: Ground) -> int:
    found = _number(value)
    if not found.is_integer():
        raise ValueError(_("请填整数。"))
    return int(found)


def _decimal(_question: Question, value: Any, _form: Form, _ground: Ground) -> float | int:
    found = _number(value)
    return int(found) if found.is_integer() else found


def _date(question: Question, value: Any, _form: Form, _ground: Ground) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return day_of(tidy(value).translate(_FULL)).isoformat()


def day_of(text: str) -> date:
    """A day as people write it: 2018-06-05, 2018/6/5, 2018.6, 2018年6月5日, 20180605. Raises ValueError in words."""
    if re.fullmatch(r"\d{1,2}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?", text):
        raise ValueError(_("年份只有两位，请写成四位，如 2018-06-05。"))
    found = re.fullmatch(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})?)?\s*日?(?:\s+00:00(?::00)?)?", text)
    found = found or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if not found:
        raise ValueError(_("日期请写成 2018-06-05 的样子。"))
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError as error:
        raise ValueError(_("没有这一天，请核对日期。")) from error


def _time(_question: Question, value: Any, _form: Form, _ground: Ground) -> str:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    found = re.fullmatch(r"(\d{1,2})[:：.](\d{2})(?::\d{2})?", tidy(value).translate(_FULL))
    if not found or int(found[1]) > 24 or int(found[2]) > 59:
        raise ValueError(_("时刻请写成 05:30 的样子。"))
    return f"{int(found[1]) % 24:02d}:{found[2]}"


def _one(question: Question, value: Any, form: Form, ground: Ground) -> str:
    held = values_of(question, form, ground)
    text = tidy(value)
    if text not in held:
        raise ValueError(_not_listed(text, held))
    return text


def _many(question: Question, value: Any, form: Form, ground: Ground) -> list[str] | None:
    held = values_of(question, form, ground)
    texts = [tidy(v) for v in (value if isinstance(value, (list, tuple)) else [value])]
    for text in texts:
        if text not in held:
            raise ValueError(_not_listed(text, held))
    return [v for v in held if v in texts] or None


def _not_listed(text: str, held: Mapping[str, str]) -> str:
    named = _("、").join(list(held.values())[:12])
    return _("没有“%(value)s”这一项，应为：%(choices)s。") % {"value": text[:30], "choices": named}


def _point(_question: Question, value: Any, _form: Form, _ground: Ground) -> list[float] | None:
    parts = value if isinstance(value, (list, tuple)) else re.split(r"[,，;；\s]+", tidy(value).translate(_FULL))
    parts = [part for part in parts if part not in (None, "")]
    if not parts:
        return None
    if len(parts) < 2:
        raise ValueError(_("纬度和经度都要填。"))
    lat, lng = _number(parts[0]), _number(parts[1])
    if BOX["lat"][0] <= lng <= BOX["lat"][1] and BOX["lng"][0] <= lat <= BOX["lng"][1]:
        lat, lng = lng, lat  # typed the other way round, which only one order can be
    if not (BOX["lat"][0] <= lat <= BOX["lat"][1] and BOX["lng"][0] <= lng <= BOX["lng"][1]):
        raise ValueError(_("坐标不在国内，请核对：纬度约 31.7，经度约 119.5。"))
    return [round(lat, 6), round(lng, 6)]


_READERS = {
    "integer": _integer, "decimal": _decimal, "date": _date, "time": _time, "select_one": _one,
    "select_multiple": _many, "geopoint": _point,
}  # fmt: skip


def values_of(question: Question, form: Form, ground: Ground) -> dict[str, str]:
    """The choices of a question for this person: value -> name."""
    listed = question["list"]
    if listed not in ground.memo:
        choices = form.definition["choices"].get(listed, ())
        said = {choice["value"]: label(choice) for choice in choices}
        ground.memo[listed] = dict(ground.villages) if listed == "village" else said
    return ground.memo[listed]
