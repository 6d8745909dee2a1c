"""调查复核: a share of every surveyor's sheets is asked again by somebody else, and what differs is counted."""

from datetime import date, timedelta

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.field import checks
from sanxiao.field.models import Check
from sanxiao.field.tests.steps import answer
from sanxiao.office.now import today
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.tests import steps
from tests.cast import HOUYANG

SINCE, UNTIL = date(2018, 6, 1), date(2018, 6, 30)
SAME = {
    "operating_state": "normal", "operator_name": "徐根宝", "workers": "2", "health_certs": "2",
    "business_licence": "none", "water": "tap", "purchase_tickets": "complete", "road_occupation": "no",
}  # fmt: skip


def survey(town, number: int, surveyor: str = "张桂兰") -> list[Sheet]:
    form, who = Form.objects.latest_of("workshop"), surveyor
    return [
        steps.sheet_of(form, town.zhang, shop_name=f"油坊{n}", surveyor_1=who, surveyor_2="陈师傅", phone=None,
                       id_number=None)
        for n in range(number)
    ]  # fmt: skip


def one(town) -> Check:
    survey(town, 1)
    (check,) = checks.draw(town.zhou, SINCE, UNTIL, 5, "s")
    return Check.objects.get(pk=check.pk)


def record(client, check, **said):
    told = {"version": check.version, "checked_on": str(today()), **SAME, **said}
    return client.post(f"/do/field.check/{check.pk}/record", told)


def test_the_same_seed_draws_the_same_and_another_one_others(town):
    rows = survey(town, 20)
    first, again, other = (checks.drawn(rows, 25, seed) for seed in ("a", "a", "b"))
    assert first == again == checks.drawn(rows[::-1], 25, "a")
    assert len(first) == 5 and first != other


def test_every_surveyor_has_a_share_and_at_least_one(town):
    rows = [*survey(town, 10), *survey(town, 3, "李明")]
    names = [sheet.surveyors[0] for sheet in checks.drawn(rows, 20, "a")]
    assert (names.count("张桂兰"), names.count("李明")) == (2, 1)


def test_drawing_again_with_the_same_seed_adds_nothing(town):
    survey(town, 10)
    assert len(checks.draw(town.zhou, SINCE, UNTIL, 20, "a")) == 2
    assert checks.draw(town.chen, SINCE, UNTIL, 20, "a") == []
    assert {c.seed for c in Check.objects.all()} == {"a"}


def test_old_ledgers_void_sheets_and_other_months_are_not_drawn_from(town):
    kept, gone, old = survey(town, 3)
    flow.move(gone, "void", town.zhang, reason="重复")
    Sheet.objects.filter(pk=old.pk).update(source="ledger")
    assert [c.sheet_id for c in checks.draw(town.zhou, SINCE, UNTIL, 100, "a")] == [kept.pk]
    assert checks.draw(town.zhou, SINCE - timedelta(60), SINCE - timedelta(30), 100, "a") == []


def test_the_share_is_the_towns_rule_and_the_seed_is_shown(as_, town):
    survey(town, 3)
    form = as_("zhou").get("/checks/").context["form"]
    assert form.initial["share"] == 5
    answer = as_("zhou").post(
        "/checks/draw", {"since": SINCE, "until": UNTIL, "share": 50, "seed": "摇号7"}, follow=True
    )
    page = answer.content.decode()
    assert "抽出 2 张调查表" in page and "摇号7 · 50%" in page


@pytest.mark.parametrize(("who", "status"), [("zhang", 403), ("sun", 403), ("qian", 403), ("he", 403)])
def test_only_the_food_safety_office_and_the_bureau_draw(as_, town, who, status):
    survey(town, 3)
    assert (
        as_(who).post("/checks/draw", {"since": SINCE, "until": UNTIL, "share": 50, "seed": "a"}).status_code == status
    )
    with pytest.raises(Refused):
        checks.draw(getattr(town, who), SINCE, UNTIL, 100, "a") or flow.move(Check(area=HOUYANG), "draw", town.zhang)
    assert Check.objects.count() == 0


