"""What follows a visit: its order, the re-check, the ladder, the next date."""

from datetime import date, timedelta
from itertools import product

import pytest

from sanxiao.archive.models import Classification
from sanxiao.docket import flow, watch
from sanxiao.docket.models import Attachment, Deadline, Event, Rule
from sanxiao.inspection import checklist, due, ladder, visit_order, visit_rules
from sanxiao.inspection.models import Order
from sanxiao.inspection.tests import steps, visit_steps
from sanxiao.inspection.tests.test_order import refused
from sanxiao.inspection.tests.visit_steps import FLIES, JULY, PAPERS
from sanxiao.inspection.visit_models import Due, Visit
from sanxiao.inspection.visit_rules import ACTIONS, DECISIONS, GRAVITIES, OUTCOMES, RESULTS
from sanxiao.office.now import at, today

GENERAL, KEY = FLIES, PAPERS
NINE = ["i03", "i06", "i07", "i08", "i17", "i18", "i19", "i20"]  # with FLIES


@pytest.fixture(autouse=True)
def july(town):
    with at(JULY):
        yield


@pytest.fixture
def failed(town, tofu):
    return visit_steps.whole(tofu, town.chen, town.wu, **{PAPERS: "slight", FLIES: "safety"})


def ordered(failed, by) -> Order:
    order = Order(file=failed.file, area=failed.area, visit=failed)
    items = [{**item, "law": item["law"] or "《食品安全法》"} for item in visit_order.items(failed)]
    flow.move(order, "issue", by, found_on=failed.done_on, second="吴昊", items=items)
    return steps.again(order)


# --- the tables --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "gravity"), list(product((True, False), dict(GRAVITIES))))
def test_every_finding_leads_to_the_act_of_the_table(town, tofu, key, gravity):
    visit = visit_steps.start(tofu, town.chen, town.wu)
    code = KEY if key else GENERAL
    for use in ("before", "after"):
        visit_steps.files.keep(visit, steps.picture(), f"{use}.jpg", town.chen, role=f"{use}:{code}")
    wanted = DECISIONS[key, gravity]
    if wanted is None:
        refused(visit, "judge", town.chen, "重点项", answers=visit_steps.answers(visit, **{code: gravity}))
        return
    visit = visit_steps.judge(visit, town.chen, **{code: gravity})
    assert visit.answers[code]["action"] == visit.action == wanted
    assert visit.result == ("fail" if key else "basic")


def reached(town, tofu, result, action) -> Visit:
    """A visit of this result and gravest act, or LookupError where the checklist can give no such pair."""
    gravity = {"spot": "spot", "order": "slight", "investigate": "safety", "stop": "danger"}.get(action)
    if (gravity is None) != (result == "conform"):
        raise LookupError
    if result == "fail" and action == "spot":
        raise LookupError
    visit = visit_steps.start(tofu, town.chen, town.wu)
    for use in ("before", "after"):
        visit_steps.files.keep(visit, steps.picture(), f"{use}.jpg", town.chen, role=f"{use}:{GENERAL}")
    said = {} if gravity is None else {KEY if result == "fail" else GENERAL: gravity}
    return visit_steps.judge(visit, town.chen, **said)


@pytest.mark.parametrize(("result", "action"), list(product(dict(RESULTS), dict(ACTIONS))))
def test_every_pair_of_result_and_act_ends_where_the_table_says(town, tofu, result, action):
    wanted = OUTCOMES[result, action]
    if wanted is None:
        with pytest.raises(LookupError):
            reached(town, tofu, result, action)
        return
    visit = reached(town, tofu, result, action)
    assert (visit.result, visit.action) == (result, action)
    assert visit_steps.publish(visit_steps.tell(visit, town.chen), town.chen).state == wanted


def test_a_table_with_a_hole_is_not_loaded(monkeypatch):
    monkeypatch.delitem(visit_rules.OUTCOMES, ("fail", "order"))
    with pytest.raises(ValueError, match="OUTCOMES"):
        visit_rules._complete()


def test_nine_slight_failures_put_right_on_the_spot_are_ordered_all_the_same(town, tofu):
    items = checklist.items_of(checklist.in_use("workshop"))
    answers = {item.code: {"a": "yes"} for item in items}
    answers |= {code: {"a": "no", "gravity": "spot"} for code in [*NINE, FLIES]}
    told = checklist.judged(items, answers)
    assert (told.result, told.action, set(told.actions.values())) == ("fail", "order", {"order"})


# --- from findings to an order -----------------------------------------------------------------------------------


