"""Every state × every move of every table: it works for who leads it, and is refused for all others and elsewhere."""

from datetime import date, timedelta

import pytest

from sanxiao.docket import flow, watch
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Office, User
from sanxiao.office.now import at, midnight, today
from sanxiao.tips import box
from sanxiao.tips.models import Complaint, Disposal, Letter, Report
from sanxiao.tips.rules import COMPLAINT, DISPOSAL, OPENING, REPORT, REWARD
from sanxiao.tips.tests import steps


def bureau():
    return Office.objects.on().get(role="bureau")


def complaint_facts(row, move):
    return {
        "accept": {"office": bureau(), "note": ""}, "refuse": {"ground": "scope", "answer": "请向城管反映"},
        "test": {"reason": "送检"}, "tested": {}, "settle": {"result": "agreed"}, "end": {"ending": "none"},
        "tell": {"answer": "已退款"}, "split": {}, "reopen": {"reason": "对方反悔"},
    }.get(move, {})  # fmt: skip


def report_facts(row, move):
    return {
        "accept": {"office": bureau(), "summary": "查卫生"}, "refuse": {"ground": "jurisdiction", "answer": "请找区局"},
        "repeat": {"master": row, "answer": "已并入原件"},
        "reassign": {"office": bureau(), "summary": "查", "reason": "改派"}, "lead": {"place_name": "老街豆腐坊"},
        "extend": {"until": row.due_on and row.due_on + timedelta(days=3), "reason": "等检测"},
        "test": {"reason": "送检"}, "file_case": {"finding": "无证"}, "no_case": {"finding": "已改"},
        "case": {"second": User.objects.get(username="wu"), "conduct": "无证"},
        "close": {"outcome": "verified", "answer": "查实"}, "reopen": {"reason": "新线索"},
    }.get(move, {})  # fmt: skip


PATHS = {
    COMPLAINT: {
        "received": (), "accepted": ("accept",), "ended": ("accept", "settle"), "closed": ("accept", "settle", "tell"),
        "refused": ("refuse",), "withdrawn": ("withdraw",),
    },
    REPORT: {
        "received": (), "checking": ("accept",), "filed": ("accept", "file_case"), "unfiled": ("accept", "no_case"),
        "closed": ("accept", "no_case", "close"), "refused": ("refuse",), "repeated": ("repeat",),
        "withdrawn": ("withdraw",),
    },
}  # fmt: skip
MAKE = {COMPLAINT: (steps.complaint, complaint_facts), REPORT: (steps.report, report_facts)}


def go(row, table, name, town):
    """One move by who may make it: the receiving desk, the office that has it, or the program."""
    move, facts = table.row(name), MAKE[table][1](row, name)
    by = None if move.duty is None else town.chen
    if name == "file_case" and row.case is None:
        steps.approved(row, town)
    flow.move(row, name, by, **facts)


def made(table, state, town):
    row = MAKE[table][0](**({} if table is COMPLAINT else steps.WHO))
    for name in PATHS[table][state]:
        go(row, table, name, town)
    assert row.state == state
    return row


@pytest.mark.parametrize("table", [COMPLAINT, REPORT], ids=["complaint", "report"])
def test_from_every_state_every_move_works_or_is_refused(town, tofu, table):
    steps.keys(town, "chen", "zhou")
    assert set(PATHS[table]) == {state.key for state in table.states}
    for state in PATHS[table]:
        row = made(table, state, town)
        for move in table.moves:
            if move.frm == ("",) or state in move.frm:
                continue
            with pytest.raises(Refused) as no:
                go(row, table, move.key, town)
            assert no.value.code == "state", (state, move.key)
        for move in table.moves:
            if state in move.frm:
                works(table, move, made(table, state, town), town, tofu)


