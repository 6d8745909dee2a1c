"""Answers in the words of their form: on pages, on paper, in workbooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive.templatetags.archive import window_words
from sanxiao.office.duties import sight
from sanxiao.office.models import User
from sanxiao.office.places import name_of
from sanxiao.papers import cn
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.plans import windows_of
from sanxiao.survey.reading import Question, label

MASKS = {"id_number": cn.mask_id, "phone": cn.mask_phone}


@dataclass(frozen=True)
class Said:
    """One question with its answer in words; `held`: an answer is there but not shown to this person."""

    question: Question
    text: str
    may_reveal: bool = False

    @property
    def label(self) -> str:
        """The question in the language of the screen."""
        return label(self.question)


def choice_name(form: Form, listed: str, value: str, *, chinese: bool = False) -> str:
    """The name of a choice; the value itself when the form no longer has it."""
    for choice in form.definition["choices"].get(listed, ()):
        if choice["value"] == value:
            return choice["label"] if chinese else label(choice)
    return value


def said(form: Form, question: Question, value: Any, *, chinese: bool = False) -> str:
    """An answer in words; '' when there is none."""
    if value in (None, "", []):
        return ""
    kind = question["type"]
    if question["list"] == "village":
        return name_of(str(value))
    if kind in ("select_one", "select_multiple"):
        values = value if isinstance(value, list) else [value]
        return ("、" if chinese else _("、")).join(
            choice_name(form, question["list"], str(v), chinese=chinese) for v in values
        )
    if kind == "geopoint":
        return f"{value[0]:.6f}, {value[1]:.6f}"
    if kind == "repeat":
        return ("；" if chinese else _("；")).join(
            filter(None, (line_words(form, question, line, chinese=chinese) for line in value))
        )
    if kind == "calculate":
        return {"no": _("未发现"), "warn": _("需核实"), "bar": _("疑似禁止品种")}.get(str(value), str(value))
    return str(value)


def line_words(form: Form, question: Question, line: Mapping[str, Any], *, chinese: bool = False) -> str:
    """A line of a repeat in one phrase: hours as '周一、周三 05:30–09:00', others as 'name（kind，place）'."""
    if question["name"] == "windows":
        return window_words(windows_of(line) if "weekdays" in line else dict(line))
    told = [said(form, inner, line.get(inner["name"]), chinese=chinese) for inner in question["questions"]]
    more = "，".join(text for text in told[1:] if text)
    return f"{told[0]}（{more}）" if told and more else "".join(told)


def groups_of(sheet: Sheet, user: User) -> list[dict[str, Any]]:
    """The sheet's groups with the answered questions, personal ones as this person may see them."""
    hidden = sheet.hidden()
    groups = []
    for group in sheet.form.definition["groups"]:
        rows = [row for q in group["questions"] if (row := _row(sheet, q, hidden, user)) is not None]
        if rows:
            groups.append({"title": label(group), "rows": rows})
    return groups


def _row(sheet: Sheet, question: Question, hidden: Mapping[str, Any], user: User) -> Said | None:
    name = question["name"]
    if question["type"] in ("note", "image"):
        return None
    if name == "form_no":
        return Said(question, sheet.number)
    if not question["private"]:
        text = said(sheet.form, question, sheet.answers.get(name))
        return Said(question, text) if text else None
    if name not in hidden:
        return None
    return masked(sheet, question, hidden[name], user)


def masked(sheet: Sheet, question: Question, value: Any, user: User) -> Said:
    """A personal answer as this person may see it: numbers with their middle hidden, other things not at all."""
    name = question["name"]
    how = sight(user, f"person.{name if name in MASKS else 'id_number'}", sheet.area)
    text = _("（已填，不显示）") if how == "none" or name not in MASKS else MASKS[name](str(value))
    return Said(question, text, how == "reveal")


def lacking_labels(sheet: Sheet) -> list[str]:
    """The required questions that an old ledger left open, in words."""
    questions = sheet.form.questions()
    return [label(questions[name]) for name in sheet.lacking if name in questions]


def doubts_of(sheet: Sheet) -> list[dict[str, str]]:
    """What is doubtful in a phone's answers: the question, why, and what was said where it could not be read."""
    questions = sheet.form.questions()
    part = "text_en" if (get_language() or "").startswith("en") else "text"
    found = []
    for each in sheet.doubts:
        question = questions.get(each["name"].split(".")[0])
        found.append({"label": label(question) if question else "", "text": each[part], "said": each["said"]})
    return found


def merge_of(sheet: Sheet) -> dict[str, list[str]]:
    """What became of a phone's answers about a file, by the names of the questions."""
    questions = sheet.form.questions()
    return {
        what: [label(questions[name]) if name in questions else name for name in names]
        for what, names in sheet.merge.items()
    }
