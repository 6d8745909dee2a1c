"""New, moved, rested, closed, reopened: with date, reason and the chain from old to new."""

from datetime import date

import pytest

from sanxiao.archive import life
from sanxiao.archive.models import Classification, Establishment, Operator, Pitch
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Deadline, Event
from sanxiao.office.now import at
from tests import cast
from tests.cast import HOUYANG, NANYAO


def fresh(file) -> Establishment:
    return Establishment.objects.get(pk=file.pk)


def go(file, move) -> str:
    return f"/do/archive.file/{file.pk}/{move}"


def moved_to_nanyao(town, file) -> Establishment:
    flow.move(file, "transfer", town.zhang, new_area=NANYAO, address="南瑶村8号", reason="搬家")
    flow.sign(fresh(file), town.zhou, agrees=True)
    return fresh(file)


MOVES = [  # from which state, move, facts, to which
    ("normal", "rest", {"reason": "装修改造"}, "suspended"),
    ("normal", "season", {"reason": "只做中秋前后"}, "seasonal"),
    ("suspended", "lose", {"reason": "电话停机"}, "lost"),
    ("lost", "resume", {}, "normal"),
    ("normal", "relocate", {"address": "后阳村新街3号", "reason": "租约到期"}, "normal"),
    ("lost", "leave", {"reason": "去了邻镇"}, "moved"),
    ("suspended", "close", {"closing": "self", "reason": "不做了"}, "closed"),
    ("moved", "reopen", {"reason": "回来了"}, "normal"),
]


@pytest.mark.parametrize(("frm", "move", "facts", "to"), MOVES)
def test_each_step_of_a_life_works_for_the_own_village_alone(town, tofu, frm, move, facts, to):
    Establishment.objects.filter(pk=tofu.pk).update(state=frm)
    for other in (town.li, town.sun, town.feng):
        with pytest.raises(flow.Refused):
            flow.move(fresh(tofu), move, other, **facts)
    flow.move(fresh(tofu), move, town.zhang, **facts)
    assert fresh(tofu).state == to


@pytest.mark.parametrize(("frm", "move", "facts", "to"), MOVES)
def test_no_step_works_from_the_wrong_state(town, tofu, frm, move, facts, to):
    Establishment.objects.filter(pk=tofu.pk).update(state="void")
    with pytest.raises(flow.Refused) as refusal:
        flow.move(fresh(tofu), move, town.zhang, **facts)
    assert refusal.value.code == "state"


def test_a_relocation_keeps_the_old_address_and_point(as_, tofu):
    said = {"on": "2018-09-01", "address": "后阳村新街3号", "lat": "31.722", "lng": "119.575", "reason": "租约到期"}
    with at(date(2018, 9, 10)):
        assert as_("zhang").post(go(tofu, "relocate"), said | {"version": 1}).status_code == 302
    event = Event.objects.get(move="relocate")
    assert event.on == date(2018, 9, 1)
    assert event.facts["changes"] == {
        "address": ["后阳村老街12号", "后阳村新街3号"], "lat": [31.72, 31.722], "lng": [119.57, 119.575],
    }  # fmt: skip
    page = as_("zhang").get(tofu.get_absolute_url()).content.decode()
    assert "后阳村老街12号 → 后阳村新街3号，租约到期" in page


def test_a_relocation_without_a_point_leaves_none_and_says_it_is_missing(town, tofu):
    flow.move(tofu, "relocate", town.zhang, address="后阳村新街3号", reason="租约到期")
    assert (fresh(tofu).lat, fresh(tofu).missing, fresh(tofu).point_source) == (None, ["position"], "")


def test_half_a_point_is_refused_beside_its_field(as_, tofu):
    said = {"address": "新街3号", "lat": "31.7", "reason": "租约到期", "version": 1}
    answer = as_("zhang").post(go(tofu, "relocate"), said)
    assert answer.status_code == 422
    assert "经度和纬度要一起填写" in answer.content.decode()
    assert as_("zhang").post(go(tofu, "relocate"), said | {"lat": "310", "lng": "119"}).status_code == 422


def test_the_form_offers_the_towns_reasons_and_the_day(as_, tofu):
    page = as_("zhang").get(go(tofu, "rest")).content.decode()
    assert "装修改造" in page and 'type="date"' in page
    close = as_("zhang").get(go(tofu, "close")).content.decode()
    assert "自行关停" in close and "依法取缔" not in close
    assert "依法取缔" in as_("chen").get(go(tofu, "close")).content.decode()


def test_a_village_does_not_ban_and_the_banned_do_not_come_back(town, tofu):
    with pytest.raises(flow.Refused, match="取缔由金城分局"):
        flow.move(tofu, "close", town.zhang, closing="banned", reason="无证")
    flow.move(fresh(tofu), "close", town.chen, closing="banned", reason="无证")
    with pytest.raises(flow.Refused, match="已被取缔"):
        flow.move(fresh(tofu), "reopen", town.chen, reason="想再开")


def test_closing_asks_how(as_, tofu):
    answer = as_("zhang").post(go(tofu, "close"), {"reason": "不做了", "version": 1})
    assert answer.status_code == 422
    assert fresh(tofu).state == "normal"


