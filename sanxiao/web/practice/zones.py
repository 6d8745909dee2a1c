"""What a practice town has to show of zones: one in the middle of its chain, a full market, one being scored."""

from datetime import date, timedelta
from math import cos, radians
from typing import Any

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket import files
from sanxiao.office.models import User
from sanxiao.office.now import at, today
from sanxiao.web.practice.town import Town, act
from sanxiao.zones.item_acts import of_now
from sanxiao.zones.models import Condition, Entrant, Opinion, Step, Zone

LEADS = {"leading": "sun", "planning": "shen", "environment": "han", "land": "cao", "construction": "pan",
         "urban": "qian", "bureau": "chen", "finance": "feng", "fso": "zhou"}  # fmt: skip
SAID = ("同意", "同意，请控制用地规模", "原则同意", "没有意见")
STALLS, SHOPS = 12, 8


def zoned(town: Town) -> None:
    """Tell of three zones. Another town may lack an office or a village; then nothing is told."""
    people = town.people.by_name
    if {*LEADS.values(), "zhang", "li"} <= set(people):
        _works(town, people["zhang"])
        _market(town, people["zhang"])
        _eateries(town, people["li"])


def _day(back: int) -> date:
    return today() - timedelta(days=back)


def _ground(town: Town, cadre: User) -> str:
    return next(code for code, who in town.people.cadres.items() if who == cadre)


def _proposed(town: Town, by: User, kind: str, called: str, **said: Any) -> Zone:
    area = _ground(town, by)
    lat, lng = town.ground.place(kind, area, "1", today()).point or (None, None)
    facts = {
        "called": called, "kind": Kind.objects.get(pk=kind), "lat": lat, "lng": lng, "build_m2": 0, "new_land": False,
        "builds": False, "fund": "镇财政补助、村集体自筹", "build_days": 0, "open_by": today() + timedelta(days=240),
        "in_charge": by.name,
    } | said  # fmt: skip
    return _outlined(act(Zone(area=area), "propose", by, **facts), by)


def _outlined(zone: Zone, by: User) -> Zone:
    """A slanted four-sided ground about the point, as large as was applied for, give or take a little."""
    if zone.lat is None or zone.lng is None:
        return zone
    half = zone.land_m2**0.5 / 2 / 111_195  # in degrees of latitude
    wide = half / cos(radians(zone.lat))
    sides = ((-1.0, -0.9), (1.1, -1.0), (1.0, 0.95), (-0.95, 1.05))
    corners = [[round(zone.lng + x * wide, 6), round(zone.lat + y * half, 6)] for x, y in sides]
    return act(zone, "outline", by, boundary=corners)


def _step(zone: Zone, key: str) -> Step:
    return Step.objects.select_related("zone").get(zone=zone, key=key)


def _accepted(town: Town, zone: Zone, key: str, by: User) -> tuple[Step, User]:
    step = _step(zone, key)
    if step.state == "ready":
        files.keep(step, town.album.paper("申报材料"), "申报材料.jpg", by, role="document")
        step = act(step, "request", by, note="材料齐")
    who = town.people.by_name[LEADS[step.role]]
    return act(step, "accept", who, note=""), who


def _asked(town: Town, step: Step, who: User, silent: int = 0) -> None:
    """The others are asked; the last `silent` of them have not answered."""
    act(step, "ask", who, offices=step.consults, order="together", note="请五个工作日内回复")
    rows = list(Opinion.objects.filter(step=step, state="asked").select_related("office", "step__zone").order_by("no"))
    for opinion in rows[: len(rows) - silent]:
        other = town.people.by_name[LEADS[opinion.office.role]]
        act(opinion, "agree", other, note=SAID[town.rng.randrange(len(SAID))])


def _granted(town: Town, zone: Zone, key: str, by: User, back: int, **said: Any) -> Step:
    """A step in three days: accepted, asked about, decided."""
    with at(_day(back)):
        step, who = _accepted(town, zone, key, by)
        if step.consults:
            _asked(town, step, who)
    with at(_day(back - town.rng.randint(2, 6))):
        step = _step(zone, key)
        files.keep(step, town.album.paper(step.name), "批复.jpg", who, role="permit")
        number = f"坛{key[:2].upper()}〔{today():%Y}〕{town.rng.randint(1, 90)}号"
        return act(step, "grant", who, **{"document_no": number, "decided_on": today(), "note": "同意", **said})


def _works(town: Town, by: User) -> None:
    """New land, a hall of 2400 m²: the EIA runs, the land office is silent, a condition is open."""
    with at(_day(150)):
        zone = _proposed(
            town, by, "workshop", "后阳小作坊集中加工区", address="后阳村工业路北侧", land_m2=6000, build_m2=2400,
            new_land=True, builds=True, cost=320, build_days=150,
        )  # fmt: skip
    _granted(town, zone, "proposal", by, 146)
    with at(_day(120)):
        act(zone, "invest", town.people.feng, amount=40, paid_on=today(), source="镇财政前期费用", note="")
    rows = [{"text": "退让道路红线 5 米", "until": _day(-40)}, {"text": "雨污分流方案报建设局备案"}]
    _granted(town, zone, "siting", by, 110, valid_until=_day(-45), conditions=rows)
    with at(_day(60)):
        met = Condition.objects.filter(step__zone=zone, until_on=None).select_related("step__zone").get()
        files.keep(met, town.album.paper("雨污分流方案"), "方案.jpg", by, role="proof")
        met = act(met, "prove", by, note="方案已报建设局")
        act(met, "meet", town.people.shen, note="")
    with at(_day(16)):
        _accepted(town, zone, "eia_table", by)
    with at(_day(9)):
        step, who = _accepted(town, zone, "land_permit", by)
        _asked(town, step, who, silent=1)
    silent = Opinion.objects.filter(step__zone=zone, state="asked").select_related("office", "step__zone").get()
    with at(_day(1)):
        act(silent, "urge", by, note="规划科在等，请尽快回复")


