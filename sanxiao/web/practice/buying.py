"""Who buys from the three smalls: some thirty buyers with their invoices, checks, and names that nobody had on file."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sanxiao.archive.models import Establishment
from sanxiao.docket import files
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.sources import acts, downstream
from sanxiao.sources.models import Alert, Buyer, Check, Purchase, Supplier
from sanxiao.sources.naming import ABROAD, Named
from sanxiao.survey import leads
from sanxiao.survey.models import Lead
from sanxiao.web.practice import story
from sanxiao.web.practice.tell import Plot, Teller
from sanxiao.web.practice.town import Life, Town, act, fresh

BEGINS = 330  # days before today: when the office began to look at what canteens buy
LINES = (7, 12)  # lines of a buyer
GOODS = ("公斤", "公斤", "公斤", "袋", "箱")
FOUND = 5  # so many names have been followed to their end, the later ones are still looked for
SUSPECTED = "快检发现防腐剂疑似超标，结果出来前先停用"
SUPPLIERS = 14  # workshops from which most is bought


def buying(town: Town, teller: Teller, since: date) -> None:
    """Let buyers be registered, buy, and be checked."""
    words: dict[str, Any] = town.ground.words.get("buyers", {})
    begin = max(since, today() - timedelta(days=BEGINS))
    for kind, name, area, contact in _buyers(town, words):
        teller.add(_buyer(town, kind, name, area, contact), begin + timedelta(days=town.rng.randint(0, 60)))
    teller.add(_stalls(town, words.get("stalls", 0)), begin + timedelta(days=90))
    for n, name in enumerate(words.get("unknown", ())):
        day = begin + timedelta(days=80 + 28 * n) if n < FOUND else today() - timedelta(days=4 + 3 * (n - FOUND))
        teller.add(_unknown(town, name, n), day)
    for name, where in words.get("outside", ()):
        teller.add(_abroad(town, name, where), begin + timedelta(days=town.rng.randint(70, 250)))
    teller.add(_warned(town), today() - timedelta(days=6))
    teller.add(_answers(town), begin)


def _buyers(town: Town, words: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Kind, name, village, contact; no name twice."""
    areas = sorted(town.ground.areas)
    own = town.people.by_name["zhang"].posts.on().select_related("office").get().office.area
    areas = [own, *(a for a in areas if a != own)] if own in areas else areas
    taken: set[str] = set()
    for kind, said in words.items():
        if not isinstance(said, dict):
            continue
        for n in range(said["n"]):
            area = own if n < 2 and own in areas else areas[(n * 5 + len(taken)) % len(areas)]
            village = town.ground.areas[area].removesuffix("村").removesuffix("社区")
            name = said["names"][n % len(said["names"])].format(village=village)
            if name not in taken:
                taken.add(name)
                yield kind, name, area, town.rng.choice(said["contacts"])


def _buyer(town: Town, kind: str, name: str, area: str, contact: str) -> Plot:
    """A buyer is registered, brings invoices now and then, and is checked at its turn, or not in time."""
    cadre = town.people.cadres[area]
    buyer = Buyer(kind_id=kind, name=name, area=area, contact=contact, officer=cadre)
    buyer.phone = town.ground.a_phone()
    act(buyer, "register", cadre)
    usual = _usual(town, area)
    slack = town.chance(0.3)  # its check comes late
    for _n in range(town.rng.randint(*LINES)):
        yield town.rng.randint(14, 40)
        usual = usual or _usual(town, area)
        if usual:
            _bought(town, buyer, town.rng.choice(usual), cadre)
        buyer = fresh(buyer)
        if (buyer.check_by - today()).days < (-20 if slack else 25):
            yield from _checked(town, buyer, cadre)


def _usual(town: Town, area: str) -> list[Establishment]:
    """Three or four workshops of which it buys: mostly of its own village."""
    rows = Establishment.objects.trading().filter(kind="workshop").select_related("kind", "operator")
    near = list(rows.filter(area=area).order_by("number")[:SUPPLIERS])
    other = list(rows.exclude(area=area).order_by("number")[:SUPPLIERS])
    return [*town.rng.sample(near, min(3, len(near))), *town.rng.sample(other, min(1, len(other)))]


def _bought(town: Town, buyer: Buyer, place: Establishment, by: User) -> Purchase | None:
    """One line of an invoice; the photo for some."""
    varieties = str(place.facts.get("food_varieties") or "豆制品").split("、")
    about = Named(place.name, "", place.pk)
    try:
        line = acts.enter(by, buyer, about, town.rng.choice(varieties)[:20], today(), **_amount(town))
    except Refused:  # the place has gone since, or the very line is there
        return None
    if town.chance(0.4):
        files.keep(line, town.album.paper("进货票据"), "票据.jpg", by, role="receipt")
    return line


def _amount(town: Town) -> dict[str, Any]:
    number = Decimal(town.rng.randint(4, 80)) / 2
    return {"quantity": number, "unit": town.rng.choice(GOODS), "invoice": f"No.{town.rng.randint(100000, 999999)}"}


