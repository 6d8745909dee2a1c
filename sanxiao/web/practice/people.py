"""The made-up people of a practice town: one cadre for every village and committee, one officer for each office."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from sanxiao.office.models import Area, Office, Post, User, prefix_of
from sanxiao.office.now import at, today
from sanxiao.web import people
from sanxiao.web.views import PRACTICE_PASSWORD

# Those of whom the README, the pages and the tests speak by name: username, name, office, ground, title.
KNOWN = (
    ("he", "何静", "admin", "", "系统管理员"),
    ("sun", "孙杰", "leading", "", "组长"),
    ("zhou", "周敏", "fso", "", "食安办主任"),
    ("chen", "陈伟", "bureau", "", "监管员"),
    ("wu", "吴昊", "bureau", "", "分局长"),
    ("lu", "陆军", "bureau", "", "副分局长"),
    ("song", "宋岩", "bureau", "", "法制审核员"),
    ("qian", "钱锋", "urban", "", "中队长"),
    ("feng", "冯丽", "finance", "", "所长"),
    ("xu", "徐宁", "party", "", "宣传干事"),
    ("ding", "丁强", "police", "", "民警"),
    ("shen", "沈洁", "planning", "", "科员"),
    ("han", "韩洁", "environment", "", "科员"),
    ("cao", "曹军", "land", "", "科员"),
    ("pan", "潘勇", "construction", "", "科员"),
    ("zhang", "张桂兰", "village", "后阳村", "村食品安全协管员"),
    ("yu", "于秀芬", "village", "后阳村", "村委会副主任"),
    ("li", "李明", "village", "南瑶村", "村食品安全协管员"),
)
NOBODYS = "142"  # no network has numbers that begin so
VILLAGE_TITLE = "食品安全协管员"


@dataclass
class People:
    """Who acts: by username, the cadre of every ground by its area code, the first of every office by its key."""

    by_name: dict[str, User]
    cadres: dict[str, User]
    of_office: dict[int, User]

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["by_name"][name]
        except KeyError as error:
            raise AttributeError(name) from error

    def forget(self) -> None:
        """Let everybody's seats be read anew, after posts have changed."""
        for user in self.by_name.values():
            user.__dict__.pop("_scope", None)


def settle(town: str, words: dict[str, Any], rng: Random, since: date) -> People:
    """Make the accounts and appoint everybody; the administrator appoints the others, so that it stands in the log."""
    found = People({}, {}, {})
    password = make_password(PRACTICE_PASSWORD)
    with at(since - timedelta(days=10)):
        offices = list(Office.objects.on().filter(area__startswith=prefix_of(town)))
        for username, name, role, ground, title in _all(offices, words, rng):
            office = next((o for o in offices if o.role == role and (not ground or o.area == ground)), None)
            if office is None:
                continue  # another town may lack an office
            phone = f"{NOBODYS}{len(found.by_name) + 1:08}"
            user = User.objects.create(username=username, name=name, password=password, phone=phone, practice=True)
            found.by_name[username] = user
            if role == "admin":  # the first one is appointed by nobody
                Post.objects.create(user=user, office=office, title=title, since=today())
            else:
                people.appoint(found.he, user, office, title, since)
            found.of_office.setdefault(office.pk, user)
            if role == "village":
                found.cadres.setdefault(office.area, user)
    found.forget()
    return found


def _all(offices: list[Office], words: dict[str, Any], rng: Random) -> list[tuple[str, str, str, str, str]]:
    """The known ones where their ground exists, and a cadre with the ground's own name for every other ground."""
    grounds = {o.area: o for o in offices if o.role == "village"}
    names = {o.name: code for code, o in grounds.items()}
    rows = []
    for username, name, role, ground, title in KNOWN:
        if not ground or ground in names:
            rows.append((username, name, role, names.get(ground, ""), title))
    served = {row[3] for row in rows}
    taken = {row[0] for row in rows}
    for code in sorted(set(grounds) - served):
        username = _username(code, taken)
        taken.add(username)
        rows.append((username, a_name(words, rng), "village", code, VILLAGE_TITLE))
    return rows


def _username(code: str, taken: set[str]) -> str:
    """The ground's own name in letters: wuxing, changzhugeng."""
    area = Area.objects.on().get(code=code)
    word = (area.name_en or f"v{code[-3:]}").split()[0].lower()
    return word if word not in taken else f"{word}{code[-3:]}"


def a_name(words: dict[str, Any], rng: Random) -> str:
    """A made-up person's name."""
    given = words["given_female"] if rng.random() < 0.55 else words["given_male"]
    return rng.choice(words["surnames"]) + rng.choice(given)


def accounts() -> list[dict[str, str]]:
    """The practice accounts as the sign-in page and `./run` show them: the story's people first."""
    order = {row[0]: place for place, row in enumerate(STORY_FIRST)}
    users = list(User.objects.filter(practice=True, is_active=True).prefetch_related("posts__office"))
    rows = []
    for user in sorted(users, key=lambda u: (order.get(u.username, len(order)), u.username)):
        held = [post for post in user.posts.all() if post.since <= today() and (post.until or today()) >= today()]
        for post in held[:1]:
            rows.append(
                {"username": user.username, "name": user.name, "office": str(post.office), "title": post.title,
                 "password": PRACTICE_PASSWORD}
            )  # fmt: skip
    return rows


STORY_FIRST = (("zhang",), ("chen",), ("wu",), ("zhou",), ("sun",), ("li",), ("qian",), ("feng",), ("he",), ("yu",))
