"""A hearing from the party's wish to the report: called by a third person, told at least seven days before."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import docx
import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline
from sanxiao.enforcement import hearings
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.tests import steps
from sanxiao.office.now import at, today
from sanxiao.papers.models import Paper
from tests import printed

TITLE = "行政处罚听证通知书"


@pytest.fixture
def asked(bureau, filed):
    """Twenty thousand yuan are announced, and Wang wants to be heard."""
    case = steps.noticed(steps.finished(filed, bureau, fine=Decimal(20000)), bureau)
    flow.move(case, "ask_hearing", bureau.chen)
    return steps.again(case)


def tell(case, town, on=None):
    flow.move(steps.again(case), "tell_hearing", town.chen, hearing_told_on=on or today(), service="left")


def test_the_party_is_told_when_where_and_by_whom_he_is_heard(bureau, as_, asked):
    flow.move(asked, "call_hearing", bureau.song, **steps.call(hearing_staff="李明（记录员）"))
    paper = Paper.objects.get(subject=asked.pk, title=TITLE)
    assert re.fullmatch(r"坛市监听通〔2026〕\d+号", paper.number)
    word = docx.Document(io.BytesIO(as_("chen").get(f"/papers/{paper.pk}.docx").content))
    texts = printed.read(paper.pdf()).text, "".join(line.text for line in word.paragraphs)
    for text in (re.sub(r"\s", "", text) for text in texts):
        said = ("2026年5月25日09时00分", "金城分局二楼会议室", "听证主持人：宋岩", "李明（记录员）", "申请回避",
                "一至二人代理", "第六十四条第二项")  # fmt: skip
        assert not [words for words in said if words not in text]
    [receipt] = [row for row in Paper.objects.filter(title="送达回证") if row.number == paper.number]
    assert receipt.facts["documents"] == [{"title": TITLE, "number": paper.number}]


def test_a_wish_to_be_heard_is_not_forgotten(bureau, asked):
    [term] = Deadline.objects.filter(subject=asked.pk, term="call_hearing", done_on=None)
    assert term.due_on == date(2026, 5, 18) == asked.due_on
    flow.move(asked, "call_hearing", bureau.song, **steps.call())
    assert Deadline.objects.get(pk=term.pk).outcome == "met"


def test_the_notice_is_the_same_bytes_a_year_later(bureau, as_, asked):
    flow.move(asked, "call_hearing", bureau.song, **steps.call())
    paper, chen = Paper.objects.get(subject=asked.pk, title=TITLE), as_("chen")
    first = {form: chen.get(f"/papers/{paper.pk}.{form}").content for form in ("pdf", "docx")}
    with at(today() + timedelta(days=365)):
        assert {form: chen.get(f"/papers/{paper.pk}.{form}").content for form in first} == first


def test_there_are_seven_working_days_between_the_notice_and_the_hearing(bureau, asked):
    with pytest.raises(flow.Refused, match="最早可以定在 2026-05-20"):
        flow.move(asked, "call_hearing", bureau.song, **steps.call(hearing_on=date(2026, 5, 19)))
    flow.move(steps.again(asked), "call_hearing", bureau.song, **steps.call(hearing_on=date(2026, 5, 20)))
    terms = {row.term: (row.due_on, row.law) for row in Deadline.objects.filter(subject=asked.pk, done_on=None)}
    assert terms["tell_hearing"] == (
        steps.MAY,
        "《中华人民共和国行政处罚法》（2021年文本）第六十四条第二项、第八十五条",
    )
    assert terms["hearing"][0] == date(2026, 5, 20)


@pytest.mark.parametrize(("received", "hearing", "last"), [
    (date(2018, 9, 20), date(2018, 10, 10), date(2018, 10, 3)),  # the old text: seven days, holidays or not
    (date(2026, 9, 21), date(2026, 10, 14), date(2026, 9, 29)),  # seven working days; the first week of October is none
    (date(2026, 2, 2), date(2026, 2, 27), date(2026, 2, 11)),  # Spring Festival; Saturday the 14th is worked
])  # fmt: skip
def test_the_last_day_for_the_notice_follows_the_rule_and_the_calendar(tofu, received, hearing, last):
    assert hearings.tell_by(Case(file=tofu, area=tofu.area, rule_on=received), hearing) == last


def test_who_is_told_too_late_is_heard_on_another_day_by_a_new_notice(bureau, asked):
    flow.move(asked, "call_hearing", bureau.song, **steps.call(hearing_on=date(2026, 5, 20)))
    with at(date(2026, 5, 13)):
        with pytest.raises(flow.Refused, match="至迟在 2026-05-11 送达"):
            tell(asked, bureau)
        flow.move(steps.again(asked), "call_hearing", bureau.song, **steps.call(hearing_on=date(2026, 5, 26)))
        tell(asked, bureau)
    assert Paper.objects.filter(subject=asked.pk, title=TITLE).values("number").distinct().count() == 2
    assert steps.again(asked).hearing_told_on == date(2026, 5, 13)


def test_nobody_is_heard_without_a_notice_nor_before_its_day(bureau, asked):
    said = {"heard_on": today(), "presided_by": "宋岩", "hearing": "维持"}
    for why in ("还没有确定听证的时间", "还没有送达"):
        with pytest.raises(flow.Refused, match=why):
            flow.move(steps.again(asked), "hear", bureau.song, **said)
        if steps.again(asked).hearing_on is None:
            flow.move(steps.again(asked), "call_hearing", bureau.song, **steps.call())
    tell(asked, bureau)
    with pytest.raises(flow.Refused, match="不能早于上一步的日期 2026-05-25"):
        flow.move(steps.again(asked), "hear", bureau.song, **said)
    with at(date(2026, 5, 25)):
        flow.move(steps.again(asked), "hear", bureau.song, **said | {"heard_on": today()})
    assert not Deadline.objects.filter(subject=asked.pk, term__in=("hearing", "tell_hearing"), done_on=None).exists()


def test_who_handles_the_case_neither_calls_nor_chairs(bureau, asked):
    with pytest.raises(flow.Refused, match=r"承办人|经办"):
        flow.move(steps.again(asked), "call_hearing", bureau.chen, **steps.call())
    with pytest.raises(flow.Refused, match="非本案调查人员"):
        flow.move(asked, "call_hearing", bureau.song, **steps.call(presided_by="陈伟"))


def test_a_signed_for_notice_wants_its_receipt(bureau, asked):
    flow.move(asked, "call_hearing", bureau.song, **steps.call())
    with pytest.raises(flow.Refused, match="送达回证"):
        flow.move(steps.again(asked), "tell_hearing", bureau.chen, hearing_told_on=today(), service="direct")
    steps.proof(steps.again(asked), bureau, "called")
    flow.move(steps.again(asked), "tell_hearing", bureau.chen, hearing_told_on=today(), service="direct")


def test_who_wants_no_hearing_any_more_lets_the_clock_run_on(bureau, asked):
    flow.move(asked, "call_hearing", bureau.song, **steps.call())
    flow.move(steps.again(asked), "drop_hearing", bureau.song, reason="书面撤回")
    case = steps.again(asked)
    assert (case.hearing_on, case.hearing_place, case.presided_by) == (None, "", "")
    assert not Deadline.objects.filter(subject=case.pk, paused_on__isnull=False, done_on=None).exists()
    flow.move(case, "discuss", bureau.lu, discussed_on=today(), present="三人", outcome="同意")
    flow.move(steps.again(case), "decide", bureau.lu, penalties=case.penalties, fine=case.fine, decision="清楚")


def test_the_page_of_the_case_says_when_and_where_and_the_form_offers_the_first_day(bureau, as_, asked):
    song = as_("song")
    assert 'value="2026-05-20"' in song.get(f"/do/enforcement.case/{asked.pk}/call_hearing").content.decode()
    flow.move(asked, "call_hearing", bureau.song, **steps.call())
    page = song.get(asked.get_absolute_url()).content.decode()
    assert "2026-05-25 09:00" in page and "金城分局二楼会议室" in page and "通知书还没有送达当事人" in page
