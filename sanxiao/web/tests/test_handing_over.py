"""A post is handed over: for a leave, or for good, with all its open work, signed for, and printed."""

from datetime import timedelta

import pytest

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event, Handover
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement.models import Case
from sanxiao.field.models import Patch
from sanxiao.inspection import visits
from sanxiao.inspection.tests import visit_steps
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.models import Office, Post, User
from sanxiao.office.now import at, today
from sanxiao.oversight.models import Round
from sanxiao.tips.tests import steps as tip_steps
from sanxiao.web import handing_over
from tests.cast import HOUYANG, JINCHENG, NANYAO


def fresh(user):
    return User.objects.get(pk=user.pk)


def offer(town, *, days=7, acting=True, **said):
    until = today() + timedelta(days=days) if acting else None
    facts = {"acting": acting, "since": today(), "until": until, "note": "", **said}
    return handing_over.offer(town.zhang, town.zhang.posts.get(), facts.pop("taker", town.li), **facts)


def test_a_leave_is_handed_over_with_the_open_work_and_signed_for(as_, town, tofu):
    post, until = town.zhang.posts.get(), today() + timedelta(days=7)
    said = {"post": post.pk, "taker": town.li.pk, "acting": "on", "since": today(), "until": until}
    as_("zhang").post("/handover/", said)
    handover = Handover.objects.get()
    assert not Establishment.objects.seen_by(fresh(town.li)).exists()
    as_("li").post(f"/handover/{handover.pk}", {"accepts": "1"})
    assert Establishment.objects.seen_by(fresh(town.li)).exists()
    assert fresh(town.zhang).posts.on().exists()


def test_the_deputys_seat_is_gone_the_day_after_without_anybodys_doing(as_, town, tofu):
    made = offer(town)
    handing_over.receive(made, town.li, True)
    with at(made.until):
        assert as_("li").get(tofu.get_absolute_url()).status_code == 200
    with at(made.until + timedelta(days=1)):
        assert as_("li").get(tofu.get_absolute_url()).status_code == 404
        assert as_("zhang").get(tofu.get_absolute_url()).status_code == 200


def test_whoever_comes_back_early_ends_the_leave_at_once(as_, town, tofu):
    made = offer(town)
    handing_over.receive(made, town.li, True)
    assert as_("chen").post(f"/handover/{made.pk}", {"act": "end"}).status_code == 404
    as_("zhang").post(f"/handover/{made.pk}", {"act": "end"})
    assert as_("li").get(tofu.get_absolute_url()).status_code == 404
    assert Handover.objects.get().state == Handover.ENDED
    with pytest.raises(Refused, match="代理已经结束"):
        handing_over.end_early(Handover.objects.get(), town.li)


def test_for_good_the_givers_seat_ends_and_what_stood_in_his_name_is_the_successors(town, tofu):
    flow.amend(tofu, town.zhang, "file.edit", officer=town.zhang)
    patch = Patch.objects.create(area=HOUYANG, name="老街", walker=town.zhang)
    other = Patch.objects.create(area=NANYAO, name="西路", walker=town.zhang)
    made = offer(town, acting=False)
    assert {row["title"] for row in made.matters} >= {tofu.called, "老街"}
    assert "西路" not in {row["title"] for row in made.matters}
    handing_over.receive(made, town.li, True)
    assert not fresh(town.zhang).posts.on().exists()
    tofu.refresh_from_db(), patch.refresh_from_db(), other.refresh_from_db()
    assert (tofu.officer, patch.walker, other.walker) == (town.li, town.li, town.zhang)
    assert Event.objects.filter(subject=tofu.pk, move="amend", facts__reason="工作移交").exists()
    with pytest.raises(Refused, match="已办过"):
        handing_over.receive(Handover.objects.get(), town.li, True)


