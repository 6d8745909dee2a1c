"""A demonstration zone: points with a proof per item, figures from the records, the leading group's word."""

import pytest

from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Fact
from sanxiao.zones import figures, item_acts
from sanxiao.zones.models import Item
from sanxiao.zones.tests import steps
from sanxiao.zones.tests.steps import move, moved_in, vendor, zone


@pytest.fixture
def candidate(town, open_market):
    """A market with two of six stalls taken that applies."""
    for n in (1, 2):
        moved_in(open_market, vendor(town.zhang, f"摊{n}"), town.zhang, f"A{n}")
    return move(open_market, "nominate", town.zhang)


def item(found, code):
    return Item.objects.select_related("zone").get(zone=found, code=code)


def claimed(found, town, code, points=None):
    row = item(found, code)
    return move(row, "claim", town.zhang, claimed=row.most if points is None else points, note="")


def test_a_vendor_zone_has_its_own_items(candidate):
    codes = set(candidate.items.values_list("code", flat=True))
    assert "stalls" in codes and not {"test_room", "tableware", "kitchen"} & codes
    assert sum(row.most for row in candidate.items.all()) == 100
    assert item(candidate, "occupancy").least == 60


def test_no_points_without_a_proof(town, candidate):
    with pytest.raises(Refused, match="都要有凭据"):
        claimed(candidate, town, "layout")
    assert claimed(candidate, town, "layout", 0).state == "claimed"
    steps.attach(item(candidate, "exit"), town.zhang, "proof")
    assert claimed(candidate, town, "exit").claimed == 6
    with pytest.raises(Refused, match="不能超过"):
        move(
            move(item(candidate, "exit"), "give_back", town.sun, reason="再看"), "claim", town.zhang, claimed=7, note=""
        )


def test_a_figure_of_the_records_cannot_be_outdone_by_a_photo(town, candidate):
    steps.attach(item(candidate, "occupancy"), town.zhang, "proof")
    assert figures.occupancy(candidate).rate == round(figures.Decimal(100 * 2) / 6, 1)
    with pytest.raises(Refused, match="都要有凭据"):
        claimed(candidate, town, "occupancy")
    for n in (3, 4):
        moved_in(candidate, vendor(town.zhang, f"摊{n}"), town.zhang, f"A{n}")
    row = claimed(candidate, town, "occupancy")
    assert str(row.value) == "66.7"
    assert Event.objects.get(subject=row.pk, move="claim").facts["whole"] == "4 / 6"


def test_the_pass_rate_of_samples_comes_by_the_door_and_without_samples_a_paper_does(town, candidate, monkeypatch):
    assert figures.sampling(candidate).rate is None
    steps.attach(item(candidate, "sampling"), town.zhang, "proof")
    assert claimed(candidate, town, "sampling").value is None
    place = candidate.entrants.first().place_id
    facts = {place: [Fact("sampled", steps.JUNE), Fact("sampled", steps.JUNE), Fact("sample_failed", steps.JUNE)]}
    given = [type("Room", (), {"risk_facts": staticmethod(lambda files, on: facts)})]
    monkeypatch.setattr(figures.rooms, "all_rooms", lambda: given)
    assert figures.sampling(candidate).rate == 50


def test_health_papers_are_counted_from_the_files(town, candidate):
    assert (figures.health(candidate).part, figures.health(candidate).whole) == (6, 6)


def all_full(town, candidate, monkeypatch):
    monkeypatch.setattr(figures, "COMPUTED", dict.fromkeys(figures.COMPUTED, lambda _zone: figures.Share(10, 10)))
    for row in candidate.items.all():
        if not row.figure:
            steps.attach(row, town.zhang, "proof")
        claimed(candidate, town, row.code)
        move(item(candidate, row.code), "accept", town.sun, points=row.most, note="")


def test_enough_points_and_all_of_the_key_items_make_the_title(town, candidate, monkeypatch):
    with pytest.raises(Refused, match="还有项目没有评定"):
        move(candidate, "award", town.sun, note="")
    all_full(town, candidate, monkeypatch)
    row = move(item(candidate, "certified"), "give_back", town.sun, reason="复核")
    row = move(row, "claim", town.zhang, claimed=row.most, note="")
    with pytest.raises(Refused, match="请在备注里写明理由"):
        move(row, "accept", town.sun, points=14, note="")
    move(row, "accept", town.sun, points=14, note="一户的卡过期")
    with pytest.raises(Refused, match="重点项没有得满分"):
        move(candidate, "award", town.sun, note="")
    move(move(move(row, "give_back", town.sun, reason="已换卡"), "claim", town.zhang, claimed=15, note=""),
         "accept", town.sun, points=15, note="")  # fmt: skip
    found = move(candidate, "award", town.sun, note="")
    assert (found.state, found.awarded_on) == ("model", steps.JUNE)
    with pytest.raises(Refused, match="不在评分中"):
        move(item(candidate, "exit"), "give_back", town.sun, reason="x")


def test_only_the_leading_group_judges(town, candidate):
    row = claimed(candidate, town, "layout", 0)
    for who in ("zhang", "chen", "zhou", "feng", "li"):
        with pytest.raises(Refused):
            move(row, "accept", getattr(town, who), points=0, note="")
        with pytest.raises(Refused):
            move(candidate, "decline", getattr(town, who), reason="x")


def test_a_second_application_begins_anew_and_keeps_the_first(town, candidate):
    claimed(candidate, town, "layout", 0)
    move(candidate, "decline", town.sun, reason="还差得远")
    assert set(Item.objects.values_list("state", flat=True)) == {"ended"}
    again = move(candidate, "nominate", town.zhang)
    assert {row.round for row in item_acts.of_now(zone(again))} == {2}
    assert again.items.filter(round=1).count() == again.items.filter(round=2).count()
