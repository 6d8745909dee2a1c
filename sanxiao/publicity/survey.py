"""满意度调查: questions as dated data, codes and slips, answers without persons, and the index that others pull.

`index(area, quarter)` is what other rooms ask: the share of households that feel safe and that are content, of one
village or of a whole town (a code that ends in zeros), with the number of answers and a 95 % interval. Only answers by
one-time slips count; those by the open code are told beside it. Fewer than `poll.smallest` answers: no figure.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office import seal
from sanxiao.office.models import Area, User, prefix_of
from sanxiao.office.now import today
from sanxiao.papers import codes
from sanxiao.publicity import masking
from sanxiao.publicity.acts import ground_of
from sanxiao.publicity.models import Door, Poll, Reply, Slip
from sanxiao.publicity.rules import POLL
from sanxiao.publicity.say import worded

SMALLEST, MOST_SLIPS, Z = 5, 500, 1.96
Counts = Mapping[str, Mapping[str, int]]


class QuarterLike(Protocol):
    """Anything with a year and a number from 1 to 4."""

    @property
    def year(self) -> int:
        """The year."""

    @property
    def no(self) -> int:
        """The quarter."""


@dataclass(frozen=True)
class Share:
    """A share of answers with its 95 % interval (Wilson), all between 0 and 1."""

    n: int
    good: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.good / self.n

    @property
    def percent(self) -> int:
        """In whole per cent."""
        return round(100 * self.value)

    @property
    def interval(self) -> tuple[float, float]:
        """Between what the share of all households lies, were those who answered drawn by lot."""
        n, p = self.n, self.value
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def low(self) -> int:
        """Its lower end in whole per cent."""
        return round(100 * self.interval[0])

    @property
    def high(self) -> int:
        """Its upper end."""
        return round(100 * self.interval[1])


@dataclass(frozen=True)
class Index:
    """放心度 and 满意度 of a ground in a quarter. None where there is no question of the kind or too few answered."""

    n: int  # answers by slip
    open_n: int  # answers by the open code, which do not count
    trust: Share | None
    content: Share | None
    hidden: bool = False  # there are answers, but so few that they could point at somebody


@dataclass(frozen=True)
class Quarter:
    """A quarter for who has no other at hand."""

    year: int
    no: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """That in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def next(self) -> "Quarter":
        """The one after."""
        return Quarter(self.year + self.no // 4, self.no % 4 + 1)

    @property
    def since(self) -> date:
        """Its first day."""
        return date(self.year, self.no * 3 - 2, 1)

    @property
    def until(self) -> date:
        """Its last day."""
        return date.fromordinal(self.next.since.toordinal() - 1)


def index(area: str, quarter: QuarterLike) -> Index:
    """The index of a village, or of all villages of a town, in a quarter; see the module."""
    poll = Poll.objects.filter(area=area[:9].ljust(12, "0"), year=quarter.year, quarter=quarter.no).first()
    if poll is None:
        return Index(0, 0, None, None)
    ground = prefix_of(area)
    if len(ground) < 12:
        return _index(poll, list(Reply.objects.filter(poll=poll)), smallest(poll))
    return by_village(poll)[0].get(area, Index(0, 0, None, None))


def indices(area: str, quarters: Sequence[QuarterLike]) -> list[dict[str, Index]]:
    """The index of every village of a ground in each quarter, by the rules of the poll's own page."""
    ground, town = prefix_of(area), area[:9].ljust(12, "0")
    polls = {(poll.year, poll.quarter): poll for poll in Poll.objects.filter(area=town)}
    found = []
    for quarter in quarters:
        poll = polls.get((quarter.year, quarter.no))
        rows = by_village(poll)[0] if poll else {}
        found.append({village: index for village, index in rows.items() if village.startswith(ground)})
    return found


def smallest(poll: Poll) -> int:
    """Below this nothing is shown."""
    return int(Rule.objects.value("poll.smallest", poll.area, poll.rule_on, SMALLEST))


def by_village(poll: Poll) -> tuple[dict[str, Index], Index]:
    """The index of every village of a poll that has answers, and of the whole; one query.

    Where those too small to be shown are together still too few, the next smallest is hidden with them: the whole
    would give them away.
    """
    replies = list(Reply.objects.filter(poll=poll))
    least = smallest(poll)
    parts: dict[str, list[Reply]] = {}
    for reply in replies:
        parts.setdefault(reply.area, []).append(reply)
    rows = {area: _index(poll, part, least) for area, part in parts.items()}
    small = sum(row.n for row in rows.values() if row.hidden)
    for n, area in sorted((row.n, area) for area, row in rows.items() if row.n and not row.hidden):
        if 0 < small < least:
            rows[area], small = Index(n, rows[area].open_n, None, None, hidden=True), small + n
    return rows, _index(poll, replies, least)


def _index(poll: Poll, replies: Iterable[Reply], least: int) -> Index:
    ways = Counter(reply.way for reply in replies)
    n = ways["slip"]
    if n < least:
        return Index(n, ways["open"], None, None, hidden=n > 0)
    told = [reply.answers for reply in replies if reply.way == "slip"]
    trust, content = (_share(poll, told, aim) for aim in ("trust", "content"))
    return Index(n, ways["open"], trust, content)


def _share(poll: Poll, told: Sequence[Mapping[str, Any]], aim: str) -> Share | None:
    """Answers that are good, of the question that measures an aim."""
    for row in raw_questions(poll):
        if row.get("measures") == aim:
            good = {choice["code"] for choice in row["choices"] if choice.get("good")}
            given = [answers[row["code"]] for answers in told if row["code"] in answers]
            return Share(len(given), sum(each in good for each in given)) if given else None
    return None


def distribution(poll: Poll, replies: Iterable[Reply], least: int) -> list[dict[str, Any]]:
    """Every question with its choices and how often each was given; a number below `least` is None, 0 stays."""
    told = [reply.answers for reply in replies]
    rows = []
    for question in questions(poll):
        counts: Counter[str] = Counter()
        for answers in told:
            given = answers.get(question["code"], [])
            counts.update(given if isinstance(given, list) else [given])
        lines = [(name, counts[code] if counts[code] == 0 or counts[code] >= least else None)
                 for code, name in question["choices"]]  # fmt: skip
        rows.append({"text": question["text"], "lines": lines, "most": max(len(told), 1)})
    return rows


# --- questions ---------------------------------------------------------------------------------------------------


def raw_questions(poll: Poll) -> list[dict[str, Any]]:
    """The questions as the rules of the day on which the poll was started have them."""
    return list(Rule.objects.value("poll.questions", poll.area, poll.rule_on, []))


def questions(poll: Poll) -> list[dict[str, Any]]:
    """In the language of the screen: code, text, several, choices."""
    return [
        {"code": row["code"], "text": worded(row), "several": bool(row.get("several")),
         "choices": [(choice["code"], worded(choice)) for choice in row["choices"]]}
        for row in raw_questions(poll)
    ]  # fmt: skip


@POLL.predicate("has_questions")
def has_questions(poll: Poll, _facts: dict[str, Any]) -> bool:
    """There is something to ask."""
    return bool(Rule.objects.value("poll.questions", poll.area, None, []))


# --- the poll ----------------------------------------------------------------------------------------------------


@POLL.beginning
def begin_poll(user: User, _params: dict[str, str]) -> Poll:
    """A poll of the town, of this quarter unless it is said otherwise."""
    quarter = Quarter.of(today())
    area = ground_of(user, "poll.run")
    return Poll(area=area, year=quarter.year, quarter=quarter.no, closes_on=max(quarter.until, today()))


@POLL.effect("start")
def started(poll: Poll, _by: User | None, _facts: dict[str, Any]) -> None:
    """One open code for every village and committee of today."""
    if poll.closes_on is None or poll.closes_on < today():
        raise Refused(_("收卷日期不能早于今天。"), {"closes_on": _("不能早于今天")}, "invalid")
    grounds = Area.objects.on().filter(level__in=("village", "community"), code__startswith=prefix_of(poll.area))
    Door.objects.bulk_create([Door(poll=poll, area=area.code) for area in grounds])


@POLL.effect("slips")
def printed(poll: Poll, _by: User | None, facts: dict[str, Any]) -> None:
    """Slips of one village: their codes follow from a key that lies outside the database, so only indices are kept."""
    area, count = facts["ground"], int(facts["count"])
    if not poll.doors.filter(area=area).exists():
        raise Refused(_("请选一个村（社区）。"), {"ground": _("请选择")}, "invalid")
    if not 1 <= count <= MOST_SLIPS:
        said = _("一次印 1 到 %(n)d 条。") % {"n": MOST_SLIPS}
        raise Refused(said, {"count": said}, "invalid")
    last = poll.slips.filter(area=area).order_by("-batch").values_list("batch", flat=True).first() or 0
    made = [Slip(poll=poll, area=area, batch=last + 1) for _n in range(count)]
    for slip in made:
        slip.index = seal.index("poll.slip", code_of(slip))
    Slip.objects.bulk_create(made)
    facts["batch"] = last + 1


def code_of(slip: Slip) -> str:
    """The code that is printed on a slip: sixteen signs made of its key and the house's own key."""
    number = int(seal.index("poll.slip.code", str(slip.pk))[:20], 16)
    return "".join(codes.ALPHABET[number >> (5 * n) & 31] for n in range(codes.LENGTH))


# --- answers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entrance:
    """Where somebody came in: the poll, the village, and the slip where it is one."""

    poll: Poll
    area: str
    slip: Slip | None = None


def entrance(text: str) -> Entrance | None:
    """What a scanned or typed code opens today; None for a wrong one and where the poll is over."""
    code = codes.plain(text)
    if not code:
        return None
    door = Door.objects.filter(code=code).select_related("poll").first()
    slip = None if door else Slip.objects.filter(index=seal.index("poll.slip", code)).select_related("poll").first()
    behind = door or slip
    if behind is None or not is_open(behind.poll):
        return None
    return Entrance(behind.poll, behind.area, slip)


def is_open(poll: Poll) -> bool:
    """May it be answered today?"""
    return poll.state == "open" and poll.closes_on is not None and today() <= poll.closes_on


def check(way: Entrance, told: Mapping[str, Any]) -> None:
    """Every question has one of its answers. Raises Refused with those that have not, by code."""
    rows = questions(way.poll)
    missing = {row["code"]: _("请选一个") for row in rows if not row["several"] and row["code"] not in told}
    known = {row["code"]: {code for code, _name in row["choices"]} for row in rows}
    for code, given in told.items():
        if not set(given if isinstance(given, list) else [given]) <= known.get(code, set()):
            missing[code] = _("请选一个")
    if missing:
        raise Refused(_("还有题没有答。"), missing, "invalid")


def answer(way: Entrance, told: Mapping[str, Any], words: str) -> Reply:
    """Take one questionnaire. A slip is used by the conditional update: of two at once, one is told it was used.

    Raises Refused.
    """
    check(way, told)
    with transaction.atomic():
        if way.slip and not Slip.objects.filter(pk=way.slip.pk, used=False).update(used=True):
            raise Refused(_("这张答卷条已经用过了。一户一条，只能答一次。"), code="state")
        return Reply.objects.create(
            poll=way.poll, area=way.area, way="slip" if way.slip else "open", answers=dict(told),
            words=masking.struck(words.strip())[:300],
        )  # fmt: skip


def trend(area: str, most: int = 8) -> list[tuple[Poll, Index]]:
    """The polls of a town in their order, with the index of a ground in each."""
    town = area[:9].ljust(12, "0")
    polls = list(Poll.objects.filter(area=town).order_by("-year", "-quarter")[:most])[::-1]
    rows = []
    for poll in polls:
        parts, whole = by_village(poll)
        rows.append((poll, whole if area == town else parts.get(area, Index(0, 0, None, None))))
    return rows


def words_of(poll: Poll) -> list[Reply]:
    """Free words of those villages whose answers are not too few; in no order of time."""
    rows, _whole = by_village(poll)
    shown = [area for area, row in rows.items() if row.n + row.open_n >= smallest(poll)]
    return list(Reply.objects.filter(poll=poll, area__in=shown).exclude(words="").order_by("area", "id"))
