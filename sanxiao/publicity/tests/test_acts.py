"""Acts of publicity: channel, text and edition, reach; who has done none."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sanxiao.docket import flow
from sanxiao.publicity.acts import tallies
from sanxiao.publicity.models import Act, Text
from sanxiao.publicity.rules import ACT, TEXT
from sanxiao.web.practice import pictures
from tests.cast import HOUYANG, NANYAO

MAY = date(2026, 5, 11)
SAID = {
    "channel": "poster", "title": "张贴整治通告", "text": None, "wording": "通告全文", "done_on": MAY, "place": "村口",
    "grounds": [], "reach": 300, "reach_how": "estimated",
}  # fmt: skip


def record(by, **changes):
    act = ACT.begun(by, {})
    flow.move(act, "record", by, **SAID | changes)
    return act


def publish(by, edition="2026-05"):
    text = TEXT.begun(by, {})
    flow.move(text, "publish", by, code="letter", edition=edition, title="致经营者的一封信", body="各位经营者：……")
    return text


def test_a_village_tells_what_it_did_and_withdraws_what_was_wrong(people):
    act = record(people.zhang)
    assert (act.state, act.office.area, act.by) == ("done", HOUYANG, people.zhang)
    assert act.result == "覆盖 300 人次（估计）"
    flow.move(act, "withdraw", people.zhang, reason="登错了")
    assert act.state == "withdrawn"


def test_what_is_planned_is_carried_out_or_dropped(people):
    act = ACT.begun(people.xu, {})
    plan = {"channel": "tv", "title": "专题报道", "text": None, "planned_on": MAY, "place": "区电视台", "grounds": []}
    flow.move(act, "plan", people.xu, **plan)
    with pytest.raises(flow.Refused, match="写明宣传了什么"):
        flow.move(act, "carry_out", people.xu, done_on=MAY, text=None, reach=1, reach_how="estimated")
    act.refresh_from_db()
    flow.move(act, "carry_out", people.xu, done_on=MAY, text=publish(people.xu), reach=5000, reach_how="estimated")
    assert act.state == "done"


def test_only_the_unit_itself_speaks_for_its_acts(people):
    act = record(people.zhang)
    for who in ("li", "chen", "xu", "he"):
        with pytest.raises(flow.Refused, match="不归您"):
            flow.move(act, "withdraw", getattr(people, who), reason="不是我的")


def test_a_village_reaches_its_own_ground_by_known_channels(people):
    with pytest.raises(flow.Refused, match="不在本单位辖区：南瑶村"):
        record(people.zhang, grounds=[NANYAO])
    with pytest.raises(flow.Refused, match="请选一个渠道"):
        record(people.zhang, channel="pigeon")
    assert record(people.xu, grounds=[HOUYANG, NANYAO]).state == "done"


def test_a_new_edition_ends_the_old_one_and_the_act_keeps_its_own(people):
    first = publish(people.zhou)
    act = record(people.zhang, text=first)
    publish(people.zhou, "2026-06")
    assert [text.state for text in Text.objects.filter(code="letter").order_by("edition")] == ["past", "current"]
    act.refresh_from_db()
    assert act.text == first
    with pytest.raises(flow.Refused, match="不归您"):
        publish(people.zhang, "2026-07")


def test_a_village_sees_its_own_and_the_towns_acts_but_not_the_next_villages(people):
    own, towns, next_door = record(people.zhang), record(people.xu), record(people.li)
    assert set(Act.objects.seen_by(people.zhang)) == {own, towns}
    assert next_door in Act.objects.seen_by(people.chen)
    assert not Act.objects.seen_by(people.he)


def test_who_has_done_nothing_this_quarter_stands_first(people, as_):
    record(people.zhang, channel="paper")
    rows = tallies(people.sun, date(2026, 4, 1), date(2026, 6, 30))
    assert rows[0].acts == 0 and [r.office.area for r in rows if r.acts] == [HOUYANG]
    assert [(r.news, r.reach) for r in rows if r.acts] == [(1, 300)]
    assert not any(r.acts for r in tallies(people.sun, date(2026, 1, 1), date(2026, 3, 31)))
    page = as_("zhang").get("/publicity/units/?quarter=2026-2").content.decode()
    assert "后阳村" in page and "南瑶村" not in page
    assert as_("he").get("/publicity/units/").status_code == 403


def test_the_form_names_what_is_missing_and_keeps_what_was_typed(people, as_):
    said = {"channel": "poster", "title": "张贴通告", "done_on": "2027-01-01", "place": "村口", "reach": "",
            "reach_how": "counted"}  # fmt: skip
    answer = as_("zhang").post("/do/publicity.act/new/record", said)
    text = answer.content.decode()
    assert answer.status_code == 422 and "不能晚于今天" in text and "张贴通告" in text
    photo = pictures.paper("现场")
    said |= {"done_on": "2026-05-11", "reach": "80", "wording": "通告", "photos": SimpleUploadedFile("x.jpg", photo)}
    answer = as_("zhang").post("/do/publicity.act/new/record", said)
    page = as_("zhang").get(answer.headers["Location"]).content.decode()
    assert "x.jpg" in page and "80" in page and "点过数" in page


def test_the_list_asks_as_often_for_one_as_for_many(people, as_, django_assert_max_num_queries):
    record(people.zhang)
    client = as_("chen")
    client.get("/publicity/")
    with django_assert_max_num_queries(16) as one:
        client.get("/publicity/")
    for _n in range(8):
        record(people.zhang)
    with django_assert_max_num_queries(len(one)):
        client.get("/publicity/")
