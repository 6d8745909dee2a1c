"""What the moves of a campaign and of its look-backs do, and the conditions they wait for."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.inspection import visits
from sanxiao.lookback import lots, rule
from sanxiao.lookback.models import Campaign, Look, proofs
from sanxiao.lookback.rules import CAMPAIGN, LOOK
from sanxiao.office.duties import scope_of
from sanxiao.office.models import Post, User
from sanxiao.office.now import today

WAITING = ("listed", "assigned")
PARTNERS = ("village", "fso", "urban")  # offices of the second person, where the town's rules name none
OWN_CASE = ("inspection.order.issue", "inspection.order.review", "licensing.application.propose")


def a_seed() -> str:
    """A seed that nobody can have known before."""
    return f"{today():%Y%m%d}-{secrets.token_hex(3)}"


# --- the list ----------------------------------------------------------------------------------------------------


@CAMPAIGN.beginning
def begin_campaign(user: User, _params: dict[str, str]) -> Campaign:
    """A campaign on the whole of a person's ground."""
    seat = scope_of(user).seat_for("lookback.plan", None)
    return Campaign(area=(seat.prefix if seat else "").ljust(12, "0"))


@CAMPAIGN.effect("freeze")
def frozen(campaign: Campaign, by: User, facts: dict[str, Any]) -> None:
    """The list as it is today, drawn where a number is given; from now on it does not change."""
    if campaign.until_on <= today():
        raise Refused(_("看完的期限须在今天之后。"), {"until_on": _("须在今天之后")}, "invalid")
    files = list(rule.pool(by, campaign.rule))
    if not files:
        raise Refused(_("按这个条件没有一户，请放宽条件。"), {"rule": _("没有一户")}, "invalid")
    campaign.pool, campaign.seed = len(files), a_seed()
    chosen = lots.sample(files, campaign.size, campaign.seed)
    for no, file in enumerate(chosen, 1):
        look = Look(campaign=campaign, file=file, area=file.area, no=no, until_on=campaign.until_on)
        flow.move(look, "list", by, within=True)
    facts |= {"pool": len(files), "list": len(chosen), "seed": campaign.seed}


# --- teams -------------------------------------------------------------------------------------------------------


def officers(area: str) -> list[User]:
    """People of the bureau today whose ground holds the area, in the order of their names for signing in."""
    return _people(("bureau",), area)


def partners(area: str) -> list[User]:
    """Those who may go along: cadres, and people of the offices that the town's rule names."""
    return _people(tuple(Rule.objects.value("look_back.partners", area, default=list(PARTNERS))), area)


def _people(roles: Iterable[str], area: str) -> list[User]:
    town = area[:9]
    posts = Post.objects.on().filter(office__role__in=list(roles), office__area__startswith=town, user__is_active=True)
    return list(User.objects.filter(pk__in=posts.values("user")).order_by("username"))


def homes(people: Iterable[User]) -> dict[int, set[str]]:
    """The villages at whose desk each of these people sits today."""
    found: dict[int, set[str]] = defaultdict(set)
    posts = Post.objects.on().filter(user__in=list(people), office__role="village")
    for user, area in posts.values_list("user", "office__area"):
        found[user].add(area)
    return found


def own_cases(files: Iterable[Establishment], area: str) -> dict[UUID, set[int]]:
    """Who handled each of these files himself, by the moves that the town's rule counts for that."""
    keys = Rule.objects.value("look_back.own_case", area, default=list(OWN_CASE))
    wanted = {tuple(key.rsplit(".", 1)) for key in keys}
    rows = Event.objects.filter(file__in=[f.pk for f in files], kind__in={kind for kind, _move in wanted})
    found: dict[UUID, set[int]] = defaultdict(set)
    for file, kind, move, actor in rows.values_list("file", "kind", "move", "actor"):
        if (kind, move) in wanted and actor and file:
            found[file].add(actor)
    return found