def test_cases_and_look_backs_in_his_name_go_on_in_the_successors(town, tofu):
    def with_two(first, second):
        return Case.objects.create(file=tofu, area=tofu.area, state="filed", officer=first, second=second)

    his, beside, both = with_two(town.chen, None), with_two(town.wu, town.chen), with_two(town.chen, town.qian)
    closed = Case.objects.create(file=tofu, area=tofu.area, state="closed", officer=town.chen)
    made_over = handing_over.offer(
        town.chen, town.chen.posts.get(), town.qian, acting=False, since=today(), until=None, note=""
    )
    assert [row["id"] for row in made_over.matters].count(str(his.pk)) == 1
    handing_over.receive(made_over, town.qian, True)
    for case in (his, beside, both, closed):
        case.refresh_from_db()
    assert (his.officer, beside.second, beside.officer) == (town.qian, town.qian, town.wu)
    assert both.officer == town.chen, "one person is never both"
    assert closed.officer == town.chen, "what is over stays as it was"
    assert Event.objects.filter(subject=his.pk, move="amend", facts__reason="工作移交").exists()


def test_planned_visits_go_on_with_the_successor_in_the_team_and_made_ones_stay_as_they_were(town, tofu):
    planned = visit_steps.plan(tofu, town.chen, team=(town.chen, town.wu))
    beside = visit_steps.plan(tofu, town.wu, "special", team=(town.wu, town.chen))
    made = Visit.objects.create(
        file=tofu, area=tofu.area, kind="flying", state="told", team=visits.team_rows([town.chen, town.wu])
    )
    over = handing_over.offer(
        town.chen, town.chen.posts.get(), town.qian, acting=False, since=today(), until=None, note=""
    )
    assert {str(planned.pk), str(beside.pk)} <= {row["id"] for row in over.matters}
    handing_over.receive(over, town.qian, True)
    teams = {}
    for visit in (planned, beside, made):
        visit.refresh_from_db()
        teams[visit.pk] = [row["name"] for row in visit.team]
    qian, wu, chen = town.qian.name, town.wu.name, town.chen.name
    assert teams == {planned.pk: [qian, wu], beside.pk: [wu, qian], made.pk: [chen, wu]}
    assert (planned.officer, beside.officer) == (town.qian, town.wu)


def for_good(giver, taker):
    return handing_over.offer(giver, giver.posts.get(), taker, acting=False, since=today(), until=None, note="")


def how_of(made, row):
    return next(each["how"] for each in made.matters if each["id"] == str(row.pk))


def test_a_policeman_who_plans_no_visits_and_no_rounds_still_passes_on_his_seat_in_their_teams(town, tofu):
    visit = visit_steps.plan(tofu, town.chen, team=(town.chen, town.ding))
    round_ = Round.objects.create(
        area=JINCHENG, state="planned", called="节前督查", topic="看台账", ends_on=today(),
        team=[{"pk": town.zhou.pk, "name": town.zhou.name}, {"pk": town.ding.pk, "name": town.ding.name}],
    )  # fmt: skip
    made = for_good(town.ding, town.feng)
    assert (how_of(made, visit), how_of(made, round_)) == ("name", "name")
    handing_over.receive(made, town.feng, True)
    visit.refresh_from_db(), round_.refresh_from_db()
    assert [row["name"] for row in visit.team] == [town.chen.name, town.feng.name]
    assert [row["name"] for row in round_.team] == [town.zhou.name, town.feng.name]
    said = Event.objects.get(subject=round_.pk, move="amend")
    assert (said.actor, said.office.role, said.facts["reason"]) == (town.ding, "police", "工作移交")


def test_a_cadre_passes_on_his_seat_for_other_ground_unless_another_post_of_his_covers_it(town, tofu):
    team = visits.team_rows([town.chen, town.zhang])
    away = Visit.objects.create(file=tofu, area=NANYAO, kind="flying", state="planned", team=team)
    assert str(away.pk) in {row["id"] for row in offer(town).matters}
    second = Office.objects.on().get(role="village", area=NANYAO)
    Post.objects.create(user=town.zhang, office=second, since=today())
    first = fresh(town.zhang).posts.exclude(office=second).get()
    assert str(away.pk) not in {row["id"] for row in handing_over.open_work(fresh(town.zhang), first)}


def test_what_cannot_go_is_named_with_its_reason_on_the_list_and_the_sheet(as_, town, tofu):
    case = Case.objects.create(file=tofu, area=tofu.area, state="filed", officer=town.chen, second=town.qian)
    tip_steps.keys(town, "chen")
    made = for_good(town.chen, town.qian)
    stays = {row["flow"] for row in handing_over.told(made.matters, acting=False) if row["stays"]}
    assert stays == {"案件", "举报线索"}
    page = as_("qian").get(f"/handover/{made.pk}").content.decode()
    assert "接手人已是另一名承办人，请另定一人" in page
    assert "请本人凭密钥" in page
    handing_over.receive(made, town.qian, True)
    kept = {row["id"]: row["how"] for row in Handover.objects.get().matters}
    assert kept[str(case.pk)] == "two", "what was signed for says so too"


