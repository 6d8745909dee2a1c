"""Help is recorded like a penalty: planned, given, seen; with its money, its pictures and what followed."""

from datetime import date

import pytest

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Event
from sanxiao.guidance import helping
from sanxiao.guidance.models import Help
from sanxiao.guidance.tests import steps

pytestmark = pytest.mark.usefixtures("june")


def give(found, by, **changes):
    flow.move(
        found, "give", by, **{"given_on": steps.JUNE, "given_text": "砌了隔墙", "amount": None, "fund": "", **changes}
    )
    return found


def test_help_is_planned_given_and_its_effect_seen(town, tofu):
    found = give(steps.help_(tofu, town.zhang), town.zhang, amount=1200, fund="镇食安经费")
    flow.move(found, "see", town.zhang, seen_on=steps.JUNE, effect="加工间和住房分开了")
    assert (found.state, found.by) == ("seen", town.zhang)
    assert [e.move for e in Event.objects.of(found)] == ["see", "give", "plan"]


@pytest.mark.parametrize("who", ["li", "qian", "sun", "feng"])
def test_others_record_no_help_here(town, tofu, who):
    with pytest.raises(flow.Refused, match="不归您"):
        steps.help_(tofu, getattr(town, who))


def test_money_comes_from_somewhere_and_is_never_negative(as_, town, tofu):
    found = steps.help_(tofu, town.zhang)
    with pytest.raises(flow.Refused, match="从哪里列支"):
        give(found, town.zhang, amount=500)
    said = {"given_on": "2018-06-05", "given_text": "砌墙", "amount": "-1", "fund": "x"}
    answer = as_("zhang").post(f"/do/guidance.help/{found.pk}/give", said)
    assert answer.status_code == 422 and "砌墙" in answer.content.decode()


def test_an_effect_comes_after_the_help(town, tofu):
    found = give(steps.help_(tofu, town.zhang), town.zhang)
    with pytest.raises(flow.Refused, match="不能早于帮扶"):
        flow.move(found, "see", town.zhang, seen_on=date(2018, 6, 4), effect="好了")
    with pytest.raises(flow.Refused, match="当前状态"):
        flow.move(found, "give", town.zhang, given_on=steps.JUNE, given_text="再帮")


def test_a_closed_place_is_helped_no_more(town, tofu):
    flow.move(tofu, "close", town.zhang, closing="self", reason="歇业")
    with pytest.raises(flow.Refused, match="关停"):
        steps.help_(tofu, town.zhang)


def test_the_page_shows_before_and_after_side_by_side(as_, town, tofu):
    found = steps.help_(tofu, town.zhang)
    client = as_("zhang")
    said = {"given_on": "2018-06-05", "given_text": "砌墙", "before": steps.upload("前.jpg")}
    assert client.post(f"/do/guidance.help/{found.pk}/give", said).status_code == 302
    said = {"seen_on": "2018-06-05", "effect": "分开了", "after": steps.upload("后.jpg", "red")}
    assert client.post(f"/do/guidance.help/{found.pk}/see", said).status_code == 302
    page = client.get(f"/guidance/help/{found.pk}/").content.decode()
    assert page.count("/thumb") == 2 and "帮扶前" in page and "帮扶后" in page
    assert as_("li").get(f"/guidance/help/{found.pk}/").status_code == 404


def test_kinds_of_help_are_data_of_the_town(as_, town, tofu):
    page = as_("zhang").get(f"/do/guidance.help/new/plan?file={tofu.pk}").content.decode()
    assert "上门指导改造" in page and "介绍进集中区" in page
    answer = as_("zhang").post(f"/do/guidance.help/new/plan?file={tofu.pk}", {"what": "bribe", "plan_text": "x"})
    assert answer.status_code == 422


def passed_order(town, tofu, day):
    from sanxiao.inspection.tests import steps as orders

    with steps.at(day):
        order = orders.serve(orders.issue(tofu, town.chen, orders.item()), town.zhang)
        order = orders.answer(order, town.zhang, 1)
        return orders.review(order, town.chen, {1: "pass"})


def test_what_followed_is_read_from_the_log_by_date(town, tofu):
    passed_order(town, tofu, date(2018, 6, 1))
    found = give(steps.help_(tofu, town.zhang), town.zhang)
    assert helping.followed([found])[found.pk] == []
    passed_order(town, tofu, date(2018, 6, 5))
    assert [one.words for one in helping.followed([found])[found.pk]] == ["整改合格"]


def test_the_figure_by_village_counts_help_money_and_who_is_better_off(as_, town, tofu):
    give(steps.help_(tofu, town.zhang), town.zhang, amount=1200, fund="镇食安经费")
    steps.help_(steps.place(town.zhang, tofu, "王家二店"), town.zhang)
    passed_order(town, tofu, date(2018, 6, 5))
    line = helping.sums(Help.objects.all())[0]
    assert (line.planned, line.given, line.seen, line.amount, line.better) == (2, 1, 0, 1200, 1)
    page = as_("zhou").get("/guidance/help/").content.decode()
    assert "1,200.00" in page and "王家二店" in page
    assert as_("feng").get("/guidance/help/").status_code == 200  # the finance office sees its money
    assert "王家二店" not in as_("li").get("/guidance/help/").content.decode()


def test_the_file_shows_help_and_prints_it(as_, town, tofu):
    flow.move(give(steps.help_(tofu, town.zhang), town.zhang), "see", town.zhang, seen_on=steps.JUNE, effect="分开了")
    assert "分开了" in as_("zhang").get(tofu.get_absolute_url(), {"tab": "guidance"}).content.decode()
    titles = [table["title"] for table in rooms.gather("print_tables", tofu, town.zhang) if table["rows"]]
    assert "帮扶" in titles


def test_the_list_asks_a_fixed_number_of_queries(as_, town, tofu):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_("zhou")
    give(steps.help_(tofu, town.zhang), town.zhang)
    for path in ("/guidance/help/", f"{tofu.get_absolute_url()}?tab=guidance"):
        client.get(path)
        with CaptureQueriesContext(connection) as one:
            client.get(path)
        for n in range(3):
            give(
                steps.help_(tofu if "tab" in path else steps.place(town.zhang, tofu, f"{n}店"), town.zhang), town.zhang
            )
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(one) == len(many), path
