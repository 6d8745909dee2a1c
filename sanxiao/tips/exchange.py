"""Lists of 12345 and 12315, in and back, in their own layout, which the town's rule names column by column.

Every row is judged, every error of every row is marked in the returned copy, good rows beside bad ones are taken. A
number that is here already adds nothing. Names and telephones are sealed row by row; the workbook is kept nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office import seal
from sanxiao.office.models import Area, User
from sanxiao.office.now import today
from sanxiao.papers import excel
from sanxiao.tips import by_hand
from sanxiao.tips.models import Complaint, Letter, Report, Track
from sanxiao.tips.rules import PROBLEMS

LAYOUTS = ("12345", "12315")
MOST_ROWS = 2000
HOME, NAME = 60, 20


@dataclass
class Trial:
    """What became of a list: rows taken, rows here already, and every error with its cell."""

    taken: int = 0
    known: int = 0
    errors: list[excel.CellError] = field(default_factory=list)


def layout(key: str) -> dict[str, Any]:
    """heads [{field, head}], words {what they call it: ours}. Raises Refused where the town has none."""
    found: dict[str, Any] | None = Rule.objects.value(f"tips.layout.{key}") if key in LAYOUTS else None
    if found is None:
        raise Refused(_("没有设置这种列表的格式。"), code="unknown")
    return found


def take(data: bytes, key: str, by: User) -> Trial:
    """Take in a list. Raises Refused for no workbook, or one without the columns that are needed."""
    said = layout(key)
    try:
        page = excel.read(data).pages[0]
    except excel.NotExcel as error:
        raise Refused(str(error), {"file": str(error)}, "type") from error
    heads = {row["head"]: row["field"] for row in said["heads"]}
    names = page.headings(1)
    columns = {heads[name]: n for n, name in enumerate(names, 1) if name in heads}
    missing = [row["head"] for row in said["heads"] if row.get("required") and row["field"] not in columns]
    if missing:
        words = _("缺少这些列：%(names)s。第一行须是列名。") % {"names": _("、").join(missing)}
        raise Refused(words, {"file": words}, "invalid")
    if len(page.rows) > MOST_ROWS:
        words = _("超过 %(n)d 行，请分几次导入。") % {"n": MOST_ROWS}
        raise Refused(words, {"file": words}, "too-large")
    trial, reader = Trial(), _Reader(said, key)
    for row in page.rows:
        if row.number > 1:
            values = {name: row.values[n - 1] if n <= len(row.values) else None for name, n in columns.items()}
            _take_row(row.number, values, columns, reader, trial, by)
    return trial


def _take_row(
    number: int, values: dict[str, Any], columns: dict[str, int], reader: "_Reader", trial: Trial, by: User
) -> None:
    read, wrong = reader.read(values)
    trial.errors += [excel.CellError(number, columns.get(name, 0), text) for name, text in wrong]
    if wrong:
        return
    if Letter.objects.filter(channel=read["channel"], number=read["number"]).exists():
        trial.known += 1
        return
    identity = {name: read[name] for name in ("name", "phone", "home") if read[name]}
    try:
        by_hand.make(by, read, identity, number=read["number"])
        trial.taken += 1
    except Refused as refusal:
        trial.errors.append(excel.CellError(number, 0, refusal.reason))


class _Reader:
    """Reads rows of one layout."""

    def __init__(self, said: dict[str, Any], key: str) -> None:
        self.key, self.words = key, said.get("words", {})
        self.areas = {name: a.code for a in Area.objects.on().filter(level__in=("village", "community"))
                      for name in (a.name, a.name_en, a.code) if name}  # fmt: skip
        self.problems = {str(label): value for value, label in PROBLEMS} | {value: value for value, _l in PROBLEMS}

    def read(self, values: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The row as a letter's facts, and every error as (field, words)."""
        text = {name: str(value).strip() if value is not None else "" for name, value in values.items()}
        wrong: list[tuple[str, str]] = []
        found: dict[str, Any] = {"channel": self.key, "demand": text.get("demand", "")}
        found["number"] = self._short(text, "number", 40, _("编号"), wrong, needed=True)
        found["text"] = self._short(text, "text", 3000, _("内容"), wrong, needed=True)
        found["place"] = self._short(text, "place", 100, _("地点"), wrong)
        found["name"] = self._short(text, "name", NAME, _("姓名"), wrong)
        found["home"] = self._short(text, "home", HOME, _("地址"), wrong)
        found["phone"] = self._phone(text.get("phone", ""), wrong)
        found["received_on"] = self._day(values.get("received_on"), wrong)
        found["area"] = self._area(text.get("area", ""), wrong)
        found["want"] = self._word(text.get("want", ""), "want", {"report": "report", "complaint": "complaint",
                                                                  "both": "both"}, "report", wrong)  # fmt: skip
        found["problem"] = self._word(text.get("problem", ""), "problem", self.problems, "other", wrong)
        return found, wrong

    @staticmethod
    def _short(
        text: dict[str, str], name: str, most: int, said: str, wrong: list[tuple[str, str]], needed: bool = False
    ) -> str:
        value = text.get(name, "")
        if needed and not value:
            wrong.append((name, _("%(name)s没有填") % {"name": said}))
        if len(value) > most:
            wrong.append((name, _("%(name)s超过 %(n)d 个字") % {"name": said, "n": most}))
        return value

    @staticmethod
    def _phone(typed: str, wrong: list[tuple[str, str]]) -> str:
        plain = seal.plain_phone(typed.removesuffix(".0"))
        if typed and not 7 <= len(plain) <= 13:
            wrong.append(("phone", _("电话号码不对")))
        return plain

    @staticmethod
    def _day(value: Any, wrong: list[tuple[str, str]]) -> date | None:
        """The day; a time of day beside it is dropped here and kept nowhere."""
        if excel.two_digit_year(value):
            wrong.append(("received_on", _("年份只有两位，请写成四位，如 2018-06-05")))
            return None
        found = value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None
        if found is None and value:
            try:
                found = date.fromisoformat(str(value).strip()[:10].replace("/", "-").replace(".", "-"))
            except ValueError:
                found = None
        if found is None:
            wrong.append(("received_on", _("日期没有填，或者不是日期")))
        elif found > today():
            wrong.append(("received_on", _("日期不能晚于今天")))
        return found

    def _area(self, said: str, wrong: list[tuple[str, str]]) -> str:
        if not said:
            return ""
        code = self.areas.get(said) or next((c for name, c in self.areas.items() if said.startswith(name)), "")
        if not code:
            wrong.append(("area", _("没有这个村（社区）")))
        return code

    def _word(self, said: str, field_name: str, ours: dict[str, str], default: str,
              wrong: list[tuple[str, str]]) -> str:  # fmt: skip
        if not said:
            return default
        value = ours.get(self.words.get(said, said)) or ours.get(said)
        if value is None:
            wrong.append((field_name, _("不认识“%(word)s”") % {"word": said[:20]}))
        return value or default


