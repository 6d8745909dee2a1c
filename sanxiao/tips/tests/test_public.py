"""The public pages as the informer meets them: no cookie, no store, kind to mistakes, in both languages."""

import logging
import re
from ipaddress import ip_network

import pytest
from django.test import Client, override_settings

from sanxiao.field.models import Patch
from sanxiao.office.now import at, today
from sanxiao.tips import limits, receipts
from sanxiao.tips.models import Envelope
from sanxiao.tips.tests import steps
from sanxiao.tips.tests.test_box import a_photo
from tests import cast


def post(**said):
    limits.forget()
    return Client().post("/tip/", {**steps.TOLD, "once": "b" * 32, **said})


def look(receipt, **said):
    limits.forget()
    return Client().post("/tip/receipt", {"receipt": receipt, **said})


@pytest.mark.parametrize("path", ["/tip/", "/tip/?lang=en", "/tip/receipt"])
def test_pages_set_no_cookie_and_are_stored_nowhere(town, path):
    answer = Client().get(path)
    assert answer.status_code == 200 and not answer.cookies
    assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "no-referrer"
    assert (
        "script-src" not in answer["Content-Security-Policy"]
        and "default-src 'self'" in answer["Content-Security-Policy"]
    )


def test_a_signed_in_officer_who_looks_leaves_no_trace_in_his_session(as_, town):
    chen = as_("chen")
    before = dict(chen.session)
    chen.session.save()
    page = chen.get("/tip/")
    assert "陈伟" not in page.content.decode() and dict(chen.session) == before
    assert chen.get("/tips/").status_code == 200, "and he is still signed in"


def test_the_page_says_what_is_protected_and_what_is_not(town):
    page = Client().get("/tip/").content.decode()
    assert "我们保护什么" in page and "我们保护不了什么" in page and "Wi-Fi" in page
    english = Client().get("/tip/?lang=en").content.decode()
    assert "What we cannot protect" in english and not re.search(
        "[\u4e00-\u9fff]", _visible(english).replace("中文", "")
    )


def _visible(page: str) -> str:
    page = re.sub(r'(?s)<select.*?</select>|<title>.*?</title>|lang="zh-hans">.*?<', "", page)
    return re.sub(r"<[^>]+>", "", page)


def test_the_code_on_a_poster_fills_in_street_and_village(town):
    patch = Patch.objects.filter(area=cast.HOUYANG, until__isnull=True).first()
    page = Client().get(f"/tip/?at={patch.pk}").content.decode()
    assert f'value="{patch.name}"' in page and f'<option value="{cast.HOUYANG}" selected>' in page
    page = Client().get(f"/tip/?at={cast.NANYAO}").content.decode()
    assert f'<option value="{cast.NANYAO}" selected>' in page
    assert Client().get("/tip/?at='><script>").status_code == 200


@pytest.mark.parametrize(("said", "words"), [
    ({"problem": ""}, "这个字段是必填项"),
    ({"problem": "xxx"}, "xxx"),
    ({"text": "脏"}, "5"),
    ({"area": "", "place": ""}, "写一个就行"),
    ({"area": "999999999999"}, "999999999999"),
    ({"lat": "991", "lng": "1"}, "还差一点"),
])  # fmt: skip
def test_a_mistake_is_named_and_nothing_typed_is_lost(town, said, words):
    answer = post(**{"text": "污水横流，苍蝇很多", **said})
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and not Envelope.objects.exists()
    assert said.get("text", "污水横流，苍蝇很多") in page and 'value="' + "b" * 32 in page


def test_a_claim_needs_name_telephone_address_and_the_demand(town):
    steps.keys(town, "chen", "zhou")
    page = post(want="complaint").content.decode()
    for words in ("须留姓名", "须留电话", "须留联系地址", "请写明要求"):
        assert words in page
    assert post(want="both", demand="退20元", **steps.WHO).status_code == 200


def test_a_wrong_telephone_is_named(town):
    steps.keys(town, "chen")
    assert "电话号码不对" in post(phone="123").content.decode()


def test_who_changes_the_language_stays_at_the_place_of_the_code(town):
    page = Client().get(f"/tip/?lang=en&at={cast.HOUYANG}").content.decode()
    assert f'href="?lang=zh&amp;at={cast.HOUYANG}"' in page
    assert f'value="{cast.HOUYANG}" selected' in Client().get(f"/tip/?lang=zh&at={cast.HOUYANG}").content.decode()


def test_what_is_no_photo_is_named_and_the_text_stays(town):
    bad = a_photo()
    bad.truncate(300)
    answer = post(photos=[bad])
    page = answer.content.decode()
    assert answer.status_code == 422 and "不是可用的照片" in page and steps.TOLD["text"] in page
    assert post(photos=[a_photo() for _ in range(4)]).status_code == 422


def test_a_body_that_is_too_large_is_told_what_to_do(town):
    answer = Client().post("/tip/", {}, CONTENT_LENGTH=str(40 * 1024 * 1024))
    assert answer.status_code == 413 and "请按“返回”" in answer.content.decode()


def test_who_posts_too_often_waits_and_no_address_is_kept(town):
    limits.forget()
    client = Client(REMOTE_ADDR="203.0.113.77")
    answers = [client.post("/tip/", {**steps.TOLD, "once": f"{n:032}"}).status_code for n in range(14)]
    assert answers[:12] == [200] * 12 and answers[12:] == [429, 429]
    assert Client(REMOTE_ADDR="203.0.113.78").post("/tip/", {**steps.TOLD, "once": "c" * 32}).status_code == 200
    assert b"203.0.113" not in repr(limits._span.seen).encode() and all(len(who) == 8 for who in limits._span.seen)


