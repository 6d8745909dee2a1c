"""Training: the list, the roll, the test on paper and on the operators' own phones, who has still to pass."""

from datetime import date, timedelta

import pytest

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.guidance import training
from sanxiao.guidance.models import Attendance, Session
from sanxiao.guidance.tests import steps

pytestmark = pytest.mark.usefixtures("june")


@pytest.fixture
def planned(town, tofu):
    """Zhang's training of today, with the tofu shop on its list."""
    return steps.session(town.zhang, tofu)


def person(session):
    return Attendance.objects.select_related("file", "session").get(session=session)


def right(session, wrong=0):
    """Answers to the test, the first `wrong` of them wrong."""
    rows = training.questions_of(session)
    other = {"a": "b", "b": "c", "c": "a"}
    return {f"q-{q['code']}": other[q["right"]] if n < wrong else q["right"] for n, q in enumerate(rows)}


def post(client, session, **answers):
    return client.post(f"/t/{session.code}", {"place": person(session).pk, **answers})


def test_the_town_brings_ten_questions_for_every_kind_with_their_reasons_in_two_languages(town):
    for kind in ("workshop", "vendor", "eatery"):
        rows = Rule.objects.value(f"quiz.{kind}")
        assert len(rows) == 10
        assert all(row["right"] in "abc" and row["why"] and row["text_en"] and row["why_en"] for row in rows)
        assert all(row[row["right"]] and row["a_en"] and row["b_en"] for row in rows)


@pytest.mark.parametrize("who", ["qian", "sun", "feng"])
def test_others_hold_no_training(town, tofu, who):
    with pytest.raises(flow.Refused, match="不归您"):
        steps.session(getattr(town, who))


def test_people_come_on_the_list_by_village_kind_or_name_and_never_twice(as_, town, tofu):
    session = steps.session(town.zhang)
    steps.place(town.zhang, tofu, "李家糕点")
    path = f"/do/guidance.session/{session.pk}/invite"
    assert as_("zhang").post(path, {"q": "豆腐", "only_new": "on"}).status_code == 302
    assert as_("zhang").post(path, {"kind": "workshop"}).status_code == 302
    assert Attendance.objects.count() == 2
    assert "没有找到可以加入的单位" in as_("zhang").post(path, {"kind": "workshop"}).content.decode()


def test_the_roll_says_who_came_and_who_did_not(as_, town, tofu, planned):
    second = steps.place(town.zhang, tofu, "王家二店")
    flow.move(Attendance(session=planned, file=second, area=second.area), "invite", town.zhang, within=True)
    there = Attendance.objects.get(file=tofu)
    path = f"/do/guidance.session/{planned.pk}/roll"
    assert "王家二店" in as_("zhang").get(path).content.decode()
    assert as_("zhang").post(path, {"came": [there.pk], "signin": steps.upload("签到.jpg")}).status_code == 302
    assert dict(Attendance.objects.values_list("file__name", "state")) == {"王家豆腐坊": "came", "王家二店": "absent"}
    assert Session.objects.get().state == "held"


def test_no_roll_without_a_list_or_before_the_day(town, tofu):
    empty = steps.session(town.zhang)
    with pytest.raises(flow.Refused, match="名单是空的"):
        flow.move(empty, "roll", town.zhang, came={"there": []})
    later = steps.session(town.zhang, tofu, held_on=date(2018, 6, 20))
    with pytest.raises(flow.Refused, match="还没有到"):
        flow.move(later, "roll", town.zhang, came={"there": []})


@pytest.mark.parametrize(("score", "state"), [(80, "passed"), (79, "failed"), (100, "passed"), (0, "failed")])
def test_scores_of_the_test_on_paper_pass_by_the_mark_of_the_town(as_, town, tofu, planned, score, state):
    flow.move(planned, "roll", town.zhang, came={"there": [str(person(planned).pk)]})
    path = f"/do/guidance.session/{planned.pk}/mark"
    assert "80 分合格" in as_("zhang").get(path).content.decode()
    assert as_("zhang").post(path, {f"score-{person(planned).pk}": score}).status_code == 302
    assert (person(planned).state, person(planned).score) == (state, score)


def test_a_score_above_a_hundred_and_an_empty_form_are_refused(as_, town, planned):
    flow.move(planned, "roll", town.zhang, came={"there": [str(person(planned).pk)]})
    path = f"/do/guidance.session/{planned.pk}/mark"
    assert as_("zhang").post(path, {f"score-{person(planned).pk}": 101}).status_code == 422
    assert "至少填一个人" in as_("zhang").post(path, {}).content.decode()
    assert person(planned).score is None


def test_who_was_absent_gets_no_score(town, planned):
    flow.move(planned, "roll", town.zhang, came={"there": []})
    with pytest.raises(flow.Refused, match="到场的人"):
        flow.move(planned, "mark", town.zhang, scores={str(person(planned).pk): 90})


# --- by phone ----------------------------------------------------------------------------------------------------


