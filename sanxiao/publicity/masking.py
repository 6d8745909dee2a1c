"""Masking a case for the public: what may not stand in a text, found, shown and struck out by one and the same look.

The text is read as the public's eye would: full width as half width, without spaces and signs between, so that
"王 秀-兰" and "138 6123 4567" hide nothing. Numbers are compared by their keyed index, names and addresses by words.
Nicknames and hints that only neighbours understand no program finds: that is why two offices read the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import rooms
from sanxiao.docket.models import Rule
from sanxiao.enforcement.models import Case
from sanxiao.office import seal
from sanxiao.office.models import Area
from sanxiao.papers import cn

QUOTE = 10  # signs in a row that are an informer's own, where the town's rules say nothing
STRUCK = "（号码略）"
_GAP = r"[ \t\u3000\-–—.·]{0,2}"
_PHONE = re.compile(rf"(?<!\d)1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)")
_LANDLINE = re.compile(rf"(?<!\d)0\d{{2,3}}(?:{_GAP}\d){{7,8}}(?!\d)")
_ID = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{16}}{_GAP}[\dXx](?!\d)|(?<!\d)\d{{15}}(?!\d)")
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_RUN = re.compile(r"\d[\dX]{6,39}")
_DOOR = re.compile(
    r"[路街巷弄道里村组坊园场桥口][^\d一二三四五六七八九十百]{0,2}[\d一二三四五六七八九十百]{1,5}(?:号|室|栋|幢|单元|组|摊)"
)


@dataclass(frozen=True)
class Found:
    """Something that may not be published: where it stands in the text, its words, and why in words."""

    start: int
    end: int
    words: str
    why: str
    instead: str


@dataclass(frozen=True)
class Secrets:
    """What is known of a case's people and must not be read of it in public."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]
    ids: frozenset[str]
    phones: frozenset[str]
    pointing: tuple[str, ...]  # words that point to an informer
    told: str  # what the informer told, as its handlers keep it
    known: str  # what the case itself says: words of it are no informer's
    village: str
    quote: int = QUOTE
    allowed: frozenset[str] = field(default_factory=frozenset)  # numbers of offices

    @property
    def numbers(self) -> frozenset[str]:
        """All indices."""
        return self.ids | self.phones


def secrets_of(case: Case) -> Secrets:
    """The names, numbers and addresses of everybody in the case, and what came of an informer."""
    operator, parties = case.file.operator, list(case.parties.all())
    names = {operator.name, case.received_by, *(p.name for p in parties)} - {""}
    indices = [(operator.id_number_index, operator.phone_index), *((p.id_number_index, p.phone_index) for p in parties)]
    village = Area.objects.filter(code=case.area).order_by("-since").first()
    homes = {case.file.address, operator.home, *case.file.pitches.values_list("name", flat=True)}
    rules = Rule.objects
    hotline = re.sub(r"\D", "", str(rules.value("public.hotline", case.area, default="") or ""))
    return Secrets(
        names=tuple(sorted((n for n in map(squeezed_text, names) if len(n) > 1), key=len, reverse=True)),
        addresses=tuple(_addresses(homes, village.name if village else "")),
        ids=frozenset(i for i, _p in indices if i), phones=frozenset(p for _i, p in indices if p),
        pointing=tuple(rules.value("exposure.informer_words", case.area, None, [])),
        quote=int(rules.value("exposure.quote_signs", case.area, None, QUOTE)),
        told=squeezed_text(_told(case)), known=squeezed_text(case.conduct), village=village.name if village else "",
        allowed=frozenset({hotline} - {""}),
    )  # fmt: skip


def _addresses(homes: Any, village: str) -> Iterator[str]:
    """Each without the village's own name, which may be said."""
    for home in sorted(homes, key=len, reverse=True):
        plain = squeezed_text(home)
        rest = plain.split(squeezed_text(village), 1)[-1] if village else plain
        if len(rest) > 2:
            yield rest


def _told(case: Case) -> str:
    """What the matter that the case came of says of an informer's words, where it was a tip."""
    if not case.origin_kind or case.origin_pk is None:
        return ""
    try:
        origin = rooms.model_of(case.origin_kind)._base_manager.filter(pk=case.origin_pk).first()
    except KeyError:
        return ""
    return str(getattr(origin, "summary", "") or "")


