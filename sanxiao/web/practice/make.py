"""Making a practice town: who and what there is, when each story begins, and letting it all be told."""

import gc
import json
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import translation

from sanxiao.archive.models import Establishment
from sanxiao.docket import watch
from sanxiao.docket.models import the_calendar
from sanxiao.docket.refusal import Refused
from sanxiao.inspection import ladder, visit_acts
from sanxiao.office.models import Office, User
from sanxiao.office.now import now, today
from sanxiao.office.settled import settled
from sanxiao.reports.quarters import Quarter
from sanxiao.survey.models import Form
from sanxiao.survey.reading import ground_for
from sanxiao.web import handing_over
from sanxiao.web.practice import people, story
from sanxiao.web.practice.answers import answered_by_code, found_again
from sanxiao.web.practice.buying import buying
from sanxiao.web.practice.campaign import campaigned
from sanxiao.web.practice.field import outside
from sanxiao.web.practice.funds import financed
from sanxiao.web.practice.guidance import guided
from sanxiao.web.practice.holding import holds
from sanxiao.web.practice.joint import operated
from sanxiao.web.practice.ledgers import imported
from sanxiao.web.practice.lookback import apart, looked_back, went
from sanxiao.web.practice.oversight import overseen
from sanxiao.web.practice.pictures import Album
from sanxiao.web.practice.places import CASES, SHARES, Ground, Place
from sanxiao.web.practice.publicity import publicised
from sanxiao.web.practice.reports import quarters
from sanxiao.web.practice.samples import sampling
from sanxiao.web.practice.talks import talked
from sanxiao.web.practice.tell import Plot, Teller, at_night
from sanxiao.web.practice.tips import tips
from sanxiao.web.practice.town import Life, Town
from sanxiao.web.practice.visits import inspections, on_the_desk
from sanxiao.web.practice.zones import zoned

SIZE, IN_THE_LEDGER, TWICE = 600, 36, 6
HISTORY = timedelta(days=730)
# The stages at which some stories stand still today, so that every desk has work: stage, case, how many.
HALTS = (
    ("sheet", "1", 5), ("filed", "1", 6), ("filed", "2", 3), ("opinion", "1", 4), ("opinion", "2", 3),
    ("signing", "3", 3), ("to_close", "3", 3), ("case1", "1", 4), ("case2", "2", 3), ("issued", "2", 4),
    ("served", "2", 5), ("lapsed", "2", 3), ("answered", "2", 5), ("draft", "1", 4), ("received", "1", 4),
    ("returned", "1", 3), ("accepted", "1", 4), ("failed", "1", 2), ("visited", "1", 3), ("proposed", "1", 5),
    ("approved", "1", 3), ("made", "1", 3), ("suspended", "1", 2),
)  # fmt: skip
BACK = {
    "lapsed": 55,
    "to_close": 12,
    "issued": 9,
    "served": 9,
    "answered": 13,
    "suspended": 30,
}  # days before today; else REACH
REACH = 17
# Rooms whose night goes through all files: grades, next dates, what is to be destroyed. Their marks move by months.
COUNTING, MONTH, FORTNIGHT = ("risk", "inspection", "keeping"), 28, 14
# What is told when the lives of the places are told, in the order in which it builds on each other.
CHAPTERS: tuple[Callable[[Town], None], ...] = (
    outside,
    found_again,
    answered_by_code,
    guided,
    looked_back,
    talked,
    operated,
    zoned,
    publicised,
    campaigned,
    financed,
    overseen,
)


class NoTownError(Exception):
    """There is nothing to tell of: no town is loaded, or it has no words."""


def folder_of(town: str) -> Path:
    """The folder of the loaded town. Raises NoTownError."""
    for facts in sorted(settings.TOWNS_DIR.glob("*/town.toml")):
        said = tomllib.loads(facts.read_text(encoding="utf-8"))
        if str(said["code"]).ljust(12, "0") == town and (facts.parent / "words.toml").exists():
            return facts.parent
    raise NoTownError


