"""An operator answers his order by the code on the notice: what he sees, sends and reads; what the village does."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.tests.test_race import patiently
from sanxiao.inspection import answering, answering_views
from sanxiao.inspection.answer_models import Answer, AnswerLink
from sanxiao.inspection.tests import steps
from sanxiao.papers import word
from sanxiao.papers.models import Paper


def photo(name="后.jpg", colour="blue"):
    return SimpleUploadedFile(name, steps.picture(colour), "image/jpeg")


def path_of(order):
    return f"/a/{answering.link_of(order).code}"


def send(order, client=None, **said):
    """What a phone posts: done_1, photo_1 … and the name of this send."""
    fields = {"send": "one", **{k.replace("_", "-"): v for k, v in said.items()}}
    return (client or Client()).post(path_of(order), fields)


def read(order, **params):
    return Client().get(path_of(order), params).content.decode()


@pytest.fixture
def answered(served):
    """王秀兰 has sent a photo and a sentence for the first problem."""
    send(served, done_1="装了纱窗", photo_1=photo())
    return Answer.objects.get()


def test_the_page_shows_this_orders_problems_each_with_its_date_and_no_person(served):
    page = read(served)
    assert steps.FLIES in page and steps.PAPERS in page
    assert "请在 2018-06-12 前改好" in page and "请在 2018-06-20 前改好" in page
    assert "王秀兰" not in page and "13861234567" not in page and "老街12号" not in page


def test_the_page_needs_no_cookie_and_no_script_and_is_in_large_type(served):
    answer = Client().get(path_of(served))
    assert not answer.cookies
    assert 'class="large"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "no-referrer"


def test_the_page_is_in_english_too_with_the_official_words_beside(served):
    page = read(served, lang="en")
    assert "Send" in page and steps.FLIES in page and "2018-06-12" in page


def test_capitals_as_in_a_qr_code_open_the_same_page(served):
    assert Client().get(path_of(served).upper()).status_code == 200


def test_a_photo_and_a_sentence_become_an_answer_with_a_receipt(served):
    answer = send(served, done_1="装了纱窗", photo_1=photo())
    assert answer.status_code == 302
    page = Client().get(answer.url).content.decode()
    sent = Answer.objects.get()
    assert "收到了" in page and sent.receipt in page
    assert (sent.state, sent.problem.no, sent.done) == ("sent", 1, "装了纱窗")
    assert steps.states(served) == ["open", "open"]  # nothing has changed yet


def test_what_a_stranger_sent_stands_in_no_file_until_somebody_took_it(answered):
    assert list(Attachment.objects.filter(subject=answered.pk).values_list("file", "role")) == [(None, "after")]
    assert Event.objects.get(kind="inspection.answer").file is None


def test_the_same_send_twice_is_one_answer(served):
    for _again in range(2):
        assert send(served, done_1="装了纱窗", photo_1=photo()).status_code == 302
    assert send(served, done_1="装了纱窗", photo_1=photo(), send="another page").status_code == 302
    assert Answer.objects.count() == 1


def test_a_better_photo_takes_the_place_of_one_that_nobody_has_looked_at(served, answered):
    send(served, send="two", done_1="又加了灭蝇灯", photo_1=photo(colour="red"))
    assert list(Answer.objects.order_by("created_at").values_list("state", flat=True)) == ["dropped", "sent"]


def test_two_problems_are_answered_at_once(served):
    send(served, done_1="装了纱窗", photo_1=photo(), done_2="办了健康证", photo_2=photo(colour="red"))
    assert sorted(Answer.objects.values_list("problem__no", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "请至少回复一项"),
        ({"done_1": "装了纱窗"}, "请至少拍一张"),
        ({"photo_1": "a photo"}, "请写一句怎么改的"),
        ({"done_1": "字" * 501, "photo_1": "a photo"}, "500 个字以内"),
    ],
)
def test_what_is_missing_is_asked_for_in_words(served, said, why):
    said = {k: photo() if v == "a photo" else v for k, v in said.items()}
    answer = send(served, **said)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("病毒.jpg", b"MZ this is a program"), ("合同.pdf", b"%PDF-1.4 a contract"), ("空.jpg", b""),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_photo_is_named_and_what_was_typed_and_chosen_stays(served, name, data):
    wrong = SimpleUploadedFile(name, data, "image/jpeg")
    answer = send(served, done_1="装了纱窗", photo_1=[photo(), wrong])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert name in page or not data
    assert "装了纱窗" in page
    assert "已经收下 1 张" in page or not data
    assert not data or not Answer.objects.exists()


def test_the_photo_that_was_kept_need_not_be_chosen_again(served):
    page = send(served, photo_1=photo()).content.decode()
    held = re.search(r'name="held-1" value="([^"]+)"', page)[1]
    assert send(served, done_1="装了纱窗", held_1=held).status_code == 302
    assert Attachment.objects.filter(subject=Answer.objects.get().pk).count() == 1


def test_a_kept_photo_of_one_problem_is_none_of_another_and_a_made_up_one_is_none(served):
    page = send(served, photo_1=photo()).content.decode()
    held = re.search(r'name="held-1" value="([^"]+)"', page)[1]
    for wrong in (held, held[:-3] + "abc", "nonsense"):
        assert send(served, done_2="办了健康证", held_2=wrong).status_code == 422


def test_a_good_answer_beside_a_bad_one_is_kept(served):
    answer = send(served, done_1="装了纱窗", photo_1=photo(), done_2="办了健康证")
    assert answer.status_code == 422
    assert Answer.objects.get().problem.no == 1
    assert "已收到" in answer.content.decode()


def test_a_photo_keeps_no_position_in_what_people_see(served):
    send(served, done_1="装了纱窗", photo_1=photo())
    from PIL import Image

    from sanxiao.docket import files

    blob = Attachment.objects.get(subject=Answer.objects.get().pk).blob
    assert not Image.open(io.BytesIO(files.path_of(blob.pk, "view").read_bytes())).getexif()


def test_before_service_the_page_says_that_it_is_too_early(issued):
    assert "通知登记送达以后" in read(issued)
    assert send(issued, done_1="装了纱窗", photo_1=photo()).status_code == 422
    assert not Answer.objects.exists()


@pytest.mark.parametrize("code", ["0000000000000000", "short", "x" * 3000, "%00", "'--"])
def test_a_wrong_code_opens_nothing(served, code):
    assert Client().get(f"/a/{code}").status_code == 404


def test_wrong_revoked_and_ended_codes_answer_alike(town, served):
    def said(path):
        answer = Client().get(path)
        return answer.status_code, answer.content

    wrong = said("/a/0000000000000000")
    old = path_of(served)
    flow.move(served, "link", town.zhang)
    assert said(old) == wrong
    new = path_of(served)
    assert new != old and Client().get(new).status_code == 200
    flow.move(steps.again(served), "void", town.chen, reason="写错")
    assert said(new) == wrong


def test_a_code_is_taken_back_by_the_village_and_nobody_else(town, served):
    for other in (town.li, town.zhou, town.qian):
        with pytest.raises(flow.Refused, match="不归您"):
            flow.move(served, "unlink", other)
    flow.move(served, "unlink", town.zhang)
    assert answering.link_of(served) is None
    with pytest.raises(flow.Refused, match="没有在用"):
        flow.move(steps.again(served), "unlink", town.zhang)
    flow.move(steps.again(served), "link", town.chen)
    assert AnswerLink.objects.filter(ended_at__isnull=True).count() == 1


def test_codes_are_long_and_each_order_has_its_own(town, tofu, june):
    one, two = (steps.issue(tofu, town.chen) for _n in range(2))
    codes = {answering.link_of(order).code for order in (one, two)}
    assert len(codes) == 2 and all(len(code) == 16 for code in codes)


def test_one_address_is_slowed_down_and_told_when_to_come_back(served):
    answers = [Client().get("/a/0000000000000000").status_code for _n in range(61)]
    assert answers[:60] == [404] * 60 and answers[60] == 429


def test_one_code_takes_twenty_answers_an_hour(served, monkeypatch):
    monkeypatch.setattr(answering, "AN_HOUR", 1)
    send(served, done_1="装了纱窗", photo_1=photo())
    assert "过一小时再发" in send(served, done_2="办了", photo_2=photo(colour="red")).content.decode()


def test_a_body_that_is_too_heavy_is_refused_before_it_is_read(served):
    answer = Client().post(path_of(served), b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=10**9)
    assert answer.status_code == 413 and "分几次发" in answer.content.decode()


# --- the village and the bureau ----------------------------------------------------------------------------------


def test_zhang_accepts_and_it_is_an_ordinary_report_with_its_photo(town, served, answered):
    flow.move(answered, "accept", town.zhang)
    order = steps.again(served)
    assert (order.state, steps.states(order)) == ("answered", ["answered", "open"])
    problem = order.problems.get(no=1)
    assert (problem.done, problem.has_proof()) == ("装了纱窗", True)
    assert Attachment.objects.get(subject=problem.pk).file == served.file_id
    assert "已申请复查" in read(order)


def test_zhang_sends_it_back_and_the_reason_is_read_by_the_same_code(town, served, answered):
    with pytest.raises(flow.Refused, match="理由"):
        flow.move(answered, "return", town.zhang)
    flow.move(answered, "return", town.zhang, reason="纱窗没拍到下沿，请再拍一张")
    assert "纱窗没拍到下沿" in read(served)
    assert send(served, send="two", done_1="补拍了", photo_1=photo(colour="red")).status_code == 302
    assert "纱窗没拍到下沿" not in read(served)


@pytest.mark.parametrize("who", ["li", "zhou", "qian", "sun"])
def test_others_neither_accept_nor_return(town, answered, who):
    for move in ("accept", "return"):
        with pytest.raises(flow.Refused, match="不归您"):
            flow.move(answered, move, getattr(town, who), reason="不清楚")


def test_an_answer_is_settled_once(town, answered):
    flow.move(answered, "accept", town.chen)
    for move in ("accept", "return"):
        with pytest.raises(flow.Refused, match="当前状态"):
            flow.move(Answer.objects.get(), move, town.zhang, reason="晚了")


def test_a_report_by_the_village_itself_makes_the_answer_needless(town, served, answered):
    steps.answer(served, town.zhang, 1)
    assert Answer.objects.get().state == "dropped"
    assert send(served, send="two", done_1="又改", photo_1=photo(colour="red")).status_code == 422


def test_the_orders_page_shows_the_answer_with_its_two_buttons_to_the_village_alone(as_, served, answered):
    page = as_("zhang").get(served.get_absolute_url()).content.decode()
    assert "装了纱窗" in page and f"/do/inspection.answer/{answered.pk}/accept" in page
    assert f"/do/inspection.answer/{answered.pk}" not in as_("zhou").get(served.get_absolute_url()).content.decode()
    assert as_("li").get(f"/do/inspection.answer/{answered.pk}/accept").status_code == 404


def test_what_waits_stands_in_the_order_of_the_notice_and_is_named_beside_the_next_step(as_, served):
    send(served, done_2="票据贴好了", photo_2=photo())
    send(served, done_1="装了纱窗", photo_1=photo(colour="green"))
    page = as_("zhang").get(served.get_absolute_url()).content.decode()
    assert page.index("装了纱窗") < page.index("票据贴好了") and "经营者回复了 2 项，等待核对" in page


def test_the_answer_waits_on_the_desk_of_the_village(as_, served, answered):
    assert "扫码回复" in as_("zhang").get("/").content.decode()


def test_the_order_page_asks_a_fixed_number_of_queries(as_, town, served, django_assert_max_num_queries):
    from django.test.utils import CaptureQueriesContext

    client = as_("zhang")
    send(served, done_1="装了纱窗", photo_1=photo())
    client.get(served.get_absolute_url())
    with CaptureQueriesContext(connection) as one:
        client.get(served.get_absolute_url())
    send(served, done_2="办了", photo_2=[photo(colour="red"), photo(colour="black")])
    with CaptureQueriesContext(connection) as two:
        client.get(served.get_absolute_url())
    assert len(one) == len(two)


def test_the_code_stands_on_the_notice_as_pdf_and_word_and_on_a_slip(as_, served):
    facts = Paper.objects.get(subject=served.pk).facts
    assert facts["qr"].endswith(path_of(served)) and "扫码" in facts["qr_note"]
    assert Paper.objects.get(subject=served.pk).pdf().startswith(b"%PDF-")
    import zipfile

    assert any(name.startswith("word/media/") for name in zipfile.ZipFile(io.BytesIO(word.order(facts))).namelist())
    slip = f"{served.get_absolute_url()}slip"
    assert as_("zhang").get(slip).content.startswith(b"%PDF-")
    assert as_("li").get(slip).status_code == 404


def test_no_log_holds_the_code():
    import logging

    from sanxiao.web.logs import NoKeys

    record = logging.LogRecord("x", 30, "", 0, "Not Found: %s", ("/a/ABCD1234ABCD1234",), None)
    NoKeys().filter(record)
    assert "ABCD" not in record.getMessage()


@pytest.mark.django_db(transaction=True)
def test_one_press_that_arrives_four_times_at_once_is_one_answer(monkeypatch):
    monkeypatch.setattr(answering_views, "SENDS", 1000)
    from tests import cast

    town = cast.the_town()
    with steps.at(date(2018, 6, 5)):
        order = steps.serve(steps.issue(cast.tofu_shop(town.zhang), town.chen), town.zhang)
    path = path_of(order)

    def press(_n):
        said = {"send": "one", "done-1": "装了纱窗"}
        try:
            return patiently(lambda: Client().post(path, {**said, "photo-1": photo()}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) == {302}
    assert Answer.objects.count() == 1
    assert Attachment.objects.filter(subject=Answer.objects.get().pk).count() == 1
