"""Two files found to be one: compared, merged, and taken back to the letter."""

import pytest

from sanxiao.archive.models import Classification, Establishment, Merge, Operator
from sanxiao.docket import flow
from sanxiao.docket.models import Event
from tests import cast
from tests.cast import NANYAO

LIVELY = {"version", "updated_at"}  # rise with every act and are no content


@pytest.fixture
def double(town):
    """The same tofu workshop, filed once more from the other survey: another name, a warden, more answers."""
    said = {"name": "王秀兰豆制品", "address": "老街12号后院", "warden": "赵建国", "opened_on": "2015-03-01"}
    file = cast.tofu_shop(town.zhang, **said)
    file.facts = {"water": "", "workers": "4", "extra": "只在这份里"}
    file.missing = ["photo", "signature"]
    file.save()
    return file


def columns(*files) -> list[dict]:
    rows = [Establishment.objects.filter(pk=f.pk).values().get() for f in files]
    rows += list(Operator.objects.order_by("id").values())
    return [{k: v for k, v in row.items() if k not in LIVELY} for row in rows]


def merge(town, keep, other, takes=()) -> Merge:
    keep, other = (Establishment.objects.get(pk=f.pk) for f in (keep, other))
    row = Merge(survivor=keep, absorbed=other, area=keep.area)
    flow.move(row, "merge", town.zhou, reason="重复建档", takes=list(takes))
    return Merge.objects.get(pk=row.pk)


def undo(town, row) -> None:
    flow.move(Merge.objects.get(pk=row.pk), "undo", town.zhou, reason="其实是两户")


def test_the_survivor_keeps_its_own_and_takes_what_it_lacks(town, tofu, double):
    merge(town, tofu, double)
    kept = Establishment.objects.get(pk=tofu.pk)
    assert (kept.name, kept.warden, str(kept.opened_on)) == ("王家豆腐坊", "赵建国", "2015-03-01")
    assert (kept.facts["workers"], kept.facts["extra"], kept.facts["water"]) == ("3", "只在这份里", "tap")
    assert kept.missing == []
    assert Establishment.objects.get(pk=double.pk).merged_into == kept


def test_what_a_person_chose_is_taken_from_the_other(town, tofu, double):
    merge(town, tofu, double, takes=["name", "operator", "kind", "state", "number", "id"])
    kept = Establishment.objects.get(pk=tofu.pk)
    assert (kept.name, kept.operator_id, kept.number) == ("王秀兰豆制品", double.operator_id, tofu.number)
    assert kept.search.startswith("王秀兰豆制品")


def test_taking_back_restores_every_column_of_both_and_of_their_operators(town, tofu, double):
    before = columns(tofu, double)
    row = merge(town, tofu, double, takes=["name", "operator", "address", "point"])
    assert columns(tofu, double) != before
    undo(town, row)
    assert columns(tofu, double) == before


def test_what_somebody_changed_meanwhile_stays(town, tofu, double):
    row = merge(town, tofu, double, takes=["name"])
    kept = Establishment.objects.get(pk=tofu.pk)
    flow.amend(kept, town.zhang, "file.edit", warden="钱网格", address="新街3号")
    undo(town, row)
    kept.refresh_from_db()
    assert (kept.name, kept.warden, kept.address) == ("王家豆腐坊", "钱网格", "新街3号")


def test_nested_merges_come_apart_from_outside(town, tofu, double):
    third = cast.tofu_shop(town.zhang, name="豆腐王", warden="孙网格")
    before = columns(tofu, double, third)
    inner = merge(town, tofu, double)
    outer = merge(town, third, tofu, takes=["name"])
    assert set(third.pks) == {third.pk, tofu.pk, double.pk}
    with pytest.raises(flow.Refused, match="先拆回那一次"):
        undo(town, inner)
    undo(town, outer)
    undo(town, inner)
    assert columns(tofu, double, third) == before


@pytest.mark.parametrize("first", [0, 1])
def test_two_merges_into_one_file_come_apart_in_any_order(town, tofu, double, first):
    third = cast.tofu_shop(town.zhang, name="豆腐王", warden="孙网格")
    third.facts |= {"extra": "别的", "third": "丙"}
    third.save()
    before = columns(tofu, double, third)
    rows = [merge(town, tofu, double, takes=["name"]), merge(town, tofu, third, takes=["name", "warden"])]
    undo(town, rows[first])
    undo(town, rows[1 - first])
    assert columns(tofu, double, third) == before


