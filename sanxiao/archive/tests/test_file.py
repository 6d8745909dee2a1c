"""The file of an establishment: who sees it, who may touch it, how it is found."""

import pytest

from sanxiao.archive.models import Classification, Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event, Proposal


def test_a_new_file_gets_the_next_number_of_the_town(tofu):
    assert tofu.number == "DA320413100-ZF-00001"


def test_zhang_finds_the_tofu_shop_by_pinyin_initials_and_by_phone_tail(town, tofu):
    mine = Establishment.objects.seen_by(town.zhang)
    for text in ("豆腐", "wangjia", "wjdf", "wxl", "4567", "13861234567", tofu.number):
        assert list(mine.matching(text)) == [tofu], text


def test_the_cadre_next_door_gets_404(as_, tofu):
    assert as_("zhang").get(tofu.get_absolute_url()).status_code == 200
    assert as_("li").get(tofu.get_absolute_url()).status_code == 404


def test_who_holds_no_post_sees_nothing(town, tofu):
    town.zhang.posts.all().delete()
    town.zhang.refresh_from_db()
    del town.zhang._scope
    assert not Establishment.objects.seen_by(town.zhang).exists()


def test_the_administrator_of_accounts_sees_no_file(town, tofu):
    assert not Establishment.objects.seen_by(town.he).exists()


def test_numbers_are_masked_on_the_page_and_sealed_in_the_database(as_, tofu):
    page = as_("zhang").get(tofu.get_absolute_url()).content.decode()
    assert "138****4567" in page
    assert "13861234567" not in page
    assert "13861234567" not in tofu.operator.phone_sealed


def test_elimination_waits_for_the_food_safety_office(town, tofu):
    row = propose(tofu, town.zhang)
    flow.move(row, "decide", town.chen, case="3", batch="phase_out", note="无合法场所")
    row.refresh_from_db()
    assert row.state == "proposed"
    flow.sign(row, town.zhou, agrees=True)
    row.refresh_from_db()
    assert (row.state, row.batch) == ("decided", "phase_out")
    assert Establishment.objects.get(pk=tofu.pk).batch == "phase_out"


def test_a_refused_elimination_stays_undecided_with_the_reason(town, tofu):
    row = propose(tofu, town.zhang)
    flow.move(row, "decide", town.chen, case="3", batch="phase_out", note="无合法场所")
    row.refresh_from_db()
    with pytest.raises(flow.Refused, match="理由"):
        flow.sign(row, town.zhou, agrees=False)
    row.refresh_from_db()
    flow.sign(row, town.zhou, agrees=False, note="先帮扶")
    assert Proposal.objects.get().state == "refused"
    assert Event.objects.of(row).first().facts == {"agrees": False, "note": "先帮扶"}


def propose(file, by) -> Classification:
    row = Classification(file=file, area=file.area)
    flow.move(row, "propose", by, proposed_case="1", proposed_batch="regulate")
    row.refresh_from_db()
    return row


def test_the_decision_differs_only_with_a_reason(town, tofu):
    row = propose(tofu, town.zhang)
    with pytest.raises(flow.Refused, match="写明理由"):
        flow.move(row, "decide", town.chen, case="2", batch="regulate")


def test_the_file_page_costs_the_same_queries_with_a_long_history(as_, tofu, town, django_assert_max_num_queries):
    zhang = as_("zhang")
    with django_assert_max_num_queries(50):
        assert zhang.get(tofu.get_absolute_url()).status_code == 200


def test_the_list_shows_and_exports_the_same(as_, tofu):
    page = as_("zhang").get("/archive/?q=豆腐")
    assert "王家豆腐坊" in page.content.decode()
    assert as_("li").get("/archive/?q=豆腐").content.decode().count("王家豆腐坊") == 0


def test_the_desk_of_the_officer_shows_the_open_opinion(as_, town, tofu):
    propose(tofu, town.zhang)
    assert "审定分类" in as_("chen").get("/").content.decode()
    assert "审定分类" not in as_("zhang").get("/").content.decode()


def test_the_list_comes_as_a_workbook_and_on_paper(as_, tofu):
    zhang = as_("zhang")
    assert zhang.get("/archive/?as=xlsx").content[:2] == b"PK"
    assert zhang.get("/archive/?as=pdf").content[:5] == b"%PDF-"
