"""Targets: so many by a day, for one or all; counted from records, copied, adjusted, dropped."""

from datetime import date, timedelta

import pytest

from sanxiao.archive.models import Establishment
from sanxiao.campaign.models import Target
from sanxiao.campaign.targets import progress
from sanxiao.campaign.tests import steps
from sanxiao.docket import flow
from sanxiao.docket.flow import Refused
from sanxiao.office.now import at, today
from tests import cast

pytestmark = pytest.mark.usefixtures("may")
NEW = "/do/campaign.target/new/set"


def said(**more):
    return {"phase": "survey", "rule": "know-files", "wanted_on": date(2018, 5, 31), **more}


def told(target):
    return progress([target], target.area)[0]


def test_the_count_comes_from_the_records_of_the_phase_until_the_day(town, tofu):
    target = steps.target(town.zhou, wanted_on=today() + timedelta(days=2))
    assert (told(target).count, told(target).state.key) == (1, "running")
    cast.tofu_shop(town.zhang, name="李家糕点", address="新街1号")
    assert told(target).state.key == "met"
    with at(today() + timedelta(days=3)):
        cast.tofu_shop(town.zhang, name="赵家面点", address="新街2号")
        assert told(target).count == 2


def test_each_villages_own_records_count_for_its_own_target(as_, town, tofu):
    cast.tofu_shop(town.li, name="李家糕点", area=cast.NANYAO, address="新街1号")
    as_("zhou").post(NEW, said(number=20, groups="villages"))
    rows = as_("zhou").get("/plan/targets/?as=xlsx")
    counts = {row.target.unit.area: row.count for row in progress(list(Target.objects.all()), cast.NANYAO)}
    assert rows.status_code == 200
    assert {area for area, n in counts.items() if n == 1} == {cast.HOUYANG, cast.NANYAO}


def test_what_was_not_reached_by_its_day_is_red(town, tofu):
    target = steps.target(town.zhou)
    with at(date(2018, 6, 1)):
        cast.tofu_shop(town.zhang, name="李家糕点", address="新街1号")
        assert (told(target).count, told(target).state.tone) == (1, "red")


def test_one_form_gives_a_number_to_all_villages(as_, town):
    assert as_("zhou").post(NEW, said(number=20, groups="villages")).status_code == 302
    assert set(Target.objects.values_list("number", "unit__role")) == {(20, "village")}
    assert Target.objects.seen_by(town.zhang).count() == 1


