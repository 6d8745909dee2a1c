"""责任约谈: who is called in about what, what was promised, and what the report counts of it."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sanxiao.docket import files, flow, rooms
from sanxiao.docket.models import Deadline
from sanxiao.inspection.rules import ORDER
from sanxiao.inspection.talk_models import Talk
from sanxiao.inspection.talk_rules import TALK
from sanxiao.inspection.tests import steps, visit_steps
from sanxiao.office.now import today
from sanxiao.papers import word
from sanxiao.papers.models import Number, Paper
from sanxiao.reports import figures, records
from sanxiao.reports.indicators import COLUMNS
from sanxiao.reports.quarters import Quarter

SAID = {
    "place": "金城分局", "person": "王秀兰", "role": "经营者", "second": "吴昊", "findings": "1. 防蝇设施缺失",
    "demanded": "七日内装好纱窗", "promised": "认可，七天内改好", "promise_on": steps.JUNE + timedelta(days=10),
}  # fmt: skip


def call(about, by, **changes) -> Talk:
    """王秀兰 is to come in three days' time."""
    talk = TALK.begun(by, about)
    known = {name: getattr(talk, name) for name in ("cause", "findings", "person", "role", "place")}
    facts = {**known, "meet_on": today() + timedelta(days=3), "meet_at": "上午9:30", **changes}
    flow.move(talk, "call", by, **facts)
    return Talk.objects.select_related("file__operator").get(pk=talk.pk)


def hold(talk, by, **changes) -> Talk:
    """She came, and promised."""
    flow.move(talk, "hold", by, on=today(), held_on=today(), **{**SAID, **changes})
    return talk


def sign(talk, by, **changes) -> Talk:
    """She signed the record, which was photographed."""
    files.keep(talk, steps.picture(), "记录.jpg", by, role="signature")
    flow.move(talk, "sign", by, on=today(), **{"signed_on": today(), "signed_how": "signed", **changes})
    return talk


def refused(obj, move, by, why, **facts):
    with pytest.raises(flow.Refused, match=why):
        flow.move(obj, move, by, **facts)


@pytest.fixture
def called(town, served):
    """Chen has called her in about the order."""
    return call({"order": str(served.pk)}, town.chen)


def test_what_the_order_names_is_filled_in_and_the_notice_says_when_and_where(town, called):
    assert (called.state, called.number, called.officer) == ("called", "坛市监约〔2018〕1号", town.chen)
    assert steps.FLIES in called.findings and called.cause.startswith("坛市监责改〔2018〕1号")
    notice = Paper.objects.get(subject=called.pk)
    words = "".join(notice.facts["paragraphs"])
    assert (
        notice.title == "责任约谈通知书"
        and "第一百一十四条" in words
        and "2018年6月8日上午9:30到市场监督管理局金城分局" in words
    )
    assert notice.pdf().startswith(b"%PDF") and word.notice(notice.facts)


def test_the_desk_shows_her_day_and_the_village_reads_along(town, called, as_):
    assert Deadline.objects.get(subject=called.pk).due_on == date(2018, 6, 8)
    assert Talk.objects.seen_by(town.zhang).get() == called
    assert not Talk.objects.seen_by(town.li).exists()  # of the next village
    assert as_("li").get(called.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["zhang", "zhou", "qian", "sun"])
def test_only_the_bureau_calls_in(town, served, who):
    known = {"cause": "逾期", "findings": "x", "person": "王秀兰", "role": "经营者", "place": "分局"}
    talk = Talk(file=served.file, area=served.area, order=served)
    refused(talk, "call", getattr(town, who), "不归您", meet_on=today(), **known)


def test_one_talk_of_a_place_at_a_time_and_none_with_who_has_closed(town, called, tofu):
    refused(Talk(file=tofu, area=tofu.area), "call", town.chen, "已有一次约谈", cause="x", findings="x", person="x",
            role="x", place="x", meet_on=today())  # fmt: skip
    flow.move(called, "void", town.chen, reason="写错了")
    flow.move(tofu, "close", town.zhang, closing="self", reason="歇业")
    refused(Talk(file=tofu, area=tofu.area), "call", town.chen, "关停", cause="x", findings="x", person="x",
            role="x", place="x", meet_on=today())  # fmt: skip


def test_a_day_that_has_passed_calls_nobody_in_and_who_did_not_come_gets_a_new_one(town, served):
    with pytest.raises(flow.Refused, match="不能早于今天"):
        call({"order": str(served.pk)}, town.chen, meet_on=today() - timedelta(days=1))
    talk = call({"order": str(served.pk)}, town.chen)
    refused(talk, "absent", town.chen, "今天或以后", reason="没有来", until=today() - timedelta(days=1))
    flow.move(talk, "absent", town.chen, reason="没有来", until=today() + timedelta(days=7))
    assert (talk.state, talk.meet_on, talk.due_on) == ("called", date(2018, 6, 12), date(2018, 6, 12))


def test_the_record_is_printed_with_lines_to_sign(town, called):
    hold(called, town.chen)
    assert (called.state, called.due_on) == ("held", None)
    record = Paper.objects.get(subject=called.pk, template="form")
    answers = {q["label"]: q["answer"] for group in record.facts["groups"] for q in group["questions"]}
    assert answers["提出的要求"] == "七日内装好纱窗" and answers["约谈人"] == "陈伟、吴昊"
    assert [s["label"] for s in record.facts["signatures"]] == ["约谈人", "约谈人", "被约谈人"]
    assert record.pdf().startswith(b"%PDF") and word.form(record.facts)


def test_one_officer_alone_is_not_enough_and_a_promise_lies_ahead(town, called):
    past = today() - timedelta(days=1)
    refused(called, "hold", town.chen, "不能早于约谈日期", held_on=today(), **{**SAID, "promise_on": past})
    refused(called, "hold", town.chen, "两名", held_on=today(), **{**SAID, "second": "陈伟"})


