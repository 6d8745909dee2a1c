"""What a person's phone is offered: the forms that he may fill, each with its edition of today."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from sanxiao.docket.rooms import Fill, fill_for
from sanxiao.field import convert
from sanxiao.field.models import Edition
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.survey.models import Form

# Published forms never change, and one holds 100 kB of JSON: each is read once.
_forms: dict[tuple[int, str], Form] = {}


@dataclass(frozen=True)
class Offer:
    """A form that can be filled: who takes its answers, what it is about, and the bytes it is served as."""

    form: Form
    fill: Fill
    about: str
    edition: Edition


def in_use() -> list[Form]:
    """The newest version of every form that is no longer or not yet out of use, oldest form first."""
    rows = Form.objects.filter(Q(kind__isnull=True) | Q(kind__active=True)).order_by("published_at", "id")
    newest = {code: (pk, digest) for pk, code, digest in rows.values_list("id", "code", "source_hash")}
    return read(list(newest.values()))


def read(marks: list[tuple[int, str]]) -> list[Form]:
    """Forms by key and digest, those unread in one query."""
    if unread := [pk for pk, digest in marks if (pk, digest) not in _forms]:
        for form in Form.objects.filter(pk__in=unread):
            _forms[form.pk, form.source_hash] = form
    return [_forms[mark] for mark in marks]


def fills(forms: list[Form]) -> Iterator[tuple[Form, Fill]]:
    """Forms that somebody takes the answers of."""
    for form in forms:
        if fill := fill_for(form.code):
            yield form, fill


def columns(forms: list[Form] | None = None) -> list[str]:
    """What the list of places holds: the public questions of all forms that can make one, each once."""
    makers = [form for form, fill in fills(in_use() if forms is None else forms) if fill.prefix and fill.about == "any"]
    return list(dict.fromkeys(name for form in makers for name in convert.of_places(form)))


def ground_of(user: Any, fill: Fill) -> tuple[str, ...]:
    """The ground on which a person fills the forms of a room: where he leads its duty."""
    return scope_of(user).prefixes(DUTIES[fill.duty].roles(LEADS))


def offers(user: Any, code: str = "") -> list[Offer]:
    """The forms that a person may fill today, each with its edition; those that were closed are left out."""
    forms = in_use()
    mine = [(f, fill) for f, fill in fills(forms) if ground_of(user, fill) and (not code or f.code == code)]
    known, day = (columns(forms), convert.of_today()) if mine else ([], None)
    found = [
        Offer(form, fill, convert.about_of(form, fill), convert.edition_of(form, fill, known, day))
        for form, fill in mine
    ]
    return [offer for offer in found if offer.edition.closed_at is None]
