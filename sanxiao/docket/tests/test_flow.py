"""The interpreter of flow tables, on the real tables of the archive."""

from datetime import date

import pytest

from sanxiao.archive.models import Classification, Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event, Proposal
from sanxiao.docket.tables import Flow, Move, State
from sanxiao.office.now import at
from tests.cast import HOUYANG, NANYAO


def test_a_move_sets_the_state_raises_the_version_and_writes_one_event(town, tofu):
    event = flow.move(tofu, "rest", town.zhang, reason="家里有事")
    tofu.refresh_from_db()
    assert (tofu.state, tofu.version) == ("suspended", 2)
    assert (event.frm, event.to, event.actor, event.office.role) == ("normal", "suspended", town.zhang, "village")
    assert event.facts == {"reason": "家里有事"}
    assert Event.objects.of(tofu).count() == 2


def test_a_move_from_the_wrong_state_says_which_state_it_is(town, tofu):
    with pytest.raises(flow.Refused, match="正常") as refusal:
        flow.move(tofu, "resume", town.zhang)
    assert refusal.value.code == "state"


def test_a_neighbour_and_an_office_without_the_duty_are_refused(town, tofu):
    for other in (town.li, town.feng, town.sun, town.he):
        with pytest.raises(flow.Refused) as refusal:
            flow.move(tofu, "rest", other, reason="停业")
        assert refusal.value.code == "forbidden"
    assert Event.objects.of(tofu).count() == 1


def test_what_is_asked_is_named_when_it_is_missing(town, tofu):
    with pytest.raises(flow.Refused, match="理由") as refusal:
        flow.move(tofu, "rest", town.zhang)
    assert refusal.value.fields == {"reason": "请填写"}


def test_nothing_happens_tomorrow(town, tofu):
    with at(date(2018, 6, 5)), pytest.raises(flow.Refused, match="不能晚于今天"):
        flow.move(tofu, "rest", town.zhang, reason="停业", on=date(2018, 6, 6))


def test_the_event_knows_when_it_happened_and_when_it_was_entered(town, tofu):
    with at(date(2018, 6, 20)):
        event = flow.move(tofu, "rest", town.zhang, reason="停业", on=date(2018, 6, 5))
    assert (event.on, event.at.date()) == (date(2018, 6, 5), date(2018, 6, 20))


def test_what_only_the_program_does_nobody_does_by_hand(town, tofu):
    with pytest.raises(flow.Refused, match="系统自动"):
        flow.move(tofu, "undo", town.zhang)
    with pytest.raises(flow.Refused, match="系统自动"):
        flow.move(tofu, "rest", None, reason="停业")


def test_a_table_that_names_an_unknown_state_does_not_load():
    with pytest.raises(ValueError, match="unknown state"):
        Flow("x", "x", (State("a", "A"),), (Move("go", "走", ("",), "b", None),))


def test_an_effect_for_a_move_that_is_not_there_does_not_load():
    with pytest.raises(ValueError, match="nothing called"):
        Classification.flow.effect("fly")


def test_a_retired_row_answers_no_more(town, tofu):
    row = Move("old", "旧办法", ("normal",), "closed", "file.life", until=date(2018, 12, 31))
    assert row.holds_on(date(2018, 12, 31))
    assert not row.holds_on(date(2019, 1, 1))


# Counter-signatures


def transfer(town, tofu, **facts) -> None:
    flow.move(tofu, "transfer", town.zhang, new_area=NANYAO, address="南瑶村8号", reason="搬家", **facts)
    tofu.refresh_from_db()


def test_a_move_that_needs_another_office_waits_for_it(town, tofu):
    transfer(town, tofu)
    assert tofu.area == HOUYANG
    assert Proposal.objects.get().missing() == ["fso"]
    flow.sign(tofu, town.zhou, agrees=True)
    assert Establishment.objects.get(pk=tofu.pk).area == NANYAO
    assert [e.move for e in Event.objects.of(tofu)] == ["transfer", "sign:transfer", "propose:transfer", "open"]