def test_a_share_of_the_places_is_counted_for_each_village_and_rounded_up(as_, town, tofu):
    for n in range(2):
        cast.tofu_shop(town.zhang, name=f"第{n}家", address=f"新街{n}号")
    page = as_("zhou").post(NEW, said(percent=50, units=[steps.village().pk, steps.village(cast.NANYAO).pk]))
    assert page.status_code == 422
    assert "南瑶村 没有在营户" in page.content.decode()
    assert as_("zhou").post(NEW, said(percent=50, units=[steps.village().pk])).status_code == 302
    assert Target.objects.get().number == 2 == -(-Establishment.objects.count() // 2)


def test_wrong_input_is_named_and_kept(as_, town):
    zhou, units = as_("zhou"), [steps.village().pk]
    for more, words in (
        ({"units": units}, "目标数和百分比填一个"),
        ({"number": 3, "percent": 10, "units": units}, "目标数和百分比填一个"),
        ({"number": 3, "units": units, "wanted_on": date(2018, 6, 1)}, "完成日期要在这个阶段以内"),
        ({"percent": 10, "units": [steps.office("finance").pk]}, "只能下达给村"),
        ({"number": 3}, "请至少选一个单位"),
        ({"number": 0, "units": units}, "1"),
    ):
        page = zhou.post(NEW, said(note="先易后难", **more))
        assert page.status_code == 422, words
        assert words in page.content.decode()
        assert "先易后难" in page.content.decode()
    assert not Target.objects.exists()


def test_who_has_it_already_is_named_and_a_copy_ticks_the_others(as_, town):
    target = steps.target(town.zhou)
    page = as_("zhou").post(NEW, said(number=5, units=[steps.village().pk]))
    assert "后阳村 已有这项目标" in page.content.decode()
    form = as_("zhou").get(NEW, {"like": target.pk}).context["form"]
    ticked = form.fields["units"].initial
    assert str(steps.village().pk) not in ticked
    assert str(steps.village(cast.NANYAO).pk) in ticked
    assert (form.fields["number"].initial, form.fields["rule"].initial) == (2, "know-files")


@pytest.mark.parametrize("who", ["zhang", "qian", "he"])
def test_others_set_none_and_see_their_own_alone(as_, town, who):
    target = steps.target(town.zhou)
    assert as_(who).post(NEW, said(number=3, units=[steps.village().pk])).status_code == 404
    assert as_(who).get(target.get_absolute_url()).status_code == (200 if who == "zhang" else 404)
    with pytest.raises(Refused):
        flow.move(target, "drop", getattr(town, who), reason="不要了")


def test_a_target_is_adjusted_with_a_reason_and_dropped_for_good(as_, town):
    target = steps.target(town.zhou)
    flow.move(target, "change", town.chen, number=4, wanted_on=date(2018, 5, 20), reason="底数变了")
    flow.move(target, "drop", town.zhou, reason="并入季度目标")
    with pytest.raises(Refused, match="当前状态"):
        flow.move(target, "change", town.zhou, number=5, wanted_on=today(), reason="再改")
    assert "还没有下达目标" in as_("zhou").get("/plan/targets/").content.decode()
    assert steps.target(town.zhou).state == "set"


def test_the_list_costs_the_same_with_many_and_every_number_opens_its_records(
    as_, town, tofu, django_assert_max_num_queries
):
    zhou = as_("zhou")
    target = steps.target(town.zhou)
    zhou.get("/plan/targets/")
    for group in ("villages", "offices"):
        with django_assert_max_num_queries(20):
            page = zhou.get("/plan/targets/")
        zhou.post(NEW, said(number=3, rule="duties-meeting", groups=group))
    assert page.context["count"] > 5
    words = zhou.get(target.get_absolute_url()).content.decode()
    link = words.split('href="/plan/records/?')[1].split('"')[0].replace("&amp;", "&")
    assert "王家豆腐坊" in zhou.get(f"/plan/records/?{link}").content.decode()
    assert zhou.get("/plan/targets/", {"as": "xlsx"}).status_code == 200


def test_the_plan_shows_each_phases_targets_and_how_many_units_are_there(as_, town, tofu):
    steps.target(town.zhou, steps.village(), steps.village(cast.NANYAO), number=1)
    page = as_("zhou").get("/plan/")
    goals = {phase.code: its for phase, its, _begun in page.context["goals"]}
    [goal] = goals["survey"]
    assert (goal.met, len(goal.rows), goal.count, goal.wanted, goal.state.key) == (1, 2, 1, 2, "running")
    words = page.content.decode()
    assert words.count("1 / 2 个单位达到") == 2, "beside its phase and beside the part that it asks for"
    assert "2019-01-01 — 2019-06-30 · 方案没有这一段" in words
    with at(date(2018, 6, 1)):
        [goal] = next(
            its for phase, its, _begun in as_("zhou").get("/plan/").context["goals"] if phase.code == "survey"
        )
        assert (goal.missed, goal.state.tone) == (1, "red")


def test_a_village_sees_only_its_own_target_on_the_plan(as_, town, tofu):
    steps.target(town.zhou, steps.village(), steps.village(cast.NANYAO), number=1)
    [goal] = next(its for phase, its, _begun in as_("li").get("/plan/").context["goals"] if phase.code == "survey")
    assert [row.target.unit.area for row in goal.rows] == [cast.NANYAO]