# --- back --------------------------------------------------------------------------------------------------------


def back(key: str, user: User, since: date | None = None) -> bytes:
    """The letters of that list with state and result, in its own layout. Names and telephones stay blank."""
    said = layout(key)
    heads = [excel.Column(row["field"], row["head"], row.get("width", 16)) for row in said["heads"]]
    back_words = {value: word for word, value in said.get("words", {}).items()}
    lines = [[_cell(row["field"], track, back_words) for row in said["heads"]] for track in _tracks(key, user, since)]
    return excel.sheet(key, heads, lines)


def _tracks(key: str, user: User, since: date | None) -> Iterator[Track]:
    for model in (Complaint, Report):
        rows = model.objects.seen_by(user).filter(letter__channel=key).select_related("letter", "office")
        yield from (rows.filter(rule_on__gte=since) if since else rows).order_by("rule_on", "letter__number")


def _cell(name: str, track: Track, words: dict[str, str]) -> str:
    letter = track.letter
    own = {
        "number": letter.number, "received_on": str(letter.received_on), "text": letter.content.get("text") or "",
        "place": letter.content.get("place") or "", "demand": letter.content.get("demand") or "",
        "area": _area_name(letter.area), "problem": words.get(letter.problem, str(letter.get_problem_display())),
        "want": words.get(letter.want, str(letter.get_want_display())), "due_on": str(track.due_on or ""),
        "office": track.office.label if track.office else "", "state": str(track.state_row.name),
        "result": _result(track), "closed_on": "" if track.is_open else str(letter.closed_on or ""),
        "satisfied": str(track.get_satisfied_display()) if track.satisfied else "",
    }  # fmt: skip
    return own.get(name, "")


def _area_name(code: str) -> str:
    area = Area.objects.on().filter(code=code).first()
    return area.name if area else ""


def _result(track: Track) -> str:
    """The answer as it was given: the last word of the desk, once the track is closed."""
    if track.is_open:
        return ""
    last = track.letter.messages.filter(by__isnull=False).order_by("-no").first()
    return last.text if last else ""