def test_findings_become_an_order_with_nothing_typed_twice(town, tofu):
    visit = visit_steps.start(tofu, town.chen, town.wu)
    visit_steps.files.keep(visit, steps.picture(), "蝇.jpg", town.chen, role=f"before:{FLIES}")
    visit = visit_steps.tell(visit_steps.judge(visit, town.chen, **{PAPERS: "slight", FLIES: "safety"}), town.chen)
    order = ordered(visit, town.chen)
    first, second = order.problems.all()
    assert (first.code, second.code) == ("papers", "pest_protection")
    assert (first.fix_on - JULY, second.fix_on - JULY) == (timedelta(30), timedelta(7))
    assert Attachment.objects.get(subject=second.pk).role == "before"
    assert not Attachment.objects.filter(subject=first.pk).exists()


def test_the_form_of_the_order_comes_filled_in(as_, town, failed):
    page = as_("chen").get(f"/do/inspection.order/new/issue?visit={failed.pk}").content.decode()
    assert "未取得登记证、卡从事生产经营（现场发现）" in page
    assert "2018年7月3日，本局执法人员陈伟、吴昊到你（单位）进行日常检查" in page
    assert '<option value="吴昊" selected' in page


def test_the_risk_of_an_accident_is_to_be_stopped_today(town, tofu):
    visit = visit_steps.tell(
        visit_steps.judge(visit_steps.start(tofu, town.chen, town.wu), town.chen, i15="danger"), town.chen
    )
    [item] = visit_order.items(visit)
    assert (item["until"], item["demand"]) == (JULY, "立即停止并改正")
    assert list(Visit.objects.clues()) == [visit]


def test_a_visit_leads_to_one_order_and_only_when_told(town, tofu, failed):
    ordered(failed, town.chen)
    with pytest.raises(flow.Refused, match="已经下达过"):
        ordered(visit_steps.again(failed), town.chen)
    early = visit_steps.judge(visit_steps.start(tofu, town.chen, town.wu, kind="special"), town.chen, i01="slight")
    with pytest.raises(flow.Refused, match="先向经营者告知"):
        ordered(early, town.chen)


def test_every_problem_code_of_the_checklists_has_words_and_a_clause(town):
    for kind in ("workshop", "vendor", "eatery"):
        listed = {row["code"]: row for row in Rule.objects.value(f"problem.{kind}")}
        for item in checklist.items_of(checklist.in_use(kind)):
            assert listed[item.problem]["law"], f"{kind} {item.no}: {item.problem}"


# --- the re-check ------------------------------------------------------------------------------------------------


def waiting(order) -> list[Visit]:
    return list(Visit.objects.filter(order=order, state="awaiting"))


def test_an_answer_makes_one_re_check_and_the_deadline_no_second(town, failed):
    order = steps.serve(ordered(failed, town.chen), town.zhang)
    assert waiting(order) == []
    order = steps.answer(order, town.zhang, 2)
    [visit] = waiting(order)
    assert (visit.kind, visit.planned_to, visit.before_id) == ("recheck", date(2018, 7, 10), failed.pk)
    with at(JULY + timedelta(31)):
        watch.night()
        watch.night()
    assert waiting(order) == [visit]


def test_the_deadline_alone_makes_a_re_check(town, failed):
    order = steps.serve(ordered(failed, town.chen), town.zhang)
    with at(JULY + timedelta(8)):
        watch.night()
    assert len(waiting(order)) == 1


def test_judging_the_order_makes_the_re_check_and_closes_the_failed_visit(town, failed):
    order = steps.answer(steps.serve(ordered(failed, town.chen), town.zhang), town.zhang, 1, 2)
    order = steps.review(order, town.chen, {1: "pass", 2: "pass"})
    [made] = Visit.objects.filter(order=order)
    assert (made.state, made.result, made.inspectors, made.done_on) == ("closed", "conform", "陈伟、吴昊", JULY)
    assert visit_steps.again(failed).state == "closed"


def test_a_failed_re_check_leaves_the_visit_open_until_a_person_says_why(town, failed):
    order = steps.answer(steps.serve(ordered(failed, town.chen), town.zhang), town.zhang, 1, 2)
    steps.review(order, town.chen, {1: "pass", 2: "fail"})
    visit = visit_steps.again(failed)
    assert visit.state == "following"
    flow.move(visit, "conclude", town.chen, reason="已立案")
    assert visit_steps.again(failed).state == "closed"


@pytest.mark.parametrize("end", ["void", "close"])
def test_no_ghost_re_check_outlives_its_order(town, tofu, failed, end):
    order = steps.answer(steps.serve(ordered(failed, town.chen), town.zhang), town.zhang, 2)
    if end == "close":
        flow.move(order.file, "close", town.zhang, closing="self", reason="歇业")
    flow.move(steps.again(order), end, town.chen, reason="随关停")
    assert waiting(order) == []
    assert Visit.objects.get(order=order).state == "void"


