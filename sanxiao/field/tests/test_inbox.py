"""What has come is settled exactly once, in order, and never lost."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import translation

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow
from sanxiao.docket.models import Event
from sanxiao.docket.rooms import Taken
from sanxiao.field import inbox, settling, thread
from sanxiao.field.models import Clash, Served, Submission, SubmittedFile, Trouble
from sanxiao.field.tests import kit
from sanxiao.office.models import Post
from sanxiao.office.now import at, now
from sanxiao.survey import phone as survey_phone
from sanxiao.survey.models import Sheet
from tests import cast


@pytest.fixture
def form(phone):
    """The vendor's sheet as Zhang's phone was given it."""
    return kit.offered(phone)


def states():
    return dict(Submission.objects.order_by("received_at").values_list("instance", "state"))


def served_to(phone, form):
    phone.get(f"forms/{form.code}/{form.version}/media/places.csv")


# --- being taken -----------------------------------------------------------------------------------------------


def test_a_new_place_stands_under_the_key_that_the_phone_gave_it(phone, form):
    key = uuid.uuid4()
    phone.send(kit.answers(form, entity=kit.new_place(key)))
    assert inbox.drain() == 1
    assert Establishment.objects.get(pk=key).name == "徐记早点"
    assert Submission.objects.get().result["file"] == str(key)


def test_settling_twice_does_it_once(phone, form, desk):
    phone.send(kit.answers(form, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    inbox.drain()
    assert len(desk.taken) == 1


def test_the_answers_reach_the_room_with_their_groups_and_repeats_sorted(phone, form, desk):
    phone.send(kit.answers(form, photos=("p1.jpg",), entity=kit.new_place(uuid.uuid4())), kit.photo("p1.jpg"))
    inbox.drain()
    filled = desk.taken[0]
    assert filled.answers["shop_name"] == "徐记早点" and filled.answers["photos"] == [{"photo": "p1.jpg"}]
    assert list(filled.files) == ["p1.jpg"] and filled.area == cast.HOUYANG and filled.creates
    assert filled.observed_on.isoformat() == "2018-06-05" and not {"chosen_place", "new_place"} & set(filled.answers)


def test_a_change_comes_with_what_the_phone_was_given(phone, form, desk, stall):
    served_to(phone, form)
    given = stall.version
    stall.name = "办公室改的名"
    flow.move(stall, "resurvey", phone.row.user, within=True)
    phone.send(kit.answers(form, entity=kit.of_place(stall.pk, given)))
    inbox.drain()
    assert desk.taken[0].base["shop_name"] == "老街豆花摊" and desk.taken[0].place == stall.pk


def test_a_phone_that_was_given_nothing_has_no_base(phone, form, desk, stall):
    phone.send(kit.answers(form, entity=kit.of_place(stall.pk, stall.version)))
    inbox.drain()
    assert desk.taken[0].base is None


def test_what_was_given_is_remembered_once_for_every_version(phone, form, stall):
    served_to(phone, form)
    served_to(phone, form)
    assert Served.objects.filter(file=stall).count() == 1


def test_a_place_that_was_merged_meanwhile_is_the_one_that_stands_for_it(phone, form, desk, stall, tofu):
    Establishment.objects.filter(pk=stall.pk).update(merged_into=tofu)
    phone.send(kit.answers(form, entity=kit.of_place(stall.pk, 1)))
    inbox.drain()
    assert desk.taken[0].place == tofu.pk


def test_an_old_client_that_knows_no_entities_still_chooses_its_place(phone, form, desk, stall):
    phone.send(kit.answers(form, chosen=str(stall.pk)))
    inbox.drain()
    assert desk.taken[0].place == stall.pk and not desk.taken[0].creates


# --- waiting ---------------------------------------------------------------------------------------------------


def test_nothing_is_done_before_the_photos_are_there(phone, form, desk):
    xml = kit.answers(form, photos=("p1.jpg",), entity=kit.new_place(uuid.uuid4()))
    phone.send(xml)
    assert inbox.drain() == 0 and not desk.taken
    phone.send(xml, kit.photo("p1.jpg"))
    inbox.drain()
    assert len(desk.taken) == 1


def test_a_change_that_overtakes_the_making_of_its_place_waits_for_it(phone, form, desk):
    key, branch = uuid.uuid4(), uuid.uuid4()
    change = kit.answers(form, entity=kit.of_place(key, 1, branch=branch), shop_name="改过的名")
    phone.send(change)
    inbox.drain()
    assert list(states().values()) == ["held"] and not desk.taken
    phone.send(kit.answers(form, entity=kit.new_place(key)))
    inbox.drain()
    assert set(states().values()) == {"settled"} and Establishment.objects.get(pk=key).name == "改过的名"


def test_a_chain_made_offline_is_done_in_its_own_order(phone, form, desk, stall):
    served_to(phone, form)
    version, branch = stall.version, uuid.uuid4()
    names = ["一改", "二改", "三改"]
    chain = [
        kit.answers(form, entity=kit.of_place(stall.pk, version + n, version, branch), shop_name=name)
        for n, name in enumerate(names)
    ]
    for xml in (chain[2], chain[1], chain[0]):
        phone.send(xml)
        inbox.drain()
    assert [filled.answers["shop_name"] for filled in desk.taken] == names
    assert [filled.base["shop_name"] for filled in desk.taken] == ["老街豆花摊", "一改", "二改"]


def test_after_five_days_what_waits_is_taken_as_it_is_and_marked(phone, form, desk):
    key = uuid.uuid4()
    phone.send(kit.answers(form, entity=kit.of_place(key, 1, branch=uuid.uuid4()), operator_name="老王"))
    phone.send(kit.answers(form, photos=("p1.jpg",), entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    with at(now() + timedelta(days=4, hours=23)):
        assert inbox.force_old() == 0
    with at(now() + timedelta(days=5, hours=1)):
        assert "forced 2" in inbox.night()
    assert set(states().values()) == {"settled"} and Submission.objects.filter(forced=True).count() == 2
    assert Establishment.objects.filter(pk=key).exists()


def test_a_photo_that_comes_after_that_still_finds_its_matter(phone, form, desk):
    from sanxiao.docket.models import Attachment

    xml = kit.answers(form, photos=("p1.jpg",), entity=kit.new_place(uuid.uuid4()))
    phone.send(xml)
    Submission.objects.update(state="received", forced=True)
    inbox.drain()
    phone.send(xml, kit.photo("p1.jpg"))
    assert Attachment.objects.get().name == "p1.jpg"


# --- corrections -----------------------------------------------------------------------------------------------


def test_a_correction_changes_the_place_that_the_first_version_made(phone, form, desk):
    key, first = uuid.uuid4(), f"uuid:{uuid.uuid4()}"
    phone.send(kit.answers(form, instance=first, entity=kit.new_place(key)))
    inbox.drain()
    phone.send(kit.answers(form, deprecated=first, entity=kit.new_place(key), shop_name="徐记豆浆"))
    inbox.drain()
    assert (
        Establishment.objects.get(pk=key).name == "徐记豆浆"
        and Establishment.objects.filter(kind="vendor").count() == 1
    )
    assert desk.taken[1].base["shop_name"] == "徐记早点"


def test_a_correction_of_what_stands_in_trouble_clears_the_desk(phone, form, desk):
    first, key = f"uuid:{uuid.uuid4()}", uuid.uuid4()
    desk.refuses = "名称不全。"
    phone.send(kit.answers(form, instance=first, entity=kit.new_place(key)))
    inbox.drain()
    desk.refuses = ""
    phone.send(kit.answers(form, deprecated=first, entity=kit.new_place(key), shop_name="徐记豆浆"))
    inbox.drain()
    assert Trouble.objects.get().state == "done" and Establishment.objects.get(pk=key).name == "徐记豆浆"


def test_what_waited_for_one_in_trouble_goes_on_once_that_is_corrected(phone, form, desk):
    first, key, branch = f"uuid:{uuid.uuid4()}", uuid.uuid4(), uuid.uuid4()
    desk.refuses = "名称不全。"
    phone.send(kit.answers(form, instance=first, entity=kit.new_place(key)))
    phone.send(kit.answers(form, entity=kit.of_place(key, 1, "", branch), shop_name="徐记粥铺"))
    inbox.drain()
    assert list(states().values()) == ["trouble", "held"]
    desk.refuses = ""
    phone.send(kit.answers(form, deprecated=first, entity=kit.new_place(key), shop_name="徐记豆浆"))
    inbox.drain()
    assert list(states().values()) == ["trouble", "settled", "settled"]


def returned(town, reason="照片看不清"):
    """The village takes back what the last sheet brought, and sends the sheet back with a reason."""
    sheet = Sheet.objects.latest("created_at")
    if sheet.state == "filed":
        flow.move(sheet, "unfile", town.zhang, reason=reason)
    flow.move(Sheet.objects.get(pk=sheet.pk), "void", town.zhang, reason=reason)


def fate(page, instance):
    """What the phone is told of an answer."""
    said = page.api("status", {"instances": [instance]}).json()["instances"][instance]
    return said["state"], said["reason"]


def test_a_new_place_that_was_sent_back_is_on_file_again_once_it_is_mended(town):
    page, key, first, second = kit.Phone(town.zhang), uuid.uuid4(), f"uuid:{uuid.uuid4()}", f"uuid:{uuid.uuid4()}"
    edition = kit.offered(page)
    page.send(kit.answers(edition, instance=first, entity=kit.new_place(key)))
    inbox.drain()
    returned(town)
    assert fate(page, first) == ("returned", "照片看不清") and not Establishment.objects.current().exists()
    page.send(kit.answers(edition, instance=second, deprecated=first, entity=kit.new_place(key), shop_name="徐记豆浆"))
    inbox.drain()
    file = Establishment.objects.current().get()
    assert (fate(page, second), file.name) == (("settled", ""), "徐记豆浆")
    assert survey_phone.file_of(key) == file  # the next visit from that phone finds it


def test_a_sheet_that_waited_and_was_sent_back_waits_again_once_it_is_mended(town, tofu):
    cast.tofu_shop(town.zhang, kind_id="vendor", name="徐记早点")
    page, key, first, second = kit.Phone(town.zhang), uuid.uuid4(), f"uuid:{uuid.uuid4()}", f"uuid:{uuid.uuid4()}"
    like = {"operator_name": "王秀兰", "phone": "13861234567", "entity": kit.new_place(key)}
    page.send(kit.answers(kit.offered(page), instance=first, **like))
    inbox.drain()
    assert Sheet.objects.get().state == "received"
    returned(town)
    page.send(kit.answers(kit.offered(page), instance=second, deprecated=first, **like))
    inbox.drain()
    assert fate(page, second)[0] == "filing" and Sheet.objects.latest("created_at").state == "received"


@pytest.mark.parametrize("why", ["trouble", "sent back"])
def test_a_change_that_never_came_into_the_file_comes_with_its_correction(town, why):
    file = cast.tofu_shop(town.zhang, kind_id="vendor", name="老街豆花摊", facts={"water": "tap"})
    page, first, second = kit.Phone(town.zhang), f"uuid:{uuid.uuid4()}", f"uuid:{uuid.uuid4()}"
    edition = kit.offered(page)
    page.api("places")
    said = {"shop_name": file.name, "operator_name": "王秀兰", "water": "well"}
    said["entity"] = kit.of_place(file.pk, file.version)
    page.send(kit.answers(edition, instance=first, **said, village=cast.NANYAO if why == "trouble" else cast.HOUYANG))
    inbox.drain()
    if why == "sent back":
        returned(town)
    assert Establishment.objects.get(pk=file.pk).facts["water"] == "tap"
    page.send(kit.answers(edition, instance=second, deprecated=first, **said))
    inbox.drain()
    assert (fate(page, second)[0], Establishment.objects.get(pk=file.pk).facts["water"]) == ("settled", "well")


# --- trouble ---------------------------------------------------------------------------------------------------


def test_what_the_room_refuses_lies_on_a_desk_with_the_reason_and_nothing_is_changed(phone, form, desk):
    desk.refuses = "同名的摊位已有两家，请核对。"
    phone.send(kit.answers(form, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    row = Trouble.objects.get()
    assert row.reason == desk.refuses and row.state == "open" and row.area == cast.HOUYANG
    assert not Establishment.objects.filter(kind="vendor").exists()


def test_a_fault_of_the_program_loses_nothing(phone, form, desk):
    desk.breaks = True
    phone.send(kit.answers(form, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    assert "RuntimeError" in Trouble.objects.get().reason and "徐记早点" in Submission.objects.get().xml


def test_once_the_reason_is_gone_it_is_tried_again(phone, form, desk, as_):
    desk.refuses = "同名的摊位已有两家。"
    phone.send(kit.answers(form, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    desk.refuses = ""
    row = Trouble.objects.get()
    assert as_("zhang").post(f"/do/field.trouble/{row.pk}/retry").status_code == 302
    inbox.drain()
    row.refresh_from_db()
    assert row.state == "done" and list(states().values()) == ["settled"]


def test_trying_in_vain_leaves_it_on_the_desk_with_the_new_reason(phone, form, desk, as_):
    desk.refuses = "第一个原因。"
    phone.send(kit.answers(form, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    desk.refuses = "第二个原因。"
    as_("zhang").post(f"/do/field.trouble/{Trouble.objects.get().pk}/retry")
    inbox.drain()
    row = Trouble.objects.get()
    assert row.state == "open" and row.reason == "第二个原因。" and list(states().values()) == ["trouble"]


def test_what_nobody_can_use_is_dropped_with_a_reason_that_the_phone_shows(phone, form, desk, as_):
    desk.refuses = "看不懂。"
    instance = f"uuid:{uuid.uuid4()}"
    phone.send(kit.answers(form, instance=instance, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    row = Trouble.objects.get()
    assert as_("zhang").post(f"/do/field.trouble/{row.pk}/drop", {"reason": ""}).status_code == 422
    as_("zhang").post(f"/do/field.trouble/{row.pk}/drop", {"reason": "练习时填的"})
    said = phone.api("status", {"instances": [instance]}).json()["instances"][instance]
    assert (said["state"], said["reason"]) == ("returned", "练习时填的") and Submission.objects.count() == 1


@pytest.mark.parametrize("move", ["retry", "drop"])
def test_trouble_of_another_village_is_not_there_and_without_the_duty_it_is_refused(phone, form, desk, as_, move):
    desk.refuses = "看不懂。"
    phone.send(kit.answers(form, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    row = Trouble.objects.get()
    assert as_("li").post(f"/do/field.trouble/{row.pk}/{move}", {"reason": "x"}).status_code == 404
    assert as_("qian").post(f"/do/field.trouble/{row.pk}/{move}", {"reason": "x"}).status_code in (403, 404)
    Trouble.objects.update(state="done")
    assert as_("zhang").post(f"/do/field.trouble/{row.pk}/{move}", {"reason": "x"}).status_code == 409


def test_answers_about_another_village_lie_on_a_desk(phone, form, desk):
    phone.send(kit.answers(form, village=cast.NANYAO, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    assert not desk.taken and "张桂兰" in Trouble.objects.get().reason


def test_why_it_was_not_taken_is_said_to_each_in_his_own_language(phone, form, as_):
    instance, english = f"uuid:{uuid.uuid4()}", {"HTTP_ACCEPT_LANGUAGE": "en"}
    phone.send(kit.answers(form, instance=instance, village=cast.NANYAO, entity=kit.new_place(uuid.uuid4())))
    with translation.override("en"):  # whoever settles it, it is kept in both
        inbox.drain()
    asked = {"instances": [instance]}
    said = [phone.api("status", asked, **how).json()["instances"][instance]["reason"] for how in ({}, english)]
    assert "不负责" in said[0] and "does not do this work" in said[1]
    row, li = Submission.objects.get(), as_("li")
    assert said[0] in li.get(row.get_absolute_url()).content.decode()
    li.cookies["django_language"] = "en"
    assert said[1] in li.get(row.get_absolute_url()).content.decode()
    assert Trouble.objects.get().reason == said[0] and not Sheet.objects.exists()


def test_what_was_kept_in_one_language_is_still_shown(phone, form, desk):
    desk.refuses = "旧的原因。"
    phone.send(kit.answers(form, entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    Submission.objects.update(result={"reason": desk.refuses})
    with translation.override("en"):
        assert Trouble.objects.get().title.endswith(desk.refuses)


def test_what_it_waits_for_is_said_to_each_in_his_own_language(phone, form, desk):
    instance, key = f"uuid:{uuid.uuid4()}", uuid.uuid4()
    phone.send(kit.answers(form, instance=instance, entity=kit.of_place(key, 1)))
    inbox.drain()
    asked, english = {"instances": [instance]}, {"HTTP_ACCEPT_LANGUAGE": "en"}
    said = [phone.api("status", asked, **how).json()["instances"][instance]["reason"] for how in ({}, english)]
    assert said[0].startswith("等") and said[1] and said[1].isascii()


def test_a_place_of_another_village_cannot_be_changed(phone, form, desk, town):
    other = cast.tofu_shop(town.li, area=cast.NANYAO, kind_id="vendor")
    phone.send(kit.answers(form, entity=kit.of_place(other.pk, 1)))
    inbox.drain()
    other.refresh_from_db()
    assert not desk.taken and other.name == "王家豆腐坊"


def test_what_was_seen_while_the_post_was_held_is_taken_after_it_ended(phone, form, desk, town):
    Post.objects.filter(user=town.zhang).update(until="2018-06-30")
    phone.send(kit.answers(form, surveyed_on="2018-06-05", entity=kit.new_place(uuid.uuid4())))
    inbox.drain()
    assert len(desk.taken) == 1


def test_a_place_that_exists_cannot_be_made_again(phone, form, desk, stall):
    phone.send(kit.answers(form, entity=kit.new_place(stall.pk)))
    inbox.drain()
    assert Trouble.objects.count() == 1 and not desk.taken


def test_two_different_changes_of_one_answer_wait_for_a_person(phone, form, desk, stall, monkeypatch):
    fields = ({"name": "shop_name", "base": "甲", "ours": "乙", "theirs": "丙"},)
    monkeypatch.setattr(desk, "_renamed", lambda filled: stall)
    plain = desk.take

    def clashing(filled):
        taken = plain(filled)
        return Taken(taken.subject, taken.file, ("地址",), fields)

    import dataclasses

    from sanxiao.docket import rooms

    fill = dataclasses.replace(desk.fill(), take=clashing)
    monkeypatch.setitem(rooms._rooms, "survey", dataclasses.replace(rooms._rooms["survey"], fills=(fill,)))
    phone.send(kit.answers(form, entity=kit.of_place(stall.pk, 1)))
    inbox.drain()
    row = Clash.objects.get()
    assert row.file == stall and row.fields[0]["theirs"] == "丙" and row.state == "open"
    assert Submission.objects.get().result["merged"] == ["地址"]


# --- many at once ----------------------------------------------------------------------------------------------


def at_once(acts):
    """Do all of it at the same moment, each in a thread of its own; what each of them gave."""
    gate, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        gate.wait()
        try:
            given[number] = act()
        except Exception as error:
            given[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=row) for row in enumerate(acts)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    return given


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Parallel requests against one database."""

    @pytest.fixture(autouse=True)
    def _own_connections(self, transactional_db):
        if connection.is_in_memory_db() if connection.vendor == "sqlite" else False:
            pytest.skip("SQLite in memory is one connection: nothing can race")

    @pytest.fixture
    def town(self, transactional_db):
        return cast.the_town()

    def test_five_times_the_same_at_once_is_one(self, town, desk):
        phone = kit.Phone(town.zhang)
        form = kit.offered(phone)
        for _round in range(10):
            xml = kit.answers(form, entity=kit.new_place(uuid.uuid4()))
            sends = [lambda xml=xml: _send(phone.key, xml) for _n in range(5)]
            assert at_once(sends) == [201] * 5
        assert Submission.objects.count() == 10

    def test_two_corrections_at_once_one_wins(self, town, desk):
        phone = kit.Phone(town.zhang)
        form = kit.offered(phone)
        for _round in range(10):
            first = f"uuid:{uuid.uuid4()}"
            phone.send(kit.answers(form, instance=first))
            edits = [kit.answers(form, deprecated=first, shop_name=f"改{n}") for n in range(3)]
            assert sorted(at_once([lambda x=x: _send(phone.key, x) for x in edits])) == [201, 409, 409]

    def test_five_drains_at_once_take_each_row_once(self, town, desk):
        phone = kit.Phone(town.zhang)
        form = kit.offered(phone)
        for _n in range(12):
            phone.send(kit.answers(form, entity=kit.new_place(uuid.uuid4())))
        at_once([inbox.drain] * 5)
        inbox.drain()
        assert set(states().values()) == {"settled"} and not Trouble.objects.exists()
        assert Event.objects.filter(kind="archive.file", move="open").count() == 12 == len({f.id for f in desk.taken})
        assert len(desk.taken) == 12

    def test_without_the_lock_rows_are_taken_twice(self, town, desk, monkeypatch):
        """The negative control: what the test before sees when nothing guards a row."""
        phone = kit.Phone(town.zhang)
        form = kit.offered(phone)
        for _n in range(12):
            phone.send(kit.answers(form, entity=kit.new_place(uuid.uuid4())))

        def unguarded(pk):
            row = Submission.objects.get(pk=pk)
            settling.settle(row)
            return set()

        monkeypatch.setattr(inbox, "_one", unguarded)
        at_once([inbox.drain] * 5)
        assert len(desk.taken) > 12

    def overtaken(self, town, desk, monkeypatch):
        """A change is looked at before its place was made, and is laid aside when that has been done meanwhile."""
        phone = kit.Phone(town.zhang)
        form, key, branch = kit.offered(phone), uuid.uuid4(), uuid.uuid4()
        phone.send(kit.answers(form, entity=kit.of_place(key, 1, branch=branch), shop_name="改过的名"))
        look = settling.why_wait

        def slowly(row, sent):
            reason = look(row, sent)
            if reason:
                monkeypatch.setattr(settling, "why_wait", look)
                assert at_once([lambda: _send(phone.key, kit.answers(form, entity=kit.new_place(key)))]) == [201]
                at_once([inbox.drain])
            return reason

        monkeypatch.setattr(settling, "why_wait", slowly)
        at_once([inbox.drain])
        inbox.drain()
        return sorted(states().values())

    def test_who_waits_looks_once_more(self, town, desk, monkeypatch):
        assert self.overtaken(town, desk, monkeypatch) == ["settled", "settled"]

    def test_without_the_second_look_he_would_wait_for_days(self, town, desk, monkeypatch):
        """The negative control; and the night watch finds him."""
        with monkeypatch.context() as off:
            off.setattr(settling, "free", lambda keys: set())
            assert self.overtaken(town, desk, off) == ["held", "settled"]
        inbox.night()
        assert set(states().values()) == {"settled"}


