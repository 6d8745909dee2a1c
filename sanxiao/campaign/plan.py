"""The plan laid out for reading: clauses as a tree with their offices, and one duty card for each holder."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from sanxiao.campaign.models import Clause, GroupMember, Phase
from sanxiao.campaign.standing import Standing
from sanxiao.office.duties import scope_of
from sanxiao.office.models import Office, Post
from sanxiao.office.now import today

VILLAGE = "village"


@dataclass
class Node:
    """A clause with the offices that have a part in it, its state, its sub-clauses. `mine`: my office has a part."""

    clause: Clause
    leads: list[Any] = field(default_factory=list)
    helps: list[Any] = field(default_factory=list)
    mine: bool = False
    state: Standing = field(default_factory=Standing)
    children: list["Node"] = field(default_factory=list)

    @property
    def wanted(self) -> bool:
        """It, or something below it, is my office's."""
        return self.mine or any(child.wanted for child in self.children)

    @property
    def gaps(self) -> int:
        """Units that owe proof, here and below."""
        return self.state.gaps + sum(child.gaps for child in self.children)

    @property
    def proved(self) -> int:
        """Units that have proof, here and below."""
        return self.state.proved + sum(child.proved for child in self.children)

    def walk(self) -> "Iterator[Node]":
        """Itself and everything below, in the order of the plan."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Card:
    """A duty holder: the office (for villages: what they share), its clause, who sits there today."""

    role: str
    name: str
    aliases: list[str]
    clause: str
    duty: str
    posts: list[Post] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)  # the villages, of which there are many
    mine: bool = False


@dataclass
class Seat:
    """A seat of the leading group and who holds it today; `card` is the duty card of its office."""

    member: GroupMember
    card: Card | None
    posts: list[Post]


def role_names(offices: Iterable[Office], shared: str) -> dict[str, str]:
    """The name of each role's office; villages share one."""
    return {**{o.role: o.label for o in offices if o.role != VILLAGE}, VILLAGE: shared}


def tree(
    clauses: Iterable[Clause], names: dict[str, str], user: Any, state: Callable[[Clause], Standing] | None = None
) -> list[Node]:
    """The clauses as they stand under each other; `state` gives the state beside each."""
    roles = scope_of(user).roles
    nodes: dict[str, Node] = {}
    tops: list[Node] = []
    for clause in clauses:
        told = [(role, names[role]) for role in clause.roles if role in names]
        node = nodes[clause.number] = Node(clause, told[:1], told[1:], bool(roles & set(clause.roles)))
        if state:
            node.state = state(clause)
        (nodes[clause.parent].children if clause.parent in nodes else tops).append(node)
    return tops


def phases(rows: QuerySet[Phase]) -> list[dict[str, Any]]:
    """Phases in time: done, now or next; of the present one the day and the days left."""
    day, found = today(), []
    for phase in rows:
        over = phase.until is not None and phase.until < day
        status = "done" if over else "next" if phase.since > day else "now"
        left = (phase.until - day).days if phase.until else None
        found.append({"phase": phase, "status": status, "number": (day - phase.since).days + 1, "left": left})
    return found


def offices_of(area: str) -> list[Office]:
    """The offices of a town today with who sits in them, villages last; two queries."""
    posts = Prefetch("posts", Post.objects.on().select_related("user").order_by("acting", "since", "id"))
    town = Office.objects.on().filter(area__gte=area, area__lte=area[:9].ljust(12, "9")).exclude(duty="")
    return list(town.prefetch_related(posts).order_by("area", "id"))


def cards(offices: list[Office], clauses: Iterable[Clause], shared: str, user: Any) -> list[Card]:
    """One card for each duty holder in the order of the plan; all villages on one."""
    order = {clause.number: clause.order for clause in clauses}
    mine, grouped = scope_of(user).roles, defaultdict(list)
    for office in offices:
        grouped[office.role].append(office)
    found = [_card(role, group, shared, role in mine) for role, group in grouped.items()]
    return sorted(found, key=lambda card: order.get(card.clause, 0))


def _card(role: str, group: list[Office], shared: str, mine: bool) -> Card:
    first, many = group[0], role == VILLAGE
    return Card(
        role, shared if many else first.label, [a for a in first.aliases.split("|") if a], first.clause, first.duty,
        [] if many else list(first.posts.all()), group if many else [], mine,
    )  # fmt: skip


def _is_named(title: str, member: GroupMember) -> bool:
    """分局长 is the 局长 of the plan, 组长 the seat itself."""
    return title in member.post or member.post in title or title == member.title


def roster(members: Iterable[GroupMember], found: list[Card]) -> list[Seat]:
    """The seats of the leading group; where the plan names a post, only who holds that post."""
    by_role = {card.role: card for card in found}
    seats = []
    for member in members:
        card = by_role.get(member.role)
        posts = list(card.posts) if card else []
        if member.post:
            posts = [post for post in posts if post.title and _is_named(post.title, member)]
        seats.append(Seat(member, card, posts))
    return seats
