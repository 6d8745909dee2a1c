"""线索: sent to a village, followed up there within its term, found when its sheet is filed."""

import uuid

import pytest

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.survey import leads, phone
from sanxiao.survey.models import Lead, Sheet
from sanxiao.survey.tests import paper, steps
from sanxiao.web import desk
from tests.cast import HOUYANG, NANYAO


@pytest.fixture
def lead(town) -> Lead:
    """The bureau heard of a tofu maker in 后阳村."""
    return leads.send(town.chen, origin="test", area=HOUYANG, name="老孙豆腐", address="后阳村6组",
                      kind=Kind.objects.get(pk="workshop"), note="听说在后院做")  # fmt: skip


def again(row: Lead) -> Lead:
    return Lead.objects.get(pk=row.pk)


def test_the_office_sends_a_lead_by_hand_and_the_village_has_it_on_its_desk(as_, town):
    sent = {"area": HOUYANG, "name": "老孙豆腐", "address": "后阳村6组", "kind": "workshop", "note": "听说"}
    assert as_("zhou").post("/do/survey.lead/new/send", sent).status_code == 302
    row = Lead.objects.get()
    assert (row.area, row.state, row.origin) == (HOUYANG, "open", "desk")
    (todo,) = [todo for todo in desk.waiting(town.zhang)[0] if todo.url == row.get_absolute_url()]
    assert todo.due_on == row.due_on == Deadline.objects.get(subject=row.pk, term="follow").due_on
    assert todo.url in as_("zhang").get("/survey/leads/").content.decode()


def test_a_lead_needs_a_name_and_a_village_of_the_town(as_, town):
    for wrong in (
        {"area": "", "name": "老孙"},
        {"area": HOUYANG, "name": ""},
        {"area": "999999999999", "name": "老孙"},
    ):
        assert as_("zhou").post("/do/survey.lead/new/send", wrong).status_code == 422
    assert Lead.objects.count() == 0


@pytest.mark.parametrize("who", ["zhang", "qian", "sun", "he"])
def test_who_has_not_the_duty_sends_none(as_, town, who):
    answer = as_(who).post("/do/survey.lead/new/send", {"area": HOUYANG, "name": "老孙"})
    assert answer.status_code in (403, 404, 409, 422)
    assert Lead.objects.count() == 0


def test_the_same_matter_sends_one_lead_to_a_village(town, lead, tofu):
    one = leads.send(town.chen, origin="purchase", area=HOUYANG, name="甲", source=tofu)
    assert leads.send(town.chen, origin="purchase", area=HOUYANG, name="甲", source=tofu) == one
    assert (one.source_kind, one.source) == ("archive.file", tofu.pk)


def test_the_next_village_does_not_see_it(as_, lead):
    assert as_("li").get(lead.get_absolute_url()).status_code == 404
    assert as_("li").post(f"/do/survey.lead/{lead.pk}/none", {"version": 1, "reason": "x"}).status_code == 404
    assert "老孙豆腐" not in as_("li").get("/survey/leads/").content.decode()


@pytest.mark.parametrize("who", ["chen", "zhou", "qian"])
def test_only_the_village_follows_it_up(town, lead, who):
    for move, facts in (("none", {"reason": "x"}), ("refer", {"new_area": NANYAO, "reason": "x"})):
        with pytest.raises(Refused):
            flow.move(again(lead), move, getattr(town, who), **facts)


def test_it_is_found_when_the_sheet_that_was_begun_from_it_is_filed(as_, town, lead):
    page = as_("zhang").get(lead.get_absolute_url()).content.decode()
    assert f"/survey/new/workshop?lead={lead.pk}" in page
    form = as_("zhang").get(f"/survey/new/workshop?lead={lead.pk}").context["form"]
    assert form.initial["shop_name"] == "老孙豆腐"
    told = paper.workshop(shop_name="孙家豆腐坊", lead=str(lead.pk), sure="1")
    as_("zhang").post("/survey/new/workshop", told)
    assert again(lead).state == "open"
    flow.move(Sheet.objects.get(), "file", town.zhang)
    row = again(lead)
    assert (row.state, row.file.name, row.sheet) == ("found", "孙家豆腐坊", Sheet.objects.get())
    assert Deadline.objects.get(subject=lead.pk).outcome == "met"


