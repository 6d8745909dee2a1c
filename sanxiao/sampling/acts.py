"""What the moves of a sample do from the draw to the laboratory, and the conditions they wait for."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User, prefix_of
from sanxiao.office.now import today
from sanxiao.papers.models import take_number, void_number
from sanxiao.sampling import drawing, say
from sanxiao.sampling.models import Hand, Part, Sample
from sanxiao.sampling.plan_models import Plan
from sanxiao.sampling.rules import SAMPLE

ON_ITS_WAY = ""  # in the chain: with nobody of the office, and not yet with the laboratory


@SAMPLE.beginning
def begin_sample(user: User, params: dict[str, str]) -> Sample:
    """A sample aimed at one place of one's own ground."""
    file = get_object_or_404(Establishment.objects.seen_by(user).select_related("kind"), pk=params.get("file"))
    return Sample(file=file, area=file.area, origin="target", food=drawing.foods_of(file)[0])


@SAMPLE.predicate("file_trading")
def file_trading(sample: Any, _facts: dict[str, Any]) -> bool:
    """There is somebody to take a sample from."""
    file = sample.file
    return file.merged_into_id is None and file.state not in ("closed", "moved", "void")


@SAMPLE.predicate("none_waiting")
def none_waiting(sample: Sample, _facts: dict[str, Any]) -> bool:
    """One waiting sample of a place is enough."""
    return not Sample.objects.of(sample.file).filter(state="drawn").exclude(pk=sample.pk).exists()


@SAMPLE.effect("target")
def targeted(sample: Sample, by: User | None, _facts: dict[str, Any]) -> None:
    """It counts for the open plan of the year, and has its two samplers drawn like any other."""
    plans = Plan.objects.filter(state="open", year=today().year, area__startswith=prefix_of(sample.area)[:9])
    sample.plan = plans.order_by("created_at").first()
    who = drawing.officers(sample.area)
    wanted = int(Rule.objects.value("sampling.samplers", sample.area, default=drawing.SAMPLERS))
    names = drawing.samplers_of(str(sample.pk), drawing.number_of(sample.file), [u.username for u in who], wanted)
    sample.samplers = [user.name for name in names for user in who if user.username == name]


@SAMPLE.effect("take")
def taken(sample: Sample, by: User | None, facts: dict[str, Any]) -> None:
    """抽样单: its number, the two halves under their seals, the first link of each chain."""
    told = facts["sheet"]
    answers = dict(told["answers"])
    sample.form, sample.answers = told.get("form"), answers
    sample.food_name, sample.food = answers["food_name"], answers["food"]
    sample.taken_on = date.fromisoformat(str(answers["taken_on"]))
    sample.paid = Decimal(str(answers["paid"]))
    sample.best_before = _best_before(answers)
    taker = by.name if by else ""
    if answers["second"].strip() == taker:
        raise Refused(_("抽样须两人以上，请填另一位同事。"), {"second": _("请填另一位")}, "invalid")
    sample.samplers = [taker, answers["second"].strip()]
    sample.number = _number(sample, answers.get("paper_number", "").strip())
    sample.save()
    for kind, quantity, seal, keeper in (
        ("test", answers["quantity"], answers["seal_test"], taker),
        ("spare", answers["spare_quantity"], answers["seal_spare"], answers["spare_kept_by"]),
    ):
        part = Part(sample=sample, kind=kind, quantity=Decimal(str(quantity)), unit=answers["unit"], seal=seal.strip())
        part.kept_by = keeper
        _sealed(part)
        Hand.objects.create(part=part, on=sample.taken_on, giver=sample.file.called, taker=keeper, by=by)
    facts["sheet"] = {"answers": {name: answers[name] for name in ("food_name", "quantity", "unit")}}
    facts["samplers"] = sample.samplers


def _best_before(answers: Mapping[str, Any]) -> date | None:
    made, days = answers.get("made_on"), answers.get("shelf_days")
    return date.fromisoformat(str(made)) + timedelta(days=int(days)) if made and days else None


