"""The folder of the plan's town is complete and consistent: files only, no Django."""

import csv
import json
import re
import tomllib
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise, product
from pathlib import Path

import pytest

from sanxiao.survey import xlsform

TOWN = Path(__file__).parents[2] / "towns" / "jincheng"
KINDS = ("workshop", "vendor", "eatery")
ROLES = (
    "party",
    "fso",
    "finance",
    "bureau",
    "urban",
    "police",
    "planning",
    "environment",
    "land",
    "construction",
    "village",
)
FACTS = ("holds_papers", "prohibited_food", "suspected_illegal_additive", "lawful_premises", "willing", "defects")
MARKS = set("VSDNUIP")
SPRING = date(2018, 5, 1)


def table(name: str) -> list[dict[str, str]]:
    return xlsform.rows(TOWN / name)


def toml(name: str) -> dict:
    return tomllib.loads((TOWN / name).read_text(encoding="utf-8"))


def villages() -> list[dict[str, str]]:
    return [
        row for row in table("areas.csv") if row["level"] in ("village", "community") and xlsform.in_force(row, SPRING)
    ]


def choices(kind: str) -> list[dict[str, str]]:
    return xlsform.choices(xlsform.source(TOWN, kind), villages())


def workbook(kind: str) -> dict[str, list[dict[str, str]]]:
    foods = table("prohibited_foods.csv")
    return xlsform.guarded(xlsform.workbook(xlsform.source(TOWN, kind), villages(), foods, SPRING))


def plan() -> str:
    return (TOWN / "plan.txt").read_text(encoding="utf-8")


RULES = toml("rules.toml")["rule"]


def rule(key: str, day: date = SPRING):
    (found,) = [row for row in RULES if row["key"] == key and row["since"] <= day <= row.get("until", date.max)]
    return found["value"]


def dated(rows: list[dict[str, str]]) -> None:
    for row in rows:
        first = date.fromisoformat(row["since"])
        assert not row["until"] or first <= date.fromisoformat(row["until"]), row


# -- every file