def squeezed(text: str) -> tuple[str, list[int]]:
    """The text in half width and capitals, without spaces and signs; and for every sign left where it stood."""
    kept, at = [], []
    for place, sign in enumerate(text):
        for plain in unicodedata.normalize("NFKC", sign).upper():
            if unicodedata.category(plain)[0] in "LN":
                kept.append(plain)
                at.append(place)
    return "".join(kept), at


def squeezed_text(text: str) -> str:
    """Its first half."""
    return squeezed(text or "")[0]


def found_in(text: str, secrets: Secrets) -> list[Found]:
    """Everything in the text that may not be published, in its order; nothing twice."""
    plain, at = squeezed(text)
    spans = [(at[start], at[end - 1] + 1, why, instead) for start, end, why, instead in _spans(plain, secrets)]
    found: list[Found] = []
    last = -1
    for start, end, why, instead in sorted([*spans, *_shaped(text, secrets)], key=lambda span: (span[0], -span[1])):
        if start >= last:
            last = end
            found.append(Found(start, end, text[start:end], why, instead))
    return found


def _shaped(text: str, secrets: Secrets) -> Iterator[tuple[int, int, str, str]]:
    """Numbers by their form: with spaces and hyphens between their digits, in full width too."""
    half = text.translate(_HALF)
    for pattern, why in ((_ID, _("证件号码")), (_PHONE, _("电话号码")), (_LANDLINE, _("电话号码"))):
        for hit in pattern.finditer(half):
            if re.sub(r"\D", "", hit[0]) not in secrets.allowed:
                yield *hit.span(), why, STRUCK


def _spans(plain: str, secrets: Secrets) -> Iterator[tuple[int, int, str, str]]:
    for name in secrets.names:
        for hit in re.finditer(re.escape(name), plain):
            yield *hit.span(), _("姓名"), cn.mask_name(name)
    for home in secrets.addresses:
        for hit in re.finditer(re.escape(home), plain):
            yield *hit.span(), _("地址"), ""
    for hit in _DOOR.finditer(plain):
        yield hit.start() + 1, hit.end(), _("门牌或组别"), ""
    yield from _own_numbers(plain, secrets)
    for word in secrets.pointing:
        for hit in re.finditer(re.escape(squeezed_text(word)), plain):
            yield *hit.span(), _("指向举报人的话"), _POINTED
    yield from _quotes(plain, secrets)


_POINTED = "有关方面"


def _own_numbers(plain: str, secrets: Secrets) -> Iterator[tuple[int, int, str, str]]:
    """Any part of a run of digits whose keyed index is that of a number of the case, however it is cut."""
    for run in _RUN.finditer(plain) if secrets.numbers else ():
        digits = run[0]
        for length in range(7, min(len(digits), 18) + 1):
            for start in range(len(digits) - length + 1):
                part = digits[start : start + length]
                if {seal.index("id_number", seal.plain_id(part)), seal.index("phone", part)} & secrets.numbers:
                    yield run.start() + start, run.start() + start + length, _("当事人的号码"), STRUCK


def _quotes(plain: str, secrets: Secrets) -> Iterator[tuple[int, int, str, str]]:
    """Signs in a row that stand in what an informer told and nowhere in the case's own words."""
    least, place = secrets.quote, 0
    while secrets.told and place + least <= len(plain):
        end = place + least
        if plain[place:end] in secrets.told and plain[place:end] not in secrets.known:
            while end < len(plain) and plain[place : end + 1] in secrets.told:
                end += 1
            yield place, end, _("举报内容的原话"), ""
            place = end
        else:
            place += 1


def masked(text: str, secrets: Secrets) -> str:
    """The text with everything struck out that `found_in` finds, until it finds nothing."""
    for _round in range(6):
        found = found_in(text, secrets)
        if not found:
            break
        for each in reversed(found):
            text = text[: each.start] + each.instead + text[each.end :]
    return text


def in_words(found: list[Found]) -> str:
    """'姓名“王秀兰”；电话号码“138…”' for a refusal; each once."""
    said = dict.fromkeys(_("%(why)s“%(words)s”") % {"why": each.why, "words": each.words.strip()} for each in found)
    return _("；").join(said)


NOBODY = Secrets((), (), frozenset(), frozenset(), (), "", "", "")


def struck(text: str) -> str:
    """Any text without telephones and ID numbers: people write them where nobody needs them."""
    for start, end, _why, instead in sorted(_shaped(text, NOBODY), reverse=True):
        text = text[:start] + instead + text[end:]
    return text
