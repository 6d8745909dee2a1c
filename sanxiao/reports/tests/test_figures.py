"""Numbers from small told histories: each equals the length of its list, and a past quarter stays what it was."""

from datetime import date

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.inspection.tests import steps as inspection
from sanxiao.licensing.tests import steps as licensing
from sanxiao.office.now import at
from sanxiao.reports import figures, records
from sanxiao.reports.columns import Rate, Told
from sanxiao.reports.indicators import COLUMNS
from sanxiao.reports.tests.history import APRIL, JULY_1, JUNE_30, Q2, Q3, act, classify, close, merge, shop, transfer
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.tests.steps import sheet_of
from tests.cast import HOUYANG, NANYAO, TOFU_FACTS

START = date(2018, 4, 1)
TOWN = "320413100"


def counted(ground, quarter, day=None):
    """The figures of a ground as somebody counts them on a day."""
    with at(day or date(2018, 12, 31)):
        return figures.count(ground, quarter.period(START))


def line(found, *keys, area="", kind="", span="q"):
    return tuple(found[key, span, area, kind] for key in keys)


T1 = ("start", "new", "reopened", "moved_in", "moved_out", "closed", "end")


def every_number_has_its_list(ground, quarter):
    found = figures.count(ground, quarter.period(START))
    shelf = records.Shelf(ground, quarter.period(START))
    for column in COLUMNS.values():
        if isinstance(column.how, (Rate, Told)):
            continue
        for span in column.spans:
            held = records.lists(ground, quarter.period(START), column, span, shelf)
            assert {place: items.total for place, items in held.items() if items.total} == {
                (a, k): n for (c, s, a, k), n in found.leaves.items() if (c, s) == (column.key, span)
            }, (column.key, span)
    return found


def test_a_village_sees_its_quarter_add_up(town):
    first, second = shop(town, APRIL), shop(town, APRIL, "vendor")
    close(town, first, date(2018, 5, 2))
    transfer(town, second, date(2018, 6, 1))
    shop(town, JULY_1)
    found = counted(HOUYANG, Q2)
    assert line(found, *T1) == (0, 2, 0, 0, 1, 1, 0)
    assert line(counted(NANYAO, Q2), *T1) == (0, 0, 0, 1, 0, 0, 1)
    assert line(counted(TOWN, Q2), *T1) == (0, 2, 0, 1, 1, 1, 1)
    assert line(counted(HOUYANG, Q3), *T1) == (0, 1, 0, 0, 0, 0, 1)


def test_the_last_evening_of_the_quarter_counts_by_the_towns_own_clock(town):
    shop(town, JUNE_30)
    assert line(counted(HOUYANG, Q2), "new") == (1,)
    assert line(counted(HOUYANG, Q3), "start", "new") == (1, 0)


def test_what_happened_in_june_and_was_entered_in_july_belongs_to_june(town):
    file = shop(town, APRIL)
    act(file, "close", town.zhang, date(2018, 7, 3), on=date(2018, 6, 28), closing="self", reason="退休")
    assert line(counted(HOUYANG, Q2), "closed", "end") == (1, 0)
    assert line(counted(HOUYANG, Q3), "start", "closed") == (0, 0)


def test_a_filing_taken_back_is_not_counted(town):
    file = shop(town, APRIL)
    act(file, "undo", town.zhang, date(2018, 4, 12))
    found = every_number_has_its_list(HOUYANG, Q2)
    assert line(found, *T1) == (0, 0, 0, 0, 0, 0, 0)
    assert not records.lists(HOUYANG, Q2.period(START), COLUMNS["new"], "q")


def test_a_filing_taken_back_a_quarter_later_is_taken_off_then(town):
    file = shop(town, APRIL)
    act(file, "undo", town.zhang, date(2018, 7, 12))
    assert line(counted(HOUYANG, Q2), "new", "end") == (1, 1)
    assert line(counted(HOUYANG, Q3), "start", "new", "end") == (1, -1, 0)


def test_every_way_of_closing_has_its_column(town):
    for how in ("self", "banned", "changed", "death", "moved"):
        close(town, shop(town, APRIL), date(2018, 5, 2), how)
    found = counted(HOUYANG, Q2)
    assert line(found, "closed", "closed_self", "banned", "changed", "otherwise") == (5, 1, 1, 1, 2)


def test_a_shop_that_opens_again_is_new_with_a_note(town):
    file = close(town, shop(town, APRIL), date(2018, 5, 2))
    act(file, "reopen", town.zhang, date(2018, 6, 2), reason="重新经营")
    assert line(counted(HOUYANG, Q2), *T1) == (0, 2, 1, 0, 0, 1, 1)


