"""Drawing closed matters for proof, repeatable by a stranger from the seed and the pool; who goes; what comes of it.

The method (`METHOD`), in words that need no program: the pool holds the entries of the log that closed a matter of the
chosen kinds in the period, one for each matter, by their numbers. For each: h = the first 64 bits of SHA-256 of
"seed|number" (UTF-8) as an unsigned whole number, the highest byte first. The smallest h are drawn.
The two who go are those with the smallest h of "seed|number|username" among those who may check and do not sit in the
office that closed the matter; the second comes from another office than the first, where there is one.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Attachment, Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.lookback.acts import a_seed
from sanxiao.office.models import Office, User, prefix_of
from sanxiao.office.now import today
from sanxiao.oversight.models import Check, Finding, ProofDraw
from sanxiao.oversight.people import holders
from sanxiao.oversight.rounds import DAYS, due_from_today, ground, tell
from sanxiao.oversight.rules import CHECK, DRAW, WAITING
from sanxiao.oversight.sorts import SORTS
from sanxiao.sampling.drawing import bits

METHOD = "smallest-hash-1"
CHECK_DAYS, USUAL_SIZE, MOST = 20, 10, 200


# --- the draw ----------------------------------------------------------------------------------------------------


@DRAW.beginning
def begin_draw(user: User, _params: dict[str, str]) -> ProofDraw:
    """From the person's whole ground, as many as the town's rule says."""
    area = ground(user, "oversight.draw")
    return ProofDraw(area=area, size=int(Rule.objects.value("proof.size", area, default=USUAL_SIZE)))


def pool_of(draw: ProofDraw) -> list[int]:
    """Numbers of the log's entries, the latest for each matter, in their order; what was checked before is left out."""
    hits = Q(pk__in=[])
    for key in draw.sorts:
        for kind, move in SORTS[key].moves:
            hits |= Q(kind=kind, move=move)
    low, high = prefix_of(draw.area).ljust(12, "0"), prefix_of(draw.area).ljust(12, "9")
    rows = Event.objects.filter(
        hits, area__range=(low, high), on__range=(draw.from_on, draw.until_on), actor__isnull=False
    )
    rows = rows.filter(office__isnull=False)
    if draw.unit_id:
        rows = rows.filter(office=draw.unit_id)
    had = set(Check.objects.exclude(state="dropped").values_list("event", flat=True))
    last: dict[Any, int] = {}
    for number, subject in rows.order_by("id").values_list("id", "subject"):
        last[subject] = number
    return sorted(number for number in last.values() if number not in had)


def drawn_from(pool: Iterable[int], size: int, seed: str) -> list[int]:
    """Which of the pool: pure, so that anybody can do it again."""
    return sorted(pool, key=lambda number: (bits(f"{seed}|{number}"), number))[:size]


def digest_of(pool: Sequence[int]) -> str:
    """By which a stranger knows that he holds the same pool."""
    return sha256(",".join(map(str, pool)).encode()).hexdigest()


def repeats(draw: ProofDraw) -> bool:
    """Drawn again from what is kept: is it the same?"""
    again = drawn_from(draw.pool, draw.size, draw.seed)
    return digest_of(draw.pool) == draw.digest and again == list(
        draw.checks.order_by("no").values_list("event", flat=True)
    )


@DRAW.effect("draw")
def drawn(draw: ProofDraw, by: User, facts: dict[str, Any]) -> None:
    """The pool is kept with its digest; every matter drawn gets its two people, or waits for them to be named."""
    draw.check_by = due_from_today(draw.area, "proof.days", CHECK_DAYS)
    if not 0 < draw.size <= MOST:
        raise Refused(_("抽取件数须在 1 到 %(n)d 之间。") % {"n": MOST}, {"size": _("请改正")}, "invalid")
    draw.pool = pool_of(draw)
    if not draw.pool:
        raise Refused(_("这段时间里没有符合条件的办结事项，请放宽条件。"), {"sorts": _("没有一件")}, "invalid")
    draw.seed, draw.method, draw.digest = draw.seed.strip() or a_seed(), METHOD, digest_of(draw.pool)
    events = Event.objects.select_related("office").in_bulk(drawn_from(draw.pool, draw.size, draw.seed))
    able = holders(draw.area, "oversight.check")
    alone = 0
    for no, number in enumerate(drawn_from(draw.pool, draw.size, draw.seed), 1):
        check = _check(draw, no, events[number], by)
        team = _team(draw.seed, events[number], able)
        if len(team) == 2:
            check.first, check.second = team
            flow.move(check, "assign", by, within=True)
        alone += len(team) < 2
    facts |= {"pool": len(draw.pool), "list": len(events), "seed": draw.seed, "unassigned": alone}


def _check(draw: ProofDraw, no: int, event: Event, by: User) -> Check:
    assert event.office and draw.check_by
    matter = rooms.model_of(event.kind)._base_manager.filter(pk=event.subject).first()
    check = Check(
        draw=draw, no=no, event=event.pk, about=event.subject, about_kind=event.kind, move=event.move,
        file_id=event.file, unit=event.office, area=event.area, done_on=event.on, until_on=draw.check_by,
        called=str(matter.title)[:180] if matter else "",
    )  # fmt: skip
    flow.move(check, "draw", by, within=True)
    return check


