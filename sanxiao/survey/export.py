"""Out as workbooks: the XLSForm itself; sheets and files under the headings by which they can be imported again."""

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.office.models import User
from sanxiao.papers import excel
from sanxiao.survey import words, xlsform
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.reading import Question

LEFT_OUT = ("note", "image", "dateTime", "calculate")


def xlsform_book(book: dict[str, list[xlsform.Row]], form: Form, *, ours: bool = False) -> bytes:
    """The three sheets as pyxform reads them: plain cells, heads in the first row. `ours`: with our own columns too."""
    import xlsxwriter  # loaded when somebody exports

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        for name, heads in xlsform.columns(form.source, ours=ours).items():
            page = made.add_worksheet(name)
            page.freeze_panes(1, 0)
            for column, head in enumerate(heads):
                page.write_string(0, column, head)
                for line, row in enumerate(book[name], 1):
                    if row.get(head):
                        page.write_string(line, column, row[head])
    return out.getvalue()


def columns_of(form: Form) -> list[Question]:
    """The questions that a workbook can carry, in the order of the form; a repeat is one column."""
    return [
        question
        for group in form.definition["groups"]
        for question in group["questions"]
        if question["type"] not in LEFT_OUT and question["heading"] and question["name"] != "photos"
    ]


def _book(form: Form, rows: Iterator[Mapping[str, Any]], areas: Mapping[str, str]) -> bytes:
    questions = columns_of(form)
    kinds: dict[str, excel.Kind] = {"integer": "int", "decimal": "decimal", "date": "date"}
    heads = [excel.Column(q["name"], q["heading"], 14, kinds.get(q["type"], "text")) for q in questions]
    lines = ([_cell(form, q, row.get(q["name"]), areas) for q in questions] for row in rows)
    with translation.override("zh-hans"):  # the headings are Chinese, and so is what the import reads
        note = _("证件号码和电话已隐去中间几位；再导入时，隐去的号码按空白处理。")
        return excel.sheet(form.title, heads, lines, notes=[note])


def _cell(form: Form, question: Question, value: Any, areas: Mapping[str, str]) -> Any:
    if question["list"] == "village":
        return areas.get(value, value)
    if question["type"] in ("integer", "decimal", "date"):
        return value
    return words.said(form, question, value, chinese=True)


def sheets_book(form: Form, user: User, areas: Mapping[str, str]) -> bytes:
    """The sheets of a kind that this person may see, voided ones left out."""
    rows = Sheet.objects.seen_by(user).filter(kind=form.kind_id).exclude(state="void").order_by("area", "number")
    return _book(form, (_of_sheet(sheet, form) for sheet in rows.iterator(chunk_size=1000)), areas)


def _of_sheet(sheet: Sheet, form: Form) -> dict[str, Any]:
    private = {name: question for name, question in form.questions().items() if question["private"]}
    hidden = sheet.hidden()
    told = {name: words.MASKS[name](hidden[name]) for name in private if name in words.MASKS and name in hidden}
    return {**sheet.answers, **told, "form_no": sheet.number}


def files_book(form: Form, user: User, areas: Mapping[str, str]) -> bytes:
    """The files of a kind that this person may see, as answers of its form."""
    rows = Establishment.objects.seen_by(user).current().filter(kind=form.kind_id).order_by("area", "number")
    held = rows.select_related("operator").prefetch_related("pitches")
    return _book(form, (_of_file(file) for file in held.iterator(chunk_size=1000)), areas)


def _of_file(file: Establishment) -> dict[str, Any]:
    person = file.operator
    told: dict[str, Any] = {
        name: mask(getattr(person, name)) if getattr(person, name) else "" for name, mask in words.MASKS.items()
    }
    told |= {
        "form_no": file.number, "village": file.area, "shop_name": file.name, "operator_name": person.name,
        "id_type": person.id_type, "uscc": person.credit_code, "address": file.address,
        "operating_state": file.state, "opened_on": file.opened_on,
        "location": [file.lat, file.lng] if file.lat is not None else None,
    }  # fmt: skip
    for pitch in (p for p in file.pitches.all() if p.until is None):
        told |= {"pitch": pitch.name, "windows": pitch.windows, "market_days": pitch.market_days}
    return {**file.facts, **told}


WHAT: dict[str, Callable[[Form, User, Mapping[str, str]], bytes]] = {"sheets": sheets_book, "files": files_book}
