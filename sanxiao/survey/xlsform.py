"""The one reader of survey forms: from a town's folder to XLSForm rows, and to the definition that pages use.

A form is written once (forms/README.md): common blocks by `include`, villages by `#areas`, long
expressions by macros. `source` resolves the includes and is kept with every published version; the rest
follows from it: `definition` for desk pages, print and import, `workbook` for pyxform and the phone.
On the standard library alone, so that it can be used without Django.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

Row = dict[str, str]
Source = dict[str, list[Row]]  # survey, choices, settings

# Columns that are ours and that pyxform must not see.
OURS = ("code", "macro", "private", "desk_optional", "auto", "export", "star", "points", "problem", "gravity")
OUR_SETTINGS = ("title_en", "kind", "annex")
ORDER = (
    "type", "list_name", "name", "code", "label", "label::English (en)", "hint", "hint::English (en)", "required",
    "relevant", "constraint", "constraint_message", "constraint_message::English (en)", "appearance", "readonly",
    "default", "calculation", "parameters", "macro", "private", "desk_optional", "auto", "export",
    "star", "points", "problem", "gravity",
    "form_title", "title_en", "form_id", "version", "default_language", "instance_name", "kind", "annex",
)  # fmt: skip
# pyxform turns Chinese quotation marks into ASCII ones; they travel as private characters.
QUOTES = {"“": "\ue01c", "”": "\ue01d", "‘": "\ue018", "’": "\ue019"}
ENGLISH = "::English (en)"

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# --- the folder ------------------------------------------------------------------------------------------------


def rows(path: Path) -> list[Row]:
    """The rows of a CSV file; lines that begin with # are comments."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def in_force(row: Mapping[str, str], day: date) -> bool:
    """Whether a dated row holds on the day; until is the last day, empty is open."""
    return (row["since"] or "0001-01-01") <= day.isoformat() <= (row["until"] or "9999-12-31")


def questions(town: Path, form: str) -> list[Row]:
    """The survey rows of a form with the common blocks in their place, macros still short."""
    found: list[Row] = []
    for row in rows(town / "forms" / form / "survey.csv"):
        found += questions(town, row["name"]) if row["type"] == "include" else [row]
    return found


def source(town: Path, form: str) -> Source:
    """A form as its folder says it: includes resolved, villages and macros still short."""
    blocks = [form] + [row["name"] for row in rows(town / "forms" / form / "survey.csv") if row["type"] == "include"]
    return {
        "survey": questions(town, form),
        "choices": [row for block in blocks for row in rows(town / "forms" / block / "choices.csv")],
        "settings": rows(town / "forms" / form / "settings.csv"),
    }


