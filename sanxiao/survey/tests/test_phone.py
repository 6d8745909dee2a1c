"""A table that a phone sent: it becomes a file, waits for a person, or is merged field by field."""

import uuid
from datetime import date, timedelta

import pytest

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Post
from sanxiao.office.now import today
from sanxiao.survey import phone, served
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.tests import paper, steps
from tests import cast
from tests.cast import HOUYANG, NANYAO

WANGS = {
    "shop_name": "王家豆腐坊", "operator_name": "王秀兰", "address": "后阳村老街12号", "phone": "13861234567",
    "operating_state": "normal", "water": "tap", "workers": "3", "food_varieties": "豆腐、百叶、豆干",
}  # fmt: skip
DAY = date(2018, 6, 5)


@pytest.fixture
def key():
    return uuid.uuid4()


def base_of(file: Establishment) -> dict:
    return served.values([Establishment.objects.select_related("operator").get(pk=file.pk)])[file.pk]


def brought(town, file, base, who="zhang", **changes):
    """The phone brings the tofu shop's table: what it was given, and what she changed."""
    said = steps.filled(getattr(town, who), place=file.pk, base=base, **{**WANGS, **changes})
    return phone.take(said)


def now_of(file: Establishment) -> Establishment:
    return Establishment.objects.select_related("operator").get(pk=file.pk)


# --- a new place -------------------------------------------------------------------------------------------------


def test_a_new_place_is_on_file_at_once_under_the_key_that_the_phone_gave_it(town, key):
    taken = phone.take(steps.filled(town.zhang, place=key, creates=True))
    file = Establishment.objects.get(pk=key)
    assert (taken.file, file.name, file.operator.phone) == (file, "徐记油坊", "13912345678")
    assert (taken.subject.source, taken.subject.state, taken.subject.seen_on) == ("phone", "filed", DAY)


def test_the_same_answer_again_makes_nothing_more(town, key):
    said = steps.filled(town.zhang, place=key, creates=True)
    phone.take(said)
    again = phone.take(said)
    assert again.file.pk == key
    assert (Sheet.objects.count(), Establishment.objects.count()) == (1, 1)


def test_it_counts_for_the_day_on_which_she_stood_there(town, key):
    phone.take(steps.filled(town.zhang, place=key, creates=True))
    assert set(Event.objects.filter(file=key).values_list("move", "on")) == {("open", DAY), ("file", DAY)}
    assert Event.objects.get(move="send").on == DAY
    ours = Event.objects.filter(kind__in=("survey.sheet", "archive.file"))
    assert ours.filter(at__date__gt=DAY).count() == 3  # when it came in stands beside it


def test_a_place_that_may_be_on_file_waits_for_a_person_to_look(as_, town, tofu, key):
    taken = phone.take(steps.filled(town.zhang, place=key, creates=True, shop_name="王家豆腐坊"))
    assert (taken.file, taken.subject.state) == (None, "received")
    page = as_("zhang").get(taken.subject.get_absolute_url()).content.decode()
    assert "可能已有这一户" in page and "更新这一户" in page


# --- one that may be on file in another village ----------------------------------------------------------------


def next_door(town) -> tuple[Sheet, Establishment]:
    """Wang Xiulan's telephone stands on a workshop's file in the next village, which Zhang does not see."""
    theirs = cast.tofu_shop(town.li, area=NANYAO, name="南瑶豆腐坊", address="南瑶村1号", lat=31.75, lng=119.6)
    said = {"phone": "13861234567", "shop_name": "后阳新豆腐", "location": ""}
    return phone.take(steps.filled(town.zhang, place=uuid.uuid4(), creates=True, **said)).subject, theirs


def test_a_place_that_may_be_on_file_elsewhere_waits_for_the_food_safety_office(as_, town):
    sheet, theirs = next_door(town)
    assert sheet.state == "across" and sheet.file is None
    shown = as_("zhang").get(sheet.get_absolute_url()).content.decode()
    assert "镇里可能已有这一户，请食安办核对。" in shown
    assert theirs.name not in shown and theirs.number not in shown and str(theirs.pk) not in shown
    assert as_("zhang").post(f"/do/survey.sheet/{sheet.pk}/clear").status_code == 403


