"""The plan with its state beside each clause, by clause and by unit, and who has which duty."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanxiao.campaign import goals, lists
from sanxiao.campaign.load import TITLE
from sanxiao.campaign.models import Clause, GroupMember, Phase, Proof, english
from sanxiao.campaign.plan import Node, cards, offices_of, phases, role_names, roster, tree
from sanxiao.campaign.proving import Unit, records, rules_of
from sanxiao.campaign.standing import (
    PHASE,
    QUARTER,
    WHOLE,
    Books,
    Part,
    Round,
    books,
    oversees,
    round_of,
    seen_units,
    standing_of,
)
from sanxiao.campaign.units import VILLAGE
from sanxiao.docket.models import Rule
from sanxiao.office.duties import may, may_read
from sanxiao.office.models import Office


def _town(request: HttpRequest) -> str:
    """The area of the plan that this person reads; 404 for who holds no post and where no plan is loaded."""
    first = Clause.objects.seen_by(request.user).order_by("area").first() if may_read(request.user, "plan") else None
    if first is None:
        raise Http404
    return str(first.area)


def _villages() -> str:
    return _("各行政村（社区）")


@dataclass(frozen=True)
class Sight:
    """What one person sees of the campaign: the round and phase looked at, the units, the books."""

    area: str
    round: Round
    offices: list[Office]
    all_units: dict[Unit, Office]
    units: dict[Unit, Office]  # those of them that were asked for
    held: Books
    params: dict[str, str]

    def query(self, **more: str) -> str:
        """Parameters that keep what is being looked at."""
        return urlencode({name: value for name, value in {**self.params, **more}.items() if value})


def _sight(request: HttpRequest, area: str) -> Sight:
    said = request.GET
    which = round_of(area, said.get("round"), said.get("phase", ""))
    if which is None:
        raise Http404
    offices = offices_of(area)
    seen = seen_units(request.user, offices)
    asked = {unit: office for unit, office in seen.items() if unit.key == said.get("unit")}
    params = {"round": which.code if "round" in said else "", "phase": said.get("phase", "")}
    params |= {"unit": said.get("unit", "") if asked else ""}
    return Sight(area, which, offices, seen, asked or seen, books(request.user, area, which), params)


@login_required
@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """方案进度: phases in time, and every clause with its owners, proof, tasks and gaps."""
    area = _town(request)
    sight = _sight(request, area)
    clauses = list(Clause.objects.seen_by(request.user).filter(area=area))
    names = role_names(sight.offices, _villages())
    nodes = tree(clauses, names, request.user, lambda c: standing_of(c, sight.held, sight.units, names, request.user))
    aimed = goals.goals(request.user, area, sight.round, sight.units)
    parts = goals.by_part(aimed)
    for node in (each for top in nodes for each in top.walk()):
        for part in node.state.parts:
            part.goals = parts.get((node.clause.number, part.role), [])
    if (how := request.GET.get("as")) in ("xlsx", "pdf"):
        return _table(request, nodes, sight, how)
    mine, gaps = request.GET.get("mine") == "1", request.GET.get("gaps") == "1"
    shown = [node for node in nodes if (node.wanted if mine else node.gaps if gaps else True)]
    day = {row["phase"].code: row for row in phases(Phase.objects.of_town(area).filter(round=sight.round.code))}
    context: dict[str, Any] = {
        "goals": goals.by_phase(sight.round.phases, aimed), "aimed": aimed, "may_set": may(request.user, "target.set"),
        "phases": list(day.values()), "round": sight.round, "rounds": _rounds(area), "nodes": shown, "mine": mine,
        "only_gaps": gaps, "count": len(clauses), "gaps": sum(node.gaps for node in nodes),
        "proved": sum(node.proved for node in nodes), "base": sight.query(), "oversees": oversees(request.user),
        "unit": sight.params["unit"], "tabs": lists.tabs(request), "may_assign": may(request.user, "task.assign"),
        "units": [(unit.key, office.label) for unit, office in sight.all_units.items()],
        "title": Rule.objects.value(TITLE, area, default={}).get("title_en" if english() else "title", ""),
    }  # fmt: skip
    return render(request, "campaign/plan.html", context)


def _rounds(area: str) -> list[tuple[str, str]]:
    """The rounds of a town's campaign by code and name."""
    codes = Phase.objects.of_town(area).order_by("round").values_list("round", flat=True).distinct()
    names = {"": _("方案原定的日期"), "practice": _("练习：按比例排入近两年")}
    return [(code, names.get(code, code)) for code in codes]


