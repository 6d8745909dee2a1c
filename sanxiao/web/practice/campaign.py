"""专项行动 in the told town: a round of the plan over its two years, meetings, tasks and targets in every phase."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from sanxiao.campaign import rounds
from sanxiao.campaign.meetings import sign
from sanxiao.campaign.models import Meeting, Phase, Target, Task
from sanxiao.campaign.rules import MEETING, TASK
from sanxiao.campaign.units import VILLAGE, holders
from sanxiao.docket import files
from sanxiao.docket.models import the_calendar
from sanxiao.office.models import Office, User
from sanxiao.office.now import at, today
from sanxiao.web.practice.town import Town, act

ONE_DAY = timedelta(days=1)
HISTORY, AHEAD = 730, 45  # days: how far back it began, how far the last phase still goes
ROUND = "practice"
STAGES = ("late", "assigned", "received", "reported", "returned", "declined", "done")
CITY = ("party", "finance", "urban", "police")
BUILDERS = ("planning", "land", "environment", "construction")
# Of each phase: heading, demand, whose, clause.
TASKS = (
    ("survey", "报送本单位职责和联络员", "明确整治重点和联络员，报食安办。", CITY, "五（一）2"),
    ("survey", "核对流动摊贩底数", "按村组逐户核对，补齐照片和坐标。", (VILLAGE,), "五（一）1"),
    ("rectify", "落实专项整治经费", "列出预算，保障宣传、检测和奖励。", ("finance",), "四（三）"),
    ("rectify", "开展集中宣传", "广播、宣传栏、微信群同步宣传。", ("party",), "四（一）"),
    ("rectify", "曝光典型案例", "选两起已结案的，隐去个人信息。", ("party",), "六（三）"),
    ("rectify", "清理校门口占道摊点", "放学前后到场，劝导入场经营。", ("urban", "police"), "五（二）1（3）"),
    ("rectify", "提出集中区选址意见", "现场踏勘两处，出具书面意见。", ("planning",), "四（七）"),
    ("rectify", "集中区环评提前介入", "列出材料清单，一次告知。", ("environment",), "四（八）"),
    ("rectify", "集中区用地审查", "核对地类，出具审查意见。", ("land",), "四（九）"),
    ("rectify", "集中区施工许可提前介入", "列出材料清单，一次告知。", ("construction",), "四（十）"),
    ("rectify", "集中区联审", "四家一起看现场，意见一次提齐。", BUILDERS, "五（二）3"),
    ("rectify", "选出集中区候选地块", "每村报一处，没有条件的写明。", (VILLAGE,), "五（二）3"),
    ("consolidate", "配合关停户回查", "对关停、取缔的逐户走访一次。", (VILLAGE,), "五（三）"),
)
REPORTS = ("已逐户核对，名单见附件。", "已办好，结果在系统里有记录。", "完成，两处问题当场改了。")
DECIDED = {
    "survey": (("月底前把流动摊贩查清", VILLAGE, "五（一）1"), ("各单位一周内开动员会", "", "")),
    "rectify": (("对学校周边小餐饮查一遍", VILLAGE, "五（二）1（2）"), ("宣传栏月底前更换", "party", "六（三）")),
    "gap": (("梳理集中区办理堵点", "planning", "五（二）3"),),
    "consolidate": (("回查名单逐户销号", VILLAGE, "五（三）"), ("城管夜间巡查每周两次", "urban", "五（三）")),
}
TARGETS = (("survey", "know-files", 6), ("rectify", "papers-village", 4), ("consolidate", "lookback-closed", 2))
DELAY = 25  # days by which a slow unit is later than the others
KEPT_BACK = 3  # units that have held no mobilisation meeting


def campaigned(town: Town) -> None:
    """Tell of the round: who met, what was asked of whom, what came of it."""
    area = town.people.sun.posts.get().office.area if "sun" in town.people.by_name else ""
    if not area or not Phase.objects.of_town(area).exists():
        return
    phases = {
        phase.code: phase
        for phase in rounds.begin(
            area, ROUND, today() - timedelta(days=HISTORY), (today() + timedelta(days=AHEAD)).replace(day=1) - ONE_DAY
        )
    }
    units = list(holders("task.take", area))
    _targets(town, phases, [unit for unit in units if unit.role == VILLAGE])
    _mobilised(town, phases["survey"], units)
    for code in DECIDED:
        _joint(town, phases[code], code, units)
    for no, task in enumerate(TASKS):
        _tasks(town, phases[task[0]], units, no, *task)
    _on_the_desks(town, units)
    _ahead(town, units)


def _hour(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(min(day, today()), time(hour)))


def _at(day: date, act_: Callable[[], Any], hour: int = 9) -> Any:
    with at(_hour(day, hour)):
        return act_()


def _who(town: Town, unit: Office) -> User | None:
    return town.people.of_office.get(unit.pk)


# --- targets -----------------------------------------------------------------------------------------------------


def _targets(town: Town, phases: dict[str, Phase], villages: list[Office]) -> None:
    """One number of each phase for every village."""
    for code, rule, number in TARGETS:
        phase = phases[code]
        with at(_hour(phase.since)):
            row = Target(area=phase.area, round=ROUND)
            said: dict[str, Any] = {"phase": code, "rule": rule, "number": number, "wanted_on": phase.until, "note": ""}
            act(row, "set", town.people.zhou, units=villages, **said)


# --- meetings ----------------------------------------------------------------------------------------------------


def _mobilised(town: Town, phase: Phase, units: list[Office]) -> None:
    """In the first weeks nearly every unit met; a few never did."""
    back = units[-KEPT_BACK:]
    for no, unit in enumerate(units):
        if (by := _who(town, unit)) and unit not in back:
            topic = f"{unit.name}食品三小专项整治动员部署会"
            row = _planned(by, "own", "mobilise", topic, [], phase.since + timedelta(days=5 + no), "会议室")
            _closed(town, row, by, town.rng.randint(8, 30))


def _planned(by: User, level: str, kind: str, topic: str, units: list[Office], day: date, place: str) -> Meeting:
    while not the_calendar().works(day):
        day += ONE_DAY
    with at(_hour(day - timedelta(days=4), 10)):
        row: Meeting = MEETING.begun(by, {"level": level})
        facts: dict[str, Any] = {"kind": kind, "topic": topic, "held_on": day, "place": place, "starts_at": "上午9:00"}
        agenda = "学习方案；通报进度；布置下一步工作。"
        return act(row, "plan", by, chair=by.name, agenda=agenda, invited=[row.host, *units], **facts)


def _closed(town: Town, row: Meeting, by: User, people: int, decided: Any = ()) -> None:
    """The roll, the sheet, and the minutes two days later."""
    with at(_hour(row.held_on, 11)):
        files.keep(row, town.album.paper("会议签到表"), "签到表.jpg", by, role="signin")
        ticked = [str(i.pk) for i in row.invites.filter(state="invited") if i.office_id == row.host_id or
                  town.chance(0.85)]  # fmt: skip
        act(row, "hold", by, came={"there": ticked}, attended=people, on=row.held_on)
    with at(_hour(row.held_on + timedelta(days=2), 15)):
        text = "会议学习了专项整治方案，通报了摸底和整治进度，明确了下一步重点。"
        act(row, "minute", by, minutes=text, decided={"rows": list(decided)})


def _joint(town: Town, phase: Phase, code: str, units: list[Office]) -> None:
    """One joint meeting a phase; its decisions become tasks, most of which were done."""
    by, day = (town.people.sun if code == "survey" else town.people.zhou), phase.since + timedelta(days=40)
    if day > today():
        day = today() - timedelta(days=12)
    row = _planned(by, "town", "joint", f"食品三小专项整治联席会议（{day:%Y年%m月}）", units, day, "镇会议中心")
    day = row.held_on
    with at(_hour(day - timedelta(days=3), 10)):
        act(row, "notify", by)
    with at(_hour(day, 8)):
        for unit in units[:3]:  # the others sign on paper
            if unit.pk != row.host_id and (who := _who(town, unit)):
                sign(row, who)
    due = day + timedelta(days=30)
    lines = [
        {"text": text, "units": [u for u in units if u.role == role and u.pk != row.host_id], "due_on": due,
         "clause": clause}
        for text, role, clause in DECIDED[code]
    ]  # fmt: skip
    _closed(town, row, by, town.rng.randint(18, 40), decided=lines)
    for task in Task.objects.filter(decision__meeting=row).select_related("unit", "giver"):
        over, now_ = {"done": 5, "delayed": 1}, {"reported": 2, "received": 2, "assigned": 1}
        stage = town.deal("decided", over) if due < today() else town.deal("decided now", now_)
        _goes(town, task, by, day + timedelta(days=2), stage)


# --- tasks -------------------------------------------------------------------------------------------------------


def _tasks(
    town: Town, phase: Phase, units: list[Office], no: int, _code: str, heading: str, demand: str,
    roles: tuple[str, ...], clause: str,
) -> None:  # fmt: skip
    """One order of a phase to its units; nearly all did it in time, one in eight a fortnight late."""
    by, day = town.people.zhou, min(phase.since + timedelta(days=10 + 3 * no), today() - timedelta(days=20))
    chosen = [unit for unit in units if unit.role in roles]
    if not chosen:
        return
    with at(_hour(day)):
        first = _given(by, chosen, heading, demand, clause, 25)
    for task in Task.objects.filter(batch=first.batch).select_related("unit", "giver"):
        _goes(town, task, by, day, town.deal("task", {"done": 7, "delayed": 1}))


def _given(by: User, units: list[Office], heading: str, demand: str, clause: str, days: int, **more: Any) -> Task:
    row: Task = TASK.begun(by, {})
    facts = {"heading": heading, "demand": demand, "clause": clause, "urgent": False, **more}
    return act(row, "assign", by, units=units, wanted_on=today() + timedelta(days=days), **facts)


def _goes(town: Town, task: Task, giver: User, day: date, stage: str) -> None:
    """A task from its receipt as far as it comes."""
    by = _who(town, task.unit) if task.unit else None
    if by is None or stage == "assigned":
        return
    with at(_hour(day + timedelta(days=1), 10)):
        act(task, "receive", by)
    if stage == "received":
        return
    told = day + timedelta(days=town.rng.randint(5, 18) + (DELAY if stage == "delayed" else 0))
    with at(_hour(told, 14)):
        act(task, "report", by, report=town.rng.choice(REPORTS), links=[])
    if stage in ("done", "delayed"):
        with at(_hour(told + timedelta(days=3), 16)):
            act(task, "accept", giver, note="")


def _on_the_desks(town: Town, units: list[Office]) -> None:
    """One of every stage for those who look today."""
    mine = [unit for unit in units if unit.role in (VILLAGE, "urban", "bureau")]
    cadre = town.people.by_name.get("zhang")
    mine.sort(key=lambda unit: unit.pk not in ([p.office_id for p in cadre.posts.all()] if cadre else []))
    by = town.people.sun
    for no, stage in enumerate(STAGES):
        unit = mine[0 if stage in ("assigned", "returned") else no % len(mine)]
        who, day = _who(town, unit), today() - timedelta(days=18 if stage == "late" else 6)
        if who is None:
            continue
        with at(_hour(day)):
            task = _given(by, [unit], f"办理群众反映的问题（{no + 1}）", "到现场看一次，写明情况，附照片。", "六（四）",
                          15, urgent=no == 1)  # fmt: skip
        if stage == "declined":
            with at(_hour(day + timedelta(days=1), 10)):
                act(task, "decline", who, reason="地点在外村辖区", better=None)
            continue
        _goes(town, task, by, day, {"late": "received", "returned": "reported", "done": "reported"}.get(stage, stage))
        if stage == "returned":
            with at(_hour(today(), 8)):
                act(task, "return", by, reason="没有附照片", wanted_on=today() + timedelta(days=5))


def _ahead(town: Town, units: list[Office]) -> None:
    """The next joint meeting is called; its notice says what is still open."""
    by, day = town.people.zhou, today() + timedelta(days=5)
    while not the_calendar().works(day):
        day += ONE_DAY
    with at(_hour(today(), 8)):
        row: Meeting = MEETING.begun(by, {"level": "town"})
        facts: dict[str, Any] = {
            "kind": "joint",
            "topic": f"食品三小专项整治联席会议（{day:%Y年%m月}）",
            "held_on": day,
        }
        act(row, "plan", by, place="镇会议中心", starts_at="上午9:00", chair="孙杰", agenda="通报回头看情况。",
            invited=[row.host, *units], **facts)  # fmt: skip
        act(row, "notify", by)