def works(table, move, row, town, tofu):
    """The move is refused to everybody who does not lead it, then made."""
    for name in ("zhang", "li", "qian", "sun", "feng", "he"):
        with pytest.raises(Refused) as no:
            flow.move(row, move.key, getattr(town, name), **MAKE[table][1](row, move.key))
        assert no.value.code == "forbidden", (move.key, name)
    if move.key == "tested":
        flow.move(row, "test", town.chen, reason="送检")
    if move.key == "case":
        flow.move(row, "tie", town.chen, file=tofu)
    if move.key == "tie":
        flow.move(row, "tie", town.chen, file=tofu)
    else:
        go(row, table, move.key, town)
    event = Event.objects.of(row).first()
    assert event.move == move.key and event.file is None and event.at == midnight(today())


def test_the_other_bureaus_office_moves_only_what_it_was_given(town):
    row = steps.report()
    urban = Office.objects.on().get(role="urban")
    flow.move(row, "accept", town.zhou, office=urban, summary="占道，请查")
    for name in ("chen", "zhou"):
        with pytest.raises(Refused, match="不归您办理"):
            flow.move(row, "no_case", getattr(town, name), finding="已清理")
    flow.move(row, "no_case", town.qian, finding="已清理")
    flow.move(row, "close", town.qian, outcome="verified", answer="已清理")


def test_a_village_of_another_town_sees_and_moves_nothing(town):
    row = steps.accepted(town)
    for user in (town.zhang, town.li, town.sun, town.feng, town.he, town.qian):
        assert not Report.objects.seen_by(user).exists()
    assert Report.objects.seen_by(town.chen).get() == row


# --- terms by the version of the rule ----------------------------------------------------------------------------


def told_on(day, town, **changes):
    with at(day):
        steps.told(**changes)
    with at(day + timedelta(days=1)):
        box.empty()
    return Letter.objects.latest("received_on")


@pytest.mark.parametrize(("day", "due", "law"), [
    (date(2018, 6, 5), date(2018, 6, 14), "当时规定未核"),  # 7 working days; 端午 18 June lies behind
    (date(2026, 4, 14), date(2026, 4, 23), "第20号"),
    (date(2026, 4, 15), date(2026, 4, 24), "第121号"),
])  # fmt: skip
def test_a_complaint_is_accepted_within_seven_working_days(town, day, due, law):
    with at(date(2018, 4, 2)):
        steps.keys(town, "chen")
    letter = told_on(day, town, want="complaint", demand="退钱", **steps.WHO)
    term = Deadline.objects.get(subject=letter.complaints.get().pk)
    assert (term.term, term.due_on) == ("accept", due) and law in term.law


@pytest.mark.parametrize(("day", "unit", "length"), [
    (date(2018, 6, 5), "wd", 45), (date(2026, 4, 14), "wd", 45), (date(2026, 4, 15), "d", 60),
])  # fmt: skip
def test_mediation_is_counted_by_the_rule_of_the_day_of_receipt(town, day, unit, length):
    steps.keys(town, "chen")
    letter = told_on(day, town, want="complaint", demand="退钱", **steps.WHO)
    row = letter.complaints.get()
    with at(day + timedelta(days=2)):
        flow.move(row, "accept", town.chen, office=bureau())
    term = Deadline.objects.get(subject=row.pk, term="mediate")
    assert (term.unit, term.length) == (unit, length)
    if unit == "d":
        assert term.due_on == date(2026, 6, 16), "60 days after acceptance on 17 April"


def test_mediation_that_runs_out_ends_by_itself_and_the_notice_is_due(town):
    steps.keys(town, "chen")
    letter = told_on(date(2026, 4, 20), town, want="complaint", demand="退钱", **steps.WHO)
    row = letter.complaints.get()
    with at(date(2026, 4, 21)):
        flow.move(row, "accept", town.chen, office=bureau())
    with at(date(2026, 6, 25)):
        watch.lapse_due()
        row.refresh_from_db()
        assert row.state == "ended"
        assert Deadline.objects.get(subject=row.pk, term="notice", done_on=None).length == 7


