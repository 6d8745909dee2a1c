"""The public check page: what anybody with a phone sees, and what nobody sees."""

from datetime import date

import pytest
from django.test import Client

from sanxiao.licensing.models import Certificate
from sanxiao.licensing.tests import steps
from sanxiao.licensing.tests.steps import certified, go
from sanxiao.office.now import at
from sanxiao.papers import codes
from sanxiao.risk import keep

DAY = date(2018, 6, 8)
GROUND = {"ground": "其他", "reason": "不实"}


@pytest.fixture
def paper(town, tofu):
    with at(DAY):
        return certified(tofu, town)


@pytest.fixture
def scan():
    """A stranger's phone: the page for a code, on 9 June 2018 unless told otherwise."""

    def look(code: str, on: date = date(2018, 6, 9), path: str = "v", **query: str):
        with at(on):
            return Client().get(f"/{path}/{code}", query)

    return look


def test_the_check_page_says_the_grade_of_the_day_and_no_more_once_the_paper_has_ended(paper, scan, tofu, town):
    assert "风险等级" not in scan(paper.code).content.decode()
    with at(DAY):
        keep.refresh([tofu])
    assert "B级（较低）" in scan(paper.code).content.decode()
    assert "B (rather low)" in scan(paper.code, lang="en").content.decode()
    with at(DAY):
        go(paper, ("revoke", town.wu, GROUND))
    assert "B级" not in scan(paper.code).content.decode()


def test_a_valid_certificate_is_green_and_says_whose_it_is(paper, scan):
    page = scan(paper.code).content.decode()
    assert 'class="verdict good"' in page
    for word in ("有效", "王家豆腐坊", "后阳村", "王**", "食品小作坊登记证", paper.number, "2018-06-08 — 2021-06-07"):
        assert word in page, word


def test_the_page_never_shows_a_person(paper, scan):
    page = scan(paper.code).content.decode()
    for secret in ("王秀兰", "13861234567", "138****4567", "320413190001010015", "320413****", "老街12号", "后阳村3组"):
        assert secret not in page, secret


def test_the_code_is_read_as_people_scan_and_type_it(paper, scan):
    assert scan(paper.code, path="V").status_code == 200
    assert scan(paper.code.lower()).status_code == 200
    assert scan(paper.shown_code).status_code == 200
    assert scan(paper.code[:8] + " " + paper.code[8:]).status_code == 200
    typed = Client().get("/v/", {"code": paper.shown_code.lower()})
    assert (typed.status_code, typed["Location"]) == (302, f"/v/{paper.code}")


def test_a_code_that_is_signed_later_finds_the_same_certificate(paper, scan):
    signed = paper.code + "AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYUCULBOGAZDINRYHI6D4QA"
    assert "王家豆腐坊" in scan(signed, path="V").content.decode()


def test_an_unknown_code_is_a_red_404(scan, db):
    for wrong in ("0000000000000000", "王家", "x", "Z" * 3000, "../../etc", "%00"):
        page = scan(wrong)
        assert page.status_code == 404, wrong
    assert 'class="verdict bad"' in scan("0000000000000000").content.decode()
    assert "查无此证" in scan("0000000000000000").content.decode()


@pytest.mark.parametrize(("move", "tone", "word"), [
    ("suspend", "warn", "已暂停"), ("revoke", "bad", "已撤销"),
    ("cancel", "bad", "已注销"), ("replace", "warn", "已换发"),
])  # fmt: skip
def test_each_end_has_its_own_answer(town, paper, scan, move, tone, word):
    facts = {"ground": "遗失"} if move == "replace" else GROUND
    with at(date(2018, 6, 9)):
        go(paper, (move, town.chen, facts))
    page = scan(paper.code).content.decode()
    assert f'class="verdict {tone}"' in page and word in page


def test_the_old_code_does_not_lead_to_the_new_one(town, paper, scan):
    with at(date(2018, 6, 9)):
        go(paper, ("replace", town.chen, {"ground": "遗失"}))
    new = Certificate.objects.get(follows=paper)
    old = scan(paper.code).content.decode()
    assert new.code not in old and new.shown_code not in old
    assert 'class="verdict good"' in scan(new.code).content.decode()


def test_it_is_valid_to_the_end_of_its_last_day_even_before_the_night_watch(paper, scan):
    assert "good" in scan(paper.code, date(2021, 6, 7)).content.decode()
    assert "已过期" in scan(paper.code, date(2021, 6, 8)).content.decode()


def test_who_asked_for_renewal_in_time_is_shown_as_such(town, tofu, paper, scan):
    with at(date(2021, 5, 17)):
        steps.proposed(tofu, town, purpose="renew")
    assert "延续办理中" in scan(paper.code, date(2021, 6, 8)).content.decode()


def test_it_sets_no_cookie_and_is_not_kept(paper, scan):
    for page in (scan(paper.code), scan("0000000000000000"), Client().get("/v/")):
        assert not page.cookies
        assert page["Cache-Control"] == "no-store"
        assert "csrf" not in page.content.decode()


def test_it_speaks_english(paper, scan):
    page = scan(paper.code, lang="en").content.decode()
    assert "Valid" in page and "Food workshop registration certificate" in page
    assert 'lang="en"' in page


def test_it_costs_few_queries(paper, django_assert_max_num_queries):
    with at(DAY), django_assert_max_num_queries(3):
        Client().get(f"/v/{paper.code}")


def test_codes_hold_eighty_bits_and_no_two_are_alike():
    made = {codes.new() for _ in range(500)}
    assert len(made) == 500
    assert all(len(code) == 16 and set(code) <= set(codes.ALPHABET) and len(codes.ALPHABET) == 32 for code in made)
    assert codes.plain("ooil-ooil-ooil-ooil") == "0011001100110011"
