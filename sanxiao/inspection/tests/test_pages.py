"""What people see of an order, and what they press."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Attachment
from sanxiao.inspection.models import Order
from sanxiao.inspection.tests import steps
from sanxiao.papers.models import Paper

NEW = "/do/inspection.order/new/issue"


def upload(name="后.jpg"):
    return SimpleUploadedFile(name, steps.picture(), "image/jpeg")


def do(order, move):
    return f"/do/inspection.order/{order.pk}/{move}"


def page_of(client, url, **params):
    return client.get(url, params).content.decode()


@pytest.fixture
def dirty(tofu):
    """The survey saw flies and no health certificates: the shop is classed 规范 with defects."""
    tofu.facts = {**tofu.facts, "pest_protection": "no", "health_certs": "0", "problems": ["unlicensed", "dirty"]}
    tofu.case, tofu.batch = "2", "regulate"
    tofu.save()
    return tofu


def picked(*codes, **more):
    fields = {"found_on": "2018-06-05", "second": "吴昊", "found": ""}
    for code in codes:
        head = f"items-{code}"
        fields |= {f"{head}-pick": "on", f"{head}-law": "依据", f"{head}-demand": "改好", f"{head}-until": "2018-06-12"}
    return fields | more


def test_the_form_ticks_what_the_survey_saw_and_folds_the_rest(as_, june, dirty):
    page = page_of(as_("chen"), NEW, file=dirty.pk)
    likely, others = page.split("其他常见问题", 1)
    assert 'name="items-dirty-pick" id="id_items-dirty-pick" checked' in likely
    assert "生熟未分开" in others
    assert 'name="items-raw_cooked-pick" id="id_items-raw_cooked-pick">' in others


def test_chen_issues_two_picked_problems_and_one_in_his_own_words(as_, june, dirty):
    own = {f"items-free1-{k}": v for k, v in steps.item("地面破损").items() if k != "code"}
    photo = {"items-dirty-before": upload("前.jpg")}
    answer = as_("chen").post(f"{NEW}?file={dirty.pk}", picked("dirty", "raw_cooked", **own, **photo))
    order = Order.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == order.get_absolute_url()
    assert [p.text for p in order.problems.all()][1:] == ["生熟未分开", "地面破损"]
    first = order.problems.get(code="dirty")
    assert Attachment.objects.get().subject == first.pk
    assert Attachment.objects.get().role == "before"


def test_a_picked_problem_without_a_date_is_named_and_nothing_typed_is_lost(as_, june, dirty):
    said = picked("dirty", "raw_cooked") | {"items-raw_cooked-until": "", "items-raw_cooked-demand": "分开两张桌"}
    answer = as_("chen").post(f"{NEW}?file={dirty.pk}", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "生熟未分开：请填改正期限" in page
    assert "分开两张桌" in page
    assert not Order.objects.exists()


def test_nothing_picked_says_so(as_, june, dirty):
    answer = as_("chen").post(f"{NEW}?file={dirty.pk}", picked())
    assert "请至少勾选或写明一个问题" in answer.content.decode()


def test_an_order_can_be_issued_as_json(as_, june, dirty):
    items = [
        {"code": "dirty", "law": "依据", "demand": "改好", "until": "2018-06-12"},
        {"text": "地面破损", "law": "依据", "demand": "修好", "until": "2018-06-20"},
    ]
    body = {"file": str(dirty.pk), "found_on": "2018-06-05", "second": "吴昊", "items": items}
    answer = as_("chen").post(NEW, json.dumps(body), content_type="application/json")
    assert answer.json()["state"] == "issued", answer.json()
    assert [p.code for p in Order.objects.get().problems.all()] == ["dirty", ""]


def test_a_wrong_file_in_the_address_is_not_found(as_, june, tofu):
    for key in ("", "7", "00000000-0000-0000-0000-000000000000"):
        assert as_("chen").get(NEW, {"file": key}).status_code == 404


def test_zhang_reports_from_her_phone_with_a_photo_for_one_problem(as_, served):
    client = as_("zhang")
    assert "整改后照片" in page_of(client, do(served, "report"))
    answer = client.post(do(served, "report"), {"items-1-done": "装了纱窗", "items-1-after": upload()})
    assert answer.status_code == 302, answer.content.decode()
    order = steps.again(served)
    assert (order.state, order.problems.get(no=1).done) == ("answered", "装了纱窗")
    assert Attachment.objects.get(role="after").subject == served.problem_pk(1)


def test_words_without_a_photo_and_a_photo_without_words_are_asked_for(as_, served):
    answer = as_("zhang").post(do(served, "report"), {"items-1-done": "装了纱窗", "items-2-after": upload()})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请拍这一项整改后的照片" in page
    assert "请写一句怎么改的" in page
    assert "装了纱窗" in page


def test_an_empty_report_and_a_photo_that_is_none_are_refused(as_, served):
    client = as_("zhang")
    assert "请至少报一项" in client.post(do(served, "report"), {}).content.decode()
    fake = SimpleUploadedFile("后.jpg", b"MZ not a photo", "image/jpeg")
    answer = client.post(do(served, "report"), {"items-1-done": "好了", "items-1-after": fake})
    assert "这不是可用的照片" in answer.content.decode()
    assert steps.again(served).state == "served"


def test_zhang_serves_with_the_receipt_and_chen_re_checks(as_, town, issued):
    facts = {"served_on": "2018-06-05", "service": "direct", "received_by": "王秀兰", "receipt": upload("回证.jpg")}
    assert as_("zhang").post(do(issued, "serve"), facts).status_code == 302
    order = steps.answer(steps.again(issued), town.zhang, 1)
    judged = {"reviewed_on": "2018-06-05", "review_second": "吴昊", "items-1-result": "pass", "items-1-note": "没有拍"}
    chen = as_("chen")
    assert "期限没有到" in page_of(chen, do(order, "review"))
    assert chen.post(do(order, "review"), judged).status_code == 302
    assert steps.states(order) == ["passed", "open"]


def test_the_re_check_asks_for_what_is_missing(as_, town, served):
    order = steps.answer(served, town.zhang, 1, 2)
    judged = {"reviewed_on": "2018-06-06", "review_second": "吴昊", "items-1-result": "again"}
    page = as_("chen").post(do(order, "review"), judged).content.decode()
    for words in ("不能晚于今天", "请写明情况", "请填改正期限", "请判定这一项"):
        assert words in page, words


def test_two_officers_who_judge_at_once_do_not_both_win(as_, town, served):
    order = steps.answer(served, town.zhang, 1, 2)
    old = order.version
    steps.review(order, town.wu, {1: "pass", 2: "pass"}, review_second="陈伟")
    judged = {"version": old, "reviewed_on": "2018-06-05", "review_second": "吴昊"}
    answer = as_("chen").post(do(order, "review"), judged | {"items-1-result": "fail", "items-1-note": "脏"})
    assert answer.status_code in (409, 422)
    assert steps.again(order).state == "passed"


def test_the_order_is_on_the_page_of_its_own_village_alone(as_, served):
    url = served.get_absolute_url()
    assert as_("zhang").get(url).status_code == as_("zhou").get(url).status_code == 200
    assert as_("li").get(url).status_code == as_("feng").get(url).status_code == 404
    assert as_("li").get(do(served, "report")).status_code == 404


def test_the_page_shows_each_problem_with_its_date_its_basis_and_its_photos(as_, town, served):
    steps.answer(served, town.zhang, 1)
    page = page_of(as_("chen"), served.get_absolute_url())
    assert "1. 防尘、防蝇、防鼠设施缺失或失效（2018-06-12）" in page  # what the timeline tells of the issue
    dates = ("2018-06-12", "2018-06-20")
    for words in (steps.FLIES, steps.PAPERS, *dates, "第三十三条", "整改前", "已改好", "138****4567"):
        assert words in page, words
    assert "320413190001010015" not in page


def test_the_food_safety_office_signs_an_extension_from_the_orders_page(as_, town, served):
    first = served.problems.select_related("order", "file").get(no=1)
    flow.move(first, "extend", town.chen, until=date(2018, 6, 25), reason="等纱窗到货")
    page = page_of(as_("zhou"), served.get_absolute_url())
    assert "等纱窗到货" in page
    assert f"/do/inspection.problem/{first.pk}/extend" in page
    assert "会签：延长期限" in page
    assert "延长期限" in page_of(as_("zhou"), "/")


def test_the_page_costs_the_same_with_one_problem_and_with_eight(as_, town, june, tofu, django_assert_max_num_queries):
    small = steps.serve(steps.issue(tofu, town.chen, steps.item()), town.zhang)
    big = steps.serve(steps.issue(tofu, town.chen, *[steps.item(f"问题{n}") for n in range(8)]), town.zhang)
    chen = as_("chen")
    chen.get("/")
    for order in (small, big):
        with django_assert_max_num_queries(32) as seen:
            assert chen.get(order.get_absolute_url()).status_code == 200
        order.queries = len(seen)
    assert small.queries == big.queries


def test_the_list_finds_by_place_state_and_date_and_costs_the_same(
    as_, town, served, tofu, django_assert_max_num_queries
):
    chen = as_("chen")
    assert "王家豆腐坊" in page_of(chen, "/inspection/", q="wjdf")
    assert "王家豆腐坊" not in page_of(chen, "/inspection/", q="烧饼")
    assert served.number in page_of(chen, "/inspection/", due="week", state="open")
    assert served.number not in page_of(chen, "/inspection/", due="late")
    with steps.at(date(2018, 6, 13)):
        assert served.number in page_of(chen, "/inspection/", due="late")
    assert served.number not in page_of(as_("li"), "/inspection/")
    for _ in range(6):
        steps.issue(tofu, town.chen)
    with django_assert_max_num_queries(16):
        chen.get("/inspection/")


def test_the_lists_workbook_has_what_the_screen_has(as_, served):
    answer = as_("chen").get("/inspection/", {"as": "xlsx"})
    assert answer.content.startswith(b"PK")


def test_a_place_that_waits_is_counted_for_the_bureau_and_opens_its_list(as_, town, june, dirty):
    [one] = [c for c in rooms.gather("candidates", town.chen) if "还没有整改通知" in c.name]
    assert (one.count, one.url) == (1, "/inspection/waiting/")
    assert "王家豆腐坊" in page_of(as_("chen"), one.url)
    assert not [c for c in rooms.gather("candidates", town.zhang) if "还没有整改通知" in c.name]


def test_the_file_offers_the_order_first_where_the_class_asks_for_it(as_, town, june, dirty):
    [start] = [s for s in rooms.gather("starters", dirty, town.chen) if s.kind == "inspection.order"]
    assert (start.primary, start.reason) == (True, "")
    steps.issue(dirty, town.chen)
    [start] = [s for s in rooms.gather("starters", dirty, town.chen) if s.kind == "inspection.order"]
    assert not start.primary
    assert not [s for s in rooms.gather("starters", dirty, town.zhang) if s.kind == "inspection.order"]


def test_a_closed_place_shows_the_act_grey_with_its_reason(town, tofu):
    flow.move(tofu, "close", town.zhang, closing="self", reason="歇业")
    [start] = [s for s in rooms.gather("starters", tofu, town.chen) if s.kind == "inspection.order"]
    assert "关停" in start.reason


def test_the_file_has_a_tab_with_its_orders(as_, served, tofu):
    page = page_of(as_("zhang"), tofu.get_absolute_url(), tab="order")
    assert served.number in page
    assert "2 个问题，0 个合格" in page


def test_the_desk_follows_the_order_from_hand_to_hand(as_, town, served):
    assert "申请复查" in page_of(as_("zhang"), "/")
    order = steps.answer(served, town.zhang, 1, 2)
    assert "王家豆腐坊" in page_of(as_("chen"), "/")
    steps.review(order, town.chen, {1: "pass", 2: "pass"})
    assert "王家豆腐坊" not in page_of(as_("chen"), "/")


def test_the_notice_is_frozen_with_every_problem_and_a_masked_number(issued):
    facts = Paper.objects.get(subject=issued.pk).facts
    assert facts["number"] == "坛市监责改〔2018〕1号"
    assert facts["addressee"] == "王家豆腐坊（经营者：王秀兰，居民身份证 320413********0015）"
    assert [p["due"] for p in facts["problems"]] == ["2018-06-12", "2018-06-20"]
    assert facts["consequence"] == "逾期不改正的，依法处理。"
    assert facts["found"] == "2018年6月5日，本局执法人员陈伟、吴昊到你（单位）进行检查。"


def test_the_notice_stays_chinese_on_an_english_screen(town, june, tofu):
    with override("en"):
        order = steps.issue(tofu, town.chen, steps.item(days=0))
    facts = Paper.objects.get(subject=order.pk).facts
    assert "居民身份证" in facts["addressee"]
    assert facts["problems"][0]["due"] == "立即"


@pytest.mark.parametrize(("form", "head"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_notice_comes_as_pdf_and_as_word_for_who_sees_the_order(as_, issued, form, head):
    paper = Paper.objects.get(subject=issued.pk)
    url = f"/papers/{paper.pk}.{form}"
    assert url in page_of(as_("zhang"), issued.get_absolute_url())
    assert as_("zhang").get(url).content.startswith(head)
    assert as_("li").get(url).status_code == 404


def test_review_and_suit_are_counted_from_service(as_, served):
    page = page_of(as_("chen"), served.get_absolute_url())
    assert "当事人可在 2018-08-06 前提出" in page  # sixty days end on a Saturday
    assert "当事人可在 2018-12-05 前提出" in page