def posts(limit: int, **heads: str) -> list[int]:
    limits.forget()
    told = ({**steps.TOLD, "once": f"{n:032}"} for n in range(limit))
    return [Client(**{k: v.format(n=n) for k, v in heads.items()}).post("/tip/", each).status_code
            for n, each in enumerate(told)]  # fmt: skip


def test_a_made_up_header_gives_nobody_a_new_address(town):
    codes = posts(14, REMOTE_ADDR="203.0.113.77", HTTP_X_FORWARDED_FOR="198.51.100.{n}")
    assert codes[:12] == [200] * 12 and codes[12:] == [429, 429]


def test_what_a_proxy_of_ours_says_counts_and_what_stands_before_it_does_not(town, settings):
    settings.PROXIES = [ip_network("10.9.0.0/30")]
    assert posts(14, REMOTE_ADDR="10.9.0.1", HTTP_X_FORWARDED_FOR="198.51.100.{n}") == [200] * 14
    assert (
        posts(14, REMOTE_ADDR="10.9.0.1", HTTP_X_FORWARDED_FOR="192.0.2.{n}, 198.51.100.7, 10.9.0.2")[12:] == [429] * 2
    )
    assert posts(14, REMOTE_ADDR="10.9.0.9", HTTP_X_FORWARDED_FOR="198.51.100.{n}")[12:] == [429] * 2
    assert b"198.51.100" not in repr(limits._span.seen).encode()


def test_the_receipt_opens_the_talk_and_stands_in_no_address(town):
    receipt = steps.told()
    page = look(receipts.shown(receipt))
    assert page.status_code == 200 and "已收到" in page.content.decode()
    assert Client().get(f"/tip/receipt?receipt={receipt}").content == Client().get("/tip/receipt").content
    assert receipt not in re.sub(r'value="\d+"', "", page.content.decode())


@pytest.mark.parametrize("typed", ["", "12", "0000 0000 0000 0000", "一二三", "9" * 300])
def test_a_wrong_receipt_is_answered_alike(town, typed):
    answer = look(typed)
    assert answer.status_code == 422 and "没有这个回执码" in answer.content.decode()


def test_who_guesses_receipts_is_stopped(town):
    limits.forget()
    codes = [Client().post("/tip/receipt", {"receipt": f"{n:016}"}).status_code for n in range(42)]
    assert codes[:40] == [422] * 40 and codes[40:] == [429, 429]


def test_words_wait_in_the_box_and_the_informer_sees_them_at_once(town):
    report = steps.report()
    page = look(steps.slip(report), act="word", text="昨天晚上又排了一次").content.decode()
    assert "昨天晚上又排了一次" in page and "明天送到" in page
    assert not report.letter.messages.exists()
    assert Envelope.objects.get().what == "word"


def test_an_empty_word_says_so(town):
    report = steps.report()
    answer = look(steps.slip(report), act="word", text="  ")
    assert answer.status_code == 422 and "还没有写" in answer.content.decode() and not Envelope.objects.exists()


def test_the_language_is_asked_for_in_the_address_alone(town):
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    client.cookies["django_language"] = "en"
    assert "什么问题" in client.get("/tip/").content.decode()
    assert "What is wrong" in client.get("/tip/?lang=en").content.decode()


def test_nothing_of_the_page_reaches_a_log(town, caplog):
    caplog.set_level(logging.DEBUG)
    for handler in logging.getLogger("django.request").filters:
        assert handler
    Client().get("/tip/none")
    post(problem="")
    look("0")
    from sanxiao.web.logs import NoTips

    kept = [r for r in caplog.records if NoTips().filter(r) and r.name.startswith("django")]
    assert not [r for r in kept if "/tip" in r.getMessage()]


def test_a_failure_tells_its_kind_and_nothing_else(town, monkeypatch, caplog):
    monkeypatch.setattr("sanxiao.tips.public._form", lambda *a, **k: 1 / 0)
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.ERROR):
        assert client.get("/tip/?at=320413100206").status_code == 500
    assert [r.getMessage() for r in caplog.records if r.name == "django.request"] == [
        "the public tip page failed: ZeroDivisionError"
    ]


@override_settings(TIP_BASE_URL="http://jubao.example", ALLOWED_HOSTS=["*"])
def test_on_its_own_host_the_page_is_alone(town):
    own = Client(HTTP_HOST="jubao.example")
    assert own.get("/tip/").status_code == 200 and own.get("/login/").status_code == 404
    assert own.get("/login/")["Cache-Control"] == "no-store"
    assert Client().get("/tip/?at=320413100206")["Location"] == "http://jubao.example/tip/?at=320413100206"


def test_an_old_receipt_of_a_destroyed_letter_shows_that_it_was_there(town):
    report = steps.closed(town)
    report.letter.content_gone_on = today()
    report.letter.save()
    page = look(steps.slip(report)).content.decode()
    assert "已办结" in page and "已经改了" not in page


def test_the_informer_reads_states_terms_and_the_answer(town):
    with at(today()):
        report = steps.closed(town, lang="en")
    page = look(steps.slip(report)).content.decode()
    assert "已办结" in page and "已经改了，谢谢" in page and "满意" in page
