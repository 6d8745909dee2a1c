"""The plan as data and as pages: literal, complete, with its gap, with who does what."""

from datetime import date
from itertools import pairwise

import pytest
from django.core.management import call_command

from sanxiao.campaign.models import Clause, GroupMember, Phase, phase_on
from sanxiao.campaign.plan import phases
from sanxiao.office.models import Office, Post
from sanxiao.office.now import at
from tests import cast


def words(text):
    """A text without its white space, in which the plan's file and a cell may differ."""
    return "".join(text.split())


def test_the_clauses_in_order_are_parts_three_to_six_of_the_plan_to_the_letter(town):
    plan = words((cast.TOWN / "plan.txt").read_text(encoding="utf-8"))
    start, end = plan.index("三、整治内容"), plan.rindex("附件：1.")
    assert words("".join(Clause.objects.values_list("text", flat=True))) == plan[start:end]


def test_every_clause_but_the_tops_stands_under_one_that_is_there(town):
    numbers = set(Clause.objects.values_list("number", flat=True))
    assert {c.parent for c in Clause.objects.exclude(parent="")} <= numbers
    assert list(Clause.objects.filter(parent="").values_list("number", flat=True)) == ["三", "四", "五", "六"]


@pytest.mark.parametrize(
    ("day", "code", "gap"),
    [
        (date(2018, 4, 1), "survey", False),
        (date(2018, 12, 31), "rectify", False),
        (date(2019, 1, 1), "gap", True),
        (date(2019, 6, 30), "gap", True),
        (date(2019, 7, 1), "consolidate", False),
        (date(2026, 1, 1), "standing", False),
    ],
)
def test_every_day_since_april_2018_has_its_phase_the_gap_too(town, day, code, gap):
    phase = phase_on(day, cast.HOUYANG)
    assert (phase.code, phase.is_gap) == (code, gap)


def test_before_the_campaign_there_is_no_phase(town):
    assert phase_on(date(2018, 3, 31)) is None
    assert phase_on(date(2018, 6, 1), "320482100000") is None


def test_phases_follow_each_other_without_hole_or_overlap(town):
    rows = list(Phase.objects.all())
    for one, after in pairwise(rows):
        assert (after.since - one.until).days == 1


def test_today_stands_in_one_phase_with_its_days(town):
    with at(date(2018, 6, 5)):
        found = {row["phase"].code: row for row in phases(Phase.objects.all())}
    assert [row["status"] for row in found.values()] == ["done", "now", "next", "next", "next"]
    assert (found["rectify"]["number"], found["rectify"]["left"]) == (5, 209)


def test_loading_the_town_again_changes_nothing(town):
    before = [list(model.objects.values()) for model in (Clause, Phase, GroupMember)]
    call_command("setup_town", str(cast.TOWN), verbosity=0, stdout=cast._Quiet())
    assert [list(model.objects.values()) for model in (Clause, Phase, GroupMember)] == before


@pytest.mark.parametrize("who", ["zhang", "chen", "zhou", "sun", "feng", "qian"])
def test_everybody_with_a_post_reads_the_plan(as_, who):
    client = as_(who)
    page = client.get("/plan/").content.decode()
    assert "对整改期满拒不整改的小作坊辖区政府应依法取缔" in page
    assert client.get("/plan/offices/").status_code == 200


def test_who_has_no_post_and_who_only_manages_accounts_does_not(as_, town):
    assert as_("he").get("/plan/").status_code == 404
    Post.objects.all().delete()
    assert as_("zhang").get("/plan/").status_code == 404


def test_the_gap_says_that_reports_go_on(as_):
    with at(date(2019, 3, 1)):
        page = as_("zhang").get("/plan/").content.decode()
    assert "方案未列阶段，工作和季报照常" in page
    assert "今天：过渡期：工作与季报照常" in page


def test_a_person_can_read_what_concerns_her_own_office(as_):
    page = as_("feng").get("/plan/", {"mine": "1"}).content.decode()
    assert "负责专项整治工作的经费保障" in page
    assert "配合参加联合执法行动" not in page
    Clause.objects.update(roles=["fso"])
    assert "没有您单位的条款" in as_("feng").get("/plan/", {"mine": "1"}).content.decode()


def test_each_of_the_eleven_holders_and_the_group_has_a_card_in_the_plans_own_words(as_, town):
    page = as_("chen").get("/plan/offices/").content.decode()
    offices = Office.objects.on().exclude(duty="").exclude(role="village")
    assert offices.count() == 11  # ten offices and the leading group; the villages share a card
    for office in offices:
        assert f'id="{office.role}"' in page
        assert office.duty in page
        assert office.duty.rstrip("。；") in "".join(Clause.objects.values_list("text", flat=True))
    assert page.count('id="village"') == 1
    for words_ in ("后阳村", "张桂兰", "镇食安办", "环保科", "吴昊"):
        assert words_ in page, words_


def test_the_roster_has_every_seat_of_the_plan_and_who_holds_it(as_, town):
    page = as_("zhou").get("/plan/offices/").content.decode().split("领导小组名单", 1)[1]
    assert GroupMember.objects.count() == 13
    for member in GroupMember.objects.all():
        assert member.in_plan in page
    assert page.index("孙杰") < page.index("吴昊") < page.index("陈伟")


def test_who_left_his_post_is_no_longer_on_the_card(as_, town):
    town.wu.posts.update(until=date(2018, 12, 31))
    assert "吴昊" not in as_("chen").get("/plan/offices/").content.decode()


def test_the_pages_are_english_where_they_can_be_and_quote_the_plan(as_):
    client = as_("zhang")
    client.cookies["django_language"] = "en"
    page = client.get("/plan/").content.decode()
    assert "Concentrated rectification" in page
    assert "做到“提升一批、规范一批、淘汰一批”" in page


def test_the_pages_cost_the_same_however_many_people_there_are(as_, town, django_assert_max_num_queries):
    client = as_("zhang")
    client.get("/plan/")
    for path in ("/plan/", "/plan/offices/"):
        with django_assert_max_num_queries(18):
            client.get(path)
