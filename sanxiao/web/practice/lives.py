"""How a place goes on: it rests and resumes, moves, goes to another village, closes, opens again, is lost."""

from datetime import timedelta

from sanxiao.docket import flow
from sanxiao.office.now import today
from sanxiao.web.practice.licences import disturbed, renewed
from sanxiao.web.practice.tell import Plot
from sanxiao.web.practice.town import Life, Town, act, attach, fresh

EVENTS = {
    "nothing": 30, "rest": 3, "season": 2, "relocate": 3, "transfer": 2, "close": 4, "reopen": 2, "lose": 1, "leave": 1,
    "paper": 8,
}  # fmt: skip


def goes_on(town: Town, life: Life) -> Plot:
    """At most one thing happens to a place, and its paper is renewed as long as it trades."""
    yield town.rng.randint(20, 320)
    if life.file.state == "normal":
        yield from EVENT_OF[town.deal("life", EVENTS)](town, life)
    if life.file.state == "normal":
        yield from renewed(town, life)


def nothing(_town: Town, _life: Life) -> Plot:
    """Most of the time."""
    yield 0


def rests(town: Town, life: Life) -> Plot:
    """停业 for some weeks."""
    act(life.file, "rest", life.cadre, on=today(), reason="家中有事")
    yield town.rng.randint(20, 90)
    act(life.file, "resume", life.cadre, on=today(), note="已恢复营业")


def seasonal(town: Town, life: Life) -> Plot:
    """Only part of the year."""
    act(life.file, "season", life.cadre, on=today(), reason="只在春秋两季做")
    yield town.rng.randint(60, 200)
    act(life.file, "resume", life.cadre, on=today(), note="")


def relocates(town: Town, life: Life) -> Plot:
    """To another street of the same village."""
    there = town.ground.place(life.place.kind, life.place.area, "1", life.place.opened)
    lat, lng = there.point or (None, None)
    act(life.file, "relocate", life.cadre, on=today(), address=there.address, lat=lat, lng=lng, reason="原房东收回店面")
    yield 0


def transfers(town: Town, life: Life) -> Plot:
    """To another village, with the food-safety office's signature; from then on its cadre acts."""
    area = town.rng.choice([code for code in town.ground.areas if code != life.place.area])
    there = town.ground.place(life.place.kind, area, "1", life.place.opened)
    act(life.file, "transfer", life.cadre, on=today(), new_area=area, address=there.address, reason="租到新店面")
    yield town.rng.randint(1, 4)
    file = fresh(life.file)
    if flow.open_proposal(file):
        flow.sign(file, town.people.zhou, agrees=True)
    life.cadre, life.place.area = town.people.cadres[area], area


def closes(town: Town, life: Life) -> Plot:
    """For good, as far as anybody knows."""
    file = life.file
    attach(file, town.album.front(life.place.kind, "已关停"), "关停后.jpg", life.cadre, "photo")
    act(file, "close", life.cadre, on=today(), closing="self", reason="年纪大了，不做了")
    yield 0


def closes_and_reopens(town: Town, life: Life) -> Plot:
    """Not for good."""
    yield from closes(town, life)
    yield town.rng.randint(60, 150)
    act(life.file, "reopen", life.cadre, on=today() - timedelta(days=1), reason="由儿子接手，重新开业")


def is_lost(town: Town, life: Life) -> Plot:
    """Nobody answers the door."""
    act(life.file, "lose", life.cadre, on=today(), reason="三次上门无人，电话停机")
    yield 0


def leaves(town: Town, life: Life) -> Plot:
    """Out of the town."""
    act(life.file, "leave", life.cadre, on=today(), reason="搬到外镇")
    yield 0


EVENT_OF = {
    "nothing": nothing, "rest": rests, "season": seasonal, "relocate": relocates, "transfer": transfers,
    "close": closes, "reopen": closes_and_reopens, "lose": is_lost, "leave": leaves, "paper": disturbed,
}  # fmt: skip