@CAMPAIGN.effect("share")
def shared(campaign: Campaign, by: User, facts: dict[str, Any]) -> None:
    """By lot: who goes with whom, and which team to which place. Whoever stands too near a place does not go there."""
    count = int(facts["teams"])
    firsts, seconds = officers(campaign.area), partners(campaign.area)
    campaign.lot = a_seed()
    among = lots.teams(firsts, seconds, count, campaign.lot)
    if not among:
        raise Refused(_("没有可以分组的人：分局和同行单位今天都须有人在岗。"), code="guard")
    looks = {look.pk: look for look in campaign.looks.filter(state="listed").select_related("file")}
    files = [look.file for look in looks.values()]
    home, own = homes([*firsts, *seconds]), own_cases(files, campaign.area)

    def barred(who: User, key: UUID) -> bool:
        file = looks[key].file
        return file.area in home[who.pk] or who.pk in own[file.pk]

    found = lots.share(sorted(looks, key=lambda key: looks[key].no), among, barred, campaign.lot)
    for key, team in found.items():
        if team:
            looks[key].first, looks[key].second = team
            flow.move(looks[key], "assign", by, within=True)
    campaign.teams = [{"first": a.pk, "second": b.pk, "names": [a.name, b.name]} for a, b in among]
    facts |= {"teams": campaign.teams, "lot": campaign.lot, "unassigned": sum(team is None for team in found.values())}


@LOOK.predicate("two_of_two")
def two_of_two(look: Look, facts: dict[str, Any]) -> bool:
    """One of the bureau and one of another office, and they are two."""
    first, second = facts.get("first"), facts.get("second")
    if first is None or second is None:
        return True
    return first != second and first in officers(look.area) and second in partners(look.area)


@LOOK.predicate("not_own")
def not_own(look: Look, facts: dict[str, Any]) -> bool:
    """Nobody looks back at his own village or his own case."""
    people = [who for who in (facts.get("first"), facts.get("second")) if who]
    near, own = homes(people), own_cases([look.file], look.area)
    return not any(look.file.area in near[who.pk] or who.pk in own[look.file_id] for who in people)


# --- looking -----------------------------------------------------------------------------------------------------


@LOOK.predicate("not_late")
def not_late(_look: Look, facts: dict[str, Any]) -> bool:
    """Nobody was there tomorrow."""
    return facts.get("seen_on") is None or facts["seen_on"] <= today()


@LOOK.predicate("proof")
def has_proof(look: Look, facts: dict[str, Any]) -> bool:
    """A photo of the place, asked when it is recorded: the button itself waits for none."""
    return not facts or proofs([look.pk]).exists()


@LOOK.effect("good", "slipped", "shut", "gone")
def looked(look: Look, by: User, _facts: dict[str, Any]) -> None:
    """Who was not of the team did not look. A visit of the kind 回头看 is on record with it."""
    if by not in look.team:
        names = _("、").join(who.name for who in look.team)
        raise Refused(_("这一户由 %(names)s 回头看。") % {"names": names}, code="forbidden")
    result = {"good": "conform", "slipped": "fail"}.get(look.state, "")
    look.visit = visits.note(
        look.file, by=by, on=look.seen_on, team=look.team, why=f"lookback:{look.pk}", cause=look.campaign.called,
        result=result,
    )  # fmt: skip


# --- the end -----------------------------------------------------------------------------------------------------


@CAMPAIGN.predicate("all_seen")
def all_seen(campaign: Campaign, _facts: dict[str, Any]) -> bool:
    """Every place was looked at, or somebody said why not."""
    return not campaign.looks.filter(state__in=WAITING).exists()


@CAMPAIGN.effect("void")
def voided(campaign: Campaign, by: User, _facts: dict[str, Any]) -> None:
    """What was found stays; the rest is not looked at any more."""
    for look in campaign.looks.filter(state__in=WAITING).select_related("file"):
        flow.move(look, "end", by, within=True)