def test_a_signature_is_photographed_and_a_refusal_has_its_witness(town, called):
    talk = hold(called, town.chen)
    refused(talk, "sign", town.chen, "签了字的约谈记录", signed_on=today(), signed_how="signed")
    refused(talk, "sign", town.chen, "见证人", signed_on=today(), signed_how="refused", refusal="不认可")
    flow.move(talk, "sign", town.chen, signed_on=today(), signed_how="refused", refusal="不认可", witness="丁强")
    assert (talk.state, talk.due_on) == ("promised", SAID["promise_on"])


@pytest.mark.parametrize(("move", "end"), [("keep", "kept"), ("break", "broken")])
def test_somebody_goes_to_see_whether_the_promise_was_kept(town, called, move, end):
    talk = sign(hold(called, town.chen), town.chen)
    earlier = today() - timedelta(days=1)
    refused(talk, move, town.chen, "不能早于约谈日期", seen_on=earlier, effect="看过")
    refused(talk, move, town.zhang, "不归您", seen_on=today(), effect="看过")
    flow.move(talk, move, town.chen, on=today(), seen_on=today(), effect="看过")
    assert (talk.state, talk.due_on, talk.is_open) == (end, None, False)


def test_what_is_cancelled_keeps_its_number_in_the_register(town, called):
    flow.move(called, "void", town.chen, reason="写错了人")
    assert called.state == "void" and Number.objects.get(text=called.number).void_reason == "写错了人"
    assert Paper.objects.filter(subject=called.pk).exists()


def test_every_state_refuses_the_moves_that_are_not_its_own(town, called):
    for state in TALK.states:
        for move in TALK.moves:
            if state.key not in move.frm:
                called.state = state.key
                refused(called, move.key, town.chen, "不能办理")


def test_a_visit_leads_to_a_talk_with_its_failed_items(town, june, tofu):
    visit = visit_steps.judge(visit_steps.start(tofu, town.chen, town.wu), town.chen, i09="slight")
    talk = call({"visit": str(visit.pk)}, town.chen)
    assert talk.visit == visit and talk.findings == "9. 防尘、防蝇、防鼠设施有效（现场发现）"


def test_chen_goes_through_it_at_the_desk(as_, town, served):
    chen = as_("chen")
    order = chen.get(served.get_absolute_url()).content.decode()
    assert f"/do/{TALK.key}/new/call?order={served.pk}" in order
    url = f"{reverse('do', args=[TALK.key, 'new', 'call'])}?order={served.pk}"
    assert steps.FLIES in chen.get(url).content.decode()
    said = {"cause": "逾期不改", "findings": "防蝇", "person": "王秀兰", "role": "经营者", "place": "分局"}
    assert chen.post(url, {**said, "meet_on": ""}).status_code == 422
    assert chen.post(url, {**said, "meet_on": str(today())}).status_code == 302
    talk = Talk.objects.get()
    do = f"/do/{TALK.key}/{talk.pk}"
    held = {**SAID, "held_on": str(today()), "promise_on": str(SAID["promise_on"])}
    assert chen.post(f"{do}/hold", held).status_code == 302
    photo = SimpleUploadedFile("记录.jpg", steps.picture(), "image/jpeg")
    assert (
        chen.post(f"{do}/sign", {"signed_on": str(today()), "signed_how": "signed", "signature": photo}).status_code
        == 302
    )
    page = chen.get(talk.get_absolute_url()).content.decode()
    assert "兑现承诺中" in page and "约谈通知书" in page and "约谈记录" in page and "七天内改好" in page
    assert "坛市监约〔2018〕1号" in chen.get(served.get_absolute_url()).content.decode()
    assert "坛市监约〔2018〕1号" in chen.get(reverse("talks")).content.decode()


def test_the_page_is_in_english_too(as_, called):
    chen = as_("chen")
    chen.cookies["django_language"] = "en"
    page = chen.get(called.get_absolute_url()).content.decode()
    assert "Talk" in page and "约谈内容" not in page and "待约谈" not in page


def test_it_stands_on_the_file_and_in_the_printed_file(as_, town, called, tofu):
    sign(hold(called, town.chen), town.chen)
    page = as_("zhang").get(f"{tofu.get_absolute_url()}?tab=order").content.decode()
    assert "坛市监约〔2018〕1号" in page
    titles = {table["title"]: table["rows"] for table in rooms.gather("print_tables", tofu, town.chen)}
    assert titles["责任约谈"][0][1:4] == ["坛市监约〔2018〕1号", called.cause, "认可，七天内改好"]
    assert titles["整改通知"][0][1] == "坛市监责改〔2018〕1号"


def test_the_quarter_counts_talks_that_took_place(town, called, tofu):
    kept = sign(hold(called, town.chen), town.chen)
    flow.move(kept, "keep", town.chen, on=today(), seen_on=today(), effect="改好了")
    second = Talk(file=tofu, area=tofu.area)
    flow.move(second, "record", town.chen, on=today(), cause="又犯", held_on=today(), **SAID)
    flow.move(second, "void", town.chen, reason="重复登记")
    period = Quarter.of(today()).period(date(2018, 4, 1))
    counted = figures.count(tofu.area, period)
    assert [counted.value(COLUMNS[key]) for key in ("talks", "talks_kept")] == [1, 1]
    listed = records.lists(tofu.area, period, COLUMNS["talks"], "q")
    assert sum(items.total for items in listed.values()) == 1


def test_a_talk_changes_nothing_of_the_order(town, served, called):
    sign(hold(called, town.chen), town.chen)
    assert steps.again(served).state == "served" and served.flow is ORDER
