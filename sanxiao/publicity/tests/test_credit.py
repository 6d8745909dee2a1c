"""A person's credit record follows from what happened, over all his places; objection and repair."""

from datetime import date

import pytest

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket import flow
from sanxiao.enforcement.models import Barred, Incident
from sanxiao.inspection.talk_models import Talk
from sanxiao.office.now import at
from sanxiao.publicity import credit
from sanxiao.publicity.models import Person, Repair
from sanxiao.publicity.rules import REPAIR
from sanxiao.zones.models import Zone
from sanxiao.zones.tests import steps as zones
from tests.cast import NANYAO, tofu_shop

LATER = date(2026, 12, 1)


def record(file):
    return credit.record_of(Operator.objects.get(pk=file.operator_id))


def ask(file, by, **changes):
    entry = record(file).entries[0]
    request = REPAIR.begun(by, {"file": str(file.pk)})
    flow.move(request, "ask", by, **{"request": "objection", "entry": entry.key, "reason": "不是我的店"} | changes)
    return request


def test_nothing_has_happened_and_the_record_is_good(town, tofu):
    found = record(tofu)
    assert (found.points, found.band.key, found.entries) == (100, "good", ())


def test_a_penalty_counts_for_three_years_in_words(people, closed):
    found = record(closed.file)
    [entry] = found.entries
    assert (entry.kind, entry.points, entry.until) == ("penalty", -10, date(2029, 5, 11))
    assert found.points == 90 and "基础分 100，加减后 90 分" in found.why and "罚款" in entry.words
    with at(date(2029, 5, 12)):
        assert record(closed.file).points == 100 and len(record(closed.file).entries) == 1


def test_it_is_the_persons_over_all_his_places(people, closed):
    other = tofu_shop(people.li, area=NANYAO, name="王家第二店", address="南瑶村1号")
    assert record(other).points == 90 and record(other).entries[0].place == "王家豆腐坊"
    nobody = Operator.objects.create(name="王秀兰", area=NANYAO)  # the same name alone is not the same person
    assert credit.record_of(nobody).points == 100


def test_violence_and_a_ban_put_a_person_in_the_lowest_band(people, tofu):
    Incident.objects.create(file=tofu, area=tofu.area, on=date(2026, 5, 1), harm="hands", said="推搡执法人员")
    found = record(tofu)
    assert (found.points, found.band.key) == (60, "bad") and "暴力阻碍执法" in found.why
    Incident.objects.all().delete()
    barred = Barred(area=tofu.area, name="王秀兰", since=date(2026, 1, 1), basis="吊销")
    barred.id_number = tofu.operator.id_number
    barred.save()
    assert record(tofu).band.key == "bad" and "限制从业名单" in record(tofu).why


def test_a_talk_is_listed_without_points_and_a_broken_promise_takes_some(people, tofu, as_):
    day = date(2026, 5, 4)
    talk = Talk.objects.create(file=tofu, area=tofu.area, cause="防蝇设施一直没有装", state="called", meet_on=day)
    assert record(tofu).entries == ()  # called in is not yet talked to
    Talk.objects.update(state="promised", held_on=day)
    [entry] = record(tofu).entries
    assert (entry.kind, entry.on, entry.words) == ("talk", day, "防蝇设施一直没有装；兑现承诺中")
    assert record(tofu).points == 100 and not entry.is_bad
    tab = as_("zhang").get(f"/archive/{tofu.pk}/?tab=credit").content.decode()
    assert "责任约谈" in tab and "兑现承诺中" in tab and "+0" not in tab
    talk.refresh_from_db()
    flow.move(talk, "break", people.chen, seen_on=date(2026, 5, 11), effect="纱窗没有装")
    broken, held = record(tofu).entries
    assert (broken.kind, broken.points, broken.words) == ("promise_broken", -3, "纱窗没有装")
    assert held.words.endswith("承诺未兑现") and record(tofu).points == 97


def test_honours_come_to_a_most(people, tofu):
    row = {"code": "training", "points": 2, "months": 12, "most": 4, "text": "培训"}
    entries = [credit._entry(row, tofu, date(2026, 5, n), "") for n in (1, 2, 3)]
    rules = credit.Rules.of(tofu.area)
    kept = list(credit._capped(entries, rules))
    assert [e.capped for e in kept] == [False, False, True]


