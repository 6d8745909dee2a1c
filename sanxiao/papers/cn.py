"""Chinese dates, numerals, document numbers and masks, as offices write them.

Pure functions. Dates may be `date`, `datetime`, an ISO text or nothing; nothing gives "".
A moment with a zone is told in the town's own time, else a night's work would fall on the day before.
"""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

Day = date | datetime | str | None

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$")
_SMALL = "零一二三四五六七八九"
_CAPITAL = "零壹贰叁肆伍陆柒捌玖"


def day_text(day: Day) -> str:
    """The day as running text writes it, 2018年6月5日; other text stays as it is (「立即」, 「长期」)."""
    found = _ISO.match(_iso(day))
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else _iso(day)


def day_table(day: Day) -> str:
    """The day as tables write it, 2018-06-05; other text stays as it is."""
    found = _ISO.match(_iso(day))
    return found[0][:10] if found else _iso(day)


def minute_table(moment: Day) -> str:
    """The moment as tables write it, 2018-06-05 09:30; a bare day stays a day."""
    found = _ISO.match(_iso(moment))
    if not found:
        return _iso(moment)
    return found[0][:10] + (f" {found[4]}:{found[5]}" if found[4] else "")


def span_text(first: Day, last: Day) -> str:
    """A term of validity, 2018年6月5日至2021年6月4日; "" when both ends are unknown."""
    return f"{day_text(first)}至{day_text(last)}" if first or last else ""


def numeral(number: int) -> str:
    """A whole number from 0 to 9999 in small numerals, as in 一、 and 第十二条 (12 is 十二, not 一十二)."""
    if not 0 <= number <= 9999:
        raise ValueError(f"numeral() counts from 0 to 9999, not {number}")
    text = _group(number, _SMALL, ("", "十", "百", "千")) or "零"
    return text[1:] if text.startswith("一十") else text


def money(yuan: Decimal | int | str) -> str:
    """An amount in capitals, 壹万贰仟叁佰元伍角整, for sums a person could alter; 0 to under 10^12 yuan."""
    fen = int((Decimal(yuan) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if not 0 <= fen < 10**14:
        raise ValueError(f"money() writes amounts from 0 to under 10^12 yuan, not {yuan}")
    whole, jiao, cent = fen // 100, fen // 10 % 10, fen % 10
    text = f"{_whole(whole)}元" if whole else ""
    if jiao:
        text += f"{_CAPITAL[jiao]}角"
    elif cent and whole:
        text += "零"
    return (text + f"{_CAPITAL[cent]}分") if cent else ((text or "零元") + "整")


def paper_number(code: str, year: int, serial: int) -> str:
    """An official number after GB/T 9704: 坛市监责改〔2018〕5号; six-angle brackets, no leading zero, no 第."""
    return f"{code}〔{year}〕{serial}号"


def mask_name(name: str) -> str:
    """王秀兰 as 王**: the surname alone, two stars for any length so that the length tells nothing."""
    return f"{name[0]}**" if name else ""


def mask_id(number: str) -> str:
    """An identity number with its first 6 and last 4 places; shorter papers keep the two outer places."""
    if len(number) >= 15:
        return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}" if len(number) > 2 else "*" * len(number)


def mask_phone(phone: str) -> str:
    """138****1234; a landline keeps its area code: 0519-****1234."""
    area, dash, rest = phone.rpartition("-")
    if dash and len(rest) > 4:
        return f"{area}-****{rest[-4:]}"
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * len(phone)


def local(moment: datetime) -> datetime:
    """The moment on the town's clock, without a zone."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _iso(day: Day) -> str:
    if isinstance(day, str) and _ZONED.match(day):
        day = datetime.fromisoformat(day)
    if isinstance(day, datetime):
        day = local(day)
    return "" if day is None else day.isoformat() if isinstance(day, date) else day


def _whole(number: int) -> str:
    """Yuan in capitals, in groups of four digits: 亿, 万, ones, with one 零 where a group begins with noughts."""
    text, gap = "", False
    for unit, base in (("亿", 10**8), ("万", 10**4), ("", 1)):
        group = number // base % 10**4
        if text and group and (gap or group < 1000):
            text += "零"
        gap = bool(text) and not group
        text += _group(group, _CAPITAL, ("", "拾", "佰", "仟")) + unit if group else ""
    return text


def _group(number: int, digits: str, units: tuple[str, ...]) -> str:
    """Up to four digits in words, "" for nought, one 零 for noughts in between."""
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap else "") + digits[digit] + units[place]
        gap = bool(text) and not digit
    return text