def test_closing_sets_the_day_of_the_follow_up_which_waits_until_it_is_near(town, failed):
    order = steps.answer(steps.serve(ordered(failed, town.chen), town.zhang), town.zhang, 1, 2)
    order = steps.review(order, town.chen, {1: "pass", 2: "pass"})
    [follow] = Visit.objects.because(f"order:{order.pk}")
    assert (follow.state, follow.planned_to, order.follow_on) == ("later", date(2018, 10, 1), date(2018, 10, 1))
    with at(date(2018, 9, 20)):
        watch.night()
    assert visit_steps.again(follow).state == "planned"


def test_the_officer_may_set_another_day_for_the_follow_up(town, failed):
    order = steps.answer(steps.serve(ordered(failed, town.chen), town.zhang), town.zhang, 1, 2)
    steps.review(order, town.chen, {1: "pass", 2: "pass"}, follow_on=date(2018, 8, 1))
    assert Visit.objects.get(why=f"order:{order.pk}").planned_to == date(2018, 8, 1)


# --- the ladder --------------------------------------------------------------------------------------------------


def climbed(order) -> list[str]:
    moves = Event.objects.filter(subject=order.pk, move__in=ladder.STEPS).order_by("id")
    return list(moves.values_list("move", flat=True))


@pytest.mark.parametrize(
    ("days", "steps_made"),
    [(4, []), (5, ["remind"]), (8, ["remind", "warn"]), (17, ["remind", "warn", "clue"]),
     (37, ["remind", "warn", "clue", "ban"])],
)  # fmt: skip
def test_the_ladder_climbs_by_rule_each_step_once(town, failed, days, steps_made):
    order = steps.serve(ordered(failed, town.chen), town.zhang)  # flies within 7 days
    with at(JULY + timedelta(days)):
        watch.night()
        watch.night()
    assert climbed(order) == steps_made
    assert Order.objects.clues().count() == ("clue" in steps_made)


def test_who_has_answered_climbs_no_further(town, failed):
    order = steps.answer(steps.serve(ordered(failed, town.chen), town.zhang), town.zhang, 1, 2)
    with at(JULY + timedelta(40)):
        watch.night()
    assert climbed(order) == []


def test_a_failed_order_is_a_case_lead_the_next_night(town, failed):
    order = steps.answer(steps.serve(ordered(failed, town.chen), town.zhang), town.zhang, 1, 2)
    steps.review(order, town.chen, {1: "pass", 2: "fail"})
    watch.night()
    assert climbed(order) == ["clue"]


def test_only_kinds_that_the_plan_names_are_proposed_for_a_ban(town, failed):
    order = steps.serve(ordered(failed, town.chen), town.zhang)
    type(order.file).objects.filter(pk=order.file_id).update(kind="vendor")
    with at(JULY + timedelta(90)):
        watch.night()
    assert climbed(order)[-1] == "clue"


# --- quiet period and cap ----------------------------------------------------------------------------------------


def higher(tofu, by, on=JULY, **said):
    visit = Visit(file=tofu, area=tofu.area)
    flow.move(visit, "higher", by, higher="金坛区市场监管局", done_on=on, **said)
    return visit


@pytest.mark.parametrize(("days", "barred"), [(10, True), (91, True), (93, False)])
def test_a_higher_office_s_check_bars_the_same_items_for_three_months(town, tofu, days, barred):
    higher(tofu, town.zhou)
    with at(JULY + timedelta(days)):
        if barred:
            with pytest.raises(flow.Refused, match="三个月内"):
                visit_steps.plan(tofu, town.zhou)
        else:
            assert visit_steps.plan(tofu, town.zhou).state == "planned"


def test_it_may_be_overridden_with_a_reason_that_is_kept(town, tofu):
    higher(tofu, town.zhou)
    visit = visit_steps.plan(tofu, town.zhou, override="群众反映强烈")
    assert Event.objects.get(subject=visit.pk, move="plan").facts["override"] == "群众反映强烈"


def test_a_complaint_is_looked_into_all_the_same(town, tofu):
    higher(tofu, town.zhou)
    assert visit_steps.plan(tofu, town.zhou, "complaint").state == "planned"


def test_the_fifth_visit_of_a_year_needs_a_reason(town, tofu):
    for month in (1, 2, 3, 4):
        with at(date(2019, month, 8)):
            visit_steps.whole(tofu, town.chen, town.wu)
    with at(date(2019, 5, 8)):
        with pytest.raises(flow.Refused, match="上限"):
            visit_steps.start(tofu, town.chen, town.wu)
        assert visit_steps.start(tofu, town.chen, town.wu, override="专案检查").state == "underway"
    with at(date(2020, 1, 8)):
        assert visit_steps.plan(tofu, town.zhou, "special").state == "planned"


# --- next dates --------------------------------------------------------------------------------------------------


