"""What a practice town has to show of looking back: revisits, one place found alight, a campaign half done."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from sanxiao.docket import flow
from sanxiao.lookback import alarms
from sanxiao.lookback.models import Alarm, Campaign, Look, Revisit
from sanxiao.office.now import at, now, today
from sanxiao.web.practice.pictures import Album
from sanxiao.web.practice.town import Town, attach

BEGUN, LIST, TEAMS, LOOKED = 24, 30, 2, 0.6  # days ago, places, teams, how many were looked at by now
FOUND = {
    "good": (16, "证照在墙上，整改过的没有再犯"),
    "slipped": (3, "纱窗又破了，原料堆在地上"),
    "shut": (1, "门关着，邻居说上月就不做了"),
    "gone": (1, "人搬走了，电话停机"),
}
OPENED = ("由儿子接手，手续齐全", "按规定登记重开，不是死灰复燃")
ANOTHER = ("店面转租给别人，做的是另一样", "换了人、换了品种，不是同一家")
STILL, OTHER = "门锁着，没有灯，没有气味", "改成了仓库，堆着纸箱"


def looked_back(town: Town) -> None:
    """Tell of the last months: one place was found alight, alarms were looked into, a campaign goes on."""
    _alight(town)
    alarms.listen()
    _alarmed(town)
    _campaign(town)


def _hour(row: Revisit) -> datetime:
    """A quarter of an hour after the window opens, on the day that was drawn."""
    hour, minute = map(int, row.window["from"].split(":"))
    return timezone.make_aware(datetime.combine(row.visit_on, time(hour, minute))) + timedelta(minutes=15)


def apart(town: Town) -> Town:
    """The same town with chances and pictures of its own: who goes out at night changes no other story."""
    rng = Random("lookback")
    return replace(town, rng=rng, album=Album(rng), _decks={})


def went(town: Town) -> None:
    """After a night: most of the revisits whose hour has come since were made; a few are missed."""
    for row in Revisit.objects.filter(state="planned", until_on__gte=today() - timedelta(days=7)).select_related(
        "file__kind"
    ):
        if _hour(row) < now() and town.chance(0.9):
            with at(_hour(row)):
                _made(town, row, "other" if town.chance(0.05) else "still")


def _alight(town: Town) -> None:
    """One of the next was made tonight already, and a light was burning."""
    near = Revisit.objects.filter(state="planned", visit_on__gte=today() - timedelta(days=3))
    row = near.select_related("file__kind").order_by("visit_on", "id").first()
    if row is not None:
        with at(min(_hour(row), now() - timedelta(hours=12))):
            _made(town, row, "revived")


def _made(town: Town, row: Revisit, move: str) -> None:
    cadre = town.people.cadres[row.area]
    sign = {"revived": "夜间有灯", "other": "改作仓库"}.get(move, "已关停")
    attach(row, town.album.front(row.file.kind_id, sign), "现场.jpg", cadre, "photo")
    found = {"revived": "灯亮着，机器在响，门口有送货的三轮", "other": OTHER}.get(move, STILL)
    flow.move(row, move, cadre, seen_at=now(), companion=town.people.chen.name, found=found, on=today())


def _alarmed(town: Town) -> None:
    """Those of last month and before were looked at and dismissed; the newest still wait."""
    old = Alarm.objects.filter(state="raised", created_at__lt=now() - timedelta(days=10))
    for alarm in old.select_related("file").order_by("created_at"):
        found, why = OPENED if alarm.reasons == ["self"] else ANOTHER
        with at(alarm.created_at + timedelta(days=1)):
            flow.move(alarm, "look", town.people.cadres[alarm.area], looked_on=today(), found=found)
            flow.move(alarm, "dismiss", town.people.chen, reason=why)


def _campaign(town: Town) -> None:
    """What was registered in the last year, shared out to two teams; more than half is done."""
    begun = today() - timedelta(days=BEGUN)
    with at(begun):
        said = {"basis": "registered", "since": (begun - timedelta(days=365)).isoformat(), "until": begun.isoformat()}
        campaign = Campaign(area=town.people.zhou.posts.get().office.area)
        until = begun + timedelta(days=40)
        flow.move(campaign, "freeze", town.people.zhou, called="登记户回头看", until_on=until, size=LIST, rule=said)
        flow.move(campaign, "share", town.people.zhou, teams=TEAMS)
    for look in campaign.looks.filter(state="assigned").select_related("file", "campaign", "first", "second"):
        if town.chance(LOOKED):
            with at(begun + timedelta(days=town.rng.randint(1, BEGUN - 1))):
                _looked(town, look)


def _looked(town: Town, look: Look) -> None:
    by = look.first
    if by is None:
        return
    move = town.deal("looked", {name: share for name, (share, _words) in FOUND.items()})
    attach(look, town.album.front(look.file.kind_id, look.file.name), "现场.jpg", by, "photo")
    flow.move(look, move, by, seen_on=today(), found=FOUND[move][1], on=today())