def _send(key, xml):
    web = kit.Phone.__new__(kit.Phone)
    web.key, web.web = key, Client()
    return web.send(xml).status_code


# --- photos are looked at behind the 201 -----------------------------------------------------------------------


def test_the_copies_that_people_see_are_made_behind_the_receipt(phone, form):
    answer = phone.send(kit.answers(form, photos=("p1.jpg",), entity=kit.new_place(uuid.uuid4())), kit.photo("p1.jpg"))
    assert answer.status_code == 201
    blob = SubmittedFile.objects.get().blob
    assert (blob.width, blob.height) == (40, 30) and files.path_of(blob.pk).exists()
    assert not files.path_of(blob.pk, "view").exists()
    inbox.drain()
    assert files.path_of(blob.pk, "view").exists() and files.path_of(blob.pk, "thumb").exists()


def test_a_photo_that_breaks_off_is_found_out_behind_the_receipt_and_noted(phone, form):
    whole = kit.photo("p1.jpg")
    data = whole.read()
    broken = SimpleUploadedFile("p1.jpg", data[: len(data) * 2 // 3], "image/jpeg")
    assert (
        phone.send(kit.answers(form, photos=("p1.jpg",), entity=kit.new_place(uuid.uuid4())), broken).status_code == 201
    )
    inbox.drain()
    held = SubmittedFile.objects.get()
    assert held.blob is None and "不是可用的照片" in held.fault
    assert Submission.objects.get().state == "settled"


def test_what_is_no_picture_at_all_is_noted_at_once(phone, form):
    text = SimpleUploadedFile("p1.jpg", b"<svg/>", "image/jpeg")
    assert phone.send(kit.answers(form, photos=("p1.jpg",)), text).status_code == 201
    assert "不是可用的照片" in SubmittedFile.objects.get().fault
    with translation.override("en"):
        assert SubmittedFile.objects.get().wrong.isascii()


def test_two_threads_that_store_the_same_photo_leave_it_whole(settings, tmp_path):
    settings.BLOB_DIR = tmp_path
    data = kit.photo().read() + b"x" * 3_000_000
    ready = threading.Barrier(4)

    def store() -> None:
        ready.wait()
        files.stored(data)

    threads = [threading.Thread(target=store) for _n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept.read_bytes() == data


# --- who settles -----------------------------------------------------------------------------------------------


def test_a_process_of_its_own_settles_and_the_web_workers_leave_it_the_turn(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    done = threading.Event()
    rounds: list[int] = []

    class Ended(Exception):
        """The process is ended."""

    def pause(_seconds: float) -> None:
        if done.is_set():
            raise Ended

    def work() -> None:
        rounds.append(1)
        with thread._turn() as mine:
            rounds.append(int(mine))
        done.set()

    monkeypatch.setattr(thread, "sleep", pause)
    monkeypatch.setattr(thread, "close_old_connections", lambda: None)
    monkeypatch.setattr(thread, "QUIET", 0.0)
    with pytest.raises(Ended):
        thread.settle_for_all(work)
    thread._running.clear()
    assert rounds == [1, 0]
