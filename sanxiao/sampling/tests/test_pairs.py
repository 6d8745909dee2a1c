"""Every state × every move: what the tables do not allow is refused with the state in words, whoever asks."""

import pytest

from sanxiao.docket import flow
from sanxiao.sampling.beside_models import Objection, Publication, QuickTest, Retest
from sanxiao.sampling.models import Sample
from sanxiao.sampling.plan_models import Plan
from sanxiao.sampling.room import ROOM
from sanxiao.sampling.tests import steps

PAIRS = [
    (table.key, state.key, move.key)
    for table in ROOM.flows
    for state in table.states
    for move in table.moves
    if state.key not in move.frm
]
MODELS = {"plan": Plan, "sample": Sample, "retest": Retest, "objection": Objection, "publication": Publication,
          "quick": QuickTest}  # fmt: skip


@pytest.fixture
def shelf(town, june, tofu):
    """One unsaved matter of each kind, so that any state can be tried."""
    sample = Sample(file=tofu, area=tofu.area, origin="target", food="soy")
    held = {
        "sample": sample,
        "quick": QuickTest(file=tofu, area=tofu.area),
        "plan": Plan(area="320413100000", year=2018),
    }
    for name in ("retest", "objection", "publication"):
        held[name] = MODELS[name](sample=sample, file=tofu, area=tofu.area)
    return held


def test_no_move_is_made_from_a_state_that_its_row_does_not_name(town, shelf):
    assert len(PAIRS) > 300
    for table, state, move in PAIRS:
        obj = shelf[table.split(".")[1]]
        obj.state = state
        for who, within in ((town.chen, False), (town.zhang, False), (None, True)):
            with pytest.raises(flow.Refused, match="不能办理") as caught:
                flow.move(obj, move, who, within=within)
            assert caught.value.code == "state", (table, state, move)


def test_the_program_makes_no_move_of_a_person_and_a_person_none_of_the_program(town, shelf):
    for table in ROOM.flows:
        for move in table.moves:
            obj = shelf[table.key.split(".")[1]]
            obj.state = move.frm[0]
            with pytest.raises(flow.Refused, match=r"不归您|自动办理"):
                flow.move(obj, move.key, town.li if move.duty else town.chen)


@pytest.mark.parametrize("who", ["zhang", "li", "zhou", "sun", "qian", "he"])
def test_whoever_is_not_of_the_bureau_leads_nothing_but_quick_tests(town, shelf, who):
    for table in ROOM.flows:
        for move in table.moves:
            if not move.duty or (move.duty == "sample.quick" and who == "zhou"):
                continue
            obj = shelf[table.key.split(".")[1]]
            obj.state = move.frm[0]
            with pytest.raises(flow.Refused, match="不归您"):
                flow.move(obj, move.key, getattr(town, who))


def test_no_term_of_a_sample_lapses_into_another_state():
    for table in ROOM.flows:
        for term in (term for move in table.moves for term in move.starts if term.lapse):
            assert table.row(term.lapse).to == flow.STAYS, (table.key, term.key)


def test_a_second_clerk_with_an_old_page_loses(town, served):
    other = steps.again(served)
    steps.stop(served, town.chen)
    with pytest.raises(flow.Stale):
        flow.move(other, "extend_dispose", town.wu, until=steps.JUNE.replace(year=2019), reason="试")
