"""Letters to a filtered list: who gets one, the words with their blanks filled, one copy in every file."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from sanxiao.archive.lists import FILES
from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.guidance.models import Letter, Mailing
from sanxiao.guidance.rules import LETTER, MAILING
from sanxiao.office.duties import DUTIES, LEADS, scope_of, sight
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.office.places import names_of
from sanxiao.papers.models import Paper, issue_paper, take_number

MOST = 1000
FILTERS = ("q", *(each.key for each in FILES.filters))
BLANKS = {"名称": "name", "经营者": "person", "村": "village", "编号": "number"}
BLANK = re.compile(r"[{｛]\s*([^{}｛｝]{0,20}?)\s*[}｝]")


def plain_filter(params: QueryDict) -> str:
    """The filter of the list of files out of an address, in one form."""
    kept = QueryDict(mutable=True)
    for name in FILTERS:
        if value := params.get(name, "").strip():
            kept[name] = value
    return kept.urlencode()


def places_of(wanted: str, user: Any) -> QuerySet[Establishment]:
    """The trading places that a filter names, on the ground where this person writes letters."""
    mine = scope_of(user).prefixes(DUTIES["guide.write"].roles(LEADS))
    rows: Any = FILES.filtered(user, QueryDict(wanted))
    return (rows.trading().within(mine) if mine else rows.none()).order_by("area", "name", "id")


def unknown_blanks(text: str) -> list[str]:
    """Blanks in the words that nobody can fill."""
    return [name for name in BLANK.findall(text) if name not in BLANKS]


def filled(text: str, file: Establishment, village: str) -> str:
    """The words for one place."""
    said = {"name": file.called, "person": file.operator.name, "village": village, "number": file.number}
    return BLANK.sub(lambda hit: said[BLANKS[hit[1]]], text)


@MAILING.beginning
def begin_mailing(user: User, params: dict[str, str]) -> Mailing:
    """A letter to the places of a filter, by the office that writes it."""
    address = QueryDict(mutable=True)
    address.update(params)
    seat = next((s for s in scope_of(user).seats if s.role in DUTIES["guide.write"].roles(LEADS)), None)
    return Mailing(area=(seat.prefix if seat else "").ljust(12, "0"), by=user, wanted=plain_filter(address))


@MAILING.predicate("somebody")
def somebody(mailing: Mailing, _facts: dict[str, Any]) -> bool:
    """Somebody gets it."""
    return mailing.by is not None and places_of(mailing.wanted, mailing.by).exists()


@MAILING.predicate("not_too_many")
def not_too_many(mailing: Mailing, _facts: dict[str, Any]) -> bool:
    """One press makes what one press can make."""
    return mailing.by is None or places_of(mailing.wanted, mailing.by).count() <= MOST


@MAILING.effect("draft", "rewrite")
def written(mailing: Mailing, by: User | None, _facts: dict[str, Any]) -> None:
    """Every blank can be filled."""
    mailing.by = by
    if wrong := unknown_blanks(f"{mailing.title}{mailing.text}"):
        names = "、".join(f"{{{name}}}" for name in wrong)
        known = "、".join(f"{{{name}}}" for name in BLANKS)
        said = _("认不出 %(names)s；可以用的是 %(known)s。") % {"names": names, "known": known}
        raise Refused(said, {"text": said}, "invalid")


@MAILING.effect("issue")
def issued(mailing: Mailing, by: User | None, facts: dict[str, Any]) -> None:
    """One number, one letter for each, one copy in every file."""
    writer = by or mailing.by
    mailing.issued_on, mailing.number = today(), take_number("letter", mailing.area, mailing)
    places = list(places_of(mailing.wanted, writer).select_related("kind", "operator"))
    villages, org = names_of(place.area for place in places), office_of(mailing, by)
    for place in places:
        letter = Letter(mailing=mailing, file=place, area=place.area, way=mailing.way)
        flow.move(letter, "make", by, within=True)
        said = facts_of(mailing, place, villages.get(place.area, ""), org)
        issue_paper(letter, "notice", filled(mailing.title, place, villages.get(place.area, "")), said, by,
                    mailing.number)  # fmt: skip
    mailing.count = facts["count"] = len(places)


def office_of(mailing: Mailing, by: User | None) -> str:
    """The office that signs: that of who writes."""
    seats = [s for s in scope_of(by).seats if s.role in DUTIES["guide.write"].roles(LEADS)] if by else []
    office = Office.objects.filter(pk=seats[0].office_id).first() if seats else None
    return office.name if office else ""


def facts_of(mailing: Mailing, place: Establishment, village: str, org: str) -> dict[str, Any]:
    """The facts of the paper (typst/notice.typ); always in Chinese, as it was written."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", filled(mailing.text, place, village))]
    return {
        "title": filled(mailing.title, place, village), "org": org, "number": mailing.number,
        "addressee": f"{place.called}（{place.operator.name}）" if place.operator.name not in place.called else
        place.called,
        "paragraphs": [re.sub(r"\s*\n\s*", "", part) for part in parts if part],
        "date": str(mailing.issued_on or today()), "receipt": mailing.way == "hand", "practice": not settings.REAL,
    }  # fmt: skip


def sample(mailing: Mailing, user: User) -> dict[str, Any] | None:
    """The letter as the first of the list would get it."""
    place = places_of(mailing.wanted, user).select_related("operator").first()
    if place is None:
        return None
    village = names_of([place.area]).get(place.area, "")
    return facts_of(mailing, place, village, office_of(mailing, user))


# --- the way to each ---------------------------------------------------------------------------------------------


@LETTER.predicate("not_before")
def not_before(letter: Letter, facts: dict[str, Any]) -> bool:
    """Nothing arrives before it is sent."""
    day, sent = facts.get("delivered_on"), letter.mailing.issued_on
    return day is None or sent is None or day >= sent


@LETTER.effect("return")
def came_back(letter: Letter, _by: User | None, facts: dict[str, Any]) -> None:
    """Why it came back."""
    letter.reason = facts["reason"][:200]


def deliver_many(letters: Iterable[Letter], by: User, on: date) -> int:
    """Mark many as delivered on a day, each by its own move; how many there were. Raises Refused."""
    done = 0
    for letter in letters:
        flow.move(letter, "deliver", by, on=on, delivered_on=on, way=letter.way)
        done += 1
    return done


def papers_of(letters: QuerySet[Letter]) -> list[dict[str, Any]]:
    """The frozen facts of letters in their order, for one PDF of many."""
    keys = list(letters.values_list("pk", flat=True))
    papers = {paper.subject: paper.facts for paper in Paper.objects.filter(subject__in=keys)}
    return [papers[key] for key in keys if key in papers]


def numbers(letters: QuerySet[Letter], user: User) -> Iterator[tuple[Letter, str]]:
    """Each letter with the operator's telephone as this person may have it: whole, or empty where he may not."""
    may: dict[str, bool] = {}
    for letter in letters.select_related("file__operator", "mailing"):
        if letter.area not in may:
            may[letter.area] = sight(user, "person.phone", letter.area) == "reveal"
        yield letter, letter.file.operator.phone if may[letter.area] else ""