def _table(request: HttpRequest, nodes: list[Node], sight: Sight, how: str) -> HttpResponse:
    """Each part of each clause as a line."""
    heads = (
        ("clause", _("条款"), 30), ("who", _("责任单位"), 26), ("units", _("单位数"), 9), ("phase", _("本阶段"), 9),
        ("quarter", _("本季"), 9), ("whole", _("累计"), 9), ("tasks", _("任务（未办/逾期/办结）"), 16),
        ("goals", _("阶段目标（达到/下达单位）"), 24), ("missing", _("没有凭证的"), 40), ("lacks", _("缺什么"), 40),
    )  # fmt: skip
    rows = [
        [
            str(node.clause), part.name, len(part.units), part.in_phase, part.in_quarter, part.in_all,
            f"{part.open}/{part.late}/{part.done}" if part.open or part.done else "",
            _("；").join(f"{goal.rule} {goal.met}/{len(goal.rows)}" for goal in part.goals),
            _("未到阶段") if part.future else _("、").join(str(office) for office in part.missing),
            "" if part.future else _("；").join(part.lacks),
        ]
        for top in nodes
        for node in top.walk()
        for part in node.state.parts
    ]  # fmt: skip
    if how == "pdf":  # on paper a clause is named once
        rows = [[row[0] if not n or rows[n - 1][0] != row[0] else "", *row[1:]] for n, row in enumerate(rows)]
    phase = sight.round.chosen
    ends = phase.until.isoformat() if phase.until else _("长期")
    gaps, proved = sum(node.gaps for node in nodes), sum(node.proved for node in nodes)
    about = _("%(phase)s（%(since)s — %(until)s）　有凭证 %(proved)d 处，缺口 %(gaps)d 处，按单位计") % {
        "phase": phase, "since": phase.since, "until": ends, "proved": proved, "gaps": gaps,
    }  # fmt: skip
    return lists.download(_("方案进度"), heads, rows, how, request.user, about)


# --- by unit -----------------------------------------------------------------------------------------------------


@login_required
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """按单位: units by clauses, who has proof and who has a gap."""
    area = _town(request)
    sight = _sight(request, area)
    clauses = [c for c in Clause.objects.seen_by(request.user).filter(area=area) if c.roles]
    wanted = request.GET.get("who", "")
    who = [unit for unit in sight.units if wanted in ("", "village" if unit.role == VILLAGE else "office")]
    columns = [c for c in clauses if any(unit.role in c.roles for unit in who)]
    names = role_names(sight.offices, _villages())
    rows = [_row(sight, unit, columns, names, request.user) for unit in who]
    if (how := request.GET.get("as")) in ("xlsx", "pdf"):
        return _matrix(request, columns, rows, how)
    context = {
        "tabs": lists.tabs(request), "columns": columns, "rows": rows, "base": sight.query(), "round": sight.round,
        "rounds": _rounds(area), "who": wanted, "oversees": oversees(request.user), "alone": len(rows) == 1,
    }  # fmt: skip
    return render(request, "campaign/units.html", context)


