"""Training and its test: who is invited, who came, what the test said, who has still to pass."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.guidance.models import Attendance, Session
from sanxiao.guidance.rules import SESSION
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import User
from sanxiao.office.now import today

PASS, OPEN_DAYS = 80, 7  # per cent; days after the training: where the town's rules say nothing
MOST = 300  # people of one session


class Question(TypedDict):
    """A question of the bank, in both languages; `right` is the letter of the right choice."""

    code: str
    text: str
    choices: list[tuple[str, str]]
    right: str
    why: str


def pass_mark(session: Session) -> int:
    """From how many per cent on the test is passed, by the rule of the day on which it was planned."""
    return int(Rule.objects.value("training.pass", session.area, session.rule_on, PASS))


def questions_of(session: Session) -> list[Question]:
    """The test of a session in the language of the screen; empty without a kind, or where a town has no bank."""
    rows = Rule.objects.value(f"quiz.{session.kind_id}", session.area, None, []) if session.kind_id else []
    english = (get_language() or "").startswith("en")

    def said(row: Mapping[str, str], name: str) -> str:
        return row.get(f"{name}_en") if english and row.get(f"{name}_en") else row[name]  # type: ignore[return-value]

    return [
        {
            "code": row["code"], "text": said(row, "text"), "right": row["right"], "why": said(row, "why"),
            "choices": [(letter, said(row, letter)) for letter in "abc" if row.get(letter)],
        }
        for row in rows
    ]  # fmt: skip


def score_of(questions: Sequence[Question], answers: Mapping[str, str]) -> int:
    """Right answers in a hundred, rounded."""
    right = sum(answers.get(question["code"]) == question["right"] for question in questions)
    return round(100 * right / len(questions)) if questions else 0


def is_open(session: Session) -> bool:
    """May the test be taken today: on the day itself, and some days after it while the session is not closed?"""
    return session.state in ("planned", "held") and session.held_on <= today() <= last_day(session)


def last_day(session: Session) -> date:
    """Until when the test can be taken."""
    days = int(Rule.objects.value("training.open_days", session.area, session.rule_on, OPEN_DAYS))
    return session.held_on + timedelta(days=days)


# --- the session -------------------------------------------------------------------------------------------------


@SESSION.beginning
def begin_session(user: User, _params: dict[str, str]) -> Session:
    """A training of one's own office."""
    seat = next((s for s in scope_of(user).seats if s.role in DUTIES["guide.train"].roles(LEADS)), None)
    return Session(area=(seat.prefix if seat else "").ljust(12, "0"))


@SESSION.predicate("has_list")
def has_list(session: Session, _facts: dict[str, Any]) -> bool:
    """Somebody is on the list."""
    return session.people.exists()


@SESSION.predicate("day_has_come")
def day_has_come(session: Session, _facts: dict[str, Any]) -> bool:
    """Nobody comes before the day."""
    return session.held_on <= today()


def chosen(session: Session, user: User, who: Mapping[str, Any]) -> QuerySet[Establishment]:
    """The trading places that `who` names: area, kind, words of a name, and whether only those without a pass."""
    mine = scope_of(user).prefixes(DUTIES["guide.train"].roles(LEADS))
    rows = Establishment.objects.seen_by(user).trading()
    rows = (rows.within(mine) if mine else rows.none()).exclude(pk__in=session.people.values("file"))
    for name in ("area", "kind"):
        if value := who.get(name):
            rows = rows.filter(**{name: value})
    if text := str(who.get("q") or "").strip():
        rows = rows.matching(text)
    if who.get("only_new"):
        rows = rows.filter(~passed())
    return rows.order_by("area", "name", "id")


def passed() -> Q:
    """The condition on files: somebody has passed a test for this place."""
    good = Attendance.objects.filter(state="passed")
    return Q(Exists(good.filter(file=OuterRef("pk")))) | Q(Exists(good.filter(file__merged_into=OuterRef("pk"))))


@SESSION.effect("invite")
def invited(session: Session, by: User, facts: dict[str, Any]) -> None:
    """Those who are named come on the list; the log holds how many."""
    rows = list(chosen(session, by, facts["who"])[: MOST + 1])
    if not rows:
        said = _("没有找到可以加入的单位，请换一个条件。")
        raise Refused(said, {"who": said}, "invalid")
    if len(rows) + session.people.count() > MOST:
        said = _("一次培训最多 %(n)d 户，请按村或类别分几次。") % {"n": MOST}
        raise Refused(said, {"who": said}, "invalid")
    for file in rows:
        flow.move(Attendance(session=session, file=file, area=file.area), "invite", by, within=True)
    facts["who"] = len(rows)


@SESSION.effect("roll")
def rolled(session: Session, by: User, facts: dict[str, Any]) -> None:
    """Who came, and who did not. Who took the test on the spot was there."""
    there = {str(key) for key in facts["came"]["there"]}
    for person in session.people.filter(state__in=("invited", "absent")).select_related("file"):
        if str(person.pk) in there:
            flow.move(person, "come", by, within=True, on=session.held_on)
        elif person.state == "invited":
            flow.move(person, "miss", by, within=True, on=session.held_on)


@SESSION.effect("mark")
def marked(session: Session, by: User, facts: dict[str, Any]) -> None:
    """Scores of the test on paper."""
    people = {str(p.pk): p for p in session.people.there().select_related("file", "session")}
    for key, score in facts["scores"].items():
        person = people.get(str(key))
        if person is None or not 0 <= score <= 100:
            said = _("成绩须在 0 到 100 之间，只能给到场的人登记。")
            raise Refused(said, {"scores": said}, "invalid")
        settle(person, score, by)


def settle(person: Attendance, score: int, by: User | None, answers: Mapping[str, str] | None = None) -> None:
    """Write a score down; who has passed stays passed."""
    if person.state == "passed":
        return
    name = "pass" if score >= pass_mark(person.session) else "fail"
    person.score, person.tested_on, person.tries = score, today(), person.tries + 1
    person.answers = dict(answers or {})
    flow.move(person, name, by, within=by is not None, score=score)


def answer(person: Attendance, questions: Sequence[Question], answers: Mapping[str, str]) -> int:
    """One try by phone: the score. The same answers sent again change nothing; after a pass nothing changes.

    Raises Refused where a question is not answered.
    """
    if missing := [n for n, question in enumerate(questions, 1) if not answers.get(question["code"])]:
        numbers = "、".join(map(str, missing))
        raise Refused(_("还有题没有答：第 %(names)s 题。") % {"names": numbers}, code="invalid")
    score = score_of(questions, answers)
    if person.state == "passed" or (person.state == "failed" and person.answers == dict(answers)):
        return score
    if person.state in ("invited", "absent"):
        flow.move(person, "come", None)
    settle(person, score, None, answers)
    return score


# --- who has still to pass ---------------------------------------------------------------------------------------


def of_file(file: Establishment) -> list[Attendance]:
    """The trainings of a place, newest first."""
    return list(Attendance.objects.of(file).select_related("session"))


def untrained(rows: QuerySet[Establishment]) -> QuerySet[Establishment]:
    """Those of the files for which nobody has passed a test."""
    return rows.filter(~passed())