def test_the_night_gives_every_trading_place_its_next_date_with_reasons(town, tofu):
    assert due.recount() == 1
    row = Due.objects.get(file=tofu)
    assert row.last_on is None and row.letter in "ABCD" and row.reasons["zh-hans"] and row.reasons["en"]
    assert row.due_on == due.next_on(tofu.rule_on, row.per_year, 24)


def test_a_full_visit_moves_the_next_date_on_at_once_a_flying_one_does_not(town, tofu):
    due.recount()
    before = Due.objects.get(file=tofu).due_on
    visit = visit_steps.start(tofu, town.chen, town.wu, kind="flying")
    flow.move(visit, "judge", town.chen, answers={FLIES: {"a": "yes"}})
    assert Due.objects.get(file=tofu).due_on == before
    visit_steps.judge(visit_steps.start(tofu, town.chen, town.wu), town.chen)
    row = Due.objects.get(file=tofu)
    assert row.last_on == JULY and row.due_on == due.next_on(JULY, row.per_year, 24)


def test_it_goes_on_after_the_campaign_by_itself(town, tofu):
    visit_steps.whole(tofu, town.chen, town.wu)
    with at(date(2021, 3, 1)):
        watch.night()
        row = Due.objects.get(file=tofu)
        assert row.counted_on == today() and row.is_late


def test_a_closed_place_has_no_next_date(town, tofu):
    due.recount()
    flow.move(tofu, "close", town.zhang, closing="self", reason="歇业")
    due.recount()
    assert not Due.objects.exists()


@pytest.mark.parametrize(("per_year", "wanted"), [(3, (2018, 11)), (1, (2019, 7)), (0.5, (2020, 7)), (0.2, (2020, 7))])
def test_a_next_date_is_never_more_than_two_years_off(per_year, wanted):
    assert due.next_on(JULY, per_year, 24) == date(*wanted, 3)


def test_scores_and_late_corrections_count_for_the_grade(town, failed):
    steps.serve(ordered(failed, town.chen), town.zhang)
    with at(JULY + timedelta(8)):
        watch.night()
        facts = due.risk_facts([failed.file_id], today())[failed.file_id]
    assert sorted((f.kind, f.value) for f in facts) == [("late", 0), ("visit", failed.score)]


def test_a_planned_visit_ends_with_the_place_and_one_that_looks_whether_it_stays_closed_goes_on(town, tofu):
    routine = visit_steps.plan(tofu, town.chen)
    looking = visit_steps.plan(tofu, town.chen, "lookback")
    flow.move(tofu, "close", town.zhang, closing="self", reason="歇业")
    refused(visit_steps.again(routine), "begin", town.chen, "登记关停", begun_on=today(), credentials="行政执法证",
            team=[{"user": town.chen.pk, "name": "陈伟"}, {"user": town.wu.pk, "name": "吴昊"}])  # fmt: skip
    watch.night()
    watch.night()
    assert [visit_steps.again(visit).state for visit in (routine, looking)] == ["void", "planned"]
    assert Event.objects.get(subject=routine.pk, move="drop").facts["reason"] == "这一户已登记关停或迁出"


# --- the upgrade of who holds his papers -------------------------------------------------------------------------


@pytest.fixture
def upgrade(town, tofu) -> Classification:
    row = Classification(file=tofu, area=tofu.area)
    flow.move(row, "propose", town.zhang, proposed_case="0", proposed_batch="upgrade")
    flow.move(row, "decide", town.chen, case="0", batch="upgrade", note="证照齐全")
    return row


def test_a_visit_that_finds_nothing_reaches_the_upgrade_and_ends_its_term(town, upgrade):
    assert Deadline.objects.get(subject=upgrade.pk).length == 180
    visit_steps.whole(upgrade.file, town.chen, town.wu)
    upgrade.refresh_from_db()
    assert upgrade.state == "settled"
    assert Deadline.objects.get(subject=upgrade.pk).done_on == today()


def test_what_a_visit_found_is_put_right_before_the_upgrade_is_reached(town, upgrade):
    failed = visit_steps.whole(upgrade.file, town.chen, town.wu, **{FLIES: "safety"})
    upgrade.refresh_from_db()
    assert upgrade.state == "underway"
    order = steps.answer(steps.serve(ordered(failed, town.chen), town.zhang), town.zhang, 1)
    steps.review(order, town.chen, {1: "pass"})
    upgrade.refresh_from_db()
    assert upgrade.state == "settled"


def test_a_visit_is_no_first_step_for_who_has_no_papers(town, tofu):
    row = Classification(file=tofu, area=tofu.area)
    flow.move(row, "propose", town.zhang, proposed_case="1", proposed_batch="regulate")
    flow.move(row, "decide", town.chen, case="1", batch="regulate")
    visit_steps.whole(tofu, town.chen, town.wu)
    row.refresh_from_db()
    assert row.state == "decided"
