"""Every state × every action of every flow of the house, and the moves that the told town has really made."""

import pytest
from django.db import models

from sanxiao.docket import flow, rooms
from sanxiao.docket.refusal import Refused
from sanxiao.docket.tables import Flow, Move
from sanxiao.office.duties import DUTIES, LEADS
from sanxiao.office.models import Office, Post, User
from tests import cast


@pytest.fixture
def everybody(town):
    """One person of every role: the cast, and somebody for each office that the cast has nobody of."""
    found: dict[str, User] = {}
    for office in Office.objects.on().filter(area__in=(cast.JINCHENG, cast.HOUYANG)):
        post = Post.objects.on().filter(office=office).select_related("user").first()
        if post is None:
            user = User.objects.create(username=f"one-{office.role}", name=f"{office.role}的人")
            Post.objects.create(user=user, office=office, title="", since="2018-04-01")
            post = Post.objects.select_related("user").get(user=user)
        found[office.role] = post.user
    return found


def blank(table: Flow, state: str) -> models.Model:
    """A matter in a state, in 后阳村, that stands in no table: enough to be refused by."""
    obj = table.model(area=cast.HOUYANG)
    obj.state = state
    return obj


def code_of(obj: models.Model, move: str, by: User | None, **how) -> str:
    """With which kind of refusal a move ends."""
    with pytest.raises(Refused) as no:
        flow.move(obj, move, by, **how)
    return no.value.code


def leaders_of(row: Move) -> frozenset[str]:
    """Roles that lead a duty; of a duty with a place-holder nothing is said here."""
    return DUTIES[row.duty].roles(LEADS) if row.duty in DUTIES else frozenset()


def test_what_a_table_does_not_allow_is_refused_with_the_state_in_words_whoever_asks(everybody):
    """Also to the program itself, and also as part of another act."""
    count = 0
    for table in rooms.flows():
        for state in ("", *(row.key for row in table.states)):
            obj = blank(table, state)
            for row in table.moves:
                if state in row.frm:
                    continue
                for by, within in ((None, True), (None, False), *((user, False) for user in everybody.values())):
                    assert code_of(obj, row.key, by, within=within) == "state", (table.key, state, row.key)
                    count += 1
    assert count > 20_000


def test_from_a_state_that_allows_it_only_who_leads_the_duty_may_and_only_the_program_its_own(everybody):
    for table in rooms.flows():
        for row in table.moves:
            for state in row.frm:
                obj = blank(table, state)
                if row.duty is None:
                    for user in everybody.values():
                        assert code_of(obj, row.key, user) == "forbidden", (table.key, row.key)
                    continue
                assert code_of(obj, row.key, None) == "forbidden", (table.key, row.key)
                if row.duty not in DUTIES:
                    continue  # its duty depends on the kind of the place; its room's own tests tell
                for role, user in everybody.items():
                    if role not in leaders_of(row):
                        assert code_of(obj, row.key, user) == "forbidden", (table.key, row.key, role)


def test_the_next_village_leads_nothing_here(town):
    for table in rooms.flows():
        for row in table.moves:
            if row.duty in DUTIES:
                obj = blank(table, row.frm[0])
                assert flow.seat_for(row, obj, town.li) is None, (table.key, row.key)


def test_who_leads_a_move_is_offered_it_and_nobody_else_a_button(everybody):
    """The screen's buttons and the refusals come from one place: whoever is offered a move has a seat for it."""
    for table in rooms.flows():
        for row in table.moves:
            if row.duty not in DUTIES or row.own:
                continue
            for role, user in everybody.items():
                seat = flow.seat_for(row, blank(table, row.frm[0]), user)
                assert (seat is not None) == (role in leaders_of(row)), (table.key, row.key, role)