def files() -> list[Path]:
    return sorted(path for path in TOWN.parent.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def test_every_file_is_utf8_with_line_feeds_and_ends_with_one():
    for path in files():
        text = path.read_bytes().decode("utf-8")
        assert "\r" not in text and not text.startswith("\ufeff"), path
        assert text.endswith("\n") or path.name == "plan.txt", path


def test_every_row_has_every_cell():
    for path in files():
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as lines:
                head, *rest = csv.reader(line for line in lines if not line.startswith("#"))
            assert len(head) == len(set(head)), path
            assert all(len(row) == len(head) for row in rest), path


def test_the_readme_names_every_file():
    readme = (TOWN.parent / "README.md").read_text(encoding="utf-8")
    for path in TOWN.iterdir():
        assert path.name in readme, path.name


# -- areas, offices, phases


def test_an_area_code_has_twelve_digits_and_its_parent_exists():
    areas = {row["code"]: row["level"] for row in table("areas.csv")}
    assert len(areas) == len(table("areas.csv"))
    for code, level in areas.items():
        assert re.fullmatch(r"\d{12}", code)
        parent = {"city": code[:2], "county": code[:4], "town": code[:6], "village": code[:9], "community": code[:9]}
        if level != "province":
            assert parent[level].ljust(12, "0") in areas, code
    assert areas[toml("town.toml")["area"]] == "town"


@pytest.mark.parametrize(
    ("day", "villages", "communities"),
    [(date(2018, 6, 1), 11, 3), (date(2020, 6, 30), 11, 4), (date(2022, 10, 31), 11, 10), (date(2023, 6, 30), 11, 7)],
)
def test_each_list_of_its_year_comes_back(day, villages, communities):
    valid = [row["level"] for row in table("areas.csv") if xlsform.in_force(row, day)]
    assert (valid.count("village"), valid.count("community")) == (villages, communities)


def test_villages_and_communities_are_named_in_both_languages():
    for row in table("areas.csv"):
        if row["level"] == "village":
            assert row["name"].endswith("村") and row["name_en"].endswith(" Village")
        if row["level"] == "community":
            assert row["name_en"].endswith(" Community")
    assert len({row["name"] for row in table("areas.csv")}) == len(table("areas.csv"))
    assert len({row["name_en"] for row in table("areas.csv")}) == len(table("areas.csv"))


def test_every_duty_holder_of_the_plan_is_an_office_and_its_duty_is_quoted():
    offices = {row["role"]: row for row in table("offices.csv")}
    assert set(offices) == {*ROLES, "leading", "admin"}
    for role, number in zip(ROLES, ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一"], strict=True):
        row = offices[role]
        assert row["clause"] == f"四（{number}）"
        assert f"（{number}）{row['name']}：{row['duty']}\n" in plan()
    assert offices["leading"]["duty"] in plan() and not offices["admin"]["clause"]
    assert "环保科" in offices["environment"]["aliases"].split("|")


def test_no_two_offices_share_a_name_or_an_alias():
    names = [
        name
        for row in table("offices.csv")
        for name in {row["name"], row["short"], *filter(None, row["aliases"].split("|"))}
    ]
    assert len(names) == len(set(names))


def test_the_leading_group_is_the_one_of_the_plan():
    group = table("leading_group.csv")
    assert [row["title"] for row in group][:2] == ["组长", "副组长"] and len(group) == 13
    assert {row["role"] for row in group} == {*ROLES, "leading"}
    line = next(line for line in plan().splitlines() if line.startswith("（一）加强领导"))
    assert "、".join(row["in_plan"] for row in group[2:]) + "为成员" in line
    assert all(row["in_plan"] in line for row in group)


def test_phases_follow_each_other_without_a_hole_and_the_gap_is_the_plan_s():
    phases = table("phases.csv")
    for earlier, later in pairwise(phases):
        assert date.fromisoformat(earlier["until"]) + timedelta(1) == date.fromisoformat(later["since"])
    (gap,) = [row for row in phases if row["kind"] == "gap"]
    assert (gap["since"], gap["until"]) == ("2019-01-01", "2019-06-30")
    assert all(row["goal"] in plan() for row in phases)


# -- clauses


def parts_three_to_six() -> str:
    text = plan()
    return re.sub(r"\s*\n\s*", "\n", text[text.index("三、整治内容") : text.index("附件：")]).strip()


def test_every_clause_is_literal():
    for row in table("clauses.csv"):
        assert row["text"] and row["text"] in plan(), row["number"]


def test_the_clauses_cover_parts_three_to_six_without_a_hole():
    joined = "".join(row["text"] for row in table("clauses.csv"))
    assert joined.replace("\n", "") == parts_three_to_six().replace("\n", "")


def test_every_clause_has_a_parent_known_roles_and_a_kind():
    clauses = {row["number"]: row for row in table("clauses.csv")}
    roles, phases = {row["role"] for row in table("offices.csv")}, {row["code"] for row in table("phases.csv")}
    for number, row in clauses.items():
        assert row["kind"] in ("goal", "duty", "step", "requirement")
        assert row["parent"] in clauses if len(number) > 1 else not row["parent"]
        assert number.startswith(row["parent"])
        assert set(filter(None, row["roles"].split("|"))) <= roles
        assert not row["phase"] or row["phase"] in phases
        assert all(re.fullmatch(r"[A-O]\d+", code) for code in row["features"].split("|") if code)
    assert {"五（二）1（1）", "五（二）2四是", "四（十一）", "六（四）"} <= set(clauses)


def test_offices_and_phases_point_to_clauses_that_exist():
    numbers = {row["number"] for row in table("clauses.csv")}
    for name in ("offices.csv", "phases.csv", "leading_group.csv"):
        assert {row["clause"] for row in table(name)} - {""} <= numbers


# -- kinds and rules


def test_a_kind_has_its_form_its_document_and_its_prefix():
    kinds = {row["code"]: row for row in table("kinds.csv")}
    assert set(kinds) == {*KINDS, "grocery"} and kinds["grocery"]["active"] == "no"
    for code in KINDS:
        row = kinds[code]
        assert (TOWN / "forms" / row["form"] / "survey.csv").exists()
        document = rule(row["document"])
        assert document["route"] == row["route"]
        assert rule("number." + document["series"])["kind"] == row["number_prefix"]
        assert rule(document["validity"]) > 0
        assert document["in_plan"] in plan()
        assert rule(f"materials.{code}") and rule(f"problem.{code}")


def test_every_rule_says_what_it_rests_on():
    for row in RULES:
        assert {"key", "name", "name_en", "value", "since", "law", "mark", "source"} <= set(row), row["key"]
        assert row["mark"] in MARKS and row["name"] and row["name_en"]
        assert row["mark"] != "V" or row["law"], row["key"]
        assert type(row["since"]) is date and row["since"] <= row.get("until", date.max)


def test_the_rows_of_a_rule_neither_overlap_nor_leave_a_hole():
    rows = defaultdict(list)
    for row in RULES:
        rows[row["key"]].append(row)
    for key, found in rows.items():
        assert [row["since"] for row in found] == sorted(row["since"] for row in found), key
        for earlier, later in pairwise(found):
            assert earlier["until"] + timedelta(1) == later["since"], key
        assert "until" not in found[-1] or key == "term.TIP_TELL_FILING", key


TERMS = """REG_SUPPLEMENT 5 wd, REG_SITE_CHECK 10 wd, REG_DECIDE 20 wd, REG_ISSUE 5 wd, REG_RENEW_OPEN 30 d,
CARD_DECIDE 5 wd, INSP_PUBLISH 20 wd, FIX_RECHECK 5 wd, SMP_DELIVER 5 wd, SMP_REPORT 20 wd, SMP_LAB_FAIL 2 wd,
SMP_LAB_PASS 7 wd, SMP_SERVE 5 wd, SMP_RETEST_ASK 7 wd, SMP_RETEST_ACCEPT 5 wd, SMP_RETEST_LAB 5 wd,
SMP_RETEST_MOVE 3 wd, SMP_RETEST_RESULT 10 wd, SMP_DISPOSE 90 d, CASE_FILE 15 wd, CASE_SEIZE 30 d, CASE_EVIDENCE 7 wd,
CASE_REVIEW 10 wd, CASE_DEFEND 5 wd, CASE_DECIDE 90 d, CASE_PAY 15 d, CASE_CLOSE 15 wd, CASE_PUBLISH 20 wd,
CRIME_APPROVE 3 d, CRIME_SEND 24 h, CRIME_POLICE 3 d, CMP_ACCEPT 7 wd, CMP_MEDIATE 45 wd, CMP_END_NOTICE 7 wd,
TIP_TELL_FILING 5 wd, TIP_CHECK 15 wd, QTR_REPORT 5 wd, EIA_REPORT 60 d, EIA_TABLE 30 d"""


@pytest.mark.parametrize("line", TERMS.replace("\n", " ").split(", "))
def test_every_legal_term_has_its_length_in_2018(line):
    name, length, unit = line.split()
    (row,) = [
        row for row in RULES if row["key"] == f"term.{name}" and row["since"] <= SPRING <= row.get("until", date.max)
    ]
    assert (row["value"]["length"], row["unit"]) == (int(length), unit)
    assert row["value"]["starts"] and row["value"]["flow"]


def test_mediation_is_counted_by_the_rule_of_the_day_of_receipt():
    rows = [row for row in RULES if row["key"] == "term.CMP_MEDIATE"]
    assert [(row["value"]["length"], row["unit"]) for row in rows[-2:]] == [(45, "wd"), (60, "d")]
    assert rows[-1]["since"] == date(2026, 4, 15)


def test_what_a_rule_points_to_exists():
    keys = {row["key"] for row in RULES}
    assert set(rule("case.term").values()) <= keys and rule("report.due")["term"] in keys
    roles = {row["role"] for row in table("offices.csv")}
    for step in table("zone_steps.csv"):
        assert {step["role"], *filter(None, step["opinions"].split("|"))} <= roles
        assert not step["term"] or f"term.{step['term']}" in keys
    for item in table("zone_items.csv"):
        assert not item["least"] or item["least"].isdigit() or item["least"] in keys


def test_no_article_is_guessed_for_a_problem():
    for kind in KINDS:
        problems = rule(f"problem.{kind}")
        assert len({row["code"] for row in problems}) == len(problems) > 15
        for row in problems:
            assert row["days"] >= 0 and row["text"] and row["text_en"]
            named = set(re.findall(r"第[一二三四五六七八九十百]+条", row["law"]))
            assert named <= {"第三十四条", "第四十五条"}
            assert named or "条款待核" in row["law"]


def test_the_eatery_card_says_that_it_is_no_licence():
    assert "不代替食品经营许可证" in rule("document.eatery")["note"]
    assert rule("small_eatery.card_counts_as_certified") is False


def test_the_enacted_title_is_printed_and_the_plan_s_only_quoted():
    for law in toml("town.toml")["law"]:
        assert law["in_plan"] in plan() and law["mark"] in MARKS
    text = (TOWN / "rules.toml").read_text(encoding="utf-8")
    assert "食品生产加工小作坊及食品摊贩管理条例" not in text


# -- classification


def classify(facts: dict[str, str]) -> dict[str, str]:
    return next(row for row in table("classification.csv") if all(row[name] in ("any", facts[name]) for name in FACTS))


def every_case() -> list[dict[str, str]]:
    return [dict(zip(FACTS, values, strict=False)) for values in product(("yes", "no"), repeat=len(FACTS))]


def test_every_combination_of_facts_finds_a_row_and_every_row_is_found():
    found = {classify(facts)["order"] for facts in every_case()}
    assert found == {row["order"] for row in table("classification.csv")}
    assert all(row[name] in ("yes", "no", "any") for row in table("classification.csv") for name in FACTS)


def test_the_proposed_case_is_the_default_of_the_campaign():
    for facts in every_case():
        bad = "yes" in (facts["prohibited_food"], facts["suspected_illegal_additive"])
        case = (
            "0"
            if facts["holds_papers"] == "yes"
            else "3"
            if bad or "no" in (facts["lawful_premises"], facts["willing"])
            else "2"
            if facts["defects"] == "yes"
            else "1"
        )
        assert classify(facts)["case"] == case, facts


def test_the_batch_follows_the_case_except_for_a_holder_with_something_against_him():
    default = rule("batch.of_case")
    codes = {row["label"]: row["name"] for row in choices("workshop") if row["list_name"] == "batch"}
    for row in table("classification.csv"):
        assert codes[row["batch"]] == row["batch_code"] and row["reason"] and row["reason_en"]
        if row["batch"] != default[row["case"]]:
            assert row["case"] == "0" and row["batch"] == "规范"


def test_every_fact_has_a_default_and_its_reasons_name_known_things():
    facts = toml("facts.toml")
    problems = {kind: {row["code"] for row in rule(f"problem.{kind}")} for kind in KINDS}
    assert tuple(facts["fact"]) == FACTS
    for reason in facts["reason"]:
        assert reason["value"] != facts["fact"][reason["fact"]]["otherwise"]
        assert reason["text"] and reason["text_en"]
        for kind in KINDS if reason["kind"] == "*" else [reason["kind"]]:
            fields = {row["name"] for row in xlsform.questions(TOWN, kind)}
            assert set(re.findall(r"\$\{(\w+)\}", reason["when"])) <= fields, reason
            if "problem" in reason:
                assert reason["problem"] in problems[kind], reason
        if "setting" in reason:
            assert type(rule(reason["setting"])) is type(reason["setting_is"])


def evaluator():
    """XPath 1.0 with the few functions of the forms; answers are variables, `.` is a text node."""
    etree = pytest.importorskip("lxml.etree")
    space = {}  # handed to each expression: a namespace of lxml's own would change every other test

    def text(value) -> str:
        value = value[0] if isinstance(value, list) and value else value
        return "" if value == [] else value if isinstance(value, str) else getattr(value, "text", None) or ""

    space["selected"] = lambda _, a, b: text(b) in text(a).split()
    space["count-selected"] = lambda _, a: float(len(text(a).split()))
    space["regex"] = lambda _, a, b: bool(re.fullmatch(b.strip("^$"), text(a)))
    space["substr"] = lambda _, a, start, end: text(a)[int(start) : int(end)]
    space["if"] = lambda _, test, yes, no: yes if test else no
    space["today"] = lambda _: SPRING.isoformat()
    space["decimal-date-time"] = lambda _, a: (
        float(date.fromisoformat(text(a)).toordinal()) if text(a) else float("nan")
    )

    def run(expression: str, here: str = "", **answers: str):
        node = etree.Element("answer")
        node.text = here
        fields = set(re.findall(r"\$\{(\w+)\}", expression))
        variables = {name: answers.get(name, "") for name in fields}
        functions = {(None, name): act for name, act in space.items()}
        return etree.XPath(re.sub(r"\$\{(\w+)\}", r"$\1", expression), extensions=functions)(node, **variables)

    return run


@pytest.mark.parametrize(
    ("macro", "good", "bad"),
    [
        ("#idcard", "320413190001010015", "320413190001010014"),
        ("#idcard", "11010519491231002X", "110105194912310021"),
        ("#idcard", "11010519491231002x", "1101051949123100"),
        ("#uscc", "91350100M000100Y43", "91350100M000100Y44"),
        ("#uscc", "91350100M000100Y43", "9I350100M000100Y43"),
        ("#phone", "13812345678", "12812345678"),
        ("#phone", "0519-82345678", "051982"),
        ("#phone", "051982345678", ""),
    ],
)
def test_a_macro_tells_a_good_number_from_a_bad_one(macro, good, bad):
    run, expression = evaluator(), xlsform.expand(macro, "workshop", table("prohibited_foods.csv"), SPRING)
    assert run(expression, good) is True
    assert run(expression, bad) is False


@pytest.mark.parametrize(
    ("kind", "food", "classes", "found"),
    [
        ("workshop", "老豆腐、百叶", "soy", "no"),
        ("workshop", "黄桃罐头", "other", "bar"),
        ("workshop", "桃酥", "pastry dairy", "bar"),
        ("vendor", "裱花蛋糕", "pastry", "warn"),
        ("vendor", "奶茶", "drink", "no"),
        ("eatery", "生鱼片", "aquatic", "warn"),
    ],
)
def test_prohibited_food_is_found_by_word_or_by_class(kind, food, classes, found):
    expression = xlsform.expand("#prohibited", kind, table("prohibited_foods.csv"), SPRING)
    assert evaluator()(expression, food_varieties=food, food_classes=classes) == found


GOOD = {
    "workers": "3",
    "health_certs": "3",
    "water": "tap",
    "pest_protection": "dust fly rat",
    "willing": "yes",
    "purchase_tickets": "complete",
    "problems": "no_papers",
    "illegal_building": "no",
    "road_occupation": "no",
    "premises_tenure": "own",
    "prohibited_found": "no",
    "living_separate": "yes",
    "waste_outlet": "sewer",
    "workshop_label": "yes",
    "packaging": "bulk",
    "in_area": "yes",
    "covered": "yes",
    "waste_bin": "yes",
    "special_room": "na",
    "kitchen_zones": "prep cook wash store",
    "disinfection": "heat",
    "fume_cleaner": "yes",
    "kitchen_waste": "trap_contract",
    "toilet_separate": "yes",
    "additives": "no",
    "certificate": "none",
    "card": "none",
    "food_licence": "none",
}


def facts_of(kind: str, **answers: str) -> dict[str, str]:
    run, found, book = evaluator(), {}, toml("facts.toml")
    for name, fact in book["fact"].items():
        found[name] = fact["otherwise"]
        for reason in book["reason"]:
            meant = reason["fact"] == name and reason["kind"] in ("*", kind)
            holds = "setting" not in reason or rule(reason["setting"]) is reason["setting_is"]
            if meant and holds and run(reason["when"], **answers):
                found[name] = reason["value"]
    return found


@pytest.mark.parametrize(
    ("kind", "answers", "case"),
    [
        ("workshop", {}, "1"),
        ("workshop", {"water": "none"}, "2"),
        ("workshop", {"health_certs": "2"}, "2"),
        ("workshop", {"willing": "no"}, "3"),
        ("workshop", {"willing": "undecided"}, "1"),
        ("workshop", {"problems": "no_papers illegal_additive"}, "3"),
        ("workshop", {"packaging": "bulk prepacked"}, "2"),
        ("workshop", {"certificate": "held", "certificate_until": "2020-01-01"}, "0"),
        ("workshop", {"certificate": "held", "certificate_until": "2018-01-01"}, "1"),
        ("workshop", {"prohibited_found": "bar"}, "3"),
        ("vendor", {"prohibited_found": "warn"}, "1"),
        ("vendor", {"premises_tenure": "public"}, "1"),
        ("vendor", {"in_area": "no", "road_occupation": "yes"}, "3"),
        ("vendor", {"in_area": "no"}, "2"),
        ("vendor", {"card": "held"}, "0"),
        ("eatery", {"premises_tenure": "public"}, "3"),
        ("eatery", {"kitchen_zones": "cook"}, "2"),
        ("eatery", {"card": "held"}, "1"),
        ("eatery", {"food_licence": "held"}, "0"),
    ],
)
def test_answers_lead_to_the_case_that_a_person_would_expect(kind, answers, case):
    assert classify(facts_of(kind, **{**GOOD, **answers}))["case"] == case


def test_an_empty_sheet_accuses_nobody():
    for kind in KINDS:
        facts = facts_of(kind)
        assert (facts["defects"], facts["prohibited_food"], facts["lawful_premises"]) == ("no", "no", "yes")


def test_prohibited_foods_are_dated_marked_and_levelled():
    foods = table("prohibited_foods.csv")
    classes = {row["name"] for row in choices("workshop") if row["list_name"] == "food_class"}
    dated(foods)
    for row in foods:
        assert row["kind"] in (*KINDS, "all") and row["mark"] in MARKS and row["level"] in ("bar", "warn")
        assert set(filter(None, row["classes"].split("|"))) <= classes
        assert row["mark"] != "N" or row["level"] == "warn"
    assert len([row for row in foods if "第三十四条" in row["basis"]]) == 13


# -- calendar and map


def test_the_calendar_lists_only_days_that_differ():
    days = table("calendar.csv")
    assert [row["date"] for row in days] == sorted({row["date"] for row in days})
    for row in days:
        assert (row["working"] == "1") == (date.fromisoformat(row["date"]).weekday() >= 5), row
    assert {row["date"][:4] for row in days} == {str(year) for year in range(2004, 2027)}


def test_the_calendar_agrees_with_the_library_it_was_made_from():
    library = pytest.importorskip("chinese_calendar")
    differs, day = {row["date"]: row["working"] == "1" for row in table("calendar.csv")}, date(2004, 1, 1)
    while day < date(2027, 1, 1):
        assert differs.get(day.isoformat(), day.weekday() < 5) == library.is_workday(day), day
        day += timedelta(1)


def test_every_village_has_a_schematic_border_and_the_map_says_so():
    book = json.loads((TOWN / "boundaries.geojson").read_text(encoding="utf-8"))
    assert "示意" in book["notice"]
    areas = {row["code"]: row["name"] for row in table("areas.csv") if row["level"] in ("village", "community")}
    assert {item["properties"]["code"]: item["properties"]["name"] for item in book["features"]} == areas
    for item in book["features"]:
        assert item["properties"]["schematic"] is True
        (ring,) = item["geometry"]["coordinates"]
        assert ring[0] == ring[-1] and len(ring) > 20
        assert all(119.4 < x < 119.7 and 31.6 < y < 31.85 and round(x, 5) == x and round(y, 5) == y for x, y in ring)


def test_neighbours_share_the_same_border():
    book = json.loads((TOWN / "boundaries.geojson").read_text(encoding="utf-8"))
    seen = defaultdict(int)
    for item in book["features"]:
        (ring,) = item["geometry"]["coordinates"]
        for a, b in pairwise(ring):
            seen[frozenset((tuple(a), tuple(b)))] += 1
    assert set(seen.values()) == {1, 2}
    ends = defaultdict(int)  # the lines seen once are the outline: one closed ring, so no gap inside
    for edge, times in seen.items():
        for point in edge if times == 1 else ():
            ends[point] += 1
    assert set(ends.values()) == {2}


def test_no_school_is_invented():
    assert table("schools.csv") == []


# -- forms


CODES = {"workshop": "B", "vendor": "C", "eatery": "D"}
LAST = {"workshop": 15, "vendor": 14, "eatery": 16}
MANDATORY = {
    "A": {2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 26, 27},
    "B": {1, 2, 3, 6, 8, 9, 10, 12},
    "C": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
    "D": {1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 14},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_has_every_field_of_its_annex(kind):
    letter = CODES[kind]
    codes = {row["code"] for row in xlsform.questions(TOWN, kind)} - {""}
    assert codes == {f"A{n:02}" for n in range(1, 28)} | {f"{letter}{n:02}" for n in range(1, LAST[kind] + 1)}


@pytest.mark.parametrize("kind", KINDS)
def test_exactly_the_marked_fields_are_mandatory(kind):
    letter = CODES[kind]
    required = {row["code"] for row in xlsform.questions(TOWN, kind) if row["required"] == "yes"}
    assert required == {f"{part}{n:02}" for part in ("A", letter) for n in MANDATORY[part]}


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_speaks_both_languages_and_has_a_short_heading(kind):
    rows = [row for row in xlsform.questions(TOWN, kind) if not row["type"].startswith("end_")]
    names, headings = [row["name"] for row in rows], [row["export"] for row in rows if row["export"]]
    assert len(names) == len(set(names)) and len(headings) == len(set(headings))
    for row in rows:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", row["name"])
        assert row["label"] and row["label::English (en)"], row["name"]
        assert bool(row["hint"]) == bool(row["hint::English (en)"])
        assert (
            bool(row["constraint"]) == bool(row["constraint_message"]) == bool(row["constraint_message::English (en)"])
        )
        assert row["code"] or row["type"] in ("begin_group", "note") or row["name"] == "prohibited_found"
        assert bool(row["export"]) == (row["type"] not in ("begin_group", "note")), row["name"]


@pytest.mark.parametrize("kind", KINDS)
def test_photos_positions_and_signatures_may_be_missing_on_paper(kind):
    rows = xlsform.questions(TOWN, kind)
    assert {row["desk_optional"] for row in rows if row["type"] in ("image", "geopoint")} == {"yes"}
    assert {row["name"] for row in rows if row["private"] == "yes"} >= {"id_number", "phone", "home_address"}
    assert {row["macro"] for row in rows} - {""} == {"#idcard", "#uscc", "#phone", "#prohibited"}
    for row in rows:
        assert not row["macro"] or row["macro"] in row["constraint"] + row["calculation"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_and_every_list_of_a_form_exists(kind):
    rows, lists = xlsform.questions(TOWN, kind), defaultdict(set)
    for row in choices(kind):
        assert row["name"] not in lists[row["list_name"]] and row["label"] and row["label::English (en)"]
        lists[row["list_name"]].add(row["name"])
    used = {row["type"].split()[1] for row in rows if row["type"].startswith("select_")}
    assert {name for name in used if not name.endswith(".csv")} == set(lists)  # others come from the server by name
    fields = {row["name"] for row in rows}
    for row in rows:
        for column in ("relevant", "constraint", "calculation"):
            assert set(re.findall(r"\$\{(\w+)\}", row[column])) <= fields, row["name"]
            for field, choice in re.findall(r"\$\{(\w+)\} !?= '(\w+)'", row[column]):
                select = next(other["type"] for other in rows if other["name"] == field)
                known = lists[select.split()[1]] if select.startswith("select_") else ()
                assert not known or choice in known, row["name"]


@pytest.mark.parametrize("kind", KINDS)
def test_pyxform_takes_the_form_and_keeps_its_quotation_marks(kind):
    convert = pytest.importorskip("pyxform.xls2xform").convert
    result = convert(workbook(kind))
    xform = xlsform.restore(result.xform)
    assert not [warning for warning in result.warnings if "max-pixels" not in warning]  # the signature has none
    assert "“无”不能与其他项同选" in xform and "#" not in re.sub(r"[\"'](#|jr:|http)[^\"']*|&#", "", xform)
    assert "320413100206" in xform and "320413100001" not in xform


FREE = ("revisit", "walk", "check", "purchase", "purchase_stall", "source_check")


@pytest.mark.parametrize("form", FREE)
def test_a_form_of_no_kind_is_as_well_made_as_the_three_tables(form):
    test_every_question_speaks_both_languages_and_has_a_short_heading(form)
    test_every_reference_and_every_list_of_a_form_exists(form)
    rows = xlsform.questions(TOWN, form)
    assert {row["desk_optional"] for row in rows if row["type"] in ("image", "geopoint")} <= {"yes"}
    assert (
        xlsform.source(TOWN, form)["settings"][0] | {"kind": "", "annex": "", "form_id": form}
        == (xlsform.source(TOWN, form)["settings"][0])
    )


@pytest.mark.parametrize("form", FREE)
def test_pyxform_takes_a_form_of_no_kind(form):
    convert = pytest.importorskip("pyxform.xls2xform").convert
    patches = [{"code": "p1", "name": "后阳老街", "village": "320413100206"}]
    said = xlsform.source(TOWN, form)
    book = xlsform.workbook(said, villages(), table("prohibited_foods.csv"), SPRING, patches)
    result = convert(xlsform.guarded(book))
    assert not [warning for warning in result.warnings if "max-pixels" not in warning]
    assert ("后阳老街" in result.xform) == (form == "walk") and "#patches" not in result.xform


def test_a_revisit_has_few_questions_and_asks_them_as_the_tables_do():
    asked = {row["name"]: row for row in xlsform.questions(TOWN, "revisit") if row["name"]}
    assert len([row for row in asked.values() if row["required"] == "yes"]) <= 13
    known = {row["name"]: row for kind in KINDS for row in xlsform.questions(TOWN, kind) if row["name"]}
    for name in ("operating_state", "problems", "location", "operator_name"):
        assert asked[name]["type"] == known[name]["type"]
    choices_of = {(row["list_name"], row["name"], row["label"]) for row in choices("workshop")}
    for row in choices("revisit"):
        if row["list_name"] in ("operating_state", "problem"):
            assert (row["list_name"], row["name"], row["label"]) in choices_of


def test_a_check_asks_questions_that_every_table_asks():
    asked = [row["name"] for row in xlsform.questions(TOWN, "check") if row["code"] and row["name"] != "check_note"]
    common = set.intersection(*({row["name"] for row in xlsform.questions(TOWN, kind)} for kind in KINDS))
    assert 6 <= len(asked) - 1 <= 8 and set(asked) <= common


def test_every_patch_lies_in_a_village_of_the_town_and_no_name_stands_twice():
    rows = table("patches.csv")
    names = {(row["area"], row["name"]) for row in rows}
    assert len(names) == len(rows)
    assert {row["area"] for row in rows} == {
        row["code"] for row in table("areas.csv") if row["level"] in ("village", "community")
    }
    assert {row["kind"] for row in rows} <= {"hamlet", "street", "market"} and {row["mark"] for row in rows} <= MARKS


def test_made_up_words_fit_the_forms():
    words = toml("words.toml")
    villages = {row["code"][9:] for row in table("areas.csv") if row["level"] in ("village", "community")}
    assert set(words["places"]) == villages
    for kind, field in zip(KINDS, ("processing", "vendor_foods", "eatery_form"), strict=False):
        lists = defaultdict(set)
        for row in choices(kind):
            lists[row["list_name"]].add(row["name"])
        assert sum(food["share"] for food in words[kind]["foods"]) == 100
        for food in words[kind]["foods"]:
            values = food[field] if isinstance(food[field], list) else [food[field]]
            assert set(values) <= lists[field.removesuffix("s") if field == "vendor_foods" else field]
            assert set(food["classes"]) <= lists["food_class"] and food["varieties"]
            assert set(food.get("made_items", [])) <= lists["made_item"] | set()
        assert {row["code"] for row in words["problems"][kind]} <= {row["code"] for row in rule(f"problem.{kind}")}
