"""The risk-weighted draw: without replacement, from a published seed, repeatable by a stranger from what is exported.

The method (`METHOD`), in words that need no program:

1. Quotas are drawn in the order of their numbers. The pool of a quota holds the trading places that fit it, without
   those that already have a sample in the plan and those drawn by an earlier quota of the same draw.
2. For each place: u = (h + 1) / (2^64 + 1), where h is the first 64 bits of SHA-256 of "seed|quota|place" (UTF-8; the
   place by the number of its file) as an unsigned whole number, the highest byte first.
3. key = −ln(u) ÷ weight, rounded to 12 digits after the point. The smallest keys are drawn, as many as the quota lacks;
   equal keys go by the number of the file. (Exponential keys: Efraimidis and Spirakis, 2006.)
4. The samplers of a drawn place are those with the smallest h of "seed|place|username" among the officers of the day.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import DUTIES, LEADS
from sanxiao.office.models import Post, User, prefix_of
from sanxiao.risk import weights as risk
from sanxiao.sampling import say
from sanxiao.sampling.models import Sample
from sanxiao.sampling.plan_models import Draw, Plan, Quota
from sanxiao.sampling.rules import PLAN

METHOD = "exponential-1"
SAMPLERS = 2  # at least, where the town's rules say nothing


@dataclass(frozen=True)
class Ticket:
    """One place in the pool of a quota: its weight, the reasons for it, and the key that decides."""

    quota: int
    number: str
    weight: float
    reasons: tuple[str, ...]
    key: float


def bits(text: str) -> int:
    """The first 64 bits of a text's SHA-256."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")


def key_of(seed: str, quota: int, number: str, weight: float) -> float:
    """The key of a place; the smaller, the sooner drawn. A heavier place has the smaller key more often."""
    u = (bits(f"{seed}|{quota}|{number}") + 1) / (2**64 + 1)
    return round(-math.log(u) / weight, 12)


def ranked(seed: str, quota: int, pool: Mapping[str, tuple[float, tuple[str, ...]]]) -> list[Ticket]:
    """The whole pool of a quota in the order in which it would be drawn. `pool`: number -> weight and reasons."""
    made = [Ticket(quota, n, w, reasons, key_of(seed, quota, n, w)) for n, (w, reasons) in pool.items()]
    return sorted(made, key=lambda ticket: (ticket.key, ticket.number))


def samplers_of(seed: str, number: str, officers: Iterable[str], wanted: int) -> list[str]:
    """The usernames of those who take the sample at a drawn place."""
    return sorted(officers, key=lambda name: (bits(f"{seed}|{number}|{name}"), name))[:wanted]


# --- the pool of today -------------------------------------------------------------------------------------------


def number_of(file: Establishment) -> str:
    """By what a place is known in a draw: the number of its file."""
    return file.number or str(file.pk)


def left(quota: Quota) -> int:
    """How many lots of a quota are still to be drawn."""
    return max(0, quota.count - quota.samples.counted().count())


def pool_of(quota: Quota, taken: set[Any]) -> list[Establishment]:
    """Trading places that fit a quota, without those that have a sample in the plan (`taken`: drawn just before)."""
    plan = quota.plan
    rows = Establishment.objects.trading().within((prefix_of(plan.area),)).filter(state__in=("normal", "seasonal"))
    if quota.kind_id:
        rows = rows.filter(kind=quota.kind_id)
    if quota.village:
        rows = rows.filter(area=quota.village)
    had = Sample.objects.filter(plan=plan).counted().values("file")
    rows = rows.exclude(pk__in=had).exclude(pk__in=taken).select_related("kind", "operator").defer("search")
    return [file for file in rows.order_by("number", "id") if not quota.food or quota.food in foods_of(file)]


def foods_of(file: Establishment, listed: Sequence[Mapping[str, Any]] | None = None) -> list[str]:
    """The classes of food that a place is known to make or sell, by the words of its survey; 'other' for the rest."""
    said = f"{file.facts.get('food_varieties') or ''} {file.name}"
    listed = say.foods(file.area) if listed is None else listed
    found = [
        row["code"]
        for row in listed
        if (not row["kinds"] or file.kind_id in row["kinds"]) and any(word in said for word in row["words"])
    ]
    return found or ["other"]


def officers(area: str) -> list[User]:
    """Who may take samples today: the people of the offices that lead it, on this ground."""
    roles = DUTIES["sample.take"].roles(LEADS)
    posts = Post.objects.on().filter(office__role__in=roles, user__is_active=True).select_related("user", "office")
    mine = {post.user.pk: post.user for post in posts if area.startswith(prefix_of(post.office.area))}
    return sorted(mine.values(), key=lambda user: user.username)


# --- drawing -----------------------------------------------------------------------------------------------------


