"""The file of an establishment: who sees it, who may touch it, how it is found."""

import pytest

from sanxiao.archive.answers import in_words
from sanxiao.archive.models import Classification, Establishment, Operator
from sanxiao.docket import flow
from sanxiao.docket.models import Event, Proposal, Rule
from tests import cast


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


def test_who_proposes_sees_what_the_table_says_and_why(as_, tofu):
    Establishment.objects.filter(pk=tofu.pk).update(facts={**tofu.facts, "pest_protection": ["none"]})
    page = as_("zhang").get(f"/do/archive.classification/new/propose?file={tofu.pk}").content.decode()
    assert "没有防尘、防蝇、防鼠设施" in page and "系统建议" in page
    assert "村级意见</dt>" not in page


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
    with django_assert_max_num_queries(75):
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


def test_a_place_without_a_name_is_called_by_who_runs_it(as_, town):
    stall = cast.tofu_shop(town.zhang, name="无字号")
    assert "王秀兰（无字号）" in as_("zhang").get("/archive/").content.decode()
    assert "<h1>王秀兰（无字号）</h1>" in as_("zhang").get(stall.get_absolute_url()).content.decode()


def test_a_person_who_is_renamed_is_found_by_the_new_name_at_every_place(as_, tofu):
    Establishment.objects.filter(pk=tofu.pk).update(name="无字号")
    person = Operator.objects.get(pk=tofu.operator_id)
    person.name = "王秀兰兰"
    person.save()
    page = as_("zhang").get("/archive/", {"q": "xiulanlan"}).content.decode()
    assert "王秀兰兰（无字号）" in page


def test_the_answers_stand_in_the_order_of_the_form_whatever_the_database_makes_of_it(tofu):
    labels = Rule.objects.value("labels.workshop", tofu.area)
    asked = sorted(labels, key=lambda name: labels[name]["no"])[5:25]
    tofu.facts = dict.fromkeys(sorted(asked, key=lambda name: (len(name), name)), "1")  # as JSONB keeps them
    tofu.save()
    tofu.refresh_from_db()
    assert [name for name, _said in in_words(tofu)] == [labels[name]["label"] for name in asked]


def test_a_list_keeps_its_order_when_it_is_filtered(as_, tofu):
    zhang = as_("zhang")
    page = zhang.get("/archive/", {"sort": "-grade_points", "kind": "workshop"}).content.decode()
    assert '<input type="hidden" name="sort" value="-grade_points">' in page and "王家豆腐坊" in page
    assert 'type="hidden" name="sort"' not in zhang.get("/archive/").content.decode()
    assert (
        "<script>" not in zhang.get("/archive/", {"sort": '"><script>'}).content.decode().split("filter-form")[1][:200]
    )
