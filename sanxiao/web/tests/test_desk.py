"""The home desk: what waits for whom."""

from sanxiao.archive.models import Classification
from sanxiao.docket import flow
from tests.cast import tofu_shop


def propose(file, by):
    row = Classification(file=file, area=file.area)
    flow.move(row, "propose", by, proposed_case="3", proposed_batch="phase_out")
    row.refresh_from_db()
    return row


def test_what_waits_for_the_second_office_waits_no_longer_for_the_first(as_, town, tofu):
    row = propose(tofu, town.zhang)
    assert "审定分类" in as_("chen").get("/").content.decode()
    flow.move(row, "decide", town.chen, case="3", batch="phase_out")
    assert "审定分类" not in as_("chen").get("/").content.decode()
    assert "会签：审定分类" in as_("zhou").get("/").content.decode()


def test_the_desk_asks_the_same_number_of_questions_with_one_matter_and_with_many(
    as_, town, tofu, django_assert_max_num_queries
):
    chen = as_("chen")
    chen.get("/")
    propose(tofu, town.zhang)
    with django_assert_max_num_queries(64) as one:
        chen.get("/")
    for number in range(8):
        propose(tofu_shop(town.zhang, name=f"第{number}坊"), town.zhang)
    with django_assert_max_num_queries(64) as many:
        chen.get("/")
    assert len(many) == len(one)


def test_the_search_box_goes_straight_to_the_only_hit(as_, tofu):
    assert as_("zhang").get("/search/?q=wjdf").url == tofu.get_absolute_url()
    assert as_("li").get("/search/?q=wjdf").url.startswith("/archive/")


def test_who_keeps_the_house_finds_people_and_rules_on_the_desk_and_no_files(as_, town):
    page = as_("he").get("/").content.decode()
    assert 'href="/people/"' in page and 'href="/settings/"' in page and 'href="/people/log"' in page
    assert "您管理账号、岗位和设置" in page and 'href="/archive/"' not in page
    assert 'href="/people/"' not in as_("zhang").get("/").content.decode()