def _number(sample: Sample, typed: str) -> str:
    """The number of a printed form, or the next of the series; one that is taken is refused with whose it is."""
    if not typed:
        return take_number("sample", sample.area, sample)
    held = Sample.objects.filter(number=typed).exclude(pk=sample.pk).select_related("file").first()
    if held is not None:
        reason = _("抽样单编号 %(number)s 已用于另一批样品（%(day)s），请核对纸质抽样单。") % {
            "number": typed, "day": held.taken_on,
        }  # fmt: skip
        raise Refused(reason, {"paper_number": reason}, "invalid")
    return typed


def _sealed(part: Part) -> None:
    """Keep a half; a seal that is on another one already is refused."""
    name = f"seal_{part.kind}"
    reason = _("封签号 %(seal)s 已用在另一份样品上。") % {"seal": part.seal}
    if Part.objects.filter(seal=part.seal).exists():
        raise Refused(reason, {name: reason}, "invalid")
    try:
        with transaction.atomic():
            part.save(force_insert=True)
    except IntegrityError as error:  # two officers with one roll of seals
        raise Refused(reason, {name: reason}, "invalid") from error


@SAMPLE.effect("hand_on")
def handed_on(sample: Sample, by: User | None, facts: dict[str, Any]) -> None:
    """One more link; a half whose seal is broken is of no use for a re-test."""
    told = facts["hand"]
    part = sample.parts.get(kind=told["part"])
    hand_over(
        part, told["giver"], told["taker"], by, whole=told["seal_whole"], on=told["on"], note=told.get("note", "")
    )
    facts["hand"] = {key: str(value) for key, value in told.items()}


def hand_over(
    part: Part, giver: str, taker: str, by: User | None, *, whole: bool = True, on: date | None = None, note: str = ""
) -> None:
    """Write a link of the chain and where the half is now."""
    Hand.objects.create(part=part, on=on or today(), giver=giver, taker=taker, seal_whole=whole, note=note, by=by)
    part.kept_by = taker
    if not whole:
        part.state = "unfit"
    part.save()


@SAMPLE.predicate("after_taking")
def after_taking(sample: Sample, facts: dict[str, Any]) -> bool:
    """Nothing is sent before it was taken."""
    return not_before(facts.get("sent_on"), sample.taken_on)


def not_before(day: date | None, earlier: date | None) -> bool:
    """Is a day not before an earlier one, as far as both are known?"""
    return day is None or earlier is None or day >= earlier


@SAMPLE.effect("send")
def sent(sample: Sample, by: User | None, _facts: dict[str, Any]) -> None:
    """The test half leaves the office."""
    if not any(row["code"] == sample.lab for row in say.labs(sample.area)):
        raise Refused(_("请从名录里选检验机构。"), {"lab": _("请选择")}, "invalid")
    part = sample.parts.get(kind="test")
    hand_over(part, by.name if by else "", ON_ITS_WAY, by, on=sample.sent_on)


@SAMPLE.predicate("seal_is_whole")
def seal_is_whole(_sample: Any, facts: dict[str, Any]) -> bool:
    """A broken seal proves nothing."""
    return facts.get("seal_whole", True) is True


@SAMPLE.predicate("after_sending")
def after_sending(sample: Sample, facts: dict[str, Any]) -> bool:
    """Nothing arrives before it was sent."""
    return not_before(facts.get("accepted_on"), sample.sent_on)


@SAMPLE.effect("accept")
def accepted(sample: Sample, by: User | None, _facts: dict[str, Any]) -> None:
    """The laboratory has it."""
    hand_over(
        sample.parts.get(kind="test"), ON_ITS_WAY, say.lab_of_paper(sample.lab, sample.area), by, on=sample.accepted_on
    )


@SAMPLE.effect("reject", "void")
def made_void(sample: Sample, _by: User | None, facts: dict[str, Any]) -> None:
    """The number is spent; the quota is free again."""
    void_number(sample.number, sample.area, str(facts["reason"])[:200])