def test_the_day_is_kept_while_it_waits_for_the_signature(town, tofu):
    with at(date(2018, 7, 1)):
        transfer(town, tofu, on=date(2018, 6, 28))
    with at(date(2018, 7, 5)):
        flow.sign(tofu, town.zhou, agrees=True)
    assert Event.objects.get(move="transfer").on == date(2018, 6, 28)


def test_who_proposes_does_not_sign_and_who_is_not_asked_neither(town, tofu):
    transfer(town, tofu)
    for other in (town.zhang, town.chen, town.li):
        with pytest.raises(flow.Refused, match="没有需要您会签"):
            flow.sign(tofu, other, agrees=True)


def test_a_no_wants_its_reason_and_ends_the_proposal(town, tofu):
    transfer(town, tofu)
    with pytest.raises(flow.Refused, match="写明理由"):
        flow.sign(tofu, town.zhou, agrees=False)
    tofu.refresh_from_db()
    flow.sign(tofu, town.zhou, agrees=False, note="两村未谈妥")
    tofu.refresh_from_db()
    assert (tofu.area, Proposal.objects.get().state) == (HOUYANG, "refused")
    transfer(town, tofu)  # and it may be proposed again
    assert Proposal.objects.filter(state="open").count() == 1


def test_one_proposal_at_a_time(town, tofu):
    transfer(town, tofu)
    with pytest.raises(flow.Stale, match="等待会签"):
        flow.move(tofu, "transfer", town.zhang, new_area=NANYAO, address="南瑶村9号", reason="搬家")


def test_signatures_in_order_ask_the_next_one_alone(town, tofu):
    transfer(town, tofu)
    proposal = Proposal.objects.get()
    proposal.needs, proposal.in_order = ["bureau", "fso"], True
    proposal.save()
    assert proposal.missing() == ["bureau"]
    flow.sign(tofu, town.chen, agrees=True)
    assert Proposal.objects.get().missing() == ["fso"]


# Amendments and the log


def test_an_amendment_says_from_and_to_and_keeps_numbers_out(town, tofu):
    person = tofu.operator
    event = flow.amend(person, town.zhang, "file.edit", phone="13900001111", home="后阳村5组")
    assert event.facts["changes"]["home"] == ["后阳村3组", "后阳村5组"]
    old, new = event.facts["changes"]["phone"]
    assert old.startswith("idx:") and new.startswith("idx:") and old != new
    assert "139" not in str(event.facts)
    person.refresh_from_db()
    assert person.phone == "13900001111"


def test_an_amendment_without_a_change_is_none(town, tofu):
    with pytest.raises(flow.Refused) as refusal:
        flow.amend(tofu, town.zhang, "file.edit", name=tofu.name)
    assert refusal.value.code == "same"


def test_nobody_amends_a_file_out_of_his_ground(town, tofu):
    with pytest.raises(flow.Refused, match="移出"):
        flow.amend(tofu, town.zhang, "file.edit", area=NANYAO)
    assert Establishment.objects.get(pk=tofu.pk).area == HOUYANG


def test_an_old_page_does_not_overwrite_a_newer_one(town, tofu):
    seen = tofu.version
    flow.amend(tofu, town.chen, "file.edit", warden="赵网格")
    mine = Establishment.objects.get(pk=tofu.pk)
    for act in (
        lambda: flow.amend(mine, town.zhang, "file.edit", version=seen, name="新名"),
        lambda: flow.move(mine, "rest", town.zhang, version=seen, reason="停业"),
        lambda: flow.touch(mine, town.zhang, "file.edit", "attach", version=seen),
    ):
        with pytest.raises(flow.Stale):
            act()


def test_an_act_on_a_part_raises_the_version_and_writes_one_event(town, tofu):
    event = flow.touch(tofu, town.zhang, "file.edit", "attach", files=["门头.jpg"])
    assert (event.move, event.facts, event.file) == ("attach", {"files": ["门头.jpg"]}, tofu.pk)
    assert Establishment.objects.get(pk=tofu.pk).version == tofu.version == 2
    with pytest.raises(flow.Refused):
        flow.touch(tofu, town.li, "file.edit", "attach")


def test_events_are_never_edited_and_never_deleted(tofu):
    event = Event.objects.of(tofu).first()
    for act in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(move="x")):
        with pytest.raises(TypeError, match="never"):
            act()
