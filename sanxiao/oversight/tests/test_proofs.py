"""Proof by sampling: a published seed, two people of other offices, an honest interval; what is false comes back."""

from datetime import date

import pytest

from sanxiao.docket.refusal import Refused
from sanxiao.office.now import at
from sanxiao.oversight import proofs
from sanxiao.oversight.models import Check, Finding, ProofDraw
from sanxiao.oversight.rules import CHECK
from sanxiao.oversight.tests import steps


@pytest.fixture(autouse=True)
def june():
    """It is nine in the morning of 4 June 2018."""
    with at(steps.JUNE):
        yield


@pytest.fixture
def leads(town):
    """Eight leads that 后阳村 has closed."""
    return [steps.lead(town, n) for n in range(8)]


def test_the_same_seed_draws_the_same_and_another_another(town, leads):
    draw = steps.drawn(town)
    assert proofs.repeats(draw)
    assert list(draw.checks.order_by("no").values_list("event", flat=True)) == proofs.drawn_from(
        draw.pool, 3, "20180604-1"
    )
    many = list(range(1, 200))
    assert proofs.drawn_from(many, 3, "20180604-1") != proofs.drawn_from(many, 3, "20180604-2")
    ProofDraw.objects.filter(pk=draw.pk).update(pool=draw.pool[:-1])
    assert not proofs.repeats(ProofDraw.objects.get())


def test_what_was_drawn_once_is_not_drawn_again_and_a_draw_needs_something_to_draw(town, leads):
    steps.drawn(town, size=8)
    with pytest.raises(Refused, match="没有符合条件"):
        steps.drawn(town)
    with pytest.raises(Refused, match="件数须在"):
        steps.drawn(town, size=0)


def test_two_go_who_are_not_of_the_office_that_closed_it(town, leads):
    draw = steps.drawn(town, size=8)
    for check in draw.checks.select_related("first", "second"):
        assert check.first != check.second
        assert check.unit == steps.village()
        assert not {check.first, check.second} & {town.zhang, town.li}
    own = Check.objects.first()
    with pytest.raises(Refused, match="两个人"):
        steps.act(own, "hand", town.zhou, first=town.chen, second=town.chen, reason="x")
    with pytest.raises(Refused, match="两个人"):
        steps.act(own, "hand", town.zhou, first=town.chen, second=town.zhang, reason="x")
    assert steps.act(own, "hand", town.zhou, first=town.chen, second=town.qian, reason="顺路").second == town.qian


def test_only_the_two_say_what_they_saw_with_a_photo_and_a_date_that_has_come(town, leads):
    check = steps.drawn(town).checks.select_related("first", "second").first()
    other = next(who for who in (town.chen, town.wu, town.zhou, town.qian) if who not in check.team)
    with pytest.raises(Refused, match="照片"):
        steps.act(check, "true", check.first, seen_on=steps.JUNE, found="看到了")
    steps.photo(check, check.first)
    for who, day in ((other, steps.JUNE), (check.first, date(2018, 6, 5)), (town.zhang, steps.JUNE)):
        with pytest.raises(Refused):
            steps.act(check, "true", who, seen_on=day, found="看到了")
    assert steps.act(check, "true", check.second, seen_on=steps.JUNE, found="看到了").state == "true"


def test_what_is_false_comes_back_to_the_office_as_a_finding(town, leads):
    check = steps.checked(steps.drawn(town).checks.first(), "false")
    finding = Finding.objects.get()
    assert check.finding == finding
    assert (finding.unit, finding.state, finding.about) == (steps.village(), "told", check.about)
    assert "看到的" in finding.text
    assert Finding.objects.seen_by(town.zhang).exists()
    assert Check.objects.seen_by(town.zhang).count() == 1  # the others are nobody's business yet


def test_a_draw_ends_when_all_were_looked_at_and_its_score_has_an_interval(town, leads):
    draw = steps.drawn(town)
    checks = list(draw.checks.all())
    with pytest.raises(Refused, match="没核验"):
        steps.act(draw, "close", town.zhou, note="")
    for check, result in zip(checks, ("true", "partly", "false"), strict=True):
        steps.checked(check, result)
    assert steps.act(draw, "close", town.zhou, note="").state == "closed"
    (row,) = proofs.by_unit(Check.objects.select_related("unit"), draw.area)
    assert (row["part"], row["whole"]) == (1.5, 3)
    low, high = proofs.interval(9, 10)
    assert (round(low, 2), round(high, 2)) == (0.6, 0.98)


def test_a_voided_draw_leaves_what_was_found_and_drops_the_rest(town, leads):
    draw = steps.drawn(town)
    steps.checked(draw.checks.first(), "true")
    steps.act(draw, "void", town.zhou, reason="名单要重抽")
    assert sorted(draw.checks.values_list("state", flat=True)) == ["dropped", "dropped", "true"]


def test_nobody_else_moves_a_check(town, leads):
    check = steps.drawn(town).checks.first()
    for row in CHECK.moves:
        if "" in row.frm:
            continue
        for who in (town.li, town.he, town.feng, None):
            if row.duty is None and who is None:
                continue
            with pytest.raises(Refused):
                steps.act(check, row.key, who)
