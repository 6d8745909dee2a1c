"""From a published form to the bytes a phone is given: an XForm, made once and kept as an edition.

What depends on the day (villages, prohibited foods) stands inside the XForm, so a change of it makes another
edition under a version of its own: the bytes behind a version never change, or a phone would not fetch them anew.
A form about places gets a first group in which a place is chosen; choosing fills in what is known of it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from sanxiao.docket.models import Rule
from sanxiao.docket.rooms import Fill
from sanxiao.field.models import Edition, Patch
from sanxiao.office.models import Area
from sanxiao.office.now import today
from sanxiao.survey import xlsform
from sanxiao.survey.models import Form

CONVERTER = "1"  # raise it whenever the same form gives other bytes
LIST = "places"
MEDIA = f"{LIST}.csv"
FROM_FILE = "select_one_from_file "
GROUP, PLACE, NEW, KIND = "chosen", "chosen_place", "new_place", "place_kind"
# What tells of the visit and not of the place: asked anew every time.
OF_THE_VISIT = frozenset(("surveyor_1", "surveyor_2", "surveyed_on", "signature_refused", "refusal_reason"))
KEPT = ("text", "integer", "decimal", "date", "time", "select_one", "select_multiple", "geopoint")
ENGLISH = xlsform.ENGLISH


def of_places(form: Form) -> list[str]:
    """The questions of a form that are known of a place: public, outside repeats, nothing about the visit."""
    listed = (q for group in form.definition["groups"] for q in group["questions"])
    return [
        q["name"]
        for q in listed
        if q["type"] in KEPT and not q["private"] and q["auto"] != "server" and q["name"] not in OF_THE_VISIT
    ]


@dataclass(frozen=True)
class Day:
    """What a form takes from the day on which it is served."""

    villages: list[dict[str, str]]
    foods: list[dict[str, Any]]
    patches: list[dict[str, str]]


def of_today() -> Day:
    """Villages and committees, prohibited foods, and the streets and hamlets that are walked."""
    areas = Area.objects.on().filter(level__in=("village", "community"))
    banned = Rule.objects.value("prohibited_foods", default=[])
    walked = Patch.objects.filter(until__isnull=True).values_list("pk", "name", "area")
    return Day(
        [{"code": a.code, "name": a.name, "name_en": a.name_en} for a in areas],
        [row for row in banned if xlsform.in_force(row, today())],
        [{"code": str(pk), "name": name, "village": area} for pk, name, area in walked],
    )


def about_of(form: Form, fill: Fill) -> str:
    """'any', 'place' or '': what the answers are about; a free form says so itself in its settings."""
    return form.source["settings"][0].get("about", fill.about) if not fill.prefix else fill.about


def media_of(said: xlsform.Source, about: str) -> list[str]:
    """The lists that belong to a form: that of places, and those that rooms hand down under the names it asks for."""
    asked = (row["type"].removeprefix(FROM_FILE) for row in said["survey"] if row["type"].startswith(FROM_FILE))
    return list(dict.fromkeys([*([MEDIA] if about else []), *asked]))


def basis_of(form: Form, about: str, known: Sequence[str], day: Day) -> str:
    """A digest of everything an edition is made from; what the form does not use is left out."""
    said = json.dumps(form.source, ensure_ascii=False)
    banned = [row for row in day.foods if row["kind"] in (form.kind_id, "all")]
    used: list[Any] = [CONVERTER, form.source_hash, about, list(known) if about else []]
    for macro, rows in (("#areas", day.villages), ("#prohibited", banned), ("#patches", day.patches)):
        used.append(rows if macro in said else [])
    return hashlib.sha256(json.dumps(used, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def edition_of(form: Form, fill: Fill, known: Sequence[str], day: Day | None = None) -> Edition:
    """The edition of a form for today, made when there is none yet. `known`: what the list of places holds."""
    day, about = day or of_today(), about_of(form, fill)
    known = known if fill.values else ()  # who tells nothing of places (a back-check) shall not show what is known
    basis = basis_of(form, about, known, day)
    made = Edition.objects.filter(code=form.code, basis=basis).defer("xform").first()
    return made or _make(form, about, known, day, basis)


def _make(form: Form, about: str, known: Sequence[str], day: Day, basis: str) -> Edition:
    try:
        with transaction.atomic():
            version = _next_version(form)
            text = xform(form.source, version, about, known, day)
            return Edition.objects.create(
                form=form, code=form.code, version=version, xform=text, basis=basis,
                md5=hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), media=media_of(form.source, about),
            )  # fmt: skip
    except IntegrityError:  # another worker was quicker
        return Edition.objects.get(code=form.code, basis=basis)


def _next_version(form: Form) -> str:
    """The form's own version first, then with a running number."""
    served = Edition.objects.filter(form=form).count()
    return f"{form.version}.{served + 1}" if served else form.version