def _row(sight: Sight, unit: Unit, columns: list[Clause], names: dict[str, str], user: Any) -> dict[str, Any]:
    cells: list[dict[str, Any]] = []
    office = sight.all_units[unit]
    for clause in columns:
        part = None
        if unit.role in clause.roles:
            found = standing_of(clause, sight.held, {unit: office}, names, user).parts
            part = found[0] if found else None
        query = sight.query(clause=clause.number, role=unit.role, unit=unit.key, span=PHASE)
        cells.append({"part": part, "clause": clause, "url": f"{reverse('plan-records')}?{query}"})
    parts = [cell["part"] for cell in cells if cell["part"]]
    return {
        "unit": unit, "office": office, "cells": cells, "gaps": sum(p.tone == "red" for p in parts),
        "proved": sum(p.tone == "green" for p in parts), "late": sum(p.late for p in parts),
    }  # fmt: skip


def _matrix(request: HttpRequest, columns: list[Clause], rows: list[dict[str, Any]], how: str) -> HttpResponse:
    heads = (("unit", _("单位"), 20), ("gaps", _("缺口"), 8), *((c.number, c.number, 9) for c in columns))
    cells = [
        [str(row["office"]), row["gaps"], *(_said(cell["part"]) for cell in row["cells"])] for row in rows
    ]  # fmt: skip
    return lists.download(_("各单位方案进度"), heads, cells, how, request.user)


def _said(part: Part | None) -> str:
    if part is None:
        return ""
    return _("未到") if part.future else _("缺") if part.missing else str(part.in_phase)


# --- the records behind a number -----------------------------------------------------------------------------------


@login_required
@require_GET
def record_list(request: HttpRequest) -> HttpResponse:
    """The events that one number of the plan counts: clause, whose, when; 404 for units that are not one's to see."""
    area, said = _town(request), request.GET
    which = round_of(area, said.get("round"), said.get("phase", ""))
    clause = Clause.objects.seen_by(request.user).filter(area=area, number=said.get("clause", "")).first()
    role = said.get("role", "")
    seen = {u: o for u, o in seen_units(request.user, offices_of(area)).items() if u.role == role}
    asked = [unit for unit in seen if said.get("unit", "") in ("", unit.key)]
    if which is None or clause is None or role not in clause.roles or not asked:
        raise Http404
    code, phase = which.span_of(clause)
    spans = {**which.spans, PHASE: which.spans.get(code)}
    since, until = lists.day(said.get("since", "")), lists.day(said.get("until", ""))
    span = (since, until) if since and until else spans.get(said.get("span", PHASE))
    rules = [
        r for r in rules_of(Proof.objects.of_town(area), clause.number, role) if said.get("rule", "") in ("", r.key)
    ]
    rows = records(rules, role, asked, span or (phase.since, phase.since))
    whose = str(seen[asked[0]]) if len(asked) == 1 else role_names(list(seen.values()), _villages()).get(role, role)
    if not span:
        rows = rows.none()
    page = lists.record_list(_("%(clause)s · %(who)s") % {"clause": clause, "who": whose}, rows)
    context = {
        "tabs": lists.tabs(request), "clause": clause, "phase": phase, "span": span,
        "rules": [rule for rule in rules if rule.kind], "whose": whose,
        "others": [
            (name, f"?{urlencode({**said.dict(), 'span': key})}", said.get("span", PHASE) == key)
            for key, name in ((PHASE, str(phase)), (QUARTER, _("本季")), (WHOLE, _("累计")))
        ] if not since else [],
    }  # fmt: skip
    return page.respond(request, **context)


@login_required
@require_GET
def offices(request: HttpRequest) -> HttpResponse:
    """分工: a card for each of the duty holders in the plan's own words, and the leading group's roster."""
    area = _town(request)
    clauses = list(Clause.objects.seen_by(request.user).filter(area=area))
    found = cards(offices_of(area), clauses, _villages(), request.user)
    members = GroupMember.objects.seen_by(request.user).filter(area=area)
    context = {"cards": found, "roster": roster(members, found), "tabs": lists.tabs(request)}
    return render(request, "campaign/offices.html", context)
