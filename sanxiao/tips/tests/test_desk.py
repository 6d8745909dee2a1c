"""The desk: who sees what, the talk, doubles, routes, lists of 12345, rewards, figures, what a file shows."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Attachment, Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Office
from sanxiao.office.now import at, midnight, today
from sanxiao.survey.models import Lead
from sanxiao.tips import box, figures, lists, panels, receipts, rewards, routing
from sanxiao.tips.models import Complaint, Letter, Report, Reward, Route
from sanxiao.tips.rules import REPORT, REWARD
from sanxiao.tips.tests import steps
from sanxiao.tips.tests.test_box import a_photo
from tests import cast

PAGES = ["/tips/", "/tips/reports/", "/tips/complaints/", "/tips/rewards/", "/tips/find", "/tips/exchange/",
         "/tips/routes/", "/tips/posters/", "/tips/retention/", "/tips/new"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_who_receives_sees_every_page_of_the_room_and_outsiders_none(as_, town, path):
    steps.keys(town, "chen", "zhou")
    steps.report()
    assert as_("zhou").get(path).status_code == 200
    for name in ("zhang", "li", "sun", "he"):
        answer = as_(name).get(path)
        assert answer.status_code in (403, 404) or "后阳村" not in answer.content.decode(), name


def test_other_offices_read_the_summary_and_nothing_of_the_letter(as_, town):
    row = steps.report(text="我家隔壁的豆腐坊天天倒水", place="赵家隔壁")
    urban = Office.objects.on().get(role="urban")
    qian = as_("qian")
    assert qian.get(row.get_absolute_url()).status_code == 404
    flow.move(row, "accept", town.zhou, office=urban, summary="老街有污水外排，请查")
    page = qian.get(row.get_absolute_url()).content.decode()
    assert "老街有污水外排" in page and "我家隔壁" not in page and "赵家隔壁" not in page and "往来" not in page
    assert "赵家隔壁" not in qian.get("/tips/").content.decode() + qian.get("/").content.decode()


def test_who_has_the_summary_alone_gets_no_photo_even_by_its_address(as_, town):
    row = steps.report(photos=[a_photo()])
    flow.move(row, "accept", town.zhou, office=Office.objects.on().get(role="urban"), summary="请查污水")
    photo = Attachment.objects.get(subject=row.pk)
    assert as_("qian").get(row.get_absolute_url()).status_code == 200
    for variant, name, code in (("view", "qian", 404), ("original", "qian", 404), ("view", "zhou", 200)):
        assert as_(name).get(f"/files/{photo.pk}/{variant}").status_code == code


def test_the_accused_office_is_outside_counts_included(as_, town):
    bureau, fso = (Office.objects.on().get(role=role) for role in ("bureau", "fso"))
    row = steps.report(problem="official", accused=str(bureau.pk))
    assert row.office == fso, "it never goes to the accused"
    for name in ("chen", "wu"):
        user = as_(name)
        assert user.get(row.get_absolute_url()).status_code == 404
        assert "0 件" in user.get("/tips/").content.decode() and "0 条" in user.get("/tips/reports/").content.decode()
    assert "1 件" in as_("zhou").get("/tips/").content.decode()
    with pytest.raises(Refused, match="不能交给它办"):
        flow.move(row, "accept", town.zhou, office=bureau, summary="x")
    assert sum(figures.by_village(Report, today() - timedelta(days=9), today()).values()) == 0


def test_whom_the_informer_names_is_outside_whatever_the_problem(as_, town):
    bureau = Office.objects.on().get(role="bureau")
    row = steps.report(problem="dirty", accused=str(bureau.pk))
    assert row.letter.accused == bureau and row.office != bureau
    assert as_("chen").get(row.get_absolute_url()).status_code == 404


def test_the_desk_notes_whom_the_words_are_about_and_the_unit_is_outside_from_then_on(as_, town):
    row = steps.report(text="分局的人和他是亲戚，一直不查")
    bureau, fso = (Office.objects.on().get(role=role) for role in ("bureau", "fso"))
    assert row.office == bureau and as_("chen").get(row.get_absolute_url()).status_code == 200
    path = f"/tips/report/{row.pk}/accused"
    assert as_("qian").post(path, {"accused": bureau.pk}).status_code == 404
    assert as_("zhou").post(path, {"accused": bureau.pk}).status_code == 302
    row = Report.objects.get(pk=row.pk)
    assert (row.letter.accused, row.office) == (bureau, fso)
    assert as_("chen").get(row.get_absolute_url()).status_code == 404


def test_who_checks_it_is_not_noted_before_it_was_given_elsewhere(as_, town):
    row = steps.accepted(town)
    path, bureau = f"/tips/report/{row.pk}/accused", row.office
    assert "请先改派" in as_("zhou").post(path, {"accused": bureau.pk}, follow=True).content.decode()
    assert Report.objects.get(pk=row.pk).letter.accused is None


def test_an_accused_village_gets_no_lead(town):
    village = Office.objects.on().get(role="village", area=cast.HOUYANG)
    row = steps.report(problem="official", accused=str(village.pk))
    with pytest.raises(Refused, match="不能交给它核实"):
        flow.move(row, "lead", town.zhou, place_name="老街豆腐坊")


def test_a_place_without_a_file_makes_a_lead_that_knows_nothing_of_the_letter(town):
    row = steps.report(text="我是他家邻居老赵", place="老赵家对门豆腐坊")
    flow.move(row, "lead", town.chen, place_name="老街无名豆腐坊", note="请核实是否建档")
    lead = Lead.objects.get()
    assert (lead.area, lead.name, lead.note) == (cast.HOUYANG, "老街无名豆腐坊", "请核实是否建档")
    assert lead.source is None and lead.lat is None and "老赵" not in repr(vars(lead))
    with pytest.raises(Refused, match="已经交村核实"):
        flow.move(row, "lead", town.chen, place_name="x")
    assert str(lead.pk) not in repr(list(Event.objects.of(row).values("facts")))


def test_a_file_shows_a_tip_only_once_it_is_closed_and_by_the_month(as_, town, tofu):
    row = steps.report()
    flow.move(row, "accept", town.chen, office=row.office, file=tofu, summary="查")
    url = tofu.get_absolute_url()
    assert "tips" not in _tabs(tofu, town.zhang)
    assert "举报" not in as_("zhang").get(url).content.decode().split('id="main"')[1]
    flow.move(row, "no_case", town.chen, finding="已改")
    flow.move(row, "close", town.chen, outcome="verified", answer="已改")
    page = as_("zhang").get(f"{url}?tab=tips").content.decode()
    assert "tips" in _tabs(tofu, town.zhang) and f"{today():%Y-%m}" in page and "门口污水" not in page
    assert not Event.objects.filter(file=tofu.pk, kind__startswith="tips").exists()


def test_only_what_was_closed_and_true_counts_for_the_grade_and_only_by_the_month(town, tofu):
    row = steps.report()
    flow.move(row, "accept", town.chen, office=row.office, file=tofu, summary="查")
    long_ago = midnight(today() - timedelta(days=9))
    assert panels.risk_facts([tofu.pk], today()) == {} and not list(panels.sightings(long_ago))
    flow.move(row, "no_case", town.chen, finding="已改")
    flow.move(row, "close", town.chen, outcome="verified", answer="已改")
    (fact,) = panels.risk_facts([tofu.pk], today())[tofu.pk]
    assert (fact.kind, fact.on) == ("complaint", today().replace(day=1))
    (seen,) = panels.sightings(long_ago)
    assert seen.file == tofu.pk and seen.url == tofu.get_absolute_url(), "it leads to the file, not to the tip"
    false = steps.report(place="别处")
    flow.move(false, "accept", town.chen, office=false.office, file=tofu, summary="查")
    flow.move(false, "no_case", town.chen, finding="没有")
    flow.move(false, "close", town.chen, outcome="unproved", answer="没有")
    assert len(panels.risk_facts([tofu.pk], today())[tofu.pk]) == 1


def _tabs(file, user):
    return {panel.key for panel in rooms.gather("panels", file, user)}


def test_the_talk_goes_both_ways_and_what_is_unread_waits_on_the_desk(as_, town):
    row = steps.accepted(town)
    chen = as_("chen")
    chen.post(f"/tips/report/{row.pk}/say", {"text": "请问是早上还是晚上？"})
    box.drop_word(steps.slip(row), "word", {"text": "晚上九点以后"})
    assert lists.fresh_words(town.chen) == []
    box.empty(today())
    assert [t.pk for t in lists.fresh_words(town.chen)] == [row.pk]
    page = chen.get(row.get_absolute_url()).content.decode()
    assert "晚上九点以后" in page and "未读" in page
    chen.post(f"/tips/report/{row.pk}/say", {"text": ""})
    assert lists.fresh_words(town.chen) == []
    assert as_("qian").post(f"/tips/report/{row.pk}/say", {"text": "x"}).status_code == 404


def test_doubles_of_a_week_are_shown_and_answered_at_once(as_, town):
    first, second = steps.accepted(town), steps.accepted(town, place="豆腐坊")
    other = steps.accepted(town, place="桥头烧饼")
    assert [t.pk for t in lists.doubles(first, town.chen)] == [second.pk]
    for row in (first, second):
        flow.move(row, "no_case", town.chen, finding="已改")
    said = {"also": [second.pk, other.pk], "answer": "已责令改正", "outcome": "verified"}
    page = as_("chen").post(f"/tips/report/{first.pk}/answer", said, follow=True).content.decode()
    assert "一并答复、办结 2 件" in page and "核查中" in page, "the third is named with its reason"
    assert Report.objects.filter(state="closed").count() == 2
    assert second.letter.messages.last().text == "已责令改正"


def test_frequent_reporters_are_shown_and_never_refused(as_, town):
    steps.keys(town, "chen")
    rows = [
        steps.report(**{**steps.WHO, "phone": phone}) for phone in ("13777788899", "+86 137-7778-8899", "13900000001")
    ]
    page = as_("chen").get(rows[1].get_absolute_url()).content.decode()
    assert "同一电话 12 个月内另有 1 件" in page
    assert "同一电话" not in as_("chen").get(rows[2].get_absolute_url()).content.decode()
    assert {row.state for row in Report.objects.all()} == {"received"}


def test_a_lost_receipt_is_replaced_by_the_last_four_digits(as_, town):
    steps.keys(town, "chen")
    row = steps.report(**steps.WHO)
    chen = as_("chen")
    assert "请填电话的后四位" in chen.post("/tips/find", {"tail": "12"}).content.decode()
    assert "没有找到" in chen.post("/tips/find", {"tail": "0000", "area": cast.NANYAO}).content.decode()
    assert "老街豆腐坊" in chen.post("/tips/find", {"tail": "8899", "area": cast.HOUYANG}).content.decode()
    assert chen.post(f"/tips/find/{row.letter.pk}", {"reason": ""}, follow=True).status_code == 200
    assert Letter.objects.get().receipt == receipts.index(steps.slip(row)), "not without a reason"
    assert "只显示这一次" in chen.post(f"/tips/find/{row.letter.pk}", {"reason": "说得出照片内容"}).content.decode()
    assert Letter.objects.get().receipt != receipts.index(steps.slip(row))


def test_a_letter_by_telephone_walks_the_same_way(as_, town):
    steps.keys(town, "chen")
    said = {"channel": "phone", "problem": "dirty", "want": "complaint", "area": cast.HOUYANG, "text": "买的豆腐酸了",
            "received_on": today(), **steps.WHO}  # fmt: skip
    chen = as_("chen")
    assert chen.post("/tips/new", said).status_code == 422, "a complaint has a demand"
    late = chen.post("/tips/new", {**said, "demand": "退款", "received_on": today() + timedelta(days=1)})
    assert late.status_code == 422 and "不能晚于今天" in late.content.decode()
    assert "只显示这一次" in chen.post("/tips/new", {**said, "demand": "退款"}).content.decode()
    row = Complaint.objects.get()
    assert row.letter.channel == "phone" and row.letter.copies.count() == 1 and row.letter.receipt


def test_a_hold_has_its_reason_and_its_duty(as_, town):
    row = steps.closed(town)
    as_("chen").post(f"/tips/report/{row.pk}/hold", {"hold": "行政诉讼中"})
    row.letter.refresh_from_db()
    assert row.letter.hold == "行政诉讼中"
    assert as_("zhang").post(f"/tips/report/{row.pk}/hold", {"hold": ""}).status_code == 404


# --- routes ------------------------------------------------------------------------------------------------------


def test_the_narrowest_rule_wins(town):
    Route.objects.create(problem="road", area=cast.HOUYANG, role="police", since=today())
    Route.objects.create(
        problem="road", area=cast.HOUYANG, role="environment", since=today(), from_month=1, to_month=12
    )
    letter = Letter(problem="road", area=cast.HOUYANG, received_on=today())
    assert routing.office_for(letter).role == "environment"
    letter.area = cast.NANYAO
    assert routing.office_for(letter).role == "urban"
    letter.problem = "dirty"
    assert routing.office_for(letter).role == "bureau"


@pytest.mark.parametrize(("first", "last", "month", "fits"), [
    (6, 9, 6, True), (6, 9, 10, False), (11, 2, 1, True), (11, 2, 6, False), (None, None, 6, True),
])  # fmt: skip
def test_a_season_may_go_over_new_year(first, last, month, fits):
    row = Route(from_month=first, to_month=last)
    assert row.in_season(today().replace(day=1, month=month)) is fits


def test_the_bench_shows_what_a_draft_would_send_elsewhere_before_it_holds(as_, town):
    moved, stays = steps.report(), steps.report(area=cast.NANYAO)
    zhou = as_("zhou")
    draft = {"act": "add", "problem": "dirty", "area": cast.HOUYANG, "role": "environment"}
    zhou.post("/tips/routes/", draft)
    page = zhou.get("/tips/routes/").content.decode()
    assert "重放 2 件，1 件会分到别处" in page and moved.get_absolute_url() in page
    assert stays.get_absolute_url() not in page
    assert steps.report().office.role == "bureau", "a draft holds for nobody yet"
    zhou.post("/tips/routes/", {"act": "publish", "since": str(today() - timedelta(days=3))})
    assert Route.objects.filter(draft_of=town.zhou).count() == 1, "not in the past"
    with at(today() - timedelta(days=1)):
        zhou.post("/tips/routes/", {"act": "publish", "since": str(today())})
    assert steps.report().office.role == "environment"


def test_a_rule_that_a_draft_takes_out_ends_the_day_before(as_, town):
    row = Route.objects.get(problem="road")
    zhou = as_("zhou")
    zhou.post("/tips/routes/", {"act": "end", "row": row.pk})
    zhou.post("/tips/routes/", {"act": "publish", "since": str(today() + timedelta(days=5))})
    row.refresh_from_db()
    assert row.until == today() + timedelta(days=4) and not Route.objects.filter(draft_of__isnull=False).exists()


def test_only_who_has_the_duty_changes_the_rules(as_, town):
    assert as_("chen").post("/tips/routes/", {"act": "add"}).status_code == 403
    wrong = {"act": "add", "problem": "", "area": cast.HOUYANG, "role": "bureau", "from_month": "6"}
    answer = as_("zhou").post("/tips/routes/", wrong)
    assert answer.status_code == 422 and "起止月份" in answer.content.decode()


# --- 12345 -------------------------------------------------------------------------------------------------------


HEADS = ["工单编号", "受理时间", "来电人", "联系电话", "诉求类型", "所属区域", "诉求地点", "诉求内容", "诉求目的"]


def a_list(*rows, heads=HEADS):
    made = openpyxl.Workbook()
    made.active.append(heads)
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return SimpleUploadedFile("12345.xlsx", out.getvalue())


GOOD = ["GD001", "2018-06-05 14:23:51", "赵铁柱", "13777788899", "举报", "后阳村", "老街", "豆腐坊很脏", ""]


def test_a_list_is_taken_its_errors_marked_and_good_rows_kept(as_, town):
    steps.keys(town, "chen")
    bad = ["", "去年", "赵", "12", "咨询", "北京村", "", "", ""]
    answer = as_("chen").post("/tips/exchange/", {"layout": "12345", "file": a_list(GOOD, bad)})
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    said = page.cell(3, 10).value
    for words in ("编号没有填", "内容没有填", "日期没有填", "电话号码不对", "没有这个村", "不认识“咨询”"):
        assert words in said
    assert page.cell(2, 10).value is None and Report.objects.get().letter.number == "GD001"
    assert str(Letter.objects.get().received_on) == "2018-06-05"


def test_the_same_list_again_adds_nothing(as_, town):
    steps.keys(town, "chen")
    chen = as_("chen")
    for said in ("收进 1 件，早已有的 0 件", "收进 0 件，早已有的 1 件"):
        page = chen.post("/tips/exchange/", {"layout": "12345", "file": a_list(GOOD)}, follow=True).content.decode()
        assert said in page


@pytest.mark.parametrize(("file", "words"), [
    (None, "请选一个 Excel"), (SimpleUploadedFile("x.xlsx", b"no"), "这不是 Excel"),
    (a_list(heads=["编号", "内容"]), "缺少这些列"),
])  # fmt: skip
def test_what_is_no_list_is_refused_in_words(as_, town, file, words):
    answer = as_("chen").post("/tips/exchange/", {"layout": "12345", **({"file": file} if file else {})})
    assert answer.status_code == 422 and words in answer.content.decode()


def test_the_result_goes_back_in_their_layout_without_the_person(as_, town):
    steps.keys(town, "chen")
    chen = as_("chen")
    chen.post("/tips/exchange/", {"layout": "12345", "file": a_list(GOOD)})
    row = Report.objects.get()
    flow.move(row, "accept", town.chen, office=row.office, summary="查")
    flow.move(row, "no_case", town.chen, finding="已改")
    flow.move(row, "close", town.chen, outcome="verified", answer="已责令改正")
    page = openpyxl.load_workbook(io.BytesIO(chen.get("/tips/exchange/12345.xlsx").content)).active
    lines = [[c.value for c in line] for line in page.iter_rows()]
    heads = next(line for line in lines if "工单编号" in line)
    told = dict(zip(heads, lines[lines.index(heads) + 1], strict=True))
    assert (told["工单编号"], told["办理状态"], told["办理结果"]) == ("GD001", "已办结", "已责令改正")
    assert not told["来电人"] and not told["联系电话"]
    assert as_("zhang").get("/tips/exchange/12345.xlsx").status_code == 403


# --- rewards and figures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "penalty", "insider", "sum_"), [
    ("1", 200_000, False, 10_000), ("1", 0, False, 5_000), ("2", 10_000, False, 3_000), ("3", 50_000, False, 1_000),
    ("3", 500_000, True, 10_000), ("1", 90_000_000, False, 1_000_000),
])  # fmt: skip
def test_the_sum_follows_the_rule_of_the_day(town, level, penalty, insider, sum_):
    assert rewards.computed(level, penalty, insider, cast.JINCHENG, today()) == sum_


def test_a_reward_is_claimed_by_the_receipt_and_names_nobody(as_, town):
    row = steps.closed(town, reward="on")
    reward = REWARD.begun(town.chen, {"report": str(row.pk)})
    flow.move(reward, "propose", town.chen, level="3", penalty=50_000, insider=False, decision="")
    feng = as_("feng")
    page = feng.get(reward.get_absolute_url()).content.decode()
    assert "后阳" not in page and "豆腐" not in page and "1000" in page
    assert feng.get(row.get_absolute_url()).status_code == 404
    with pytest.raises(Refused, match="下限"):
        flow.move(reward, "approve", town.feng, amount=900)
    flow.move(reward, "approve", town.feng, amount=1200)
    with pytest.raises(Refused, match="回执码不对"):
        flow.move(reward, "pay", town.feng, receipt="1234 5678 1234 5678", payment="cash")
    reward.refresh_from_db()
    flow.move(reward, "pay", town.feng, receipt=receipts.shown(steps.slip(row)), payment="cash")
    assert Reward.objects.get().state == "paid"
    assert steps.slip(row) not in repr(list(Event.objects.of(reward).values("facts")))


@pytest.mark.parametrize(("changes", "outcome", "words"), [
    ({}, "verified", "没有表示要领"), ({"reward": "on"}, "unproved", "查证属实"),
])  # fmt: skip
def test_no_reward_for_what_was_not_asked_or_not_true(town, changes, outcome, words):
    row = steps.closed(town, outcome, **changes)
    with pytest.raises(Refused, match=words):
        flow.move(REWARD.begun(town.chen, {"report": str(row.pk)}), "propose", town.chen, level="3", penalty=0,
                  insider=False, decision="")  # fmt: skip


def test_small_numbers_of_a_village_are_hidden_and_not_given_away_by_the_sum(town):
    counts = {"a": 7, "b": 3, "c": 9, "d": 0}
    assert figures._suppressed(counts, 5) == {"a": None, "b": None, "c": 9, "d": 0}
    assert figures._suppressed({"a": 2, "b": 3, "c": 9}, 5) == {"a": None, "b": None, "c": 9}
    for few in ({"a": 1, "b": 1}, {"a": 4, "b": 4}, {"a": 2, "b": 2}):
        assert figures._suppressed({**few, "c": 9, "d": 20}, 5) == {"a": None, "b": None, "c": None, "d": 20}
    assert figures._suppressed({"a": 6, "b": 0}, 5) == {"a": 6, "b": 0}
    for _n in range(3):
        steps.report()
    table = figures.table([cast.HOUYANG, cast.NANYAO], today() - timedelta(days=5), today())
    assert table[cast.HOUYANG]["reports"] is None and table[cast.NANYAO]["reports"] == 0
    assert figures.town(today() - timedelta(days=5), today())["reports"] is None
    for _n in range(3):
        steps.report()
    assert figures.town(today() - timedelta(days=5), today())["reports"] == 6


def test_the_leading_group_reads_figures_of_quarters_that_are_over_and_no_tip(as_, town):
    with at(date(2018, 6, 5)):
        row, sun = steps.report(), as_("sun")
        assert sun.get(row.get_absolute_url()).status_code == 404
        for path in ("/tips/figures/", "/tips/figures/?quarter=2018-2", "/tips/figures/?quarter=x"):
            said = sun.get(path).content.decode()
            assert "第 1 季度" in said, "the running quarter would tell when the next one came"
        assert "第 2 季度" in as_("chen").get("/tips/figures/").content.decode()
        assert as_("zhang").get("/tips/figures/").status_code == 403
    with at(date(2018, 7, 2)):
        page = as_("sun").get("/tips/figures/").content.decode()
        assert "第 2 季度" in page and "后阳村" in page and ">…<" in page


@pytest.mark.parametrize("path", ["/tips/", "/tips/reports/"])
def test_lists_ask_the_same_with_one_row_and_with_many(as_, town, path):
    chen = as_("chen")
    steps.report()
    chen.get(path)
    with CaptureQueriesContext(
        connection,
    ) as one:
        chen.get(path)
    for _n in range(4):
        steps.report()
    chen.get(path)
    with CaptureQueriesContext(connection) as many:
        chen.get(path)
    assert len(many) <= len(one), [q["sql"] for q in many.captured_queries][:40]


def test_the_home_desk_names_what_waits(as_, town):
    row = steps.closed(town)
    box.drop_word(steps.slip(row), "mark", {"satisfied": "no", "text": "又脏了"})
    box.empty(today())
    page = as_("chen").get("/").content.decode()
    assert "来件人对答复不满意" in page and "来件人补充了情况" in page
    assert "举报专管人员不足两人" in as_("sun").get("/").content.decode()


def test_a_poster_leads_to_the_page_with_its_place(as_, town):
    answer = as_("zhou").get(f"/tips/posters/{cast.HOUYANG}.pdf")
    assert answer.content.startswith(b"%PDF-") and as_("zhou").get("/tips/posters/nowhere.pdf").status_code == 404
    assert as_("zhang").get(f"/tips/posters/{cast.HOUYANG}.pdf").status_code == 403


def test_every_form_of_the_desk_opens(as_, town, tofu):
    steps.keys(town, "chen", "zhou")
    chen = as_("chen")
    row = steps.report(reward="on", **steps.WHO)
    for move in ("accept", "refuse", "repeat", "tie", "lead", "split"):
        assert chen.get(f"/do/tips.report/{row.pk}/{move}").status_code == 200, move
    said = {"office": row.office.pk, "summary": "查", "file": ""}
    assert chen.post(f"/do/tips.report/{row.pk}/accept", said).status_code == 302
    for move in ("reassign", "extend", "test", "case", "file_case", "no_case"):
        assert chen.get(f"/do/tips.report/{row.pk}/{move}").status_code == 200, move
    other = steps.complaint()
    for move in ("accept", "refuse"):
        page = chen.get(f"/do/tips.complaint/{other.pk}/{move}")
        assert page.status_code == 200
    assert "超过三年" in page.content.decode()
    assert chen.get(f"/do/tips.opening/new/ask?letter={row.letter.pk}").status_code == 200
    assert REPORT.row("accept") and Rule.objects.filter(key="tips.reward").exists()
