"""Tests about the repository itself: what keeps the house a house."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField, OneToOneField
from django.template.loader import get_template

from sanxiao.docket import rooms
from sanxiao.docket.flow import PLAIN_ASKS
from sanxiao.docket.models import Rule
from sanxiao.office.duties import DUTIES, LEADS
from sanxiao.web import flowdocs, urls

ROOT = Path(settings.BASE_DIR)
FLOORS = settings.ROOMS
SOURCES = [p for p in (ROOT / "sanxiao").rglob("*.py") if not {"migrations", "tests"} & set(p.parts)]
TEMPLATES = list((ROOT / "sanxiao").rglob("templates/**/*.html"))


def ours():
    return [model for model in apps.get_models() if model.__module__.startswith("sanxiao.")]


def test_every_key_points_down_and_leaves_no_back_door():
    for model in ours():
        for field in model._meta.get_fields():
            if not isinstance(field, (ForeignKey, OneToOneField, ManyToManyField)) or field.auto_created:
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            assert FLOORS.index(there) <= FLOORS.index(here), f"{model.__name__}.{field.name} points up"
            if there != here:
                assert field.remote_field.hidden, f"{model.__name__}.{field.name} opens {there} to {here}"


def test_every_duty_is_used_and_every_used_duty_is_known():
    used = set()
    for flow in rooms.flows():
        for move in flow.moves:
            if move.duty:
                pattern = re.compile(
                    re.sub(r"\{\w+\}", r"[^.]+", re.escape(move.duty).replace(r"\{", "{").replace(r"\}", "}"))
                )
                found = {duty for duty in DUTIES if pattern.fullmatch(duty)}
                assert found, f"{flow.key}.{move.key}: no duty {move.duty}"
                used |= found
    text = "\n".join(p.read_text(encoding="utf-8") for p in SOURCES)
    used |= {duty for duty in DUTIES if f'"{duty}"' in text}
    families = {entry.family for room in rooms.all_rooms() for entry in room.menu}
    used |= {duty for duty in DUTIES if duty.split(".")[0] in families}
    assert set(DUTIES) == used


def test_every_duty_has_somebody_who_leads_it():
    assert not [d.key for d in DUTIES.values() if not d.roles(LEADS) and d.key != "plan.read"]


def test_every_state_can_be_reached_and_has_a_way_out():
    for flow in rooms.flows():
        leaving = {state for move in flow.moves for state in move.frm}
        reached = {move.to for move in flow.moves}
        for state in flow.states:
            assert state.final or state.retired or state.key in leaving, f"{flow.key}: no way out of {state.key}"
            assert state.retired or state.key in reached, f"{flow.key}: no way into {state.key}"


def test_every_guard_and_condition_has_its_test_in_acts():
    for flow in rooms.flows():
        for move in flow.moves:
            for name in [g.name for g in move.guards] + ([move.needs_if] if move.needs_if else []):
                assert name in flow.predicates, f"{flow.key}.{move.key}: nothing says when {name!r} holds"


def test_every_ask_is_a_field_or_has_a_form():
    assert urls.urlpatterns  # the rooms' forms come with their paths
    for flow in rooms.flows():
        fields = {f.name for f in flow.model._meta.get_fields()}
        for move in flow.moves:
            if move.key not in flow.forms:
                assert set(move.asks) <= fields | set(PLAIN_ASKS), f"{flow.key}.{move.key}: {move.asks}"


def test_every_move_that_begins_a_matter_by_hand_knows_how():
    for flow in rooms.flows():
        begins = [m for m in flow.moves if "" in m.frm and m.duty and m.todo]
        assert not begins or flow.begin or flow.key == "archive.file", flow.key


def test_every_term_names_its_clause_and_its_lapse_exists(town):
    for flow in rooms.flows():
        for term in (t for m in flow.moves for t in m.starts):
            dated = Rule.objects.filter(key=f"term.{term.rule}").exclude(law="") if term.rule else []
            assert term.law or dated, f"{flow.key}.{term.key}: which law?"
            assert not term.lapse or flow.has(term.lapse), f"{flow.key}.{term.key} lapses into nothing"


def test_views_start_from_what_the_person_may_see():
    """Models with a scope are read in views through `seen_by` (or `within`), never bare."""
    scoped = {m.__name__ for m in ours() if hasattr(m, "family")}
    for path in SOURCES:
        if path.name not in ("views.py", "api.py", "map.py"):
            continue
        for name in scoped:
            for hit in re.finditer(rf"\b{name}\.objects\.(\w+)", path.read_text(encoding="utf-8")):
                assert hit[1] in ("seen_by", "within"), f"{path.relative_to(ROOT)}: {hit[0]}"


def test_every_template_is_used_and_parses():
    text = "\n".join(p.read_text(encoding="utf-8") for p in [*SOURCES, *TEMPLATES])
    for path in TEMPLATES:
        name = str(path).split("/templates/", 1)[1]
        get_template(name)
        assert f'"{name}"' in text or name in ("403.html", "404.html", "500.html"), f"{name} is used by nobody"


def test_no_template_has_a_style_or_a_script_of_its_own():
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son\w+=\"|<style|<script(?![^>]*(src=|type=\"application/json\"))", text), path


def test_every_icon_is_drawn():
    sprite = (ROOT / "sanxiao/web/assets/icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'id="([a-z-]+)"', sprite))
    for path in TEMPLATES:
        assert set(re.findall(r'{% icon "([a-z-]+)"', path.read_text(encoding="utf-8"))) <= drawn, path


def test_no_page_asks_an_outside_host():
    for path in TEMPLATES:
        assert not re.search(r"(src|href|action)=\"(https?:)?//", path.read_text(encoding="utf-8")), path


def test_the_clock_is_read_in_one_place():
    for path in SOURCES:
        if path.name != "now.py":
            assert not re.search(
                r"timezone\.now\(\)|date\.today\(\)|datetime\.now\(", path.read_text(encoding="utf-8")
            ), path


def test_modules_and_public_functions_say_what_they_are_for():
    silent = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(f"{path.relative_to(ROOT)}")
        for node in tree.body:
            public = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
            if public and not ast.get_docstring(node) and not node.name.endswith(("Command", "Config")):
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert not silent


@pytest.mark.parametrize("line", ["docs/flows", "docs/law.md"])
def test_generated_documents_are_up_to_date(town, line):
    for path, text in flowdocs.documents():
        if f"docs/{path}".startswith(line):
            kept = ROOT / "docs" / path
            assert kept.exists() and kept.read_text(encoding="utf-8") == text, f"{kept} is old: ./run docs"


def test_migrations_are_linear():
    for room in FLOORS:
        names = sorted(p.stem for p in (ROOT / "sanxiao" / room / "migrations").glob("0*.py")) if room else []
        assert [n[:4] for n in names] == [f"{i:04d}" for i in range(1, len(names) + 1)], room


def test_nothing_built_or_foreign_is_in_the_repository():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    assert not [
        f for f in listed if f.endswith((".min.js", ".min.css", ".woff2", ".ttf", ".otf", ".whl", ".jar", ".mo"))
    ]