def town_area() -> str:
    """The area code of the loaded town. Raises NoTownError."""
    office = Office.objects.on().filter(role="leading").first()
    if office is None:
        raise NoTownError
    return office.area


def make(seed: int, say: Callable[[str], None]) -> None:
    """Tell a practice town into an empty database. Raises NoTownError."""
    area = town_area()
    gc.freeze()
    gc.set_threshold(
        100_000, 50, 100
    )  # a telling makes little rubbish in circles: looking for it took a fifth of the time
    with translation.override("zh-hans"), transaction.atomic():  # a whole town or none
        town = the_town(area, Random(seed))
        with settled():  # rules, calendar and posts stay as they are until all is told
            tell(town, say)
            for chapter in CHAPTERS:
                told_or_said(town, chapter, say)
        leave_of_the_cadre(town)


def told_or_said(town: Town, chapter: Callable[[Town], None], say: Callable[[str], None]) -> None:
    """One of the closing chapters: as a story that the program refuses, it is left out and named."""
    try:
        with transaction.atomic():
            chapter(town)
    except Refused as refusal:
        if Teller.strict:
            raise
        say(f"! {chapter.__name__}: {refusal.reason}")


def tell(town: Town, say: Callable[[str], None]) -> None:
    """Let two years happen; `say` hears how far it is."""
    since = today() - HISTORY
    teller = Teller(town.rng, the_calendar(), now())
    cast(town, teller, since)
    buying(town, teller, since)
    teller.add(nights(town, today()), since)
    teller.add(quarters(town, teller), since)
    sampling(town, teller, since)
    tips(town, teller)
    holds(town, teller)
    say(f"{SIZE} 户 places，{len(town.people.by_name)} 人 people，{since} – {today()}")
    teller.tell(lambda moment: say(f"… {moment:%Y-%m-%d}  {Establishment.objects.count()} / {SIZE}"))
    for reason, times in Counter(teller.stopped).items():
        say(f"! {times} 个故事停在半路 stories stopped: {reason}")


def the_town(area: str, rng: Random) -> Town:
    """People, ground, forms."""
    ground = Ground(area, folder_of(area), rng)
    made = people.settle(area, ground.words, rng, today() - HISTORY)
    forms = {kind.code: form for form in Form.objects.in_use() if (kind := form.kind)}
    checks = {kind: ground_for(form, ground.areas, area) for kind, form in forms.items()}
    return Town(made, ground, Album(rng), rng, forms, checks)


def cast(town: Town, teller: Teller, since: date) -> None:
    """All places, and when the story of each begins: a wave, a trickle, a last push, and the stories of today."""
    lives = [life for stage, case, n in HALTS for life in (halted(town, stage, case) for _n in range(n))]
    for life in lives:
        back = BACK.get(life.halt, REACH) + town.rng.randint(0, 2)
        teller.add(story.told(town, life), today() - timedelta(days=back))
    old = [a_place(town, kind="eatery") for _n in range(IN_THE_LEDGER)]
    teller.add(imported(town, teller, old, lives), since + timedelta(days=4))
    while len(lives) < SIZE - IN_THE_LEDGER - TWICE:
        life = Life(a_place(town), town.people.he, photo=a_photo(town))
        life.cadre = town.people.cadres[life.place.area]
        teller.add(story.told(town, life), a_beginning(town, since))
        lives.append(life)
    twice_in_the_books(town, teller, lives)
    teller.add(inspections(town, teller, lives), since)
    teller.add(on_the_desk(town, lives), today() - timedelta(days=2))


def halted(town: Town, stage: str, case: str) -> Life:
    """A place whose story stands at a stage today."""
    place = a_place(town, case)
    return Life(place, town.people.cadres[place.area], halt=stage, quick=True, photo=a_photo(town))


