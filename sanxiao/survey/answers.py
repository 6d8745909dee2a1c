"""Answers against their form: checked for relevance, need and sense; the same for desk, import and phone.

What goes in is text (or numbers and days out of a workbook); what comes out is typed: int, float, ISO
days and times, lists of choices, [lat, lng] for a point. Errors are words beside their question; warnings
ask to look again and refuse nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.archive import expressions, numbers
from sanxiao.survey.models import Form
from sanxiao.survey.reading import MACRO, Ground, Question, label, read

SKIPPED = ("note", "calculate", "image", "dateTime")
FILES = ("image",)
_FIELD = re.compile(r"\$\{(\w+)\}")


@dataclass
class Answers:
    """Answers that were read: public and private ones apart, and what there is to say about them."""

    public: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)  # by question, 'windows.0.window_to' within a repeat
    warnings: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  # photo · position · signature
    lacking: list[str] = field(default_factory=list)  # other required questions without an answer
    prohibited: str = "no"

    def get(self, name: str) -> Any:
        """An answer, wherever it is kept."""
        return self.public.get(name, self.private.get(name))


def check(form: Form, raw: Mapping[str, Any], ground: Ground, *, strict: bool, has: Sequence[str] = ()) -> Answers:
    """Read and check the answers of one sheet.

    `strict`: a paper sheet typed at the desk, where every required answer but photo, position and signature must
    stand. Otherwise (an old ledger) what lacks is noted and what stands must be right. `has`: names of the picture
    questions for which a picture came with it.
    """
    found = Answers()
    known: dict[str, Any] = {}
    for question in _flat(form):
        name = question["name"]
        if question["type"] == "repeat":
            known[name] = _repeat(question, raw.get(name) or [], form, ground, found)
        elif question["type"] not in SKIPPED and question["auto"] != "server":
            try:
                known[name] = read(question, raw.get(name), form, ground)
            except ValueError as error:
                found.errors[name] = str(error)
    _known_without_asking(known, form)
    found.prohibited = known["prohibited_found"] = finding(known, ground.foods)
    _judge(form, known, ground, found, strict, has)
    private = {name for name, q in form.questions().items() if q["private"]}
    kept = {name: value for name, value in known.items() if value not in (None, "", [])}
    found.public = {name: value for name, value in kept.items() if name not in private}
    found.private = {name: value for name, value in kept.items() if name in private}
    return found


def _flat(form: Form) -> list[Question]:
    return [question for group in form.definition["groups"] for question in group["questions"]]


def _known_without_asking(known: dict[str, Any], form: Form) -> None:
    """An ID number without its kind is a resident's: that is what old ledgers mean."""
    if known.get("id_number") and not known.get("id_type"):
        known["id_type"] = form.questions()["id_type"]["default"]


def _repeat(question: Question, lines: Sequence[Mapping[str, Any]], form: Form, ground: Ground, found: Answers) -> list:
    """Lines of a repeat that hold anything; an error stands at its place on the page."""
    kept = []
    for at, line in enumerate(lines):
        told: dict[str, Any] = {}
        for inner in question["questions"]:
            try:
                told[inner["name"]] = read(inner, line.get(inner["name"]), form, ground)
            except ValueError as error:
                found.errors[f"{question['name']}.{at}.{inner['name']}"] = str(error)
        told = {name: value for name, value in told.items() if value not in (None, "", [])}
        if not told:
            continue
        for inner in question["questions"]:
            name = inner["name"]
            if inner["required"] and name not in told:
                found.errors.setdefault(f"{question['name']}.{at}.{name}", _("请填写"))
            elif inner["constraint"] and name in told and not holds(inner, told[name], told):
                found.errors[f"{question['name']}.{at}.{name}"] = label(inner, "message")
        kept.append(told)
    return kept