def test_a_deputy_acts_beside_and_takes_over_no_name(town, tofu):
    flow.amend(tofu, town.zhang, "file.edit", officer=town.zhang)
    handing_over.receive(offer(town), town.li, True)
    tofu.refresh_from_db()
    assert tofu.officer == town.zhang


def test_only_the_work_of_the_post_that_is_handed_over_is_listed(town, tofu):
    second = Office.objects.on().get(role="village", area=NANYAO)
    post = Post.objects.create(user=town.zhang, office=second, since=today())
    flow.amend(tofu, town.zhang, "file.edit", officer=town.zhang)
    who = fresh(town.zhang)
    assert tofu.called in {
        row["title"] for row in handing_over.open_work(who, town.zhang.posts.exclude(pk=post.pk).get())
    }
    assert tofu.called not in {row["title"] for row in handing_over.open_work(who, post)}


def test_what_is_signed_for_is_what_is_open_on_the_day_of_the_signature(town, tofu):
    made = offer(town)
    flow.amend(tofu, town.zhang, "file.edit", officer=town.zhang)
    assert tofu.called not in {row["title"] for row in made.matters}
    handing_over.receive(made, town.li, True)
    assert tofu.called in {row["title"] for row in Handover.objects.get().matters}


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"since": -1}, "since", "起日不能早于今天"),
        ({"until": -1}, "until", "止日不能早于起日"),
        ({"until": None}, "until", "请填写"),
    ],
)
def test_wrong_days_are_named_at_their_field(as_, town, change, field, words):
    said = {"post": town.zhang.posts.get().pk, "taker": town.li.pk, "acting": "on", "note": "回老家", "since": today()}
    said |= {"until": today() + timedelta(days=3)}
    said |= {name: "" if days is None else today() + timedelta(days=days) for name, days in change.items()}
    page = as_("zhang").post("/handover/", said)
    assert page.status_code == 422
    assert words in str(page.context["form"].errors[field])
    assert "回老家" in page.content.decode()


def test_one_post_is_offered_once_and_can_be_taken_back(as_, town):
    made = offer(town)
    with pytest.raises(Refused, match="已有一份移交在等签收"):
        offer(town)
    assert as_("li").post(f"/handover/{made.pk}", {"act": "withdraw"}).status_code == 302
    assert Handover.objects.get().state == Handover.OFFERED
    as_("zhang").post(f"/handover/{made.pk}", {"act": "withdraw"})
    assert Handover.objects.get().state == Handover.WITHDRAWN
    with pytest.raises(Refused, match="已办过"):
        handing_over.receive(Handover.objects.get(), town.li, True)


def test_a_leave_that_is_over_is_not_signed_for_any_more(town):
    made = offer(town, days=2)
    with at(today() + timedelta(days=3)), pytest.raises(Refused, match="期间已经过了"):
        handing_over.receive(made, town.li, True)


def test_only_the_taker_signs_and_a_deputys_seat_is_not_handed_on(as_, town):
    made = offer(town)
    assert as_("chen").post(f"/handover/{made.pk}", {"accepts": "1"}).status_code == 404
    handing_over.receive(made, town.li, True)
    acting = Post.objects.get(user=town.li, acting=True)
    with pytest.raises(Refused, match="只能移交自己的岗位"):
        handing_over.offer(town.li, acting, town.chen, acting=True, since=today(), until=today(), note="")


def test_the_list_is_printed_for_both_and_for_nobody_else(as_, town, tofu):
    made = offer(town)
    for who, status in (("zhang", 200), ("li", 200), ("chen", 404)):
        assert as_(who).get(f"/handover/{made.pk}.pdf").status_code == status
    handing_over.receive(made, town.li, True)
    assert handing_over.printed(Handover.objects.get()).startswith(b"%PDF")
    page = as_("zhang").get("/handover/").content.decode()
    assert "张桂兰 → 李明" in page
    assert "提前结束代理" in as_("li").get(f"/handover/{made.pk}").content.decode()
