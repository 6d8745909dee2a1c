"""建档: a sheet becomes a file, or brings one up to date; and it can be taken back exactly."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from sanxiao.archive.models import Establishment, Operator, Pitch
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.office.models import User
from sanxiao.papers.models import Number
from sanxiao.risk import keep
from sanxiao.survey import plans
from sanxiao.survey.doubles import options_for
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.tests import paper, steps
from tests import cast
from tests.cast import NANYAO


def again(sheet: Sheet) -> Sheet:
    return Sheet.objects.get(pk=sheet.pk)


def columns(file: Establishment) -> dict:
    kept = {f.attname: getattr(file, f.attname) for f in file._meta.concrete_fields}
    return {name: value for name, value in kept.items() if name not in ("version", "updated_at")}


def test_zhang_files_a_sheet_and_the_place_has_a_file(typed, town):
    sheet = typed("zhang")
    flow.move(sheet, "file", town.zhang)
    file = again(sheet).file
    assert (file.name, file.state, file.number) == ("徐记油坊", "normal", "DA320413100-ZF-00001")
    assert (file.operator.name, file.operator.phone) == ("徐根宝", "13912345678")
    assert file.facts["daily_output_kg"] == 100 and file.facts["packaging"] == ["bulk"]
    assert not {"id_number", "phone", "household_address", "shop_name"} & set(file.facts)
    assert file.missing == ["photo", "position", "signature"]


def test_the_proposed_class_follows_from_the_sheet(typed, town):
    from sanxiao.archive import classify

    sheet = typed("zhang", food_varieties="黄桃罐头")
    flow.move(sheet, "file", town.zhang)
    assert classify.propose(again(sheet).file).case == "3"


@pytest.mark.parametrize(("said", "state"), [
    ("normal", "normal"), ("seasonal", "seasonal"), ("suspended", "suspended"), ("lost", "lost"),
    ("moved", "moved"), ("closed", "closed"),
])  # fmt: skip
def test_the_state_of_business_comes_by_the_moves_of_the_file(typed, town, said, state):
    sheet = typed("zhang", operating_state=said)
    flow.move(sheet, "file", town.zhang)
    file = again(sheet).file
    assert file.state == state
    assert Event.objects.filter(subject=file.pk).count() == (1 if state == "normal" else 2)


def test_a_vendor_is_a_person_with_a_pitch_and_hours(typed, town):
    sheet = typed("zhang", "vendor")
    flow.move(sheet, "file", town.zhang)
    pitch = Pitch.objects.get(file=again(sheet).file)
    assert (pitch.name, pitch.market_days) == ("村口桥头", "农历逢五")
    assert pitch.windows == [{"days": [1, 3, 5], "from": "05:30", "to": "09:00"}]
    assert again(sheet).file.mobile is True


def test_one_operator_owns_a_workshop_and_a_stall(typed, town):
    for kind in ("workshop", "vendor"):
        flow.move(typed("zhang", kind), "file", town.zhang)
    assert Operator.objects.count() == 1
    assert Establishment.objects.count() == 2


def test_the_photos_of_the_sheet_show_on_the_file(as_, town):
    as_("zhang").post("/survey/new/workshop", {**paper.workshop(), "photos": [paper.photo()]})
    sheet = Sheet.objects.get()
    flow.move(sheet, "file", town.zhang)
    assert Attachment.objects.get().file == again(sheet).file_id
    flow.move(again(sheet), "unfile", town.zhang, reason="填错了")
    assert Attachment.objects.get().file is None


@pytest.mark.parametrize(("who", "sees"), [("zhang", True), ("chen", True), ("sun", False)])
def test_a_page_shows_no_picture_that_its_reader_may_not_open(as_, town, who, sees):
    as_("zhang").post("/survey/new/workshop", {**paper.workshop(), "photos": [paper.photo()]})
    sheet = Sheet.objects.get()
    flow.move(sheet, "file", town.zhang)
    reader, file = as_(who), again(sheet).file
    for tab in ("", "?tab=files"):
        shown = re.findall(r'src="(/files/[^"]+/thumb)"', reader.get(file.get_absolute_url() + tab).content.decode())
        assert bool(shown) == sees
        assert all(reader.get(address).status_code == 200 for address in shown)


# --- wrong people, wrong states --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["li", "qian", "sun", "he"])
def test_who_is_of_another_office_or_village_files_nothing(typed, town, who):
    sheet = typed("zhang")
    for move, facts in (("file", {}), ("void", {"reason": "x"})):
        with pytest.raises(flow.Refused):
            flow.move(again(sheet), move, getattr(town, who), **facts)


def test_the_cadre_next_door_gets_404_for_the_sheet(as_, typed):
    sheet = typed("zhang")
    li = as_("li")
    assert li.get(sheet.get_absolute_url()).status_code == 404
    assert li.get(f"{sheet.get_absolute_url()}paper.pdf").status_code == 404
    assert li.post(f"/do/survey.sheet/{sheet.pk}/file", {"version": 1}).status_code == 404


def test_a_voided_sheet_is_done_with_and_a_filed_one_cannot_be_voided(typed, town):
    sheet = typed("zhang")
    flow.move(sheet, "void", town.zhang, reason="重复录入")
    for move in ("file", "unfile", "void"):
        with pytest.raises(flow.Refused, match="当前状态"):
            flow.move(again(sheet), move, town.zhang, reason="x")
    other = typed("zhang", phone="13900000001", id_number=paper.XU)
    flow.move(other, "file", town.zhang)
    with pytest.raises(flow.Refused, match="当前状态"):
        flow.move(again(other), "void", town.zhang, reason="x")


def test_voiding_needs_a_reason(typed, town):
    with pytest.raises(flow.Refused, match="还缺"):
        flow.move(typed("zhang"), "void", town.zhang)


# --- bringing a file up to date --------------------------------------------------------------------------------


def test_the_page_shows_what_would_change_and_folds_what_is_the_same(as_, typed, town, tofu):
    sheet = typed("zhang", shop_name="王家豆腐坊", operator_name="王秀兰", phone="13861234567", water="well")
    (option,) = options_for(sheet, town.zhang)
    assert option.sure and "证件号码相同" in option.reasons
    changed = {row["label"]: (row["old"], row["new"]) for row in option.changes}
    assert changed["供水"] == ("自来水", "井水")
    page = as_("zhang").get(sheet.get_absolute_url()).content.decode()
    assert f"{len(option.changes)} 处变化，其余 {len(option.same)} 项相同" in page
    assert "更新这一户" in page and "新建一户" in page


def test_an_update_writes_one_event_that_names_every_change(typed, town, tofu):
    sheet = typed("zhang", shop_name="王家豆腐坊", operator_name="王秀兰", phone="13800000000", water="well")
    flow.move(sheet, "file", town.zhang, target=str(tofu.pk))
    tofu.refresh_from_db()
    event = Event.objects.get(subject=tofu.pk, move="resurvey")
    assert event.facts["changes"]["water"] == ["tap", "well"]
    assert all(str(part).startswith("idx:") for part in event.facts["changes"]["phone"])
    assert "13800000000" not in str(event.facts)
    assert (tofu.facts["water"], Operator.objects.get(pk=tofu.operator_id).phone) == ("well", "13800000000")
    assert Establishment.objects.count() == 1


def test_the_timeline_says_the_changes_in_words(as_, typed, town, tofu):
    sheet = typed("zhang", shop_name="王家豆腐坊", operator_name="王秀兰", water="well")
    flow.move(sheet, "file", town.zhang, target=str(tofu.pk))
    page = as_("zhang").get(tofu.get_absolute_url()).content.decode()
    assert "按调查表更新" in page and "供水：<del>自来水</del> → <ins>井水</ins>" in page


def test_an_answer_that_no_longer_applies_goes_and_one_that_is_not_given_stays(typed, town, tofu):
    tofu.facts = {**tofu.facts, "additives": "yes", "additive_names": "石膏", "cold_storage": "yes"}
    tofu.save()
    sheet = typed("zhang", shop_name="王家豆腐坊", operator_name="王秀兰", additives="no")
    flow.move(sheet, "file", town.zhang, target=str(tofu.pk))
    tofu.refresh_from_db()
    assert "additive_names" not in tofu.facts
    assert tofu.facts["cold_storage"] == "yes"


def test_a_new_operator_takes_the_place_over(typed, town, tofu):
    sheet = typed("zhang", shop_name="王家豆腐坊", operator_name="徐根宝", id_number=paper.XU, address=tofu.address)
    flow.move(sheet, "file", town.zhang, target=str(tofu.pk))
    tofu.refresh_from_db()
    assert tofu.operator.name == "徐根宝"
    assert Operator.objects.get(name="王秀兰").id_number == paper.WANG


def test_a_sheet_of_another_kind_or_village_updates_nothing(typed, town, tofu):
    for sheet in (typed("zhang", "vendor"), typed("zhou", village=NANYAO)):
        with pytest.raises(flow.Refused, match=r"类别不同|另一个村"):
            flow.move(sheet, "file", town.zhou, target=str(tofu.pk))


def test_nobody_updates_a_file_of_other_ground_by_its_number(typed, town, tofu):
    sheet = typed("li", village=NANYAO)
    with pytest.raises(flow.Refused, match="没有找到"):
        flow.move(sheet, "file", town.li, target=str(tofu.pk))


def test_the_choice_must_be_made_when_a_likely_file_exists(as_, typed, tofu):
    sheet = typed("zhang", shop_name="王家豆腐坊")
    answer = as_("zhang").post(f"/do/survey.sheet/{sheet.pk}/file", {"version": sheet.version})
    assert answer.status_code == 422
    done = as_("zhang").post(f"/do/survey.sheet/{sheet.pk}/file", {"version": sheet.version, "target": str(tofu.pk)})
    assert done.status_code == 302 and again(sheet).file_id == tofu.pk


def pressed(client, sheet, **said):
    return client.post(f"/do/survey.sheet/{sheet.pk}/file", {"version": sheet.version, **said})


def shown_on(client, sheet) -> str:
    """What the page carries of the files that it shows."""
    page = client.get(sheet.get_absolute_url()).content.decode()
    return re.search(r'name="seen" value="([^"]*)"', page)[1]


def test_what_the_office_wrote_while_she_looked_is_shown_before_it_is_overwritten(as_, typed, town, tofu):
    sheet, web, newest = typed("zhang", shop_name="王家豆腐坊", address="后阳村老街14号"), as_("zhang"), "后阳村新街3号"
    seen = shown_on(web, sheet)
    flow.amend(Establishment.objects.get(pk=tofu.pk), town.chen, "file.edit", address=newest)
    answer = pressed(web, sheet, target=str(tofu.pk), seen=seen)
    page = answer.content.decode()
    assert answer.status_code == 409 and "请核对后再建档" in page and newest in page and "checked" in page
    assert again(sheet).state == "received" and Establishment.objects.get(pk=tofu.pk).address == newest
    now_shown = re.search(r'name="seen" value="([^"]*)"', page)[1]
    assert pressed(web, again(sheet), target=str(tofu.pk), seen=now_shown).status_code == 302
    assert Establishment.objects.get(pk=tofu.pk).address == "后阳村老街14号"


def test_a_changed_operator_is_a_changed_file(as_, typed, town, tofu):
    sheet, web = typed("zhang", shop_name="王家豆腐坊"), as_("zhang")
    seen = shown_on(web, sheet)
    flow.amend(tofu.operator, town.chen, "file.edit", name="王秀英")
    answer = pressed(web, sheet, target=str(tofu.pk), seen=seen)
    assert answer.status_code == 409 and "王秀英" in answer.content.decode()


def test_a_like_place_that_was_filed_meanwhile_is_looked_at_before_another_is_made(as_, typed, town, tofu):
    sheet, web = typed("zhang", shop_name="王家豆腐坊"), as_("zhang")
    seen = shown_on(web, sheet)
    twin = cast.tofu_shop(town.zhang, name="王家豆腐坊")
    answer = pressed(web, sheet, target="new", seen=seen)
    page = answer.content.decode()
    assert answer.status_code == 422 and "刚刚又有相近的一户建了档" in page and str(twin.pk) in page
    assert pressed(web, sheet, target="new", seen=re.search(r'name="seen" value="([^"]*)"', page)[1]).status_code == 302


# --- taking it back --------------------------------------------------------------------------------------------


def test_what_a_sheet_made_is_void_again_and_its_number_too(typed, town):
    sheet = typed("zhang", operating_state="suspended")
    flow.move(sheet, "file", town.zhang)
    file = again(sheet).file
    flow.move(again(sheet), "unfile", town.zhang, reason="不是小作坊")
    file.refresh_from_db()
    assert (again(sheet).state, again(sheet).file, file.state) == ("received", None, "void")
    assert Number.objects.get(text=file.number).void_reason == "不是小作坊"
    flow.move(again(sheet), "file", town.zhang)
    assert again(sheet).file.number == "DA320413100-ZF-00002"


def test_what_a_sheet_changed_is_exactly_as_it_was(typed, town, tofu):
    keep.refresh([tofu])
    before, person = columns(Establishment.objects.get(pk=tofu.pk)), Operator.objects.get(pk=tofu.operator_id)
    sheet = typed("zhang", shop_name="王氏豆腐", operator_name="王秀兰", phone="13800000000", water="well",
                  operating_state="suspended", location_lat="31.70", location_lng="119.50")  # fmt: skip
    flow.move(sheet, "file", town.zhang, target=str(tofu.pk))
    flow.move(again(sheet), "unfile", town.zhang, reason="看错了人家")
    assert columns(Establishment.objects.get(pk=tofu.pk)) == before
    held = Operator.objects.get(pk=person.pk)
    assert (held.phone, held.name, held.home) == (person.phone, person.name, person.home)


def test_a_vendors_old_pitch_is_open_again(typed, town):
    first = typed("zhang", "vendor")
    flow.move(first, "file", town.zhang)
    file = again(first).file
    second = typed("zhang", "vendor", pitch="菜场西门", surveyed_on="2018-09-01")
    flow.move(second, "file", town.zhang, target=str(file.pk))
    assert plans.current_pitch(file).name == "菜场西门"
    assert Pitch.objects.get(name="村口桥头").until is not None
    flow.move(again(second), "unfile", town.zhang, reason="只去过一次")
    assert [p.name for p in Pitch.objects.filter(file=file)] == ["村口桥头"]
    assert plans.current_pitch(file).until is None


def test_a_filing_is_not_taken_back_once_the_file_was_worked_with(typed, town):
    sheet = typed("zhang")
    flow.move(sheet, "file", town.zhang)
    flow.amend(again(sheet).file, town.zhang, "file.edit", warden="王大爷")
    with pytest.raises(flow.Refused, match="不能撤回"):
        flow.move(again(sheet), "unfile", town.zhang, reason="x")


def test_printing_or_reading_a_number_does_not_keep_it_from_being_taken_back(as_, typed, town):
    sheet = typed("zhang")
    flow.move(sheet, "file", town.zhang)
    as_("zhang").get(f"{sheet.get_absolute_url()}paper.pdf")
    flow.move(again(sheet), "unfile", town.zhang, reason="x")
    assert again(sheet).state == "received"


# --- two at once -----------------------------------------------------------------------------------------------


@pytest.fixture
def shared(transactional_db, tmp_path):
    """Lets threads reach the test's data: SQLite's own lives in memory, so they get a copy in a file."""
    if connection.vendor != "sqlite":
        yield lambda: None
        return
    settings = connections.settings["default"]
    before = settings["NAME"]

    def share() -> None:
        copy = tmp_path / "shared.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        settings["NAME"] = str(copy)

    yield share
    settings["NAME"] = before


def press(pk, username: str) -> str:
    """One person's press on 建档, on a connection of its own, from the page as it was before anybody pressed."""
    try:
        flow.move(Sheet.objects.get(pk=pk, version=1), "file", User.objects.get(username=username))
    except (flow.Refused, Sheet.DoesNotExist) as refusal:
        return type(refusal).__name__
    else:
        return "filed"
    finally:
        connections.close_all()


def test_two_people_pressing_at_once_make_one_file(shared):
    town = cast.the_town()
    sheet = steps.sheet_of(Form.objects.latest_of("workshop"), town.zhang)
    shared()
    with ThreadPoolExecutor(2) as people:
        said = list(people.map(press, [sheet.pk] * 2, ["zhang", "chen"]))
        made = people.submit(_count_and_close).result()
    assert said.count("filed") == 1, said
    assert made == 1


def _count_and_close() -> int:
    try:
        return Establishment.objects.count()
    finally:
        connections.close_all()