def test_who_left_town_and_came_back_moved_out_and_in(town):
    file = act(shop(town, APRIL), "leave", town.zhang, date(2018, 5, 2), reason="去外地")
    act(file, "reopen", town.zhang, date(2018, 6, 2), reason="回来了")
    assert line(counted(HOUYANG, Q2), *T1) == (0, 1, 0, 1, 1, 0, 1)


def test_a_move_inside_the_village_is_no_move(town):
    facts = {"address": "老街30号", "lat": None, "lng": None, "reason": "换铺"}
    act(shop(town, APRIL), "relocate", town.zhang, date(2018, 5, 2), **facts)
    assert line(counted(HOUYANG, Q2), "moved_in", "moved_out", "end") == (0, 0, 1)


def test_doubles_that_were_merged_count_once_from_then_on(town):
    one, two = shop(town, APRIL), shop(town, APRIL)
    row = merge(town, one, two, date(2018, 7, 5))
    assert line(counted(HOUYANG, Q2), "new", "end") == (2, 2)
    assert line(counted(HOUYANG, Q3), "start", "new", "end") == (2, -1, 1)
    act(row, "undo", town.zhou, date(2018, 8, 5), reason="不是同一户")
    assert line(counted(HOUYANG, Q3), "new", "end") == (0, 2)


def test_a_past_quarter_shows_the_class_as_it_was(town):
    file = shop(town, APRIL)
    classify(town, file, date(2018, 5, 20), "1", "regulate")
    classify(town, file, date(2018, 8, 20), "3", "phase_out")
    now_, then = counted(HOUYANG, Q3), counted(HOUYANG, Q2)
    assert line(then, "case1", "case3", "regulate", "phase_out", span="c") == (1, 0, 1, 0)
    assert line(now_, "case1", "case3", "regulate", "phase_out", span="c") == (0, 1, 0, 1)
    close(town, file, date(2018, 9, 1), "banned")
    assert line(counted(HOUYANG, Q3), "phase_out", "phased_out", "banned", "case3", span="c") == (1, 1, 1, 0)
    assert line(counted(HOUYANG, Q2), "case1", "end", span="c")[0] == 1


def test_two_lists_stay_two_lists(town):
    for case, batch in (("1", "regulate"), ("2", "regulate"), ("1", "upgrade")):
        classify(town, shop(town, APRIL), date(2018, 5, 1), case, batch)
    shop(town, APRIL)
    found = every_number_has_its_list(HOUYANG, Q2)
    assert line(found, "case0", "case1", "case2", "case3", span="c") == (0, 2, 1, 0)
    assert line(found, "upgrade", "regulate", "phase_out", span="c") == (1, 2, 0)
    assert line(found, "unclassified") == (1,)


def test_the_town_is_the_sum_of_its_villages(town):
    shop(town, APRIL), shop(town, APRIL, "eatery"), shop(town, APRIL, "vendor", NANYAO)
    whole = counted(TOWN, Q2)
    assert line(whole, "end") == (3,)
    assert line(whole, "end", area=HOUYANG) == (2,) == line(counted(HOUYANG, Q2), "end")
    assert line(whole, "end", kind="vendor") == (1,)


def test_a_licence_told_in_the_survey_counts_and_so_does_a_paper(town):
    shop(town, APRIL, facts=TOFU_FACTS | {"certificate": "held", "business_licence": "held"})
    shop(town, APRIL)
    found = every_number_has_its_list(HOUYANG, Q2)
    assert line(found, "licence", "certified", "end") == (1, 1, 2)
    assert found.value(COLUMNS["certified_rate"]) == 0.5


def test_applications_papers_and_orders_are_counted_from_their_own_moves(town):
    workshop = shop(town, APRIL)
    with at(date(2018, 6, 6)):
        row = classify(town, workshop, date(2018, 6, 5), "1", "regulate")
        paper = licensing.certified(workshop, town)
        card = licensing.submitted(licensing.stall(town.zhang), town)
    with at(date(2018, 7, 9)):
        flow.move(licensing.again(card), "refuse", town.zhou, ground="其他", reason="不在划定区域")
        flow.move(licensing.again(paper), "cancel", town.wu, ground="其他", reason="申请注销")
    june, july = every_number_has_its_list(TOWN, Q2), every_number_has_its_list(TOWN, Q3)
    assert line(june, "applied", "accepted", "refused", "certificate", "vendor_card", "certified") == (2, 1, 0, 1, 0, 1)
    assert line(july, "applied", "refused", "cancelled", "certified") == (0, 1, 1, 0)
    assert line(june, "regulate", "regulated", span="c") == (1, 1)
    assert row.pk


