"""走访: every street and hamlet is walked, and that nothing was found is signed for."""

from datetime import date, timedelta

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import fill_for
from sanxiao.field import walks
from sanxiao.field.models import Patch, Walk
from sanxiao.field.tests.steps import answer
from sanxiao.office.now import today
from sanxiao.survey.tests import paper
from tests.cast import HOUYANG, NANYAO


@pytest.fixture
def street(town) -> Patch:
    return Patch.objects.get(area=HOUYANG, name="后阳老街")


def walk(client, patch, **said):
    return client.post(f"/do/field.walk/new/walk?patch={patch.pk}", {"walked_on": str(today()), "found": 0, **said})


def test_the_town_brings_its_streets_and_hamlets(town):
    assert {p.name for p in Patch.objects.filter(area=HOUYANG)} == {"后阳老街", "前阳", "阳湖头", "河南里", "后阳集市"}


def test_zhang_walks_a_street_and_signs_that_nothing_was_found(as_, street):
    assert walk(as_("zhang"), street, none_found="on", signature=paper.photo()).status_code == 302
    held = Walk.objects.get()
    assert (held.none_found, held.found, held.by.name) == (True, 0, "张桂兰")
    assert Attachment.objects.get(role="signature").subject == held.pk
    page = as_("zhang").get("/coverage/").content.decode()
    assert "签字：未发现" in page and "1 / 5" in page


def test_nothing_found_must_be_said_and_cannot_be_said_beside_something(as_, street):
    assert walk(as_("zhang"), street).status_code == 422
    assert walk(as_("zhang"), street, found=2, none_found="on").status_code == 422
    assert Walk.objects.count() == 0


def test_a_walk_counts_for_its_own_day_and_not_for_one_to_come(as_, street):
    last_week = today() - timedelta(days=7)
    walk(as_("zhang"), street, found=2, walked_on=str(last_week))
    assert Event.objects.get(kind="field.walk").on == last_week
    assert walk(as_("zhang"), street, found=2, walked_on=str(today() + timedelta(days=1))).status_code == 422


def test_a_wrong_walk_is_voided_with_a_reason_and_counts_no_more(as_, street):
    walk(as_("zhang"), street, found=2)
    held = Walk.objects.get()
    assert as_("zhang").post(f"/do/field.walk/{held.pk}/void", {"version": 1}).status_code == 422
    as_("zhang").post(f"/do/field.walk/{held.pk}/void", {"version": 1, "reason": "走错了村"})
    assert "0 / 5" in as_("zhang").get("/coverage/").content.decode()
    with pytest.raises(flow.Refused, match="当前状态"):
        flow.move(Walk.objects.get(), "void", held.by, reason="x")


@pytest.mark.parametrize(("who", "status"), [("li", 404), ("qian", 404), ("he", 404)])
def test_the_next_village_and_other_offices_do_not_see_the_street(as_, street, who, status):
    assert walk(as_(who), street, found=1).status_code == status
    assert as_(who).post(f"/coverage/{street.pk}/assign", {"walker": ""}).status_code == status


@pytest.mark.parametrize("who", ["chen", "zhou", "sun"])
def test_who_is_only_told_cannot_walk_for_the_village(as_, town, street, who):
    assert walk(as_(who), street, found=1).status_code in (403, 409)
    assert as_(who).get(f"/coverage/?village={HOUYANG}").status_code == 200
    assert Walk.objects.count() == 0


def test_the_town_sees_every_village_and_what_is_left(as_, street):
    walk(as_("zhang"), street, found=2)
    page = as_("zhou").get("/coverage/").content.decode()
    assert "后阳村" in page and "1 / 5" in page and "阳湖头" in page
    points = as_("zhou").get("/coverage/points").json()["features"]
    (here,) = [p for p in points if p["properties"]["url"].endswith(HOUYANG)]
    assert here["properties"]["state"] == "正在走" and here["properties"]["tone"] == "amber"


def test_a_village_sees_itself_alone(as_, town):
    page = as_("zhang").get("/coverage/").content.decode()
    assert "后阳老街" in page and "南瑶" not in page
    assert as_("zhang").get(f"/coverage/?village={NANYAO}").status_code == 404


def test_who_walks_is_assigned_by_the_village_and_only_to_its_own_people(as_, town, street):
    assert as_("zhang").post(f"/coverage/{street.pk}/assign", {"walker": town.zhang.pk}).status_code == 302
    street.refresh_from_db()
    assert street.walker == town.zhang
    assert as_("zhang").post(f"/coverage/{street.pk}/assign", {"walker": town.li.pk}).status_code == 404
    assert as_("chen").post(f"/coverage/{street.pk}/assign", {"walker": ""}).status_code == 403