def _market(town: Town, by: User) -> None:
    """Marked ground with a roof: every stall is taken, some wait, one has left."""
    places = _places("vendor", _ground(town, by), STALLS + 5)
    count = max(len(places) - 5, 1)
    with at(_day(330)):
        zone = _proposed(town, by, "vendor", "后阳摊贩集中经营区", address="后阳老街东侧空地", land_m2=900, cost=18,
                         open_by=today() + timedelta(days=60))  # fmt: skip
    for key, back in (("proposal", 326), ("designate", 310), ("drainage", 0), ("opening", 295)):
        if Step.objects.filter(zone=zone, key=key, state__in=("ready", "requested")).exists():
            _granted(town, zone, key, by, back)
    with at(_day(285)):
        act(zone, "invest", town.people.feng, amount=16, paid_on=today(), source="镇财政", note="划线、棚架、水电")
        _divided(zone, by, "A", count, 4, "stall")
        act(zone, "open", by, note="")
    people = [_waiting(zone, place, by, 270 - n) for n, place in enumerate(places[: count + 3])]
    if not people:  # a small town: nobody to invite
        return
    with at(_day(250)):
        act(zone, "draw", by, contract_from=today(), contract_to=today() + timedelta(days=365))
    for row in zone.entrants.filter(state="allocated").select_related("place", "zone", "unit"):
        with at(_day(240 - town.rng.randint(0, 20))):
            act(row, "move_in", by, moved_on=today(), note="")
    here = zone.entrants.filter(state="moved_in").select_related("place", "zone", "unit").order_by("queue_no")
    if (first := here.first()) and len(people) > count:
        with at(_day(90)):
            gone = act(first, "leave", by, left_on=today(), reason="回老家")
            following = (
                zone.entrants.filter(state="waiting").select_related("place", "zone").order_by("queue_no").first()
            )
            if following:
                dates = {"contract_from": today(), "contract_to": today() + timedelta(days=365)}
                row = act(following, "allot", by, unit=gone.unit, contract_no="HY-补-1", note="", **dates)
                act(row, "move_in", by, moved_on=today(), note="")
    for place in places[count + 3 :]:
        with at(_day(12)):
            act(_invited(zone, place), "invite", by, zone=zone, note="夏季有空位时优先")


def _eateries(town: Town, by: User) -> None:
    """A row of small eateries that applies for the title."""
    with at(_day(420)):
        zone = _proposed(town, by, "eatery", "南瑶小餐饮集中示范区", address="南瑶街沿街门面", land_m2=1500, cost=45,
                         open_by=today() + timedelta(days=90))  # fmt: skip
    _granted(town, zone, "proposal", by, 416)
    with at(_day(400)):
        step = _step(zone, "drainage")
        files.keep(step, town.album.paper("排水接管证明"), "排水.jpg", by, role="permit")
        act(step, "file", by, decided_on=today(), document_no="", note="隔油池已装")
    _granted(town, zone, "opening", by, 390)
    with at(_day(380)):
        act(zone, "invest", town.people.feng, amount=45, paid_on=today(), source="村集体", note="改造")
        _divided(zone, by, "", SHOPS, 4, "shop")
        act(zone, "open", by, note="")
    for n, place in enumerate(_places("eatery", zone.area, SHOPS - 1)):
        row = _waiting(zone, place, by, 370 - n)
        with at(_day(350 - n)):
            unit = zone.units.get(number=str(n + 1))
            row = act(row, "allot", by, unit=unit, contract_no=f"NY-{n + 1}", contract_from=today(),
                      contract_to=today() + timedelta(days=730), rent=9600, note="按意向")  # fmt: skip
            act(row, "move_in", by, moved_on=today(), note="")
    with at(_day(20)):
        act(zone, "nominate", by)
        _scored(town, zone, by)


def _scored(town: Town, zone: Zone, by: User) -> None:
    """What has a proof is claimed; half of it is judged."""
    for item in of_now(zone):
        if item.figure:
            continue
        files.keep(item, town.album.paper(item.text), "凭据.jpg", by, role="proof")
        row = act(item, "claim", by, claimed=item.most, note="")
        if item.no % 2:
            act(row, "accept", town.people.sun, points=item.most, note="现场看过")


def _divided(zone: Zone, by: User, head: str, count: int, across: int, kind: str) -> None:
    rows = [
        {"number": f"{head}{n + 1}", "row": 1 + n // across, "col": 1 + n % across, "area_m2": None, "kind": kind}
        for n in range(count)
    ]
    act(zone, "divide", by, stalls=rows)


def _places(kind: str, area: str, most: int) -> list[Establishment]:
    rows = Establishment.objects.trading().filter(kind=kind, area=area, merged_into=None)
    return list(rows.select_related("operator", "kind").order_by("number")[:most])


def _invited(zone: Zone, place: Establishment) -> Entrant:
    return Entrant(zone=zone, place=place, area=zone.area)


def _waiting(zone: Zone, place: Establishment, by: User, back: int) -> Entrant:
    with at(_day(back)):
        row = act(_invited(zone, place), "invite", by, zone=zone, note="")
        row = act(row, "agree", by, agreed_on=today(), note="")
        return act(row, "queue", by)