def test_only_the_old_rule_tells_a_named_reporter_of_the_filing(town):
    steps.keys(town, "chen")
    for day, name, told in (
        (date(2018, 6, 5), steps.WHO, True), (date(2018, 6, 6), {}, False), (date(2026, 4, 14), steps.WHO, True),
        (date(2026, 4, 15), steps.WHO, False),
    ):  # fmt: skip
        row = told_on(day, town, **name).reports.get()
        with at(day + timedelta(days=3)):
            flow.move(row, "accept", town.chen, office=bureau(), summary="查")
            steps.approved(row, town)
            flow.move(row, "file_case", town.chen, finding="无证")
        assert Deadline.objects.filter(subject=row.pk, term="tell").exists() is told, day


def test_a_paused_term_has_no_date_and_is_never_overdue(town):
    row = steps.accepted(town)
    flow.move(row, "test", town.chen, reason="送检")
    with at(today() + timedelta(days=90)):
        term = Deadline.objects.get(subject=row.pk, done_on=None)
        row.refresh_from_db()
        assert row.due_on is None and not term.is_late and term.tone == "grey"
        assert not Deadline.objects.past().filter(subject=row.pk).exists()
        flow.move(row, "tested", town.chen)
        assert row.due_on > today()


def test_the_check_is_extended_by_fifteen_working_days_at_most(town):
    row = told_on(date(2018, 6, 5), town).reports.get()
    with at(date(2018, 6, 6)):
        flow.move(row, "accept", town.chen, office=bureau(), summary="查")
        with pytest.raises(Refused, match="最多可延长至 2018-07-18"):
            flow.move(row, "extend", town.chen, until=date(2018, 7, 19), reason="等检测")
        row.refresh_from_db()
        flow.move(row, "extend", town.chen, until=date(2018, 7, 18), reason="等检测")


def test_a_mixed_letter_becomes_one_of_each_with_its_own_terms(town):
    steps.keys(town, "chen")
    letter = steps.opened(want="both", demand="退钱", **steps.WHO)
    one, other = letter.complaints.get(), letter.reports.get()
    terms = {d.subject: d.term for d in Deadline.objects.filter(done_on=None)}
    assert terms == {one.pk: "accept", other.pk: "check"}
    flow.move(one, "refuse", town.chen, ground="too_late", answer="超过三年")
    letter.refresh_from_db()
    assert other.state == "received" and letter.closed_on is None, "the report goes on"


def test_the_desk_splits_what_holds_both(town):
    row = steps.report(**{**steps.WHO})
    with pytest.raises(Refused, match="匿名"):
        flow.move(row, "split", town.chen)
    steps.keys(town, "chen")
    row = steps.report(**steps.WHO)
    flow.move(row, "split", town.chen)
    twin = Complaint.objects.get(letter=row.letter)
    assert twin.rule_on == row.rule_on and twin.state == "received"
    with pytest.raises(Refused, match="已经分成"):
        flow.move(row, "split", town.chen)


def test_withdrawing_and_marking_come_through_the_box(town):
    row = steps.closed(town)
    box.drop_word(steps.slip(row), "mark", {"satisfied": "no", "text": "第二天又脏了"})
    box.empty(today())
    row.refresh_from_db()
    assert row.satisfied == "no" and row.letter.messages.last().text == "第二天又脏了"
    flow.move(row, "reopen", town.chen, reason="来件人不满意")
    assert row.satisfied == "" and row.state == "checking"
    box.drop_word(steps.slip(row), "back", {})
    box.empty(today())
    row.refresh_from_db()
    assert row.state == "withdrawn"


# --- identity, reward, disposal ----------------------------------------------------------------------------------


def an_opening(town, **who):
    letter = steps.opened(**(who or steps.WHO))
    row = OPENING.begun(town.chen, {"letter": str(letter.pk)})
    row.why = "须当面取证"
    flow.move(row, "ask", town.chen, reason="须当面取证")
    return row