def test_the_survivor_shows_the_children_of_both_and_each_points_to_the_other(as_, town, tofu, double):
    opinion = Classification(file=double, area=double.area)
    flow.move(opinion, "propose", town.zhang, proposed_case="1", proposed_batch="regulate")
    merge(town, tofu, double)
    chen = as_("chen")
    page = chen.get(tofu.get_absolute_url()).content.decode()
    assert double.number in page and "拆回" not in as_("zhang").get(tofu.get_absolute_url()).content.decode()
    assert "提出分类意见" in chen.get(tofu.get_absolute_url() + "?tab=history").content.decode()
    assert "待审定" in chen.get(tofu.get_absolute_url() + "?tab=class").content.decode()
    gone = chen.get(double.get_absolute_url()).content.decode()
    assert f'href="{tofu.get_absolute_url()}"' in gone and "只供查阅" in gone
    assert "登记停业" not in gone


def test_a_decision_on_the_merged_file_classes_the_survivor(town, tofu, double):
    opinion = Classification(file=double, area=double.area)
    flow.move(opinion, "propose", town.zhang, proposed_case="1", proposed_batch="regulate")
    merge(town, tofu, double)
    flow.move(Classification.objects.get(), "decide", town.chen, case="1", batch="regulate")
    assert Establishment.objects.get(pk=tofu.pk).batch == "regulate"


def test_a_merged_file_lives_on_in_the_other_alone(as_, town, tofu, double):
    merge(town, tofu, double)
    gone = Establishment.objects.get(pk=double.pk)
    with pytest.raises(flow.Refused, match="已合并到另一份"):
        flow.move(gone, "rest", town.zhang, reason="停业")
    assert as_("zhang").get(f"/archive/{double.pk}/edit").status_code == 404
    assert list(Establishment.objects.current()) == [tofu]


def test_the_comparison_asks_only_where_they_differ(as_, tofu, double):
    zhou, url = as_("zhou"), f"/do/archive.merge/new/merge?file={tofu.pk}&other={double.pk}"
    page = zhou.get(url).content.decode()
    assert "王秀兰豆制品" in page and "补到保留的那份" in page
    assert page.count('name="pick_') == 4  # name and address, two choices each; the person is the same in words
    said = {"reason": "重复建档", "pick_name": "other", "pick_address": "keep"}
    assert zhou.post(url, {**said, "pick_name": "both"}).status_code == 422
    assert zhou.post(url, said).status_code == 302
    assert Establishment.objects.get(pk=tofu.pk).name == "王秀兰豆制品"
    assert Event.objects.get(move="merge").facts == {"reason": "重复建档", "takes": ["name"]}


def test_only_the_offices_with_the_duty_merge_and_nothing_merges_with_itself(as_, town, tofu, double):
    url = f"/do/archive.merge/new/merge?file={tofu.pk}&other="
    said = {"reason": "重复", "pick_name": "keep", "pick_address": "keep"}
    assert as_("zhang").post(url + str(double.pk), said).status_code == 403
    assert "不是同一份" in as_("zhou").get(url + str(tofu.pk)).content.decode()
    for wrong in ("", "abc", str(tofu.operator_id)):
        assert as_("zhou").get(url + wrong).status_code == 404
    row = Merge(survivor=tofu, absorbed=tofu, area=tofu.area)
    with pytest.raises(flow.Refused, match="不是同一份"):
        flow.move(row, "merge", town.zhou, reason="x")


def test_the_likely_double_is_found_without_typing(as_, town, tofu, double):
    far = cast.tofu_shop(town.li, name="南瑶馒头店", area=NANYAO)
    far.operator.phone = "13900002222"
    far.operator.id_number = ""
    far.operator.save()
    zhou, url = as_("zhou"), f"/archive/{tofu.pk}/double"
    page = zhou.get(url).content.decode()
    assert "王秀兰豆制品" in page and "南瑶馒头店" not in page
    assert "南瑶馒头店" in zhou.get(url, {"q": "馒头"}).content.decode()
    assert as_("zhang").get(url).status_code == 404


def test_an_edit_between_opening_and_merging_is_not_lost(town, tofu, double):
    row = Merge(survivor=tofu, absorbed=double, area=tofu.area)
    flow.amend(Establishment.objects.get(pk=tofu.pk), town.zhang, "file.edit", warden="钱网格")
    with pytest.raises(flow.Stale):
        flow.move(row, "merge", town.zhou, reason="重复建档")
    assert not Merge.objects.exists()
    assert Establishment.objects.get(pk=double.pk).merged_into is None