def test_a_stall_in_a_model_zone_is_an_honour(town):
    with at(zones.JUNE):
        zone, stall = zones.opened(town), zones.vendor(town.zhang, "李家煎饼")
        zones.moved_in(zone, stall, town.zhang)
        assert record(stall).entries == ()
        Zone.objects.filter(pk=zone.pk).update(state="model")
        [entry] = record(stall).entries
    assert (entry.kind, entry.points, entry.words) == ("model_zone", 2, zone.called)


def test_an_objection_that_stands_takes_the_line_out_of_the_sum(people, closed):
    request = ask(closed.file, people.zhang)
    assert request.state == "asked" and request.words.startswith("2026-05-11 受到行政处罚") and request.due_on
    flow.move(request, "grant", people.chen, note="处罚对象有误")
    found = record(closed.file)
    assert found.points == 100 and found.entries[0].repair == request and request.answer == "处罚对象有误"
    with pytest.raises(flow.Refused, match="没有这一条"):
        ask(closed.file, people.zhang)


def test_a_refusal_has_its_reason_and_the_line_stays(people, closed):
    request = ask(closed.file, people.zhang)
    with pytest.raises(flow.Refused, match="还缺"):
        flow.move(request, "refuse", people.chen)
    flow.move(request, "refuse", people.chen, reason="处罚决定没有错")
    assert record(closed.file).points == 90
    assert ask(closed.file, people.zhang).state == "asked"  # asked again with better reasons


def test_who_asked_does_not_decide_and_others_do_neither(people, closed):
    request = ask(closed.file, people.chen)
    with pytest.raises(flow.Refused, match="不同的人"):
        flow.move(request, "grant", people.chen)
    for who in ("zhang", "zhou", "sun", "qian"):
        with pytest.raises(flow.Refused, match="不归您"):
            flow.move(request, "grant", getattr(people, who))
    for who in ("sun", "qian"):
        with pytest.raises(flow.Refused, match="不归您"):
            ask(closed.file, getattr(people, who))
    with pytest.raises(flow.Refused, match="已经有申请"):
        ask(closed.file, people.zhou)


def test_a_repair_takes_its_time(people, closed):
    with pytest.raises(flow.Refused, match="最短期限"):
        ask(closed.file, people.zhang, request="repair")
    with at(LATER):
        assert ask(closed.file, people.zhang, request="repair").state == "asked"


def test_a_line_that_is_none_is_refused_and_what_was_typed_stays(people, closed, as_):
    url = f"/do/publicity.repair/new/ask?file={closed.file_id}"
    answer = as_("zhang").post(url, {"request": "objection", "entry": "penalty:x", "reason": "我没有被罚"})
    assert answer.status_code == 422 and "我没有被罚" in answer.content.decode() and not Repair.objects.exists()
    assert as_("li").get(url).status_code == 404


def test_the_file_shows_the_record_and_the_page_prints_it(people, closed, as_):
    tab = as_("zhang").get(f"/archive/{closed.file_id}/?tab=credit").content.decode()
    assert "守信" in tab and "受到行政处罚" in tab and "-10" in tab
    url = f"/publicity/credit/{closed.file.operator_id}/"
    page = as_("zhang").get(url).content.decode()
    assert "异议、修复" in page and as_("li").get(url).status_code == 404
    assert as_("zhang").get(f"{url}print").content.startswith(b"%PDF")
    assert "异议、修复" not in as_("qian").get(url).content.decode()


def test_the_list_asks_as_often_for_one_as_for_many(people, closed, as_, django_assert_max_num_queries):
    client = as_("chen")
    client.get("/publicity/credit/")
    with django_assert_max_num_queries(65) as one:
        assert "90" in client.get("/publicity/credit/?band=good").content.decode()
    for n in range(8):
        file = tofu_shop(people.zhang, name=f"店{n}", address=f"后阳村{n}")
        Operator.objects.filter(pk=file.operator_id).update(id_number_index=f"x{n}")
    with django_assert_max_num_queries(len(one)):
        client.get("/publicity/credit/?band=good")
    assert "没有符合条件" in client.get("/publicity/credit/?band=bad").content.decode()
    assert Person.objects.count() == 9 == Establishment.objects.count()
