"""The people of the story. Every test speaks of them by name; each has one fixed place and duty.

Zhang Guilan is the cadre of 后阳村; Li Ming of 南瑶村, next door, should never see her files. Chen Wei is
the officer of the bureau's branch, Wu Hao his colleague; Zhou Min decides cards at the food-safety
office; Sun Jie leads the leading group; Qian Feng runs the town's urban management squad; Ding Qiang is
the policeman; Feng Li keeps its money; Shen Jie, Han Jie, Cao Jun and Pan Yong sit in the offices for planning,
environment, land and construction; He Jing manages accounts and sees no file at all. Wang Xiulan makes tofu in
后阳村, without a certificate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import call_command

from sanxiao.archive.models import Establishment, Kind, Operator
from sanxiao.docket import flow
from sanxiao.office.models import Office, Post, User
from tests import kept

TOWN = Path(__file__).parent.parent / "towns" / "jincheng"
HOUYANG, NANYAO, JINCHENG = "320413100206", "320413100204", "320413100000"
PASSWORD = "Lianxi-2018"

PEOPLE = {
    "zhang": ("张桂兰", "village", HOUYANG, "村食品安全协管员"),
    "li": ("李明", "village", NANYAO, "村食品安全协管员"),
    "chen": ("陈伟", "bureau", JINCHENG, "监管员"),
    "wu": ("吴昊", "bureau", JINCHENG, "分局长"),
    "zhou": ("周敏", "fso", JINCHENG, "食安办主任"),
    "sun": ("孙杰", "leading", JINCHENG, "组长"),
    "qian": ("钱锋", "urban", JINCHENG, "中队长"),
    "ding": ("丁强", "police", JINCHENG, "民警"),
    "feng": ("冯丽", "finance", JINCHENG, "所长"),
    # The four offices that a zone has to go through.
    "shen": ("沈洁", "planning", JINCHENG, "科员"),
    "han": ("韩洁", "environment", JINCHENG, "科员"),
    "cao": ("曹军", "land", JINCHENG, "科员"),
    "pan": ("潘勇", "construction", JINCHENG, "科员"),
    "he": ("何静", "admin", JINCHENG, "系统管理员"),
}


@dataclass
class Cast:
    """The town with its people; attributes are the names of PEOPLE."""

    zhang: User
    li: User
    chen: User
    wu: User
    zhou: User
    sun: User
    qian: User
    ding: User
    feng: User
    shen: User
    han: User
    cao: User
    pan: User
    he: User


def the_town() -> Cast:
    """Load the plan's town and its people; read from its folder once a process, afterwards as it was then."""
    kept.put() if kept.rows else found_it()
    return Cast(**{user.username: user for user in User.objects.filter(username__in=PEOPLE)})


def found_it() -> None:
    """The long way: the town's folder, and a post for everybody."""
    call_command("setup_town", str(TOWN), verbosity=0, stdout=_Quiet())
    for username, (name, role, area, title) in PEOPLE.items():
        user = User.objects.create(username=username, name=name, password=QUICK_HASH)
        office = Office.objects.on().get(role=role, area=area)
        Post.objects.create(user=user, office=office, title=title, since=date(2018, 4, 1))
    kept.take()


class _Quiet:
    def write(self, _text: str) -> None:
        """Say nothing."""


# Argon2 is slow by design; the cast's password is hashed once.
QUICK_HASH = ""


def remember_password(make: Callable[[str], str]) -> None:
    """Hash the cast's password once for a test run."""
    global QUICK_HASH
    QUICK_HASH = QUICK_HASH or make(PASSWORD)


def tofu_shop(by: User, **changes: Any) -> Establishment:
    """王秀兰's tofu workshop in 后阳村: unlicensed, on file."""
    said = {
        "kind_id": "workshop", "name": "王家豆腐坊", "address": "后阳村老街12号", "area": HOUYANG,
        "lat": 31.72, "lng": 119.57, "point_source": "map", "facts": TOFU_FACTS,
    } | changes  # fmt: skip
    person = Operator(name="王秀兰", area=said["area"], home="后阳村3组")
    person.id_number, person.phone = "320413190001010015", "13861234567"
    person.save()
    file = Establishment(operator=person, **said)
    file.kind = Kind.objects.get(pk=said["kind_id"])
    flow.move(file, "open", by)
    return file


TOFU_FACTS = {
    "certificate": "none", "water": "tap", "premises_tenure": "own", "workers": "3", "health_certs": "3",
    "willing": "yes", "living_separate": "yes", "problems": ["unlicensed"], "purchase_tickets": "complete",
    "waste_outlet": "sewer", "workshop_label": "yes", "illegal_building": "no", "road_occupation": "no",
    "food_varieties": "豆腐、百叶、豆干", "processing": ["soy"], "packaging": ["bulk"], "prohibited_found": "no",
    "disposal_case": "1", "batch": "regulate",
}  # fmt: skip