def test_a_street_that_is_missing_is_added_and_one_that_is_gone_is_ended(as_, town, street):
    as_("zhang").post("/coverage/add", {"village": HOUYANG, "name": "新渡口", "kind": "hamlet"})
    assert Patch.objects.get(name="新渡口").found_in_field
    as_("zhang").post(f"/coverage/{street.pk}/end")
    page = as_("zhang").get("/coverage/").content.decode()
    assert "新渡口" in page and "后阳老街" not in page
    assert as_("li").post("/coverage/add", {"village": HOUYANG, "name": "x", "kind": "hamlet"}).status_code == 404
    assert as_("chen").post("/coverage/add", {"village": HOUYANG, "name": "x", "kind": "hamlet"}).status_code == 404


def test_loading_the_town_again_leaves_alone_what_people_added_or_ended(as_, town, street, settings):
    as_("zhang").post("/coverage/add", {"village": HOUYANG, "name": "新渡口", "kind": "hamlet"})
    as_("zhang").post(f"/coverage/{street.pk}/end")
    from sanxiao.field.patches import load_town

    load_town(settings.TOWNS_DIR / "jincheng")
    page = as_("zhang").get("/coverage/").content.decode()
    assert "新渡口" in page and "后阳老街" not in page


def test_the_page_of_the_town_asks_the_same_few_questions_however_many_villages(
    as_, town, django_assert_max_num_queries
):
    client = as_("zhou")
    client.get("/coverage/")
    with django_assert_max_num_queries(24):
        client.get("/coverage/")


# --- by phone ----------------------------------------------------------------------------------------------------


def test_a_walk_by_phone_is_kept_with_its_signature(town, street):
    from sanxiao.docket import files

    stored = files.put(paper.photo().read()).pk
    said = answer(town.zhang, "walk", HOUYANG, patch=str(street.pk), found="0", none_found="yes",
                  walked_on="2018-06-05", signature="s.jpg", files={"s.jpg": stored})  # fmt: skip
    assert fill_for("walk").take is walks.take
    held = walks.take(said).subject
    assert (held.patch, held.none_found, held.walked_on) == (street, True, date(2018, 6, 5))
    assert Attachment.objects.get(role="signature").subject == held.pk
    assert walks.take(said).subject == held and Walk.objects.count() == 1


def test_the_phone_may_name_a_patch_that_no_list_has(town):
    said = answer(town.zhang, "walk", HOUYANG, patch="new", patch_new="新渡口", patch_kind="market", found="3",
                  location="31.72 119.57 0 9")  # fmt: skip
    patch = walks.take(said).subject.patch
    assert (patch.name, patch.kind, patch.found_in_field, patch.lat) == ("新渡口", "market", True, 31.72)
    again = answer(town.zhang, "walk", HOUYANG, patch="new", patch_new="新渡口", found="1")
    assert walks.take(again).subject.patch == patch


def test_whoever_walks_a_street_may_take_it_over_where_he_stands(town, street):
    said = {"patch": str(street.pk), "found": "2", "mine": "yes"}
    walks.take(answer(town.zhang, "walk", HOUYANG, **said))
    street.refresh_from_db()
    assert street.walker == town.zhang and Event.objects.filter(subject=street.pk, move="amend").count() == 1
    walks.take(answer(town.zhang, "walk", HOUYANG, **said))
    assert Event.objects.filter(subject=street.pk, move="amend").count() == 1


def test_what_the_village_settled_since_is_not_changed_by_a_late_word(as_, town, street):
    as_("zhang").post(f"/coverage/{street.pk}/assign", {"walker": town.zhang.pk})
    as_("zhang").post(f"/coverage/{street.pk}/assign", {"walker": ""})
    last_week = str(today() - timedelta(days=7))
    walks.take(answer(town.zhang, "walk", HOUYANG, patch=str(street.pk), found="2", mine="yes", walked_on=last_week))
    street.refresh_from_db()
    assert street.walker is None


def test_who_is_not_of_the_village_walks_but_takes_nothing_over(town, street):
    walks.take(answer(town.zhou, "walk", HOUYANG, patch=str(street.pk), found="2", mine="yes"))
    street.refresh_from_db()
    assert street.walker is None


def test_a_phones_nothing_without_the_signature_is_no_signed_nothing(town, street):
    said = answer(town.zhang, "walk", HOUYANG, patch=str(street.pk), found="0", none_found="no")
    assert walks.take(said).subject.none_found is False


@pytest.mark.parametrize("patch", ["", "no-such", "6f1c1b1e-0000-4000-8000-000000000000"])
def test_a_patch_that_nobody_knows_is_refused_in_words_and_leaves_nothing(town, patch):
    with pytest.raises(Refused):
        walks.take(answer(town.zhang, "walk", HOUYANG, patch=patch, found="1"))
    assert Walk.objects.count() == 0


def test_the_next_villages_patch_is_not_walked_by_phone(town):
    other = Patch.objects.filter(area=NANYAO).first()
    with pytest.raises(Refused, match="没有找到"):
        walks.take(answer(town.zhang, "walk", HOUYANG, patch=str(other.pk), found="1"))