@pytest.mark.parametrize("who", ["zhang", "qian", "he"])
def test_the_village_does_not_see_what_was_drawn(as_, town, who):
    check = one(town)
    assert as_(who).get("/checks/").status_code == 404
    assert as_(who).get(check.get_absolute_url()).status_code == 404
    assert record(as_(who), check).status_code == 404


def test_what_is_answered_otherwise_is_counted_question_by_question(as_, town):
    check = one(town)
    assert record(as_("zhou"), check, workers="5", health_certs="1").status_code == 302
    check.refresh_from_db()
    assert (check.asked, check.differing, check.checker) == (8, ["workers", "health_certs"], town.zhou)
    page = as_("zhou").get(check.get_absolute_url()).content.decode()
    assert "复问 8 题，2 题不一致" in page
    (score,) = checks.scores(town.zhou)
    assert (score.surveyor, score.rate) == ("张桂兰", 25.0)


def test_the_number_leads_to_the_list_behind_it(as_, town):
    check = one(town)
    record(as_("zhou"), check, workers="5")
    page = as_("zhou").get("/checks/").content.decode()
    assert "12.5%" in page
    listed = as_("zhou").get("/checks/list", {"surveyor": "张桂兰", "differs": "some"})
    assert listed.context["count"] == 1
    assert as_("zhou").get("/checks/list", {"differs": "none"}).context["count"] == 0


def test_the_log_names_the_differing_questions_in_words(as_, town):
    check = one(town)
    record(as_("zhou"), check, workers="5")
    assert "从业人数" in as_("zhou").get(check.get_absolute_url()).content.decode()
    assert Event.objects.get(kind="field.check", move="record").on == today()


def test_nobody_checks_himself(as_, town):
    survey(town, 1, "周敏")
    (check,) = checks.draw(town.zhou, SINCE, UNTIL, 5, "s")
    answer = record(as_("zhou"), check)
    assert answer.status_code == 409 and "复核人不能是原来的调查人" in answer.content.decode()
    assert record(as_("chen"), check).status_code == 302


def test_an_answer_that_cannot_be_is_refused_at_the_desk(as_, town):
    check = one(town)
    assert record(as_("zhou"), check, workers="2", health_certs="3").status_code == 422
    assert record(as_("zhou"), check, checked_on=str(today() + timedelta(1))).status_code == 422


def test_a_check_is_recorded_once_and_dropped_with_a_reason(as_, town):
    check = one(town)
    with pytest.raises(Refused, match="还缺"):
        flow.move(Check.objects.get(pk=check.pk), "drop", town.zhou)
    record(as_("zhou"), check)
    for move in ("record", "drop"):
        with pytest.raises(Refused, match="当前状态"):
            flow.move(Check.objects.get(pk=check.pk), move, town.zhou, reason="x")


# --- by phone ----------------------------------------------------------------------------------------------------


def filed(town) -> Check:
    (sheet,) = survey(town, 1)
    flow.move(sheet, "file", town.zhang)
    (check,) = checks.draw(town.zhou, SINCE, UNTIL, 5, "s")
    return Check.objects.select_related("sheet").get(pk=check.pk)


def test_a_check_by_phone_goes_to_the_sheet_that_waits(town):
    check = filed(town)
    said = answer(town.chen, "check", HOUYANG, place=check.sheet.file_id, **{**SAME, "water": "well"})
    taken = checks.take(said)
    check.refresh_from_db()
    assert (check.state, check.differing, check.checker) == ("done", ["water"], town.chen)
    assert taken.file.pk == check.sheet.file_id
    assert taken.file.facts["water"] == "tap"  # a check finds out, it does not correct


def test_a_place_that_was_not_drawn_is_refused_in_words(town, tofu):
    with pytest.raises(Refused, match="没有等待复核"):
        checks.take(answer(town.chen, "check", HOUYANG, place=tofu.pk, **SAME))


def test_the_surveyor_cannot_check_by_phone(town):
    (sheet,) = survey(town, 1, "陈伟")
    flow.move(sheet, "file", town.zhang)
    checks.draw(town.zhou, SINCE, UNTIL, 5, "s")
    with pytest.raises(Refused, match="复核人不能是原来的调查人"):
        checks.take(answer(town.chen, "check", HOUYANG, place=Sheet.objects.get().file_id, **SAME))