def _checked(town: Town, buyer: Buyer, cadre: User) -> Plot:
    """Most checks find nothing; what is found is mostly settled before the next one."""
    if Check.objects.filter(buyer=buyer, state="found").exists():
        return
    second = town.people.chen.name
    check = Check(buyer=buyer, file=buyer.file, area=buyer.area, by=cadre)
    facts: dict[str, Any] = {"checked_on": today(), "second": second, "seen": "近三个月票据、冷库、货架"}
    bad = Purchase.objects.filter(buyer=buyer, verdict__in=("none", "expired", "unknown", "closed")).exists()
    if not (bad and town.chance(0.5)):
        act(check, "pass", cadre, note="票据齐全", **facts)
        return
    problems = town.rng.choice((["uncertified"], ["uncertified", "no_papers"], ["no_tickets"]))
    facts |= {
        "problems": problems,
        "advice": "停止进货，改从有证单位进货，补齐票据",
        "fix_by": today() + timedelta(days=10),
    }
    act(check, "find", cadre, **facts)
    yield town.rng.randint(3, 9)
    if town.chance(0.2):
        yield town.rng.randint(6, 9)  # a few days late
    act(check, "settle", cadre, outcome="已退货，改从有证作坊进货")


def _stalls(town: Town, n: int) -> Plot:
    """Stalls on file that buy from workshops."""
    rows = Establishment.objects.trading().filter(kind="vendor").select_related("kind", "operator")
    for file in rows.order_by("number")[:n]:
        cadre = town.people.cadres[file.area]
        buyer = act(acts.buyer_of(file), "register", cadre)
        for place in _usual(town, file.area)[:2]:
            _bought(town, buyer, place, cadre)
        yield town.rng.randint(2, 9)


# --- names that nobody had on file -----------------------------------------------------------------------------


def _unknown(town: Town, name: str, n: int) -> Plot:
    """A name on an invoice becomes a lead; it is found, surveyed and registered, or not found, or still looked for."""
    buyers = list(Buyer.objects.active().select_related("kind").order_by("area", "name"))
    if not buyers:
        return
    buyer = buyers[n * 3 % len(buyers)]
    village = "" if n % 4 == 3 else sorted(town.ground.areas)[n % len(town.ground.areas)] if n else buyer.area
    by = town.people.cadres[buyer.area]
    line = acts.enter(
        by, buyer, Named(name, village), town.rng.choice(("豆腐", "糕团", "卤菜")), today(), **_amount(town)
    )
    files.keep(line, town.album.paper("进货票据"), "票据.jpg", by, role="receipt")
    if not village:
        yield town.rng.randint(2, 5)
        if n >= FOUND:
            return  # it waits on the desk of the office
        village = sorted(town.ground.areas)[n % len(town.ground.areas)]
        act(
            Supplier.objects.get(pk=line.supplier_id),
            "send",
            town.people.zhou,
            village=village,
            note="向进货单位问到的",
        )
    if n >= FOUND:
        return  # its village has not yet been there
    yield town.rng.randint(3, 8)
    lead = Lead.objects.get(pk=str(Supplier.objects.get(pk=line.supplier_id).lead_id))
    if n == 2:
        act(lead, "none", town.people.cadres[village], reason="问遍全村，没有这一户")
    elif lead.state == "open":
        yield from _found(town, name, lead)


def _found(town: Town, name: str, lead: Lead) -> Plot:
    """The village finds the place; from there its story is that of any other."""
    place = town.ground.place("workshop", lead.area, "1", today() - timedelta(days=town.rng.randint(300, 2000)))
    place.name = name
    life = Life(place, town.people.cadres[lead.area], quick=town.chance(0.6))
    sheet = story.surveyed(town, life)
    leads.tie(lead, sheet)
    yield town.rng.randint(1, 4)
    story.filed(town, life, sheet)
    yield from story.after_filing(town, life)


def _abroad(town: Town, name: str, where: str) -> Plot:
    """Bought from another town."""
    buyer = Buyer.objects.active().select_related("kind").order_by("name").first()
    if buyer is not None:
        by = town.people.cadres[buyer.area]
        acts.enter(by, buyer, Named(name, ABROAD, town=where), "百叶", today(), **_amount(town))
    yield 1


def _answers(town: Town) -> Plot:
    """Day by day somebody goes to the buyers who were warned of a lot, until all of them have answered."""
    while True:
        yield 1
        rows = Alert.objects.filter(state="sent").exclude(why=SUSPECTED).select_related("buyer")
        for alert in rows.order_by("sent_on", "area", "buyer__name", "place__number"):
            if town.chance(0.6):
                _stopped(town, alert)


def _stopped(town: Town, alert: Alert) -> None:
    amount, who = Decimal(town.rng.randint(2, 20)), alert.buyer.contact or "店长"
    cadre = town.people.cadres[alert.area]
    act(alert, "answer", cadre, measure="stopped", quantity=amount, unit="公斤", answered_by=who)


def _warned(town: Town) -> Plot:
    """The buyers of one workshop were told to stop; some have answered."""
    known = Supplier.objects.filter(place__isnull=False, place__kind="workshop").select_related("place")
    counted = ((len(downstream.buyers_of([s.place])), s.name, s.place) for s in known.order_by("name")[:40] if s.place)
    most = max(counted, key=lambda row: row[:2], default=None)
    if most is None or not most[0]:
        return
    made = downstream.warn(town.people.chen, [most[2]], SUSPECTED, food="豆制品")
    yield 1
    for alert in made[: (len(made) + 1) // 2]:
        _stopped(town, Alert.objects.select_related("buyer").get(pk=alert.pk))