@pytest.mark.parametrize(("case", "batch", "state"), [("3", "phase_out", "settled"), ("1", "regulate", "underway")])
def test_of_a_place_that_is_gone_no_first_task_is_due(town, tofu, case, batch, state):
    opinion = Classification(file=tofu, area=tofu.area)
    flow.move(opinion, "propose", town.zhang, proposed_case=case, proposed_batch=batch)
    flow.move(opinion, "decide", town.chen, within=True, case=case, batch=batch)
    assert Deadline.objects.filter(done_on=None, term="act").exists()
    flow.move(fresh(tofu), "close", town.zhang, closing="self", reason="歇业")
    assert not Deadline.objects.filter(done_on=None).exists()
    assert Classification.objects.get().state == state


def test_the_chain_reads_by_the_day_it_happened(town, tofu):
    with at(date(2019, 3, 1)):
        flow.move(tofu, "rest", town.zhang, reason="家中有事", on=date(2019, 1, 8))
    with at(date(2019, 3, 2)):
        flow.move(tofu, "relocate", town.zhang, address="新街3号", reason="拆迁", on=date(2018, 9, 1))
    steps = [(str(step["on"]), step["name"]) for step in life.chain(tofu)]
    assert steps[:2] == [("2018-09-01", "登记搬迁"), ("2019-01-08", "登记停业")]


def test_a_new_place_of_the_same_person_names_the_old_one(as_, town, tofu):
    flow.move(tofu, "close", town.zhang, closing="moved", reason="搬到新街")
    new = cast.tofu_shop(town.zhang, name="王家豆腐坊新店")
    Establishment.objects.filter(pk=new.pk).update(operator=tofu.operator)
    zhang = as_("zhang")
    said = edit_of(fresh(new)) | {"predecessor": str(tofu.pk)}
    assert zhang.post(f"/archive/{new.pk}/edit", said).status_code == 302
    assert "前身" in zhang.get(new.get_absolute_url()).content.decode()
    assert "后来另开" in zhang.get(tofu.get_absolute_url()).content.decode()
    ring = zhang.post(f"/archive/{tofu.pk}/edit", edit_of(fresh(tofu)) | {"predecessor": str(new.pk)})
    assert ring.status_code == 422 and "不能反过来" in ring.content.decode()


def edit_of(file) -> dict[str, str]:
    person = file.operator
    return {
        "name": file.name, "address": file.address, "lat": file.lat or "", "lng": file.lng or "",
        "version": file.version, "operator_name": person.name, "id_type": person.id_type,
        "home": person.home, "warden": file.warden,
    }  # fmt: skip


# To another village


def test_after_a_transfer_the_new_village_sees_it_and_the_old_one_does_not(as_, town, tofu):
    zhang, li = as_("zhang"), as_("li")
    moved_to_nanyao(town, tofu)
    assert zhang.get(tofu.get_absolute_url()).status_code == 404
    page = li.get(tofu.get_absolute_url()).content.decode()
    assert "后阳村 → 南瑶村" in page
    assert Event.objects.get(move="transfer").facts["changes"]["area"] == [HOUYANG, NANYAO]
    assert (fresh(tofu).lat, fresh(tofu).missing) == (None, ["position"])


def test_what_hangs_on_a_file_goes_along_and_the_log_keeps_its_place(as_, town, tofu):
    opinion = Classification(file=tofu, area=tofu.area)
    flow.move(opinion, "propose", town.zhang, proposed_case="1", proposed_batch="regulate")
    flow.move(opinion, "decide", town.chen, case="1", batch="regulate")
    spot = Pitch.objects.create(file=tofu, area=tofu.area, name="东门")
    moved_to_nanyao(town, fresh(tofu))
    for rows in (Classification, Pitch, Operator, Deadline):
        assert set(rows.objects.values_list("area", flat=True)) == {NANYAO}, rows
    assert spot.area == HOUYANG  # as it was read before
    assert Event.objects.get(move="decide").area == HOUYANG
    assert not Classification.objects.seen_by(town.zhang).exists()
    assert Classification.objects.seen_by(town.li).exists()


def test_a_person_with_another_place_there_stays_with_it(town, tofu):
    stays = cast.tofu_shop(town.zhang, name="老店")
    Establishment.objects.filter(pk=stays.pk).update(operator=tofu.operator)
    moved_to_nanyao(town, tofu)
    assert Operator.objects.get(pk=tofu.operator_id).area == HOUYANG


def test_photos_are_no_longer_seen_by_the_old_village(as_, town, tofu, photo):
    zhang, li = as_("zhang"), as_("li")
    zhang.post(f"/archive/{tofu.pk}/attach", {"photo": photo})
    url = f"/files/{Attachment.objects.get().pk}/view"
    assert (zhang.get(url).status_code, li.get(url).status_code) == (200, 404)
    moved_to_nanyao(town, fresh(tofu))
    assert (zhang.get(url).status_code, li.get(url).status_code) == (404, 200)


def test_nobody_transfers_to_nowhere(as_, tofu):
    for wrong in ("", HOUYANG, "320413100000", "999999999999"):
        said = {"new_area": wrong, "address": "某处", "reason": "搬家", "version": 1}
        assert as_("zhang").post(go(tofu, "transfer"), said).status_code == 422