def digest(said: Source) -> str:
    """SHA-256 of a source: any change of content gives another."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# --- macros ----------------------------------------------------------------------------------------------------


def idcard() -> str:
    """GB 11643: 17 digits and a check sign; the weighted sum with the check is 1 modulo 11."""
    total = " + ".join(f"number(substr(., {i}, {i + 1})) * {weight}" for i, weight in enumerate(ID_WEIGHTS))
    check = "if(translate(substr(., 17, 18), 'x', 'X') = 'X', 10, number(translate(substr(., 17, 18), 'xX', '00')))"
    shape = "^[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$"
    return f"(regex(., '{shape}') and ({total} + {check}) mod 11 = 1)"


def uscc() -> str:
    """GB 32100: 18 signs, weights 3^(i-1) modulo 31; the weighted sum with the check is 0 modulo 31."""
    total = " + ".join(
        f"string-length(substring-before('{USCC_SIGNS}', substr(., {i}, {i + 1}))) * {3**i % 31 if i < 17 else 1}"
        for i in range(18)
    )
    return f"(regex(., '^[{USCC_SIGNS}]{{18}}$') and ({total}) mod 31 = 0)"


def phone() -> str:
    """A mobile number, or a landline with area code."""
    return "regex(., '^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[2-9][0-9]{6,7})$')"


def prohibited(foods: Iterable[Mapping[str, Any]], kind: str, day: date) -> str:
    """'bar', 'warn' or 'no' from the words and classes of food that were entered."""
    held = [row for row in foods if row["kind"] in (kind, "all") and in_force(row, day)]

    def test(level: str) -> str:
        tests = []
        for row in held:
            if row["level"] == level:
                tests += [f"contains(${{food_varieties}}, '{word}')" for word in _parts(row["keywords"])]
                tests += [f"selected(${{food_classes}}, '{name}')" for name in _parts(row["classes"])]
        return " or ".join(tests) or "false()"

    return f"if({test('bar')}, 'bar', if({test('warn')}, 'warn', 'no'))"


def _parts(cell: str | Sequence[str]) -> list[str]:
    return [word for word in (cell.split("|") if isinstance(cell, str) else cell) if word]


def expand(cell: str, kind: str, foods: Iterable[Mapping[str, Any]], day: date) -> str:
    """A cell with its macros written out."""
    makers = {"#idcard": idcard, "#uscc": uscc, "#phone": phone, "#prohibited": lambda: prohibited(foods, kind, day)}
    for macro, make in makers.items():
        if macro in cell:
            cell = cell.replace(macro, make())
    return cell


# --- for pyxform -----------------------------------------------------------------------------------------------


def choices(said: Source, areas: Iterable[Mapping[str, str]], patches: Iterable[Mapping[str, str]] = ()) -> list[Row]:
    """The choices of a form: #areas stands for villages and communities (`code`, `name`, `name_en`), #patches for
    the streets and hamlets that are walked (`code`, `name`, `village`)."""
    found: list[Row] = []
    for row in said["choices"]:
        if row["name"] == "#patches":
            found += [
                {"list_name": row["list_name"], "name": p["code"], "label": p["name"], f"label{ENGLISH}": p["name"],
                 "village": p["village"]}
                for p in patches
            ]  # fmt: skip
            continue
        if row["name"] != "#areas":
            found.append(row)
            continue
        found += [
            {"list_name": row["list_name"], "name": a["code"], "label": a["name"], f"label{ENGLISH}": a["name_en"]}
            for a in areas
        ]
    return found


def workbook(
    said: Source,
    areas: Iterable[Mapping[str, str]],
    foods: Iterable[Mapping[str, Any]],
    day: date,
    patches: Iterable[Mapping[str, str]] = (),
) -> dict[str, list[Row]]:
    """The three sheets as XLSForm has them: macros written out, our own columns left out."""
    kind, foods = said["settings"][0]["kind"], list(foods)

    def clean(row: Row, drop: tuple[str, ...]) -> Row:
        return {key: expand(cell, kind, foods, day) for key, cell in row.items() if key not in drop and cell}

    return {
        "survey": [clean(row, OURS) for row in said["survey"]],
        "choices": [clean(row, ()) for row in choices(said, areas, patches)],
        "settings": [clean(row, OUR_SETTINGS) for row in said["settings"]],
    }


def columns(said: Source, *, ours: bool = False) -> dict[str, list[str]]:
    """The heads of the three sheets in the usual order, our own columns with `ours`.

    A database may give the cells of a row back in any order, so the order is written down here.
    """
    return {
        "survey": _ordered(said["survey"], () if ours else OURS),
        "choices": _ordered(said["choices"], ()),
        "settings": _ordered(said["settings"], () if ours else OUR_SETTINGS),
    }


def _ordered(rows_of: list[Row], left_out: tuple[str, ...]) -> list[str]:
    names = {name for row in rows_of for name in row} - set(left_out)
    return [name for name in ORDER if name in names] + sorted(names - set(ORDER))


def guarded(book: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The sheets with their Chinese quotation marks put aside, as they must go through pyxform."""
    table = {ord(quote): private for quote, private in QUOTES.items()}
    return {name: [{k: v.translate(table) for k, v in row.items()} for row in sheet] for name, sheet in book.items()}