def test_nobody_begins_a_sheet_from_another_villages_lead(as_, lead):
    assert as_("li").get(f"/survey/new/workshop?lead={lead.pk}").status_code == 404
    assert as_("li").post("/survey/new/workshop", paper.workshop(lead=str(lead.pk))).status_code == 404
    assert as_("zhang").get("/survey/new/workshop?lead=x").status_code == 404


def test_a_phone_finds_it_by_the_key_it_carries_or_by_its_very_name(town, lead):
    phone.take(steps.filled(town.zhang, place=lead.pk, creates=True, shop_name="孙家豆腐坊"))
    assert again(lead).state == "found" and again(lead).file_id == lead.pk
    other = leads.send(town.chen, origin="test", area=HOUYANG, name="钱记糕团", address="")
    said = steps.filled(town.zhang, place=uuid.uuid4(), creates=True, shop_name="钱记糕团", phone="13900000009",
                        id_number=None, operator_name="钱巧云")  # fmt: skip
    phone.take(said)
    assert again(other).state == "found"


def test_it_was_known_all_along(as_, town, lead, tofu):
    page = as_("zhang").get(f"/do/survey.lead/{lead.pk}/known").content.decode()
    assert "王家豆腐坊" in page
    told = {"version": lead.version, "file": str(tofu.pk)}
    assert as_("zhang").post(f"/do/survey.lead/{lead.pk}/known", told).status_code == 302
    assert (again(lead).state, again(lead).file) == ("known", Establishment.objects.get(pk=tofu.pk))


def test_a_file_of_another_village_is_not_the_one(as_, town, lead):
    from tests import cast

    other = cast.tofu_shop(town.li, area=NANYAO)
    told = {"version": lead.version, "file": str(other.pk)}
    assert as_("zhang").post(f"/do/survey.lead/{lead.pk}/known", told).status_code == 422
    with pytest.raises(Refused):
        flow.move(again(lead), "known", town.zhang, file=other)


def test_there_is_no_such_place_and_a_photo_says_so(as_, lead):
    told = {"version": lead.version, "reason": "问遍全组，没有这家", "photo": paper.photo()}
    assert as_("zhang").post(f"/do/survey.lead/{lead.pk}/none", told).status_code == 302
    assert again(lead).state == "none" and Attachment.objects.get().subject == lead.pk
    with pytest.raises(Refused, match="当前状态"):
        flow.move(again(lead), "none", again(lead) and Event.objects.get(move="none").actor, reason="x")


def test_without_a_reason_it_is_not_done_with(as_, lead):
    assert as_("zhang").post(f"/do/survey.lead/{lead.pk}/none", {"version": lead.version}).status_code == 422
    assert again(lead).state == "open"


def test_it_is_given_to_the_village_where_it_lies_with_its_term(as_, town, lead):
    told = {"version": lead.version, "new_area": NANYAO, "reason": "在南瑶村地界"}
    answer = as_("zhang").post(f"/do/survey.lead/{lead.pk}/refer", told, follow=True)
    assert answer.status_code == 200 and answer.redirect_chain[-1][0].endswith("/survey/leads/")
    assert as_("li").get(lead.get_absolute_url()).status_code == 200
    assert Deadline.objects.get(subject=lead.pk).area == NANYAO
    with pytest.raises(Refused, match="另一个村"):
        flow.move(again(lead), "refer", town.li, new_area=NANYAO, reason="x")


def test_the_list_is_narrowed_and_asks_the_same_few_questions(as_, town, lead, django_assert_num_queries):
    client = as_("zhou")
    assert client.get("/survey/leads/", {"state": "open", "area": HOUYANG}).context["count"] == 1
    assert client.get("/survey/leads/", {"due": "late"}).context["count"] == 0
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/survey/leads/")
    for n in range(8):
        leads.send(town.chen, origin="test", area=HOUYANG, name=f"摊{n}")
    with django_assert_num_queries(len(few)):
        client.get("/survey/leads/")