def test_a_sheet_that_waits_for_filing_lowers_the_filed_rate(town):
    form = Form.objects.latest_of("workshop")
    with at(date(2018, 6, 20)):
        for name in ("甲坊", "乙坊"):
            sheet_of(form, town.zhang, shop_name=name)
    with at(date(2018, 7, 2)):
        flow.move(Sheet.objects.get(name="甲坊"), "file", town.zhang)
    june, july = every_number_has_its_list(TOWN, Q2), every_number_has_its_list(TOWN, Q3)
    assert line(june, "pending", "end", kind="workshop") == (2, 0)
    assert line(july, "pending", "end", kind="workshop") == (1, 1)
    assert july.value(COLUMNS["filed_rate"]) == 0.5


def test_an_order_counts_when_it_is_issued_and_when_it_passes(town):
    file = shop(town, APRIL)
    with at(date(2018, 6, 20)):
        order = inspection.serve(inspection.issue(file, town.chen, inspection.item(days=20)), town.chen)
    with at(date(2018, 7, 2)):
        inspection.review(inspection.answer(order, town.zhang, 1), town.chen, {1: "pass"})
    assert line(counted(TOWN, Q2), "orders", "passed") == (1, 0)
    assert line(every_number_has_its_list(TOWN, Q3), "orders", "passed") == (0, 1)


def test_an_eaterys_card_counts_as_certified_only_where_the_town_says_so(town):
    shop(town, APRIL, "eatery", facts=TOFU_FACTS | {"card": "held"})
    assert line(counted(TOWN, Q2), "certified") == (0,)
    Rule.objects.filter(key="small_eatery.card_counts_as_certified").update(value=True)
    assert line(counted(TOWN, Q2), "certified") == (1,)


def test_figures_cost_the_same_queries_for_one_and_for_many(town, django_assert_num_queries):
    shop(town, APRIL)
    with django_assert_num_queries(16):
        counted(TOWN, Q2)
    for _i in range(4):
        classify(town, transfer(town, shop(town, APRIL), date(2018, 5, 1)), date(2018, 5, 2), "1", "regulate")
    with django_assert_num_queries(16):
        counted(TOWN, Q2)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["open", "close", "reopen", "leave", "transfer", "undo", "classify", "merge"]),
        st.integers(0, 5), st.integers(0, 40),
    ),
    min_size=4, max_size=14,
)  # fmt: skip


@settings(
    max_examples=10, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(steps=STEPS)
def test_any_history_adds_up_and_every_number_has_its_list(town, steps):
    with transaction.atomic():
        tell(town, steps)
        it_adds_up()
        transaction.set_rollback(True)


def it_adds_up():
    for quarter in (Q2, Q3):
        found = every_number_has_its_list(TOWN, quarter)
        for area, kind in {(a, k) for _c, _s, a, k in found.leaves}:
            start, new, _r, into, out, closed, end = line(found, *T1, area=area, kind=kind)
            assert end == start + new + into - out - closed
            assert found["unclassified", "q", area, kind] >= 0
    later = counted(TOWN, Q2, date(2019, 6, 1))
    assert later.leaves == counted(TOWN, Q2, date(2018, 12, 1)).leaves


def tell(town, steps):
    """A random history over two quarters; what cannot be done is left out."""
    day, files = date(2018, 4, 2), [shop(town, date(2018, 4, 2))]
    for what, which, days in steps:
        day = date.fromordinal(min(day.toordinal() + days, date(2018, 9, 28).toordinal()))
        file = Establishment.objects.get(pk=files[which % len(files)].pk)
        try:
            if what == "open":
                files.append(shop(town, day, ("workshop", "vendor", "eatery")[which % 3]))
            elif what == "classify" and not file.merged_into_id:
                classify(town, file, day, str(which % 4), ("upgrade", "regulate", "phase_out")[which % 3])
            elif what == "merge" and len(files) > 1 and not file.merged_into_id:
                merge(town, files[(which + 1) % len(files)], file, day)
            elif what == "transfer" and not file.merged_into_id:
                transfer(town, file, day, NANYAO if file.area == HOUYANG else HOUYANG)
            elif what in ("close", "reopen", "leave", "undo") and not file.merged_into_id:
                act(file, what, town.zhou, day, **({"closing": "self"} if what == "close" else {}), reason="历史")
        except flow.Refused:
            continue
    return files