def _judge(form: Form, known: dict[str, Any], ground: Ground, found: Answers, strict: bool, has: Sequence[str]) -> None:
    """Relevance, need, constraint and range of every question, in the order of the form.

    For relevance an unanswered question counts as its default: nobody's ledger says that a signature was not refused.
    """
    usual = {name: q["default"] for name, q in form.questions().items() if q["default"] and "(" not in q["default"]}
    for question in _flat(form):
        name, kind = question["name"], question["type"]
        if kind in ("note", "calculate") or question["auto"] == "server":
            continue
        supposed = usual | {n: value for n, value in known.items() if value is not None} if question["relevant"] else {}
        if question["relevant"] and not expressions.is_true(question["relevant"], supposed):
            known.pop(name, None)
            for place in [p for p in found.errors if p == name or p.startswith(f"{name}.")]:
                del found.errors[place]
            continue
        if kind in FILES:
            _picture(question, known, found, has)
        elif known.get(name) in (None, "", []):
            if name not in found.errors:
                _absent(question, found, strict)
        elif question["constraint"] and not holds(question, known[name], known):
            found.errors[name] = fault(question, known[name])
        elif name in ground.ranges:
            _plausible(question, known[name], ground.ranges[name], found)
    if form_has_photos(form) and "photos" not in has:
        found.missing.insert(0, "photo")


def form_has_photos(form: Form) -> bool:
    """Does the form ask for pictures of the place?"""
    return "photos" in form.questions()


def _picture(question: Question, known: Mapping[str, Any], found: Answers, has: Sequence[str]) -> None:
    unsigned = known.get("signature_refused") == "yes" or known.get("market_round") == "yes"
    if question["name"] == "signature" and "signature" not in has and not unsigned:
        found.missing.append("signature")


def _absent(question: Question, found: Answers, strict: bool) -> None:
    if question["type"] == "geopoint":
        if question["required"] and "position" not in found.missing:
            found.missing.append("position")
    elif question["type"] == "repeat":
        return
    elif question["required"] and question["desk_optional"]:
        found.lacking.append(question["name"])
    elif question["required"] and strict:
        found.errors[question["name"]] = _("请填写")
    elif question["required"]:
        found.lacking.append(question["name"])


def _plausible(question: Question, value: float, held: Mapping[str, float], found: Answers) -> None:
    if not held["min"] <= value <= held["max"]:
        found.warnings[question["name"]] = _("通常在 %(min)s 至 %(max)s 之间，请核对。") % held


def holds(question: Question, value: Any, known: Mapping[str, Any]) -> bool:
    """Does the answer satisfy the form's constraint? Check digits are counted here, not in XPath."""
    text = expressions.as_text(value)

    def macro(found: re.Match[str]) -> str:
        good = {
            "idcard": lambda: not numbers.id_card_fault(text),
            "uscc": lambda: numbers.is_credit_code(text),
            "phone": lambda: numbers.is_phone(text),
        }[found[1]]()
        return "true()" if good else "false()"

    constraint = MACRO.sub(macro, question["constraint"])
    if any(known.get(name) in (None, "") for name in _FIELD.findall(constraint)):
        return True  # it compares with an answer that is not there
    return expressions.is_true(constraint, known, value)


def fault(question: Question, value: Any) -> str:
    """What is wrong with an answer, as exactly as it is known."""
    if "#idcard" in question["constraint"]:
        said = {"date": _("证件号码中的出生日期不存在，请核对。"), "check": _("证件号码末位校验不符，请逐位核对。")}
        if exact := said.get(numbers.id_card_fault(str(value))):
            return exact
    return label(question, "message")


def finding(known: Mapping[str, Any], foods: Sequence[Mapping[str, Any]]) -> str:
    """'bar', 'warn' or 'no': may the foods be prohibited ones, by word or by class? `foods`: those of kind and day."""
    said, classes = str(known.get("food_varieties") or ""), set(known.get("food_classes") or ())
    found = "no"
    for food in foods:
        listed = food["classes"].split("|") if isinstance(food["classes"], str) else food["classes"]
        if any(word and word in said for word in food["keywords"]) or not classes.isdisjoint(filter(None, listed)):
            if food["level"] == "bar":
                return "bar"
            found = "warn"
    return found
