"""People and their posts: add, transfer, reset a password; every act stands in the log (hand-over: handing_over.py).

Rights follow from posts, posts have dates: a transfer ends one post and begins another, and the
sight of the old ground is gone with the next request.
"""

import secrets
import uuid
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.docket.flow import log
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may, scope_of
from sanxiao.office.models import Office, Post, User

LETTERS = "abcdefghjkmnpqrstuvwxyz"  # none that are mistaken for another on paper
ONE_DAY = timedelta(days=1)


def manages(user: User, office: Office) -> bool:
    """May this person manage the people of an office?"""
    return may(user, "people.manage", office)


def a_password() -> str:
    """A first password that can be read out over the telephone and satisfies the rule."""
    word = "".join(secrets.choice(LETTERS) for _n in range(6))
    return f"{word.capitalize()}-{secrets.randbelow(9000) + 1000}"


@transaction.atomic
def add(by: User, *, username: str, name: str, phone: str, office: Office, title: str, since: date) -> tuple[User, str]:
    """A new person with a first post; returns the account and the password to hand over, shown once."""
    _check(by, office)
    password = a_password()
    user = User.objects.create_user(username, password, name=name, phone=phone, must_change_password=True)
    post = Post.objects.create(user=user, office=office, title=title, since=since)
    _log(post, "appoint", by, {"person": name, "office": str(office), "title": title, "since": since})
    return user, password


@transaction.atomic
def appoint(by: User, user: User, office: Office, title: str, since: date, until: date | None = None) -> Post:
    """One more post for a person."""
    _check(by, office)
    post = Post.objects.create(user=user, office=office, title=title, since=since, until=until)
    _log(post, "appoint", by, {"person": user.name, "office": str(office), "title": title, "since": since})
    return post


@transaction.atomic
def transfer(by: User, post: Post, office: Office, title: str, on: date) -> Post:
    """End a post on the day before and begin another on the day: both rows stay in the books."""
    _check(by, post.office)
    _check(by, office)
    end(by, post, on - ONE_DAY)
    return appoint(by, post.user, office, title, on)


@transaction.atomic
def end(by: User, post: Post, until: date) -> None:
    """A post's last day. A post that would end before it began never held."""
    _check(by, post.office)
    if until < post.since:
        _log(post, "strike", by, {"person": post.user.name, "office": str(post.office)})
        post.delete()
        return
    post.until = until
    post.save(update_fields=["until"])
    _log(post, "end", by, {"person": post.user.name, "office": str(post.office), "until": until})


@transaction.atomic
def reset_password(by: User, user: User) -> str:
    """A new first password, to be changed at the next sign-in; the old one and its sessions end."""
    posts = list(user.posts.on().select_related("office"))
    if not any(manages(by, post.office) for post in posts) and not may(by, "people.manage"):
        raise Refused(_("您不能管理这个人的账号。"), code="forbidden")
    password = a_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    for post in posts[:1]:
        _log(post, "password", by, {"person": user.name})
    return password


def _check(by: User, office: Office) -> None:
    if not manages(by, office):
        raise Refused(_("您不能管理“%(office)s”的人员。") % {"office": office}, code="forbidden")


def _log(post: Post, name: str, by: User, facts: dict[str, Any]) -> None:
    """Posts are no matters; their events carry the area of the office and a name-based key."""
    seat = scope_of(by).seat_for("people.manage", post.office.area)
    log(Entry("office.post", post), name, by, seat, facts=facts)


class Entry:
    """A row that is no matter, as the log wants it: a key derived from its own, and an area."""

    def __init__(self, kind: str, row: Any) -> None:
        self._meta = row._meta
        self.area = row.area if hasattr(row, "area") else row.office.area
        self.pk = uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}:{row.pk}")
