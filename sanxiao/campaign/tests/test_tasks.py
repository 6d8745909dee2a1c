"""Tasks: given to one or many, received, answered with records, judged, returned, withdrawn."""

from datetime import date, timedelta

import pytest

from sanxiao.campaign.models import Task
from sanxiao.campaign.rules import TASK
from sanxiao.campaign.tests import steps
from sanxiao.docket import flow, watch
from sanxiao.docket.flow import Refused
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.refusal import Stale
from sanxiao.office.models import User
from sanxiao.office.now import at, today
from tests import cast

pytestmark = pytest.mark.usefixtures("may")
NEW = "/do/campaign.task/new/assign"


def said(**more):
    day = today() + timedelta(days=10)
    return {"heading": "核对流动摊贩", "demand": "逐户核对", "wanted_on": day, "clause": "五（一）1", **more}


def test_one_form_gives_a_task_to_all_villages_each_with_its_own(as_, town):
    assert as_("zhou").post(NEW, said(groups="villages", urgent="on")).status_code == 302
    rows = Task.objects.select_related("unit")
    assert {row.unit.role for row in rows} == {"village"}
    assert len({row.batch for row in rows}) == 1 < len(rows)
    mine = Task.objects.seen_by(town.zhang)
    assert [(row.area, row.urgent, row.giver.role) for row in mine] == [(cast.HOUYANG, True, "fso")]


@pytest.mark.parametrize("who", ["zhang", "qian", "feng", "he"])
def test_others_give_no_tasks(as_, town, who):
    assert as_(who).post(NEW, said(units=[steps.village().pk])).status_code == 404


def test_every_step_belongs_to_its_own_side_and_comes_in_its_time(town):
    """Each move from each state by each side: only the table's own are made."""
    ways = {
        "assigned": [], "received": ["receive"], "reported": ["receive", "report"], "declined": ["decline"],
        "returned": ["receive", "report", "return"], "done": ["receive", "report", "accept"], "withdrawn": ["withdraw"],
    }  # fmt: skip
    day = today() + timedelta(days=5)
    facts = {"report": "做完了", "links": [], "reason": "重来", "wanted_on": day, "unit": steps.village(cast.NANYAO),
             "note": "好", "better": None}  # fmt: skip
    for state, way in ways.items():
        for row in TASK.moves[1:]:
            task, right = steps.task(town.zhou), "zhang" if row.duty == "task.take" else "zhou"
            Task.objects.filter(pk=task.pk).update(batch=task.pk)
            for name in way:
                flow.move(task, name, town.zhang if TASK.row(name).duty == "task.take" else town.zhou, **facts)
            for who in {"zhang", "li", "zhou", "chen"} - {right}:
                with pytest.raises(Refused):
                    flow.move(task, row.key, getattr(town, who), **facts)
            if state in row.frm:
                flow.move(task, row.key, getattr(town, right), **facts)
            else:
                with pytest.raises(Refused):
                    flow.move(task, row.key, getattr(town, right), **facts)


def test_only_the_two_sides_and_who_directs_the_campaign_see_it(as_, town):
    task = steps.task(town.zhou)
    seen = {who: as_(who).get(task.get_absolute_url()).status_code for who in cast.PEOPLE}
    assert {who for who, code in seen.items() if code == 200} == {"zhang", "zhou", "chen", "wu", "sun"}


def test_it_waits_on_the_desk_of_the_unit_then_of_the_giver(as_, town):
    task = steps.task(town.zhou, urgent=True)
    assert "核对流动摊贩" in as_("zhang").get("/").content.decode()
    assert "核对流动摊贩" not in as_("li").get("/").content.decode()
    steps.reported(task, town.zhang)
    assert "核对流动摊贩" in as_("zhou").get("/").content.decode()
    assert "核对流动摊贩" not in as_("zhang").get("/").content.decode()


def test_a_day_in_the_past_and_no_unit_are_named_and_nothing_typed_is_lost(as_, town):
    page = as_("zhou").post(NEW, said(heading="补齐坐标", wanted_on=today() - timedelta(days=1)))
    words = page.content.decode()
    assert page.status_code == 422
    assert "请至少选一个单位" in words
    assert "补齐坐标" in words
    page = as_("zhou").post(NEW, said(wanted_on=today() - timedelta(days=1), units=[steps.village().pk]))
    assert page.status_code == 422
    assert "期限不能早于今天" in page.content.decode()
    assert not Task.objects.exists()


def test_the_report_links_records_by_number_or_address_and_a_wrong_line_is_named(as_, town, tofu):
    task = steps.task(town.zhou)
    flow.move(task, "receive", town.zhang)
    path, zhang = f"/do/campaign.task/{task.pk}/report", as_("zhang")
    page = zhang.post(path, {"report": "核对了豆腐坊", "links": f"{tofu.number}\n没有这个号"})
    assert page.status_code == 422
    assert "第 2 行没有找到：没有这个号" in page.content.decode()
    assert "核对了豆腐坊" in page.content.decode()
    links = f"https://sanxiao.example{tofu.get_absolute_url()}\n{tofu.number}"
    assert zhang.post(path, {"report": "核对了豆腐坊", "links": links, "photo": steps.upload()}).status_code == 302
    [link] = Task.objects.get().links
    assert (link["kind"], link["title"]) == ("archive.file", tofu.called)
    words = as_("zhou").get(task.get_absolute_url()).content.decode()
    assert tofu.get_absolute_url() in words
    assert "签到表.jpg" in words


