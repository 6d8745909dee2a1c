"""Exposing a typical case: which may be, the text as the program drafts it, two offices, the day on which it goes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import override

from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement.conditions import is_published
from sanxiao.enforcement.documents import penalty_words
from sanxiao.enforcement.models import Case, known
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers import cn
from sanxiao.papers.models import take_number
from sanxiao.publicity import masking
from sanxiao.publicity.models import Exposure
from sanxiao.publicity.rules import EXPOSURE

ADULT, DAYS = 18, 180


def candidates(user: Any) -> Any:
    """Closed cases whose decision is public today and that were not exposed yet, newest first."""
    taken = Exposure.objects.exclude(state="dropped").values("case")
    rows = Case.objects.seen_by(user).public().filter(state="closed").exclude(pk__in=taken)
    return rows.select_related("file__operator", "file__kind").order_by("-decided_on", "id")


def eligible(cases: Any) -> Iterator[Case]:
    """Those of the candidates that the law lets be shown; two queries for all."""
    for case in cases.prefetch_related("parties"):
        if is_published(case, {}) and all_grown_up(case):
            yield case


@EXPOSURE.beginning
def begin_exposure(user: User, params: dict[str, str]) -> Exposure:
    """Of a case that this person may see (`case`), or of the newest of a place that may be exposed (`file`)."""
    case = known(Case, params.get("case"))
    if case is None and params.get("file"):
        case = next(eligible(candidates(user).filter(file=params["file"])), None)
    if case is None or not Case.objects.seen_by(user).filter(pk=case.pk).exists():
        raise Http404
    return Exposure(case=case, file=case.file, area=case.area)


# --- what may be exposed -----------------------------------------------------------------------------------------


@EXPOSURE.predicate("case_closed")
def case_closed(exposure: Exposure, _facts: dict[str, Any]) -> bool:
    """Nothing is shown while anything is open."""
    return exposure.case.state == "closed"


@EXPOSURE.predicate("decision_public")
def decision_public(exposure: Exposure, _facts: dict[str, Any]) -> bool:
    """The decision may be published, was, and still is."""
    case = exposure.case
    return is_published(case, {}) and Case.objects.public().filter(pk=case.pk).exists()


@EXPOSURE.predicate("grown_up")
def grown_up(exposure: Exposure, _facts: dict[str, Any]) -> bool:
    """Nobody in the case was under age when it was found, as far as ID numbers say."""
    return all_grown_up(exposure.case)


def all_grown_up(case: Case) -> bool:
    """As far as the ID numbers of its people say; a number that is not on file says nothing."""
    born = [_born(case.file.operator.id_number), *(_born(p.id_number) for p in case.parties.all())]
    return all(day is None or _years(day, case.received_on) >= ADULT for day in born)


def _born(number: str) -> date | None:
    """The birthday in an ID number, None where it holds none."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])) if len(number) == 18 else None
    except ValueError:
        return None


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@EXPOSURE.predicate("none_other")
def none_other(exposure: Exposure, _facts: dict[str, Any]) -> bool:
    """A case is exposed once."""
    rows = Exposure.objects.filter(case=exposure.case_id).exclude(state="dropped")
    return not rows.exclude(pk=exposure.pk).exists()


@EXPOSURE.predicate("is_clean")
def is_clean(exposure: Exposure, _facts: dict[str, Any]) -> bool:
    """Nothing that may not be published stands in it, by what is known of the case today."""
    secrets = masking.secrets_of(exposure.case)
    return not (masking.found_in(exposure.title, secrets) or masking.found_in(exposure.body, secrets))


@EXPOSURE.predicate("not_signing")
def not_signing(exposure: Exposure, _facts: dict[str, Any]) -> bool:
    """Who signs reads the text that is published."""
    return flow.open_proposal(exposure) is None


def check(exposure: Exposure) -> None:
    """Raises Refused, naming the words."""
    secrets = masking.secrets_of(exposure.case)
    fields = {
        name: _("请去掉：%(words)s") % {"words": masking.in_words(found)}
        for name in ("title", "body")
        if (found := masking.found_in(getattr(exposure, name), secrets))
    }
    if fields:
        raise Refused(_("文字里还有不能公开的内容：%(what)s") % {"what": " ".join(fields.values())}, fields, "invalid")


@EXPOSURE.effect("propose", "rewrite")
def written(exposure: Exposure, _by: User | None, _facts: dict[str, Any]) -> None:
    """A text that still names somebody is refused, whichever way it came."""
    check(exposure)


# --- its text ----------------------------------------------------------------------------------------------------


def draft(case: Case) -> tuple[str, str]:
    """Title and text from the case, by the town's pattern, masked."""
    secrets = masking.secrets_of(case)
    with override("zh-hans"):
        rule = Rule.objects.value("exposure.draft", case.area, None, {})
        decided = case.decided_on or today()
        blanks = {
            "year": decided.year, "month": decided.month, "village": secrets.village, "kind": case.file.kind.name,
            "who": cn.mask_name(case.file.operator.name), "conduct": case.conduct.strip().rstrip("。"),
            "law": "、".join(str(row["law"]) for row in case.clauses), "penalty": penalty_words(case).rstrip("。"),
            "shop": _shop(case, secrets),
        }  # fmt: skip
    title = rule.get("title", "{village}某{kind}违法经营案").format(**blanks)
    body = rule.get("body", "{conduct}。{penalty}。").format(**blanks)
    return masking.masked(title, secrets)[:60], masking.masked(body, secrets)[:2000]


def _shop(case: Case, secrets: masking.Secrets) -> str:
    """The shop by its name where the town wants it named and the name names nobody, else by its kind."""
    name = case.file.name.strip()
    named = Rule.objects.value("exposure.shop", case.area, None, "kind") == "name"
    return name if named and name and not masking.found_in(name, secrets) else f"某{case.file.kind.name}"


# --- shown and taken down ----------------------------------------------------------------------------------------


def last_day(case: Case, since: date) -> date:
    """Until when it may be shown: the town's days, and never longer than the decision itself."""
    days = int(Rule.objects.value("exposure.days", case.area, since, DAYS))
    until = since + timedelta(days=days)
    return min(until, case.public_until) if case.public_until else until


@EXPOSURE.effect("publish")
def published(exposure: Exposure, _by: User | None, _facts: dict[str, Any]) -> None:
    """From today until the day that the rules give, under a number."""
    check(exposure)
    exposure.published_on = today()
    exposure.public_until = last_day(exposure.case, today())
    exposure.number = take_number("exposure", exposure.area, exposure)


@EXPOSURE.effect("expire", "fall", "take_down")
def taken_down(exposure: Exposure, _by: User | None, _facts: dict[str, Any]) -> None:
    """It stands in the record, and nowhere else."""
    exposure.ended_on = today()


def watch() -> str:
    """By night: what was exposed of a decision that is public no more goes with it."""
    shown = Exposure.objects.filter(state="published").exclude(case__in=Case.objects.public().filter(state="closed"))
    gone = 0
    for exposure in shown:
        flow.move(exposure, "fall", None)
        gone += 1
    return f"{gone} exposed cases taken down with their decisions"
