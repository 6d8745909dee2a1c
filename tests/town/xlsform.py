"""Read the survey forms of a town folder: resolve includes, areas and macros, make rows for pyxform.

A plain reference for the tests, on the standard library alone. It says by example what
towns/README.md says in words.
"""

import csv
from datetime import date
from pathlib import Path

# Columns that are ours and that pyxform must not see.
OURS = ("code", "macro", "private", "desk_optional", "auto", "export")
OUR_SETTINGS = ("title_en", "kind", "annex")
# pyxform turns Chinese quotation marks into ASCII ones; they travel as private characters.
QUOTES = {"“": "\ue01c", "”": "\ue01d", "‘": "\ue018", "’": "\ue019"}

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file; lines that begin with # are comments."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def in_force(row: dict[str, str], day: date) -> bool:
    """Whether a dated row holds on the day; until is the last day, empty is open."""
    return (row["since"] or "0001-01-01") <= day.isoformat() <= (row["until"] or "9999-12-31")


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


def prohibited(town: Path, kind: str, day: date) -> str:
    """'bar', 'warn' or 'no' from the words and classes of food that were entered."""
    foods = [row for row in rows(town / "prohibited_foods.csv") if row["kind"] in (kind, "all") and in_force(row, day)]

    def test(level: str) -> str:
        tests = []
        for row in foods:
            if row["level"] == level:
                tests += [f"contains(${{food_varieties}}, '{word}')" for word in row["keywords"].split("|") if word]
                tests += [f"selected(${{food_classes}}, '{name}')" for name in row["classes"].split("|") if name]
        return " or ".join(tests) or "false()"

    return f"if({test('bar')}, 'bar', if({test('warn')}, 'warn', 'no'))"


def expand(town: Path, kind: str, day: date, cell: str) -> str:
    """A cell with its macro, if it has one, written out."""
    makers = {"#idcard": idcard, "#uscc": uscc, "#phone": phone, "#prohibited": lambda: prohibited(town, kind, day)}
    for macro, make in makers.items():
        if macro in cell:
            cell = cell.replace(macro, make())
    return cell


def questions(town: Path, form: str) -> list[dict[str, str]]:
    """The survey rows of a form with the common blocks in their place, macros still short."""
    found = []
    for row in rows(town / "forms" / form / "survey.csv"):
        found += questions(town, row["name"]) if row["type"] == "include" else [row]
    return found


def blocks(town: Path, form: str) -> list[str]:
    """The form itself and the blocks that it includes."""
    return [form] + [row["name"] for row in rows(town / "forms" / form / "survey.csv") if row["type"] == "include"]


def choices(town: Path, form: str, day: date) -> list[dict[str, str]]:
    """The choices of a form, #areas replaced by the villages and communities of the day."""
    found = []
    for block in blocks(town, form):
        for row in rows(town / "forms" / block / "choices.csv"):
            if row["name"] != "#areas":
                found.append(row)
                continue
            found += [
                {"list_name": row["list_name"], "name": area["code"], "label": area["name"],
                 "label::English (en)": area["name_en"]}
                for area in rows(town / "areas.csv")
                if area["level"] in ("village", "community") and in_force(area, day)
            ]
    return found


def workbook(town: Path, form: str, day: date) -> dict[str, list[dict[str, str]]]:
    """The three sheets as pyxform takes them, quotation marks put aside."""

    def clean(row: dict[str, str], drop: tuple[str, ...]) -> dict[str, str]:
        cells = {key: expand(town, form, day, cell) for key, cell in row.items() if key not in drop and cell}
        return {key: cell.translate(str.maketrans(QUOTES)) for key, cell in cells.items()}

    return {
        "survey": [clean(row, OURS) for row in questions(town, form)],
        "choices": [clean(row, ()) for row in choices(town, form, day)],
        "settings": [clean(row, OUR_SETTINGS) for row in rows(town / "forms" / form / "settings.csv")],
    }


def restore(xform: str) -> str:
    """The XForm with its Chinese quotation marks back."""
    return xform.translate(str.maketrans({private: quote for quote, private in QUOTES.items()}))