def test_every_state_and_move_of_an_opening(town):
    steps.keys(town, "chen", "zhou")
    paths = {
        "asked": [], "agreed": ["agree"], "refused": ["refuse"], "opened": ["agree", "open"],
        "lapsed": ["agree", "lapse"],
    }  # fmt: skip
    for state, path in paths.items():
        row = an_opening(town)
        for name in path:
            inner = name == "open"
            by = None if name == "lapse" else town.zhou
            flow.move(row, name, by, within=inner, **({"reason": "不必"} if name == "refuse" else {}))
        assert row.state == state
        for move in OPENING.moves:
            if state not in move.frm and move.frm != ("",):
                with pytest.raises(Refused) as no:
                    flow.move(row, move.key, town.zhou, within=move.duty is None, reason="x")
                assert no.value.code == "state", (state, move.key)
    for name in ("agree", "refuse"):
        row = an_opening(town)
        with pytest.raises(Refused, match="不同的人"):
            flow.move(row, name, town.chen, reason="x")
        for other in ("zhang", "qian", "sun"):
            with pytest.raises(Refused) as no:
                flow.move(row, name, getattr(town, other), reason="x")
            assert no.value.code == "forbidden"


def test_nothing_is_asked_where_nobody_left_a_name(town):
    steps.keys(town, "chen")
    letter = steps.opened()
    with pytest.raises(Refused, match="没有留下身份"):
        flow.move(OPENING.begun(town.chen, {"letter": str(letter.pk)}), "ask", town.chen, reason="x")


def a_reward(town, **changes):
    row = REWARD.begun(town.chen, {"report": str(steps.closed(town, reward="on").pk)})
    said = {"level": "3", "penalty": 50_000, "insider": False, "decision": "坛市监处〔2018〕5号"} | changes
    flow.move(row, "propose", town.chen, **said)
    return row


def test_every_state_and_move_of_a_reward(town):
    paths = {"proposed": [], "approved": ["approve"], "paid": ["approve", "pay"], "refused": ["refuse"],
             "forfeited": ["approve", "forfeit"]}  # fmt: skip
    for state, path in paths.items():
        row = a_reward(town)
        for name in path:
            go_reward(row, name, town)
        assert row.state == state
        for move in REWARD.moves:
            if move.frm == ("",) or state in move.frm:
                continue
            with pytest.raises(Refused) as no:
                go_reward(row, move.key, town)
            assert no.value.code == "state", (state, move.key)
        for move in REWARD.moves:
            if state in move.frm and move.duty:
                for name in ("chen", "zhou", "zhang", "sun", "qian"):
                    said = {"amount": 2000, "reason": "x", "receipt": "1", "payment": "cash"}
                    with pytest.raises(Refused) as no:
                        flow.move(row, move.key, getattr(town, name), **said)
                    assert no.value.code == "forbidden", (state, move.key, name)


def go_reward(row, name, town):
    facts = {"approve": {"amount": 2000}, "refuse": {"reason": "不够格"},
             "pay": {"receipt": steps.slip(row.report), "payment": "cash"}}.get(name, {})  # fmt: skip
    flow.move(row, name, None if name == "forfeit" else town.feng, **facts)


def test_every_state_and_move_of_a_disposal(town):
    for state, path in {"listed": [], "done": ["agree"], "refused": ["refuse"]}.items():
        with at(today() - timedelta(days=1200)):
            steps.closed(town)
        row = DISPOSAL.begun(town.chen, {})
        flow.move(row, "propose", town.chen)
        for name in ("agree", "refuse"):
            with pytest.raises(Refused, match="不同的人"):
                flow.move(row, name, town.chen, reason="x")
        for name in path:
            flow.move(row, name, town.zhou, **({"reason": "留着"} if name == "refuse" else {}))
        assert row.state == state
        for move in ("agree", "refuse"):
            if path:
                with pytest.raises(Refused) as no:
                    flow.move(row, move, town.zhou, reason="x")
                assert no.value.code == "state"
    assert Disposal.objects.count() == 3
