"""Units and people of a town: who can be inspected, who can go along, whom to telephone."""

from collections import defaultdict
from collections.abc import Iterable

from sanxiao.office.duties import DUTIES, LEADS
from sanxiao.office.models import Office, Post, User


def units(area: str) -> list[Office]:
    """The offices and villages of today that carry out the plan, in the order of the town."""
    roles = DUTIES["oversight.correct"].roles(LEADS)
    return list(Office.objects.on().filter(area__startswith=area[:9], role__in=roles).order_by("area", "id"))


def holders(area: str, duty: str) -> list[tuple[User, Office]]:
    """Who leads a duty in the town today, with the office, in the order of their names for signing in."""
    posts = Post.objects.on().filter(
        office__role__in=DUTIES[duty].roles(LEADS), office__area=f"{area[:9]}000", user__is_active=True
    )
    rows = posts.select_related("user", "office").order_by("user__username")
    return list({post.user: post.office for post in rows}.items())


def staff(offices: Iterable[int]) -> dict[int, list[Post]]:
    """Who sits in each of these offices today: to be telephoned."""
    found: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.on().filter(office__in=list(offices), user__is_active=True).select_related("user"):
        found[post.office_id].append(post)
    return found


def sits_in(user: User, office: int) -> bool:
    """Does this person sit in the office today?"""
    return Post.objects.on().filter(user=user, office=office).exists()