def xform(said: xlsform.Source, version: str, about: str, known: Sequence[str], day: Day) -> str:
    """The XForm of a source. Raises pyxform's error where it is none."""
    from pyxform.xls2xform import convert  # half a second of imports that most commands never need

    book = workbook(said, version, about, known, day)
    return xlsform.restore(convert(_with_heads(xlsform.guarded(book)), validate=False).xform)


def _with_heads(book: dict[str, list[xlsform.Row]]) -> dict[str, Any]:
    """The sheets with their heads told apart: pyxform takes an empty cell of a row for an empty expression."""
    heads = {f"{name}_header": [dict.fromkeys(h for row in rows for h in row)] for name, rows in book.items()}
    return {**book, **heads}


def workbook(
    said: xlsform.Source, version: str, about: str, known: Sequence[str], day: Day
) -> dict[str, list[xlsform.Row]]:
    """The sheets that pyxform gets."""
    book = xlsform.workbook(said, day.villages, day.foods, today(), day.patches)
    settings = {name: cell for name, cell in book["settings"][0].items() if name != "about"}
    book["settings"] = [settings | {"version": version}]
    if about:
        kind = said["settings"][0].get("kind", "")
        prefilled = _prefilled(book["survey"], said["survey"], frozenset(known))
        book["survey"] = [*_chooser(about, kind), *prefilled]
        book["entities"] = [_entity(about, settings, prefilled)]
    return book


def _chooser(about: str, kind: str) -> list[xlsform.Row]:
    """The first group: which place is it? Empty is a new one, where the form may make one."""
    new = about == "any"
    hint = ("新的经营户留空", "Leave it empty for a new place") if new else ("", "")
    place = {
        "type": f"select_one_from_file {MEDIA}", "name": PLACE, "label": "已建档的经营户",
        f"label{ENGLISH}": "Place on file", "hint": hint[0], f"hint{ENGLISH}": hint[1],
        "appearance": "minimal autocomplete", "required": "" if new else "yes",
        "choice_filter": f"kind = '{kind}'" if kind else "",
    }  # fmt: skip
    rows = [
        {"type": "begin_group", "name": GROUP, "label": "哪一户", f"label{ENGLISH}": "Which place"},
        place,
    ]
    if new:
        # Its key is drawn once, when the form is opened, so that a new place has it before it is sent.
        rows.append({"type": "calculate", "name": NEW, "default": "uuid()"})
    if kind:
        rows.append({"type": "calculate", "name": KIND, "calculation": f"'{kind}'", "save_to": "kind"})
    rows.append({"type": "end_group", "name": GROUP})
    return [{name: cell for name, cell in row.items() if cell} for row in rows]


def _prefilled(rows: list[xlsform.Row], raw: list[xlsform.Row], known: frozenset[str]) -> list[xlsform.Row]:
    """Public questions outside repeats are filled from the place that was chosen, and kept in the list of places."""
    found, depth = [], 0
    for row, written in zip(rows, raw, strict=True):
        depth += {"begin_repeat": 1, "end_repeat": -1}.get(row["type"], 0)
        kept = not depth and row["type"].split(" ")[0] in KEPT and written.get("private") != "yes"
        if kept and row.get("name") in known and row["name"] not in OF_THE_VISIT and not row.get("calculation"):
            row = row | {"trigger": f"${{{PLACE}}}", "calculation": _of_place(row), "save_to": row["name"]}
        found.append(row)
    return found


def _of_place(row: xlsform.Row) -> str:
    value, usual = f"instance('{LIST}')/root/item[name = ${{{PLACE}}}]/{row['name']}", row.get("default", "")
    return f"if({value} != '', {value}, '{usual}')" if usual and "(" not in usual else value


def _entity(about: str, settings: Mapping[str, str], rows: list[xlsform.Row]) -> xlsform.Row:
    """What the answers do to the list: make a place under the key drawn for it, or bring the chosen one up to date."""
    kept = {row["save_to"] for row in rows if "save_to" in row}
    named = [f"${{{name}}}" for name in ("shop_name", "operator_name") if name in kept]
    label = "concat(" + ", ' ', ".join(named) + ")" if len(named) > 1 else "".join(named)
    if about != "any":
        said = {"entity_id": f"${{{PLACE}}}"}
    else:
        label = label or settings.get("instance_name") or f"'{settings['form_title']}'"
        said = {
            "entity_id": f"if(${{{PLACE}}} != '', ${{{PLACE}}}, ${{{NEW}}})",
            "create_if": f"${{{PLACE}}} = ''", "update_if": f"${{{PLACE}}} != ''",
        }  # fmt: skip
    return {"list_name": LIST, **said} | ({"label": label} if label else {})