def test_the_operator_takes_the_test_on_his_own_phone_without_account_or_cookie(client, planned):
    answer = client.get(f"/t/{planned.code}")
    page = answer.content.decode()
    assert not answer.cookies and 'class="large"' in page and "王家豆腐坊" in page
    assert "王秀兰" not in page and "13861234567" not in page
    page = post(client, planned, **right(planned)).content.decode()
    assert "100 分" in page and "合格，已经记下" in page
    assert (person(planned).state, person(planned).score) == ("passed", 100)


def test_who_fails_reads_why_and_may_try_again(client, planned):
    page = post(client, planned, **right(planned, wrong=3)).content.decode()
    assert "70 分" in page and "再答一次" in page
    assert training.questions_of(planned)[0]["why"] in page
    assert (person(planned).state, person(planned).tries) == ("failed", 1)
    post(client, planned, **right(planned))
    assert (person(planned).state, person(planned).tries) == ("passed", 2)


def test_the_same_paper_handed_in_twice_is_one_try_and_a_pass_stays(client, planned):
    for _n in range(2):
        post(client, planned, **right(planned, wrong=5))
    assert person(planned).tries == 1
    post(client, planned, **right(planned))
    page = post(client, planned, **right(planned, wrong=9)).content.decode()
    assert "成绩不变" in page and person(planned).score == 100


def test_what_is_missing_is_named_and_what_was_answered_stays(client, planned):
    answers = right(planned)
    first = next(iter(answers))
    page = post(client, planned, **{k: v for k, v in answers.items() if k != first}).content.decode()
    assert "第 1 题" in page and page.count(" checked") == 9
    assert "请先选自己的店" in client.post(f"/t/{planned.code}", answers).content.decode()
    assert person(planned).state == "invited"


def test_the_test_is_in_english_too(client, planned):
    assert "certificate belong" in client.get(f"/t/{planned.code}", {"lang": "en"}).content.decode()


def test_wrong_early_late_and_closed_codes_answer_alike(client, town, tofu, planned):
    wrong = client.get("/t/0000000000000000")
    assert wrong.status_code == 404
    later = steps.session(town.zhang, tofu, held_on=date(2018, 6, 20))
    assert client.get(f"/t/{later.code}").content == wrong.content
    without = steps.session(town.zhang, tofu, kind="workshop", topic="不测试")
    Session.objects.filter(pk=without.pk).update(kind=None)
    assert client.get(f"/t/{without.code}").content == wrong.content
    with steps.at(steps.JUNE + timedelta(days=8)):
        assert client.get(f"/t/{planned.code}").content == wrong.content
    flow.move(planned, "roll", town.zhang, came={"there": []})
    flow.move(planned, "close", town.zhang)
    assert client.get(f"/t/{planned.code}").content == wrong.content


def test_a_place_that_is_not_on_the_list_takes_no_test(client, town, tofu, planned):
    other = steps.session(town.zhang, steps.place(town.zhang, tofu, "王家二店"))
    answer = client.post(f"/t/{planned.code}", {"place": person(other).pk, **right(planned)})
    assert answer.status_code == 422
    assert person(other).state == "invited"


def test_one_address_is_slowed_down(client, planned, monkeypatch):
    from sanxiao.guidance import public

    monkeypatch.setattr(public, "READS", 2)
    assert [client.get(f"/t/{planned.code}").status_code for _n in range(3)] == [200, 200, 429]


# --- papers and lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["sign-in", "test", "key", "code"])
def test_sheets_come_on_paper_and_the_key_is_not_for_everybody(as_, planned, what):
    path = f"/guidance/training/{planned.pk}/{what}"
    assert as_("zhang").get(path).content.startswith(b"%PDF-")
    assert as_("li").get(path).status_code == 404
    assert as_("sun").get(path).status_code in (403, 404)


def test_who_has_not_passed_is_listed_until_he_has(as_, client, town, tofu, planned):
    assert "王家豆腐坊" in as_("zhang").get("/guidance/training/missing").content.decode()
    post(client, planned, **right(planned))
    assert "王家豆腐坊" not in as_("zhang").get("/guidance/training/missing").content.decode()
    assert not training.untrained(Establishment.objects.filter(pk=tofu.pk)).exists()


def test_a_village_sees_of_the_towns_training_its_own_people(as_, town, tofu):
    there = steps.place(town.li, tofu, "南瑶店", area="320413100204")
    session = steps.session(town.chen, tofu, there)
    page = as_("zhang").get(f"/guidance/training/{session.pk}/").content.decode()
    assert "王家豆腐坊" in page and "南瑶店" not in page
    with pytest.raises(flow.Refused, match="不归您"):
        flow.move(session, "roll", town.zhang, came={"there": []})
    assert as_("zhang").get(f"/guidance/training/{steps.session(town.chen, there).pk}/").status_code == 404


def test_lists_ask_a_fixed_number_of_queries(as_, town, tofu, planned):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_("zhang")
    for path in ("/guidance/training/", f"/guidance/training/{planned.pk}/", "/guidance/training/missing"):
        client.get(path)
        with CaptureQueriesContext(connection) as one:
            client.get(path)
        for n in range(3):
            file = steps.place(town.zhang, tofu, f"{path}{n}店")
            flow.move(Attendance(session=planned, file=file, area=file.area), "invite", town.zhang, within=True)
            steps.session(town.zhang, file)
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(one) == len(many), path