def restore(xform: str) -> str:
    """The XForm with its Chinese quotation marks back."""
    return xform.translate({ord(private): quote for quote, private in QUOTES.items()})


# --- for pages, print, import ----------------------------------------------------------------------------------


def definition(said: Source) -> dict[str, Any]:
    """Groups of questions and lists of choices, in both languages; JSON can carry it.

    A question: name, code, type, list, label, label_en, hint, hint_en, required, relevant, constraint, message,
    message_en, appearance, default, calculation, private, desk_optional, auto, heading; an item of a checklist also
    star, points, problem, gravity. A repeat is a question of type `repeat` with its own `questions` and the most rows
    it may have (`limit`, 0 for any number).
    """
    groups: list[dict[str, Any]] = []
    shelf: list[dict[str, Any]] = []
    for row in said["survey"]:
        kind = row["type"]
        if kind == "begin_group":
            groups.append({"name": row["name"], **_both(row, "label"), "questions": []})
            shelf = groups[-1]["questions"]
        elif kind == "begin_repeat":
            if not groups or shelf is not groups[-1]["questions"]:
                groups.append({"name": row["name"], **_both(row, "label"), "questions": []})
            repeat = {**_question(row), "type": "repeat", "questions": [], "limit": 0}
            groups[-1]["questions"].append(repeat)
            shelf = repeat["questions"]
        elif kind == "end_repeat":
            repeat = groups[-1]["questions"][-1]
            repeat["limit"] = max((_limit(q["constraint"]) for q in repeat["questions"]), default=0)
            shelf = groups[-1]["questions"]
        elif kind == "end_group":
            shelf = []
        else:
            shelf.append(_question(row))
    return {"groups": groups, "choices": _lists(said)}


def _both(row: Mapping[str, str], column: str) -> Row:
    return {column: row.get(column, ""), f"{column}_en": row.get(column + ENGLISH, "")}


def _question(row: Row) -> dict[str, Any]:
    kind, _space, listed = row["type"].partition(" ")
    return {
        "name": row["name"], "code": row["code"], "type": kind, "list": listed, **_both(row, "label"),
        **_both(row, "hint"), "required": row["required"] == "yes", "relevant": row["relevant"],
        "constraint": row["constraint"], "message": row["constraint_message"],
        "message_en": row["constraint_message" + ENGLISH], "appearance": row["appearance"],
        "default": row["default"], "calculation": row["calculation"], "private": row["private"] == "yes",
        "desk_optional": row["desk_optional"] == "yes", "auto": row["auto"], "heading": row["export"],
        **_scored(row),
    }  # fmt: skip


def _scored(row: Row) -> dict[str, Any]:
    """What an item of a checklist counts; nothing for other questions."""
    if not row.get("points"):
        return {}
    star, points = row["star"] == "yes", int(row["points"])
    return {"star": star, "points": points, "problem": row["problem"], "gravity": row["gravity"]}


def _limit(constraint: str) -> int:
    found = re.fullmatch(r"position\(\.\.\) <= (\d+)", constraint)
    return int(found[1]) if found else 0


def _lists(said: Source) -> dict[str, list[Row]]:
    """Choices by list; villages and patches are left out, since they differ by person and day."""
    lists: dict[str, list[Row]] = {}
    for row in said["choices"]:
        held = lists.setdefault(row["list_name"], [])
        if row["name"] not in ("#areas", "#patches"):
            held.append({"value": row["name"], "label": row["label"], "label_en": row[f"label{ENGLISH}"]})
    return lists


def labels(said: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the archive shows of answers: {name: {label, label_en, choices: {value: [zh, en]}}} of a definition."""
    found = {}
    for group in said["groups"]:
        for question in group["questions"]:
            for each in (question, *question.get("questions", ())):
                listed = said["choices"].get(each["list"], ())
                found[each["name"]] = {
                    "label": each["label"],
                    "label_en": each["label_en"],
                    "choices": {c["value"]: [c["label"], c["label_en"]] for c in listed},
                }
    return found