def test_the_office_sees_both_and_says_that_they_are_two(as_, town):
    sheet, theirs = next_door(town)
    assert sheet.title in as_("zhou").get("/").content.decode()
    shown = as_("zhou").get(sheet.get_absolute_url()).content.decode()
    assert theirs.name in shown and "联系电话相同" in shown
    assert as_("zhou").post(f"/do/survey.sheet/{sheet.pk}/clear", {"version": sheet.version}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == "received"
    flow.move(sheet, "file", town.zhang)
    assert sheet.file.pk != theirs.pk and sheet.file.area == HOUYANG


def test_nobody_files_it_before_the_office_has_looked(town):
    sheet, _theirs = next_door(town)
    with pytest.raises(Refused):
        flow.move(sheet, "file", town.zhang)


def test_who_sees_the_whole_town_is_told_as_ever(town):
    cast.tofu_shop(town.li, area=NANYAO, name="南瑶豆腐坊", lat=31.75, lng=119.6)
    sheet = phone.take(steps.filled(town.zhou, place=uuid.uuid4(), creates=True, phone="13861234567")).subject
    assert sheet.state == "received"


def test_what_was_found_to_be_on_file_is_found_again_by_the_phones_next_visit(town, tofu, key):
    waiting = phone.take(steps.filled(town.zhang, place=key, creates=True, shop_name="王家豆腐坊")).subject
    flow.move(waiting, "file", town.zhang, target=str(tofu.pk))
    next_one = phone.take(steps.filled(town.zhang, place=key, base={}, **{**WANGS, "water": "well"}))
    assert next_one.file.pk == tofu.pk


def test_a_new_place_filed_later_by_a_person_keeps_the_phones_key(town, tofu, key):
    waiting = phone.take(steps.filled(town.zhang, place=key, creates=True, shop_name="王家豆腐坊")).subject
    flow.move(waiting, "file", town.zhang)
    assert Sheet.objects.get(pk=waiting.pk).file_id == key


def test_an_update_of_a_place_that_waits_itself_waits_too_and_finds_it(as_, town, tofu, key):
    first = phone.take(steps.filled(town.zhang, place=key, creates=True, shop_name="王家豆腐坊")).subject
    second = phone.take(steps.filled(town.zhang, place=key, base={}, shop_name="王家豆腐坊", water="well")).subject
    assert second.state == "received"
    flow.move(first, "file", town.zhang)
    page = as_("zhang").get(second.get_absolute_url()).content.decode()
    assert "就是从这一户的档案填起的" in page


def test_who_holds_no_post_there_any_more_has_the_sheet_looked_at_by_others(town, key):
    Post.objects.filter(user=town.zhang).update(until=today() - timedelta(days=1))
    taken = phone.take(steps.filled(town.zhang, place=key, creates=True))
    assert (taken.file, taken.subject.state) == (None, "received")


def test_an_update_of_a_place_that_nobody_knows_is_refused_and_leaves_nothing(town, key):
    with pytest.raises(Refused, match="没有找到"):
        phone.take(steps.filled(town.zhang, place=key))
    assert Sheet.objects.count() == 0


# --- what is wrong is flagged, never refused ---------------------------------------------------------------------


def test_a_wrong_number_is_taken_and_flagged(as_, town, key):
    taken = phone.take(steps.filled(town.zhang, place=key, creates=True, id_number="320413190001010016", workers="8千"))
    assert {each["name"] for each in taken.subject.doubts} == {"id_number", "workers"}
    assert Operator.objects.get().id_number == "320413190001010016"
    assert "320413190001010016" not in str(taken.subject.doubts)
    page = as_("zhang").get(taken.subject.get_absolute_url()).content.decode()
    assert "末位校验不符" in page and "8千" in page


def test_a_day_in_the_future_is_clamped_to_today_and_flagged(town, key):
    ahead = today() + timedelta(days=900)
    said = steps.filled(town.zhang, place=key, creates=True, surveyed_on=ahead.isoformat(), observed_on=ahead)
    sheet = phone.take(said).subject
    assert sheet.seen_on == today()
    assert "surveyed_on" in {each["name"] for each in sheet.doubts}


def test_a_phone_that_believes_it_is_1970_is_not_believed(town, key):
    old = date(1970, 1, 1)
    said = steps.filled(town.zhang, place=key, creates=True, surveyed_on="1970-01-01", observed_on=old)
    assert phone.take(said).subject.seen_on == today()


def test_photos_keep_the_time_and_place_that_the_phone_told_at_once(town, key):
    told = {"a.jpg": {"taken_at": "2018-06-05T09:12:00+08:00", "lat": 31.72, "lng": 119.57, "mock": True}}
    picture = paper.photo().read()
    said = steps.filled(town.zhang, place=key, creates=True, told=told, files={"a.jpg": picture, "s.jpg": picture})
    said.answers.update(photos=[{"photo": "a.jpg"}, {"photo": "lost.jpg"}], signature="s.jpg")
    sheet = phone.take(said).subject
    photo = Attachment.objects.get(role="photo")
    assert (photo.taken_at.isoformat(), photo.lat, photo.file) == ("2018-06-05T01:12:00+00:00", 31.72, key)
    assert (sheet.missing, [d["name"] for d in sheet.doubts]) == (["position"], ["photos"])


@pytest.mark.parametrize(
    ("said", "told", "doubtful", "source"),
    [
        ("31.72 119.57 0 6.0", {"mock": True}, "模拟定位", "device"),  # our page on a phone that says so
        ("31.72 119.57 0 6.0", {"mock": False}, "", "device"),
        ("31.72 119.57 0 0.0", {"mock": False, "accuracy": 0}, "没有误差值", "device"),  # as no device says it
        ("31.72 119.57 0 0.0", {"hand": True}, "", "map"),  # our page: set on the map
        ("31.72 119.57 0.0 0.0", None, "没有误差值", "map"),  # Collect writes this of a made-up position
        ("31.72 119.57 0.0 4.5", None, "", "device"),
    ],
)
def test_a_position_that_is_made_up_is_flagged_without_any_photo(town, key, said, told, doubtful, source):
    known = {"location": told} if told else {}
    sheet = phone.take(steps.filled(town.zhang, place=key, creates=True, location=said, told=known)).subject
    found = [doubt["text"] for doubt in sheet.doubts if doubt["name"] == "location"]
    assert (len(found), all(doubtful in text for text in found)) == (bool(doubtful), True)
    assert (sheet.file.point_source, sheet.file.lat) == (source, 31.72)


def test_the_position_that_she_was_given_is_no_news(town, tofu):
    base = base_of(tofu)
    taken = brought(town, tofu, base, location="31.72 119.57 0 0", water="well")
    assert [doubt for doubt in taken.subject.doubts if doubt["name"] == "location"] == []
    assert (taken.subject.point_source, now_of(tofu).point_source) == ("map", "map")


# --- a place on file ---------------------------------------------------------------------------------------------


def test_what_only_the_phone_changed_is_taken(town, tofu):
    taken = brought(town, tofu, base_of(tofu), water="well")
    assert now_of(tofu).facts["water"] == "well"
    assert (taken.file.pk, taken.clashes, taken.merged) == (tofu.pk, (), ())


def test_what_only_the_office_changed_stays(town, tofu):
    base = base_of(tofu)
    flow.amend(tofu, town.zhang, "file.edit", address="后阳村新街1号")
    taken = brought(town, tofu, base, water="well")
    file = now_of(tofu)
    assert (file.address, file.facts["water"], taken.clashes) == ("后阳村新街1号", "well", ())
    assert "供水" in taken.merged


def test_disjoint_changes_say_so_on_the_sheet_and_in_the_timeline(as_, town, tofu):
    base = base_of(tofu)
    flow.amend(tofu, town.zhang, "file.edit", address="后阳村新街1号")
    taken = brought(town, tofu, base, water="well")
    sheet = as_("zhang").get(taken.subject.get_absolute_url()).content.decode()
    assert "两边都有修改，互不冲突，已合并" in sheet
    assert "办公室已改，保留" in as_("zhang").get(tofu.get_absolute_url()).content.decode()


def test_what_both_changed_differently_is_left_to_a_person(as_, town, tofu):
    base = base_of(tofu)
    flow.amend(tofu, town.chen, "file.edit", address="后阳村新街1号")
    taken = brought(town, tofu, base, address="后阳村老街14号", water="well")
    assert taken.clashes == (
        {"name": "address", "base": "后阳村老街12号", "ours": "后阳村新街1号", "theirs": "后阳村老街14号"},
    )
    assert (now_of(tofu).address, now_of(tofu).facts["water"]) == ("后阳村新街1号", "well")
    assert "待选定" in as_("zhang").get(tofu.get_absolute_url()).content.decode()


def test_what_both_changed_to_the_same_is_nothing_to_do(town, tofu):
    base = base_of(tofu)
    flow.amend(tofu, town.chen, "file.edit", address="后阳村老街14号")
    assert brought(town, tofu, base, address="后阳村老街14号").clashes == ()


def test_a_client_that_says_no_base_overwrites_nothing_that_was_changed_since_the_visit(town, tofu):
    flow.amend(tofu, town.chen, "file.edit", address="后阳村新街1号")
    taken = brought(town, tofu, None, water="well")
    assert [clash["name"] for clash in taken.clashes] == ["address"]
    assert now_of(tofu).facts["water"] == "well"


def test_a_telephone_that_both_changed_is_kept_sealed_until_somebody_chooses(town, tofu):
    base, person = base_of(tofu), tofu.operator
    person.phone = "13800000000"
    person.save()
    flow.log(person, "amend", town.chen, facts={"changes": {"phone": ["idx:1", "idx:2"]}})
    (clash,) = brought(town, tofu, base, phone="13911111111").clashes
    assert "139" not in str(clash["theirs"]) and "138" not in str(clash["ours"])
    assert served.say(tofu, "phone", clash["theirs"], town.zhang)[1] == "139****1111"
    served.adopt(tofu, {"phone": clash["theirs"]}, town.zhang)
    assert Operator.objects.get(pk=person.pk).phone == "13911111111"


def test_another_person_takes_the_place_over_whole_or_not_at_all(town, tofu):
    base = base_of(tofu)
    person = tofu.operator
    person.home = "后阳村9组"
    person.save()
    flow.log(person, "amend", town.chen, facts={"changes": {"home": ["", "后阳村9组"]}})
    taken = brought(town, tofu, base, operator_name="徐根宝", id_number=paper.XU, phone="13911111111",
                    home_address="后阳村1组")  # fmt: skip
    assert now_of(tofu).operator == person
    assert {"operator_name", "id_number", "phone"} <= {clash["name"] for clash in taken.clashes}


def test_a_merged_sheet_is_taken_back_exactly(town, tofu):
    base = base_of(tofu)
    flow.amend(tofu, town.zhang, "file.edit", address="后阳村新街1号")
    before = now_of(tofu).facts
    sheet = brought(town, tofu, base, water="well").subject
    flow.move(Sheet.objects.get(pk=sheet.pk), "unfile", town.zhang, reason="看错了人家")
    assert (now_of(tofu).facts, now_of(tofu).address) == (before, "后阳村新街1号")


def test_what_was_found_on_the_spot_comes_by_the_moves_of_the_file(town, tofu):
    brought(town, tofu, base_of(tofu), operating_state="suspended")
    assert now_of(tofu).state == "suspended"


# --- a place that is no longer what the phone thinks -------------------------------------------------------------


def test_a_stale_update_of_a_closed_place_says_so_and_writes_nothing(town, tofu):
    base = base_of(tofu)
    flow.move(tofu, "close", town.zhang, closing="self", reason="不做了")
    with pytest.raises(Refused, match=r"已登记为“已关停”.*那之前带走的"):
        brought(town, tofu, base, water="well")
    assert (now_of(tofu).state, now_of(tofu).facts["water"], Sheet.objects.count()) == ("closed", "tap", 0)


def test_a_closed_place_found_open_again_is_open_again(town, tofu):
    flow.move(tofu, "close", town.zhang, closing="self", reason="不做了")
    brought(town, tofu, base_of(tofu))
    assert now_of(tofu).state == "normal"


def test_a_banned_place_does_not_come_back_by_phone(town, tofu):
    flow.move(tofu, "close", town.chen, closing="banned", reason="取缔")
    with pytest.raises(Refused, match="已被取缔"):
        brought(town, tofu, base_of(tofu))


def test_a_place_merged_meanwhile_leads_to_the_one_that_stands(town, tofu):
    base, other = base_of(tofu), steps.sheet_of(Form.objects.latest_of("workshop"), town.zhang)
    flow.move(other, "file", town.zhang)
    survivor = Sheet.objects.get(pk=other.pk).file
    Establishment.objects.filter(pk=tofu.pk).update(merged_into=survivor)
    assert brought(town, tofu, base, workers="4").file.pk == survivor.pk


def test_a_place_whose_filing_was_taken_back_says_so(town, key):
    sheet = phone.take(steps.filled(town.zhang, place=key, creates=True)).subject
    flow.move(Sheet.objects.get(pk=sheet.pk), "unfile", town.zhang, reason="不是小作坊")
    with pytest.raises(Refused, match="建档已撤回"):
        phone.take(steps.filled(town.zhang, place=key, base={}))


def test_who_is_of_another_village_updates_nothing(town, tofu):
    taken = brought(town, tofu, base_of(tofu), who="li", water="well")
    assert (taken.file, taken.subject.state, now_of(tofu).facts["water"]) == (None, "received", "tap")


def test_a_table_of_another_village_updates_nothing(town, tofu):
    with pytest.raises(Refused, match="另一个村"):
        brought(town, tofu, base_of(tofu), who="zhou", village=NANYAO)


# --- the revisit -------------------------------------------------------------------------------------------------


def test_a_revisit_brings_the_file_up_to_date_with_few_questions(town, tofu):
    said = {**steps.REVISIT, "problems": "no_papers dirty", "location": "31.73 119.58 0 5"}
    taken = phone.take(steps.filled(town.zhang, code="revisit", place=tofu.pk, base=base_of(tofu), **said))
    file = now_of(tofu)
    assert (file.facts["problems"], file.facts["certificate_displayed"]) == (["no_papers", "dirty"], "none")
    assert (file.name, file.operator.name, file.facts["prohibited_found"]) == ("王家豆腐坊", "王秀兰", "no")
    assert (taken.subject.kind_id, file.lat, file.point_source) == ("workshop", 31.73, "device")


def test_a_revisit_that_finds_another_operator_says_who(town, tofu):
    said = {**steps.REVISIT, "same_operator": "no", "operator_name": "徐根宝"}
    phone.take(steps.filled(town.zhang, code="revisit", place=tofu.pk, base=base_of(tofu), **said))
    assert now_of(tofu).operator.name == "徐根宝"


def test_a_revisit_is_read_on_the_files_page_in_words(as_, town, tofu):
    said = {**steps.REVISIT, "certificate_displayed": "no"}
    phone.take(steps.filled(town.zhang, code="revisit", place=tofu.pk, base=base_of(tofu), **said))
    page = as_("zhang").get(tofu.get_absolute_url()).content.decode()
    assert "证照是否挂在明显处" in page and "未公示" in page


# --- what phones are given ---------------------------------------------------------------------------------------


def test_a_phone_is_given_no_personal_number_no_landlord_and_no_hardship(town, tofu):
    tofu.facts |= {"hardship": ["disabled"], "landlord": "钱老板", "zone_willing": "yes"}
    tofu.kind_id = "vendor"
    tofu.save()
    given = base_of(tofu)
    assert not {"hardship", "landlord", "id_number", "phone", "home_address"} & set(given)
    assert not {"13861234567", "320413190001010015", "后阳村3组", "钱老板"} & set(map(str, given.values()))
    assert (given["shop_name"], given["water"], given["village"]) == ("王家豆腐坊", "tap", HOUYANG)


def test_a_thousand_places_cost_as_many_queries_as_one(town, tofu, django_assert_num_queries):
    rows = list(Establishment.objects.select_related("operator"))
    served.values(rows)
    with django_assert_num_queries(3):
        served.values(rows * 50)


# --- choosing ----------------------------------------------------------------------------------------------------


def test_a_chosen_answer_takes_along_what_it_rules_out(town, tofu):
    tofu.facts |= {"additives": "yes", "additive_names": "石膏"}
    tofu.save()
    served.adopt(tofu, {"additives": "no", "opened_on": "2010-03-01", "operating_state": "suspended"}, town.zhang)
    file = now_of(tofu)
    assert (file.facts["additives"], file.state, file.opened_on) == ("no", "suspended", date(2010, 3, 1))
    assert "additive_names" not in file.facts


def test_nothing_is_written_into_a_file_that_was_taken_back(town, key):
    sheet = phone.take(steps.filled(town.zhang, place=key, creates=True)).subject
    flow.move(Sheet.objects.get(pk=sheet.pk), "unfile", town.zhang, reason="不是小作坊")
    with pytest.raises(Refused, match="已撤回"):
        served.adopt(Establishment.objects.get(pk=key), {"water": "well"}, town.zhang)
