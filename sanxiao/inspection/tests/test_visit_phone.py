"""A checklist that an officer filled on his phone."""

import uuid
from datetime import date

import pytest

from sanxiao.docket import files, flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.rooms import Filled, gather
from sanxiao.field import offer
from sanxiao.inspection import checklist, visit_phone
from sanxiao.inspection.tests import steps, visit_steps
from sanxiao.inspection.tests.visit_steps import JULY
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.now import at


@pytest.fixture(autouse=True)
def july(town):
    with at(JULY):
        yield


def filled(by, file, pictures=(), **said) -> Filled:
    """The whole checklist 是 but what is said; `pictures`: questions with a photo each."""
    form = checklist.in_use(file.kind_id)
    answers = {item.code: "yes" for item in checklist.items_of(form)}
    answers |= {"visit_kind": "routine", "begun_on": "2018-07-03", "second": "吴昊", "credentials": "执法证 1 号"}
    held = {f"{name}.jpg": files.put(steps.picture()).pk for name in pictures}
    answers |= {name: f"{name}.jpg" for name in pictures} | said
    return Filled(uuid.uuid4(), form, file.area, by, answers, held, {}, JULY, place=file.pk)


def test_the_phone_offers_the_checklists_to_the_bureau_alone(town, tofu):
    codes = {o.form.code for o in offer.offers(town.chen)}
    assert {"visit_workshop", "visit_vendor", "visit_eatery"} <= codes
    assert not [o for o in offer.offers(town.zhang) if o.form.code.startswith("visit_")]


def test_a_planned_visit_is_an_errand_with_its_form(town, tofu):
    visit_steps.plan(tofu, town.zhou, team=[town.chen, town.wu])
    [errand] = [e for e in gather("errands", town.chen) if e.key.startswith("visit:")]
    assert (errand.form, errand.place, errand.due_on) == ("visit_workshop", "王家豆腐坊", date(2018, 7, 10))
    assert not [e for e in gather("errands", town.zhang) if e.key.startswith("visit:")]


def test_a_signed_checklist_from_the_phone_is_told_in_one_go(town, tofu):
    planned = visit_steps.plan(tofu, town.zhou)
    taken = visit_phone.take(filled(town.chen, tofu, ["signature"], told_how="signed"))
    visit = visit_steps.again(planned)
    assert taken.subject.pk == visit.pk
    assert (visit.state, visit.result, visit.inspectors, visit.credentials) == (
        "told",
        "conform",
        "陈伟、吴昊",
        "执法证 1 号",
    )


@pytest.mark.parametrize(("said", "counted"), [({"vehicles": "2"}, 2), ({}, 0), ({"vehicles": "-1"}, 0)])
def test_the_phone_asks_for_the_cars_and_they_are_counted(town, tofu, said, counted):
    assert "vehicles" in {q["name"] for q in checklist.in_use("workshop").questions().values() if not q["required"]}
    visit = visit_phone.take(filled(town.chen, tofu, **said)).subject
    facts = Event.objects.get(subject=visit.pk, move="judge").facts
    assert (facts["persons"], facts.get("vehicles", 0), visit.vehicles) == (2, counted, counted)


def test_the_same_answer_twice_is_one_visit(town, tofu):
    said = filled(town.chen, tofu)
    assert visit_phone.take(said).subject == visit_phone.take(said).subject
    assert Visit.objects.count() == 1


def test_a_failure_brings_its_photo_and_words(town, tofu):
    said = filled(town.chen, tofu, ["i09_photo"], i09="no", i09_gravity="slight", i09_note="纱窗破")
    visit = visit_phone.take(said).subject
    assert (visit.state, visit.result, visit.action) == ("judged", "basic", "order")
    assert visit.answers["i09"] == {"a": "no", "gravity": "slight", "note": "纱窗破", "action": "order"}
    assert Attachment.objects.get(subject=visit.pk).role == "before:i09"


def test_what_is_not_whole_is_kept_as_a_draft(town, tofu):
    visit = visit_phone.take(filled(town.chen, tofu, i02="skip")).subject
    assert (visit.state, len(visit.answers)) == ("underway", 24)


def test_a_flying_visit_may_leave_items_out(town, tofu):
    visit = visit_phone.take(filled(town.chen, tofu, i02="skip", visit_kind="flying")).subject
    assert (visit.state, visit.kind, visit.applicable) == ("judged", "flying", 96)


def test_a_colleague_of_a_higher_office_is_kept_by_name(town, tofu):
    visit = visit_phone.take(filled(town.chen, tofu, second="区局王强")).subject
    assert [row["name"] for row in visit.team] == ["陈伟", "区局王强"]


@pytest.mark.parametrize("second", ["", "陈伟"])
def test_one_inspector_alone_is_refused_with_words(town, tofu, second):
    with pytest.raises(flow.Refused, match="两名"):
        visit_phone.take(filled(town.chen, tofu, second=second))
    assert not Visit.objects.exists()


def test_the_list_of_another_kind_is_refused(town, tofu):
    said = filled(town.chen, tofu)
    wrong = Filled(said.id, checklist.in_use("vendor"), said.area, said.by, said.answers, {}, {}, JULY, place=tofu.pk)
    with pytest.raises(flow.Refused, match="类别"):
        visit_phone.take(wrong)
