"""The survey table on paper, empty or filled in; numbers are masked."""

from typing import Any

from django.conf import settings

from sanxiao.docket import files
from sanxiao.docket.models import Attachment
from sanxiao.office.models import User
from sanxiao.office.places import name_of
from sanxiao.papers import cn, pdf
from sanxiao.survey import words
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.reading import Question

KINDS = {"select_one": "select_one", "select_multiple": "select_multiple", "repeat": "text", "calculate": "text",
         "dateTime": "date", "time": "text"}  # fmt: skip
PICTURES = {"photos": "photo", "signature": "signature", "process_photo": "process_photo"}
SIGNED = "signature"  # the foot has lines to sign on; only one that was photographed stands among the answers
HEAD = ("form_no", "surveyor_1", "surveyor_2", "surveyed_on")  # they stand at head and foot of the paper


def empty(form: Form) -> bytes:
    """The table to be filled by hand."""
    return pdf.render("form", _facts(form, {}, {}))


def filled(sheet: Sheet, user: User) -> bytes:
    """The table as it was filled in, with its pictures."""
    return pdf.render("form", *facts_of(sheet, user))


def facts_of(sheet: Sheet, user: User) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the paper of a sheet says, and its pictures by name."""
    form, hidden = sheet.form, sheet.hidden()
    told: dict[str, Any] = {}
    for name, question in form.questions().items():
        if question["private"] and name in hidden:
            told[name] = words.masked(sheet, question, hidden[name], user).text
        elif question["type"] in ("select_one", "select_multiple") and question["list"] != "village":
            told[name] = sheet.answers.get(name)
        else:
            told[name] = words.said(form, question, sheet.answers.get(name), chinese=True)
    pictures: dict[str, list[str]] = {}
    images: dict[str, bytes] = {}
    held = Attachment.objects.filter(subject=sheet.pk, voided_at__isnull=True).select_related("blob")
    for at, kept in enumerate(held):
        if kept.blob.mime.startswith("image/"):
            images[f"p{at}"] = files.path_of(kept.blob_id, "view").read_bytes()
            pictures.setdefault(kept.role, []).append(f"p{at}")
    return _facts(form, told, pictures, sheet), images


def _facts(form: Form, told: dict[str, Any], pictures: dict[str, Any], sheet: Sheet | None = None) -> dict[str, Any]:
    groups = []
    for group in form.definition["groups"]:
        rows = [_question(form, q, told, pictures) for q in group["questions"] if q["name"] not in HEAD]
        rows = [row for row in rows if row["type"] != "note" and (row["answer"] or row["name"] != SIGNED)]
        if rows:
            groups.append({"title": group["label"], "questions": rows})
    facts: dict[str, Any] = {
        "title": form.title, "appendix": f"附件{form.annex}" if form.annex else "", "groups": groups,
        "practice": not settings.REAL,
    }  # fmt: skip
    if sheet is None:
        return facts
    who = [{"label": "调查人", "name": name, "date": str(sheet.seen_on)} for name in sheet.surveyors]
    who += [{"label": "调查人"}] * (2 - len(who))
    return facts | {
        "form_no": sheet.number, "filled_on": str(sheet.seen_on), "org": name_of(sheet.area),
        "source": sheet.get_source_display(), "signatures": [*who, {"label": "经营者"}],
        "notes": [f"本表按 {cn.day_table(sheet.created_at)} 录入的内容打印；证件号码和电话已隐去中间几位。"],
    }  # fmt: skip


def _question(form: Form, question: Question, told: dict[str, Any], pictures: dict[str, Any]) -> dict[str, Any]:
    name, kind = question["name"], question["type"]
    row = {
        "name": name,
        "code": question["code"], "label": question["label"], "type": KINDS.get(kind, kind),
        "required": question["required"], "answer": told.get(name),
    }  # fmt: skip
    if question["list"] == "village":
        return row | {"type": "text"}
    if kind in ("select_one", "select_multiple"):
        listed = form.definition["choices"][question["list"]]
        row["choices"] = [{"value": c["value"], "label": c["label"]} for c in listed]
    if name in PICTURES:
        row |= {"type": "image", "answer": pictures.get(PICTURES[name], [])}
    if kind == "repeat" and name not in PICTURES:
        row["wide"] = True
    return row