def test_what_another_village_cannot_see_it_cannot_link(town, tofu):
    from sanxiao.campaign.tasks import linked

    with pytest.raises(Refused, match="第 1 行没有找到"):
        linked(tofu.number, town.li)
    with pytest.raises(Refused, match="最多写 10 行"):
        linked("\n".join(["1"] * 11), town.zhang)


def test_the_page_counts_what_the_log_holds_since_the_task_was_given(as_, town):
    with at(steps.MAY - timedelta(days=3)):
        cast.tofu_shop(town.zhang)
    task = steps.task(town.zhou)
    cast.tofu_shop(town.zhang, name="李家糕点", address="新街1号")
    steps.reported(task, town.zhang)
    page = as_("zhou").get(task.get_absolute_url())
    assert {rule.key: n for rule, n in page.context["proof"]}["know-files"] == 1


def test_a_report_in_time_is_in_time_however_late_it_is_judged(town):
    task = steps.task(town.zhou)
    steps.reported(task, town.zhang)
    with at(today() + timedelta(days=30)):
        watch.night()
        task.refresh_from_db()
        assert not task.is_late
        flow.move(task, "accept", town.zhou, note="")
    assert Deadline.objects.get(subject=task.pk, term="finish").outcome == "met"
    assert (task.state, task.done_on) == ("done", date(2018, 6, 7))


def test_what_is_returned_has_its_reason_and_a_new_day(town):
    task = steps.reported(steps.task(town.zhou), town.zhang)
    day = today() + timedelta(days=4)
    with pytest.raises(Refused, match="还缺"):
        flow.move(task, "return", town.zhou, wanted_on=day)
    flow.move(task, "return", town.zhou, reason="照片不全", wanted_on=day)
    assert (task.state, task.due_on) == ("returned", day)
    flow.move(task, "report", town.zhang, report="照片补齐了", links=[])
    assert task.due_on == Deadline.objects.get(subject=task.pk, term="judge", done_on=None).due_on


def test_who_is_not_competent_says_so_and_it_goes_to_another(town):
    task = steps.task(town.zhou)
    flow.move(task, "decline", town.zhang, reason="摊位在南瑶村", better=steps.village(cast.NANYAO))
    day = today() + timedelta(days=7)
    flow.move(task, "reassign", town.zhou, unit=steps.village(cast.NANYAO), wanted_on=day)
    assert (task.area, task.state, task.better) == (cast.NANYAO, "assigned", None)
    flow.move(task, "receive", town.li)
    assert not Task.objects.seen_by(town.zhang).exists()


def test_it_does_not_go_to_who_has_it_already(town):
    task = steps.task(town.zhou, steps.village(), steps.village(cast.NANYAO))
    flow.move(task, "decline", town.zhang, reason="不归我村", better=None)
    with pytest.raises(Refused, match="已经有这件任务"):
        flow.move(task, "reassign", town.zhou, unit=steps.village(cast.NANYAO), wanted_on=today())


def test_a_colleague_of_the_giver_judges_but_nobody_his_own_report(town):
    task = steps.task(town.sun, steps.office("bureau"))
    with pytest.raises(Refused, match="不归您"):
        flow.move(task, "receive", town.zhou)
    steps.reported(task, town.chen)
    with pytest.raises(Refused, match="不归您"):
        flow.move(task, "accept", town.wu, note="")
    flow.move(task, "accept", town.sun, note="")
    assert Event.objects.filter(subject=task.pk, move="accept", office__role="leading").exists()


def test_two_who_receive_at_once_do_not_both_win(town):
    task = steps.task(town.zhou)
    one, other = Task.objects.get(pk=task.pk), Task.objects.get(pk=task.pk)
    flow.move(one, "receive", town.zhang)
    with pytest.raises(Stale):
        flow.move(other, "receive", User.objects.get(pk=town.zhang.pk))


def test_the_list_is_filtered_exported_and_costs_the_same_with_many(as_, town, django_assert_num_queries):
    zhou = as_("zhou")
    zhou.post(NEW, said(units=[steps.village().pk]))
    zhou.get("/plan/tasks/")

    def cost():
        with django_assert_num_queries(cost.known) if cost.known else _counted() as found:
            page = zhou.get("/plan/tasks/")
        cost.known = cost.known or len(found)
        return page

    cost.known = 0
    assert cost().context["count"] == 1
    zhou.post(NEW, said(groups=["villages", "offices"], heading="报送名单"))
    page = cost()
    assert page.context["count"] > 20
    one = Task.objects.filter(heading="报送名单", unit__role="finance").get()
    assert zhou.get("/plan/tasks/", {"unit": one.unit_id}).context["count"] == 1
    assert zhou.get("/plan/tasks/", {"batch": one.batch}).context["count"] == page.context["count"] - 1
    assert zhou.get("/plan/tasks/", {"as": "xlsx"}).headers["Content-Type"].endswith("sheet")
    with at(today() + timedelta(days=20)):
        assert zhou.get("/plan/tasks/", {"is": "late"}).context["count"] == page.context["count"]


def _counted():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)
