"""通报 drafted from data (N14): the program writes what it knows, a person edits it, the leading group issues it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.office.places import name_of
from sanxiao.oversight.models import Board, Bulletin, Finding, Practice, Round, Urge
from sanxiao.oversight.models.urging import RUNNING
from sanxiao.oversight.rounds import ground
from sanxiao.oversight.rules import BULLETIN, COLOURS
from sanxiao.oversight.scoring import lines_of
from sanxiao.papers.models import issue_paper, take_number
from sanxiao.reports.models import Report
from sanxiao.reports.quarters import Quarter, last_ended
from sanxiao.reports.units import PUNCTUALITY, punctuality, with_first

HEAD, SUBHEAD = "# ", "## "


@BULLETIN.beginning
def begin(user: User, params: dict[str, str]) -> Bulletin:
    """About a round (`?round=`), about what is late (`?about=urging`), or about a quarter (`?quarter=`, the last)."""
    area = ground(user, "bulletin.write")
    bulletin = Bulletin(area=area, addressee=_("各村（社区）、各成员单位"))
    round_ = Round.objects.seen_by(user).filter(pk=params.get("round") or None).first()
    with translation.override("zh-hans"):  # an official paper is Chinese, whatever the screen
        if round_ is not None:
            bulletin.about, bulletin.round = "round", round_
            bulletin.title, bulletin.body = of_round(round_)
        elif params.get("about") == "urging":
            bulletin.about = "urging"
            bulletin.title, bulletin.body = of_urging(area)
        else:
            quarter = _quarter(params.get("quarter", ""))
            bulletin.about, bulletin.quarter = "quarter", str(quarter)
            bulletin.title, bulletin.body = of_quarter(area, quarter)
        bulletin.addressee = _("各村（社区）、各成员单位")
    return bulletin


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError:
        return last_ended(today())


def _day(day: date) -> str:
    return _("%(y)s年%(m)s月%(d)s日") % {"y": day.year, "m": day.month, "d": day.day}


def _units(names: Iterable[Any]) -> str:
    return _("、").join(str(name) for name in names)


# --- what is said ------------------------------------------------------------------------------------------------


def of_round(round_: Round) -> tuple[str, str]:
    """督查通报: how it went, what was found by unit, how far it has been put right, what is asked."""
    visits = list(round_.visits.select_related("unit"))
    findings = list(round_.findings.exclude(state="void").select_related("unit"))
    clean = [v.unit for v in visits if v.unit_id not in {f.unit_id for f in findings}]
    states = Counter(f.state for f in findings)
    late = [f for f in findings if f.due_on and f.due_on < today() and f.is_open]
    said = [
        _("%(since)s至%(until)s，镇督查组对%(n)d个单位开展了“%(called)s”督查，共发现问题%(found)d个。现将有关情况通报如下。")
        % {"since": _day(round_.starts_on), "until": _day(round_.ends_on), "n": len(visits), "called": round_.called,
           "found": len(findings)},
        HEAD + _("督查情况"), round_.topic,
    ]  # fmt: skip
    if clean:
        said.append(_("未发现问题的单位：%(units)s。") % {"units": _units(clean)})
    if findings:
        said.append(HEAD + _("发现的问题"))
    for unit in dict.fromkeys(f.unit for f in findings):
        said.append(SUBHEAD + str(unit))
        said += [_found(f) for f in findings if f.unit == unit]
    said += [HEAD + _("整改进度"), _("已销号%(closed)d个，待核查%(reported)d个，逾期未改%(late)d个。") % {
        "closed": states["closed"], "reported": states["reported"], "late": len(late)}]  # fmt: skip
    if late:
        said.append(_("逾期未改的单位：%(units)s。") % {"units": _units(dict.fromkeys(f.unit for f in late))})
    said += [HEAD + _("有关要求"), _("各有关单位要对照问题逐项整改，按期报告，附整改凭据；督查组将逐项核查销号。")]
    return _("关于“%(called)s”督查情况的通报") % {"called": round_.called}, "\n".join(said)


def _found(finding: Finding) -> str:
    return _("%(text)s要求：%(demand)s%(day)s前完成。") % {
        "text": _sentence(finding.text), "demand": _sentence(finding.demand), "day": _day(finding.due_by)}  # fmt: skip


def _sentence(text: str) -> str:
    """A text on one line with its full stop."""
    line = " ".join(text.split())
    return line if line.endswith(("。", "！", "？")) else f"{line}。"


def of_quarter(area: str, quarter: Quarter) -> tuple[str, str]:
    """情况通报 of a quarter: reports, scores, findings, late matters, good practice."""
    said = [_("现将%(quarter)s食品三小专项整治督查考核情况通报如下。") % {"quarter": quarter.label}]
    said += [HEAD + _("季度报告报送"), *_reports(area, quarter)]
    board = Board.objects.filter(area=area, year=quarter.year, no=quarter.no).first()
    if board and board.state == "adopted":
        said += [HEAD + _("考核结果"), *_scores(board)]
    said += [HEAD + _("督查问题整改"), _findings(area, quarter), HEAD + _("逾期事项催办"), *_urged(area)]
    if practices := list(Practice.objects.filter(home=area, state="shown").select_related("unit")[:5]):
        said += [
            HEAD + _("经验做法"),
            *(_("%(unit)s：%(called)s。") % {"unit": p.unit, "called": p.called} for p in practices),
        ]
    return _("关于%(quarter)s食品三小专项整治督查考核情况的通报") % {"quarter": quarter.label}, "\n".join(said)


def _reports(area: str, quarter: Quarter) -> list[str]:
    rows = with_first(Report.objects.within((area[:9],)).of(quarter))
    by_state: dict[str, list[str]] = {}
    for report in rows:
        by_state.setdefault(punctuality(report, today()).key, []).append(report.who)
    said = [_("应报%(n)d份，按时%(on_time)d份，迟报%(late)d份，缺报%(missing)d份。") % {
        "n": len(rows), **{key: len(by_state.get(key, [])) for key in PUNCTUALITY}}]  # fmt: skip
    for key, words in (("late", _("迟报的单位：%(units)s。")), ("missing", _("缺报的单位：%(units)s。"))):
        if by_state.get(key):
            said.append(words % {"units": _units(by_state[key])})
    return said


def _scores(board: Board) -> list[str]:
    bands: dict[str, list[str]] = {}
    for line in lines_of(board):
        if line.band:
            bands.setdefault(line.band["name"], []).append(str(line.unit))
    return [_("%(band)s：%(units)s。") % {"band": band, "units": _units(names)} for band, names in bands.items()]


def _findings(area: str, quarter: Quarter) -> str:
    rows = Finding.objects.within((area[:9],)).exclude(state__in=("void", "noted"))
    mine = [f for f in rows if quarter.since <= f.rule_on <= quarter.until]
    late = [f for f in mine if f.is_open and f.due_on and f.due_on < today()]
    return _("本季督查发现问题%(n)d个，已销号%(closed)d个，逾期未改%(late)d个。") % {
        "n": len(mine), "closed": sum(f.state == "closed" for f in mine), "late": len(late)}  # fmt: skip


def of_urging(area: str) -> tuple[str, str]:
    """催办通报: who is late, by colour."""
    return _("关于逾期事项催办情况的通报"), "\n".join(
        [_("截至%(day)s，逾期事项催办情况如下。") % {"day": _day(today())}, *_urged(area),
         HEAD + _("有关要求"), _("被催办的单位要逐件办结；红色催办的，主要负责人向领导小组说明。")]
    )  # fmt: skip


def _urged(area: str) -> list[str]:
    sheets = list(Urge.objects.within((area[:9],)).filter(state__in=RUNNING).select_related("unit"))
    found = []
    for colour, name in reversed(COLOURS):
        its = [sheet for sheet in sheets if sheet.colour == colour]
        if its:
            said = {"colour": str(name), "n": len(its), "units": _units(sheet.unit for sheet in its)}
            found.append(_("%(colour)s催办%(n)d个单位：%(units)s。") % said)
    return found or [_("目前没有在催办的事项。")]


# --- the paper ---------------------------------------------------------------------------------------------------


def paragraphs(body: str) -> list[Any]:
    """The body as the templates read it: heads are counted there."""
    found: list[Any] = []
    for line in (line.strip() for line in body.splitlines()):
        if line.startswith(SUBHEAD):
            found.append({"level": 2, "text": line.removeprefix(SUBHEAD)})
        elif line.startswith(HEAD):
            found.append({"level": 1, "text": line.removeprefix(HEAD)})
        elif line:
            found.append(line)
    return found


def facts(bulletin: Bulletin) -> dict[str, Any]:
    """What PDF and Word are made of."""
    with translation.override("zh-hans"):
        org = _("%(town)s食品三小专项整治领导小组办公室") % {"town": name_of(bulletin.area)}
        issued = bulletin.state == "issued"
        return {
            "title": bulletin.title, "org": org, "head": org, "number": bulletin.number or None,
            "addressee": bulletin.addressee, "paragraphs": paragraphs(bulletin.body),
            "date": today().isoformat() if issued else None, "printed_by": org,
            "printed_on": today().isoformat() if issued else None,
            "practice": not settings.REAL,
        }  # fmt: skip


@BULLETIN.effect("issue")
def issued(bulletin: Bulletin, by: User, told: dict[str, Any]) -> None:
    """A number, and the paper as it stands: from now on neither changes."""
    bulletin.number = take_number("bulletin", bulletin.area, bulletin)
    bulletin.paper = issue_paper(bulletin, "notice", bulletin.title, facts(bulletin), by, bulletin.number)
    told["number"] = bulletin.number


def edit(bulletin: Bulletin, by: User, version: int | None, **words: str) -> None:
    """Other words for a draft. Raises Refused or Stale; nothing changed is no error."""
    if bulletin.state != "draft":
        raise Refused(_("已经送签或印发，不能再改。"), code="state")
    try:
        flow.amend(bulletin, by, "bulletin.write", version=version, **words)
    except Refused as refusal:
        if refusal.code != "same":
            raise