def _team(seed: str, event: Event, able: Sequence[tuple[User, Office]]) -> list[User]:
    """Two by lot, not of the office that closed the matter; of two offices where that can be."""
    free = [(who, office) for who, office in able if office.pk != event.office_id and who.pk != event.actor_id]
    order = sorted(free, key=lambda pair: (bits(f"{seed}|{event.pk}|{pair[0].username}"), pair[0].username))
    if len(order) < 2:
        return [who for who, _office in order]
    first, office = order[0]
    second = next((who for who, other in order[1:] if other.pk != office.pk), order[1][0])
    return [first, second]


@DRAW.predicate("all_checked")
def all_checked(draw: ProofDraw, _facts: dict[str, Any]) -> bool:
    """Every matter was looked at, or somebody said why not."""
    return not draw.checks.filter(state__in=WAITING).exists()


@DRAW.effect("void")
def voided(draw: ProofDraw, by: User, _facts: dict[str, Any]) -> None:
    """What was found stays; the rest is not looked at."""
    for check in draw.checks.filter(state__in=WAITING):
        flow.move(check, "end", by, within=True)


# --- one matter --------------------------------------------------------------------------------------------------


@CHECK.predicate("two_others")
def two_others(check: Check, facts: dict[str, Any]) -> bool:
    """Two people who may check, and neither of the office that closed it nor the one who did."""
    first, second = facts.get("first"), facts.get("second")
    if first is None or second is None:
        return True
    able = {who.pk: office.pk for who, office in holders(check.area, "oversight.check")}
    actor = Event.objects.filter(pk=check.event).values_list("actor", flat=True).first()
    return first != second and all(
        able.get(who.pk) not in (None, check.unit_id) and who.pk != actor for who in (first, second)
    )


@CHECK.predicate("not_ahead")
def not_ahead(_check: Check, facts: dict[str, Any]) -> bool:
    """Nobody was there tomorrow."""
    return facts.get("seen_on") is None or facts["seen_on"] <= today()


@CHECK.predicate("proof")
def has_proof(check: Check, facts: dict[str, Any]) -> bool:
    """A photo of what they saw."""
    return not facts or Attachment.objects.filter(subject=check.pk, voided_at__isnull=True).exists()


@CHECK.effect("true", "partly", "false")
def checked(check: Check, by: User, _facts: dict[str, Any]) -> None:
    """Only the two who were drawn; what is false comes back to the office as a finding."""
    if by not in check.team:
        names = _("、").join(who.name for who in check.team)
        raise Refused(_("这一件由 %(names)s 核验。") % {"names": names}, code="forbidden")
    if check.state == "false":
        check.finding = _finding(check, by)


def _finding(check: Check, by: User) -> Finding:
    """核验不实 as a finding of the office that closed the matter."""
    finding = Finding(
        unit=check.unit, area=check.unit.area, gravity="serious", file=check.file, about=check.about,
        about_kind=check.about_kind, due_by=due_from_today(check.area, "term.FINDING_CORRECT", DAYS),
        text=_("办结核验不实：%(act)s（%(day)s 办结）。现场：%(found)s")
        % {"act": check.act, "day": check.done_on, "found": check.found},
        demand=_("查明原因，按实际情况重新办理，更正记录。"),
    )  # fmt: skip
    flow.move(finding, "note", by, within=True)
    tell(finding, by)
    return finding


# --- the score ---------------------------------------------------------------------------------------------------


def interval(part: float, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson), honest where the numbers are small: 9 of 10 may be 60 %."""
    if not whole:
        return 0.0, 1.0
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def credit(area: str) -> dict[str, float]:
    """What each result counts, by the town's rule."""
    said: dict[str, float] = Rule.objects.value("proof.credit", area, default={"true": 1, "partly": 0.5, "false": 0})
    return said


def url_of(check: Check) -> str:
    """The page of the matter that was drawn."""
    return reverse("matter", args=[check.about_kind, check.about])


def score_words(part: float, whole: int) -> str:
    """9.5 / 10，95 % 区间 …"""
    if not whole:
        return _("还没有核验")
    low, high = interval(part, whole)
    return _("%(part)g / %(whole)d，即 %(share).0f%%；件数少，真实水平在 %(low).0f%%–%(high).0f%% 之间") % {
        "part": part, "whole": whole, "share": 100 * part / whole, "low": 100 * low, "high": 100 * high,
    }  # fmt: skip


def by_unit(checks: Iterable[Check], area: str) -> list[dict[str, Any]]:
    """Each unit's score among these checks, the worst first."""
    worth, sums = credit(area), dict[Office, list[float]]()
    for check in checks:
        if check.state in worth:
            sums.setdefault(check.unit, []).append(float(worth[check.state]))
    rows = [
        {"unit": unit, "part": sum(got), "whole": len(got), "words": score_words(sum(got), len(got))}
        for unit, got in sums.items()
    ]
    return sorted(rows, key=lambda row: (row["part"] / row["whole"], str(row["unit"])))
