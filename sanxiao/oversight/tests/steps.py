"""Steps that the tests of oversight share: a round, a finding, something late, closed matters to draw from."""

from datetime import date
from typing import Any

from sanxiao.docket import files, flow
from sanxiao.guidance.tests.steps import picture
from sanxiao.office.models import Office
from sanxiao.office.now import at
from sanxiao.oversight.models import Check, Finding, Practice, ProofDraw, Round
from sanxiao.survey.models import Lead
from tests.cast import HOUYANG, JINCHENG, NANYAO

JUNE = date(2018, 6, 4)  # a Monday


def unit(role: str, area: str = JINCHENG) -> Office:
    """An office by its role."""
    return Office.objects.on().get(role=role, area=area)


def village(area: str = HOUYANG) -> Office:
    """A village's office."""
    return unit("village", area)


def act(obj: Any, move: str, by: Any, **facts: Any) -> Any:
    """One move of a matter as it stands now; the fresh object."""
    fresh = type(obj).objects.get(pk=obj.pk)
    flow.move(fresh, move, by, **facts)
    return fresh


def photo(obj: Any, by: Any, role: str = "photo") -> None:
    """A picture on a matter."""
    files.keep(obj, picture(), "现场.jpg", by, role=role)


def planned(town: Any, *units: Office) -> Round:
    """A round to these units, by the food-safety office and the bureau."""
    round_ = Round(area=JINCHENG, starts_on=JUNE, ends_on=date(2018, 6, 8))
    team = [{"pk": who.pk, "name": who.name} for who in (town.zhou, town.chen)]
    whom = [office.pk for office in units or (village(), village(NANYAO))]
    flow.move(round_, "plan", town.zhou, called="夏季督查", topic="看摸底和整改", team=team, whom=whom)
    return round_


def told(town: Any) -> Finding:
    """A finding that 后阳村 has been told of."""
    round_ = act(planned(town, village()), "start", town.zhou)
    finding = noted(town, round_)
    round_ = act(round_, "visit", town.zhou, whom=village().pk, seen_on=JUNE, words="看了三户")
    act(round_, "tell", town.zhou)
    return Finding.objects.get(pk=finding.pk)


def noted(town: Any, round_: Round, office: Office | None = None) -> Finding:
    """Something that is wrong at a unit."""
    office = office or village()
    finding = Finding(area=office.area, round=round_)
    said = {"gravity": "minor", "text": "两户没有建档", "demand": "入户补建", "due_by": date(2018, 6, 22)}
    flow.move(finding, "note", town.zhou, unit=office, **said)
    return finding


def corrected(town: Any, finding: Finding) -> Finding:
    """Reported as put right, with a picture."""
    photo(finding, town.zhang, "after")
    return act(finding, "report", town.zhang, done="两户已补建")


def lead(town: Any, n: int, *, area: str = HOUYANG, by: Any = None, closed: bool = True) -> Lead:
    """A lead that a village was sent; closed as nowhere to be found."""
    row = Lead(area=area, name=f"第{n}摊", address="路口", note="")
    flow.move(row, "send", town.zhou)
    if closed:
        flow.move(Lead.objects.get(pk=row.pk), "none", by or town.zhang, reason="去了两次，没有")
    return row


def drawn(town: Any, size: int = 3, seed: str = "20180604-1", **changes: Any) -> ProofDraw:
    """So many of the closed leads, by a published seed."""
    said = {
        "called": "六月核验",
        "sorts": ["lead"],
        "from_on": date(2018, 4, 1),
        "until_on": JUNE,
        "unit": None,
    } | changes
    draw = ProofDraw(area=JINCHENG)
    flow.move(draw, "draw", town.zhou, size=size, seed=seed, **said)
    return draw


def checked(check: Check, result: str, day: date = JUNE) -> Check:
    """Looked at by the first of the two."""
    photo(check, check.first)
    return act(check, result, check.first, seen_on=day, found="看到的")


def practice(town: Any) -> Practice:
    """后阳村 writes down what works."""
    office = village()
    row = Practice(unit=office, area=office.area, home=JINCHENG)
    flow.move(
        row,
        "send",
        town.zhang,
        called="夜市集中登记",
        trouble="白天找不到人",
        how="晚上摆一张桌子",
        effect="一晚登记十二户",
    )
    return row


__all__ = ["at"]