@transaction.atomic
def draw(plan: Plan, seed: str, by: User | None) -> Draw:
    """Draw what the plan still lacks and begin the samples. Raises Refused when there is nothing to draw from or for.

    Called by the plan's move `draw`, whose duty has been checked; `by` None is the command on the server.
    """
    seed = seed.strip()
    if not seed:
        raise Refused(_("请填写种子。"), {"seed": _("请填写")}, "invalid")
    if Draw.objects.filter(plan=plan, seed=seed).exists():
        raise Refused(_("这个种子在本计划里已经用过，结果以那一次为准。"), {"seed": _("已用过")}, "guard")
    who = officers(plan.area)
    wanted = int(Rule.objects.value("sampling.samplers", plan.area, default=SAMPLERS))
    if len(who) < wanted:
        raise Refused(
            _("抽样须 %(n)d 人以上，分局现在只有 %(have)d 人在岗。") % {"n": wanted, "have": len(who)}, code="guard"
        )
    quotas = [quota for quota in plan.quotas.select_related("kind") if left(quota)]
    drawn: list[tuple[Quota, Ticket, Establishment]] = []
    lines: list[dict[str, Any]] = []
    pools: list[dict[str, Any]] = []
    for quota in quotas:
        lacking = left(quota)
        tickets, places = _tickets(quota, seed, {file.pk for _q, _t, file in drawn})
        won = tickets[:lacking]
        drawn += [(quota, ticket, places[ticket.number]) for ticket in won]
        lines.append(_line(quota, lacking, len(won), len(tickets)))
        pools += [_shown(rank, ticket, rank <= lacking) for rank, ticket in enumerate(tickets, 1)]
    if not drawn:
        raise Refused(_("没有可以抽取的单位：符合指标、正常经营、本计划还没有抽过的一户也没有。"), code="guard")
    record: dict[str, Any] = {"quotas": lines, "pool": pools, "samplers": [user.username for user in who], "drawn": []}
    made = Draw(plan=plan, seed=seed, method=METHOD, by=by, record=record)
    made.save()
    for quota, ticket, file in drawn:
        names = samplers_of(seed, ticket.number, record["samplers"], wanted)
        record["drawn"].append({"number": ticket.number, "quota": quota.no, "samplers": names})
        _begin(made, quota, ticket, file, [user.name for name in names for user in who if user.username == name], by)
    made.save(update_fields=["record"])
    return made


def _tickets(quota: Quota, seed: str, taken: set[Any]) -> tuple[list[Ticket], dict[str, Establishment]]:
    places = {number_of(file): file for file in pool_of(quota, taken)}
    with override("zh-hans"):  # the record is read by strangers: one language, whoever draws
        held = risk.weights([file.pk for file in places.values()]) if places else {}
    pool = {number: (held[file.pk].value, tuple(held[file.pk].reasons)) for number, file in places.items()}
    return ranked(seed, quota.no, pool), places


def _line(quota: Quota, wanted: int, won: int, pool: int) -> dict[str, Any]:
    return {
        "no": quota.no, "kind": quota.kind_id or "", "food": quota.food, "village": quota.village, "wanted": wanted,
        "drawn": won, "pool": pool,
    }  # fmt: skip


def _shown(rank: int, ticket: Ticket, won: bool) -> dict[str, Any]:
    return {
        "quota": ticket.quota, "number": ticket.number, "weight": ticket.weight, "reasons": list(ticket.reasons),
        "key": f"{ticket.key:.12f}", "rank": rank, "drawn": won,
    }  # fmt: skip


def _begin(made: Draw, quota: Quota, ticket: Ticket, file: Establishment, names: list[str], by: User | None) -> None:
    sample = Sample(
        file=file, area=file.area, plan=made.plan, quota=quota, drawn_by=made, origin="draw", samplers=names,
        food=quota.food or foods_of(file)[0],
    )  # fmt: skip
    flow.move(sample, "draw", by, within=True, seed=made.seed, weight=ticket.weight, samplers=names)


@PLAN.effect("draw")
def drawn(plan: Plan, by: User | None, facts: dict[str, Any]) -> None:
    """The draw itself; its outcome stands in the event beside the seed."""
    made = draw(plan, facts["seed"], by)
    lines = made.record["quotas"]
    facts |= {"drawn": len(made.record["drawn"]), "pool": len(made.record["pool"])}
    if short := [line["no"] for line in lines if line["drawn"] < line["wanted"]]:
        facts["short"] = "、".join(map(str, short))


def again(made: Draw) -> bool:
    """Reckon a draw anew from what was logged of it: do keys, order and result come out the same?"""
    for line in made.record["quotas"]:
        held = [row for row in made.record["pool"] if row["quota"] == line["no"]]
        tickets = ranked(made.seed, line["no"], {row["number"]: (row["weight"], ()) for row in held})
        told = [(row["number"], row["key"], row["drawn"]) for row in sorted(held, key=lambda row: row["rank"])]
        if told != [(t.number, f"{t.key:.12f}", rank <= line["wanted"]) for rank, t in enumerate(tickets, 1)]:
            return False
    return all(
        row["samplers"] == samplers_of(made.seed, row["number"], made.record["samplers"], len(row["samplers"]))
        for row in made.record["drawn"]
    )


def heads(made: Draw) -> Iterator[tuple[str, str]]:
    """What a stranger needs beside the pool: method, seed, day."""
    yield _("抽检计划"), str(made.plan)
    yield _("种子"), made.seed
    yield (
        _("方法"),
        f"{made.method}：key = −ln(u) ÷ weight，u = (SHA-256(“种子|指标|档案编号”)前64位 + 1) ÷ (2^64 + 1)，小者先抽",
    )
    yield _("日期"), made.on.isoformat()