def a_place(town: Town, case: str = "", kind: str = "") -> Place:
    """One of the town's places; villages with a market town have more of them."""
    kind = kind or town.deal("kind", {k: v // 5 for k, v in SHARES.items()})
    case = case or town.deal("case", CASES)
    area = town.deal("area", {code: 3 if code[-3:] in ("206", "204", "001") else 2 for code in town.ground.areas})
    opened = today() - timedelta(days=town.rng.randint(800, 6000))
    place = town.ground.place(kind, area, case, opened)
    if town.chance(0.1):
        place.point = None
    return place


def a_photo(town: Town) -> str:
    """Whether the sheet came with a picture, and of which make."""
    return town.deal("photo", {"named": 2, "plain": 11, "none": 3})


def a_beginning(town: Town, since: date) -> date:
    """When a place is surveyed."""
    span = (today() - since).days
    wave = town.deal("when", {"wave": 9, "trickle": 8, "late": 3})
    first, last = {"wave": (8, 150), "trickle": (150, span - 60), "late": (span - 100, span - 3)}[wave]
    return since + timedelta(days=town.rng.randint(first, last))


def twice_in_the_books(town: Town, teller: Teller, lives: list[Life]) -> None:
    """Some places are surveyed a second time by mistake; one pair has been joined since."""
    for n, life in enumerate([x for x in lives if not x.halt and x.place.point and not x.place.nameless][:TWICE]):
        place = Place(**vars(life.place))
        place.point = town.ground.near(life.place.point, 12) if life.place.point else None
        place.name = place.name.replace("店", "铺") if "店" in place.name else f"{place.name[:-1]}"
        if n % 2:
            place.id_number, place.phone = town.ground.an_id_number(), town.ground.a_phone()
        other = Life(place, life.cadre, photo="none")
        plot = story.doubled(town, life, other, merged=n == 0)
        teller.add(plot, today() - timedelta(days=town.rng.randint(70, 110) if n == 0 else town.rng.randint(5, 90)))


def nights(town: Town, until: date) -> Plot:
    """The night watch: terms once a week, the rest every other week, on the first night of a quarter, and in all nights
    of the last two weeks.

    What counts the whole town anew has its turn once a month only, and in the last nights.
    """
    reporting, out = Quarter.of(until).before.before.before.since, apart(town)
    held = counted = date.min
    while True:
        last = (until - today()).days < 15
        yield at_night(min(today() + timedelta(days=1 if last else 7), Quarter.of(today()).next.since))
        if today() < reporting:
            watch.lapse_due()  # the town reports by the program for a year only
            continue
        count = (today() - counted).days >= MONTH or (until - today()).days < 2
        if count or last or today() == Quarter.of(today()).since or (today() - held).days >= FORTNIGHT:
            watch.night(without=() if count else COUNTING)
            held, counted = today(), today() if count else counted
        else:
            watch.lapse_due()
        if counted != today():  # the ladder of orders keeps its days
            visit_acts.drop_gone()
            ladder.climb()
        went(out)


def leave_of_the_cadre(town: Town) -> None:
    """The cadre of the story offers her seat for a fortnight to her colleague."""
    giver, taker = town.people.by_name.get("zhang"), town.people.by_name.get("yu")
    if giver and taker:
        post = giver.posts.on().select_related("office").get()
        since = today() + timedelta(days=3)
        handing_over.offer(
            giver, post, taker, acting=True, since=since, until=since + timedelta(days=13), note="休年假，请代为办理"
        )


def write_accounts() -> list[dict[str, str]]:
    """The accounts as JSON beside the data, for the sign-in page and for `./run`; only its owner reads it."""
    rows = people.accounts()
    path = settings.DATA_DIR / "practice-accounts.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return rows


def is_there() -> bool:
    """Has practice data been made?"""
    return User.objects.filter(practice=True).exists()


def real_data() -> str:
    """Why practice data must not come here, or ''."""
    if Establishment.objects.filter(practice=False).exists():
        return "这里有真实的档案，不能加入练习数据。 There are real files here: no practice data beside them."
    if User.objects.filter(practice=False).exists():
        return "这里有真实的账号，不能加入练习数据。 There are real accounts here: no practice data beside them."
    return ""
