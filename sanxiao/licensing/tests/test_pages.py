"""The pages of the room: what is on them, for whom, and what they cost."""

import io

import pytest
from PIL import Image

from sanxiao.archive.models import Establishment, Pitch
from sanxiao.docket.models import Attachment, Event
from sanxiao.licensing import clash, eligibility
from sanxiao.licensing.models import Application
from sanxiao.licensing.tests import steps
from sanxiao.licensing.tests.steps import again, begin, certified, go, submitted
from sanxiao.papers.models import Number, Series

NEW = "/do/licensing.application/new/begin"


def photo() -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "PNG")
    data.seek(0)
    data.name = "身份证.png"
    return data


def told(file, **facts):
    """Change what the survey said."""
    Establishment.objects.filter(pk=file.pk).update(facts={**file.facts, **facts})
    return again(file)


def levels(file) -> dict[str, str]:
    return {f.code: f.level for f in eligibility.check(file)}


# -- E1 eligibility


def test_the_conditions_are_shown_before_anybody_applies(as_, tofu):
    page = as_("zhang").get(f"{NEW}?file={tofu.pk}").content.decode()
    assert "没有未办结的整改通知" in page and "从业人员都有健康证" in page


def test_prohibited_food_bars_a_workshop_and_warns_a_stall(town, tofu):
    assert levels(told(tofu, food_varieties="豆腐、自制酸奶"))["foods"] == "bar"
    assert levels(told(steps.stall(town.zhang), food_varieties="现制酸奶"))["foods"] == "warn"
    assert levels(tofu)["foods"] == "ok"


def test_an_eatery_over_fifty_square_metres_needs_a_licence(town):
    file = steps.stall(town.zhang)
    Establishment.objects.filter(pk=file.pk).update(kind="eatery")
    file = again(file)
    assert levels(told(file, usable_area_m2=50))["area"] == "ok"
    assert levels(told(file, usable_area_m2=51))["area"] == "bar"
    assert levels(file)["area"] == "unknown"


def test_a_stall_near_a_school_or_outside_a_zone_is_pointed_out(town):
    file = steps.stall(town.zhang)
    found = levels(told(file, school_distance_m=150, in_area="no"))
    assert (found["school"], found["zone"]) == ("warn", "warn")
    found = levels(told(file, school_distance_m=200, in_area="undesignated"))
    assert (found["school"], found["zone"]) == ("ok", "unknown")


def test_a_workshop_may_not_prepack_while_the_rule_says_so(tofu):
    assert levels(told(tofu, packaging=["prepacked"]))["prepack"] == "bar"


# -- E11 one card, one person, one pitch


def second_stall(town, place="菜场门口", windows=None):
    file = steps.stall(town.zhang)
    Pitch.objects.filter(file=file).update(name=place, lat=None, lng=None, windows=windows or steps.MORNING)
    return file


def test_the_same_person_cannot_stand_at_two_places_at_once(town):
    certified(steps.stall(town.zhang), town)
    assert "同一时段" in clash.warnings(second_stall(town))[0]
    evening = [{"days": [6], "from": "17:00", "to": "22:00"}]
    assert clash.warnings(second_stall(town, windows=evening)) == []


def test_one_place_one_card(town):
    certified(steps.stall(town.zhang), town)
    assert "一地一卡" in clash.warnings(second_stall(town, place="老街口"))[0]


def test_hours_past_midnight_reach_into_monday():
    late = [{"days": [7], "from": "18:00", "to": "01:00"}]
    early = [{"days": [1], "from": "00:30", "to": "06:00"}]
    assert clash.overlap(late, early)
    assert not clash.overlap(late, [{"days": [1], "from": "01:00", "to": "06:00"}])


# -- forms


def test_zhang_applies_with_photos_and_hands_in(as_, town, tofu):
    zhang = as_("zhang")
    sent = {"purpose": "new", "have_layout": "on", "photo_identity": photo(), "statement": ""}
    page = zhang.post(f"{NEW}?file={tofu.pk}", sent)
    app = Application.objects.get()
    assert page["Location"] == app.get_absolute_url()
    assert (app.materials["identity"], app.materials["layout"], app.materials["health"]) == (True, True, False)
    assert Attachment.objects.get(subject=app.pk).role == "material.identity"
    sent = {"committed": "on", "signature": photo(), "version": app.version}
    zhang.post(f"/do/licensing.application/{app.pk}/submit", sent)
    assert again(app).state == "received"
    assert Attachment.objects.filter(subject=app.pk, role="signature").count() == 1


def test_a_photo_that_is_none_is_refused_and_nothing_is_begun(as_, tofu):
    fake = io.BytesIO(b"MZ not a photo")
    fake.name = "id.jpg"
    page = as_("zhang").post(f"{NEW}?file={tofu.pk}", {"purpose": "new", "photo_identity": fake, "statement": "先办"})
    assert page.status_code == 422
    assert "先办" in page.content.decode()
    assert not Application.objects.exists()


def test_chen_writes_every_defect_into_one_return(as_, town, tofu):
    app = submitted(tofu, town)
    address = f"/do/licensing.application/{app.pk}/return"
    assert as_("chen").post(address, {"version": app.version}).status_code == 422
    sent = {
        "why_identity": "材料不清",
        "text_identity": "反面缺失",
        "others": "平面图补标尺寸\n\n",
        "version": app.version,
    }
    as_("chen").post(address, sent)
    assert again(app).defects == ["身份证明：材料不清：反面缺失", "平面图补标尺寸"]


def test_the_site_check_form_offers_the_people_and_items_of_the_town(as_, town, tofu):
    app = go(submitted(tofu, town), ("accept", town.chen))
    address = f"/do/licensing.application/{app.pk}/visit_pass"
    page = as_("chen").get(address).content.decode()
    assert "吴昊" in page and "用水符合饮用水要求" in page and "李明" not in page
    sent = {f"item_{code}": "1" for code in steps.ITEMS}
    sent |= {"officers": ["陈伟", "吴昊"], "visited_on": "2018-06-05", "version": app.version}
    as_("chen").post(address, sent)
    assert again(app).state == "visited"
    assert str(again(app).visits.get().on) == "2018-06-05"
    assert str(Event.objects.of(app).first().on) == "2018-06-05"


@pytest.mark.parametrize("name", ["refuse", "propose", "issue", "hand_over", "withdraw"])
def test_every_form_opens(as_, town, tofu, name):
    app = submitted(tofu, town)
    who = "zhang" if name == "withdraw" else "chen"
    assert as_(who).get(f"/do/licensing.application/{app.pk}/{name}").status_code == 200


# -- pages and lists


def test_the_pages_of_application_and_certificate_show_what_they_are_about(as_, town, tofu):
    paper = certified(tofu, town)
    page = as_("zhang").get(paper.application.get_absolute_url()).content.decode()
    assert "受理通知书" in page and paper.number in page and "决定时的档案" in page
    page = as_("zhang").get(paper.get_absolute_url()).content.decode()
    assert paper.shown_code in page and "代办补办" in page
    assert as_("li").get(paper.get_absolute_url()).status_code == 404


def test_the_file_shows_its_papers_and_the_first_act(as_, town, tofu):
    page = as_("zhang").get(tofu.get_absolute_url()).content.decode()
    assert "代办申请" in page
    begin(tofu, town.zhang)
    page = as_("zhang").get(f"{tofu.get_absolute_url()}?tab=papers").content.decode()
    assert "已有一件申请在办理" in page and "办证条件" in page
    assert "?tab=papers" not in as_("qian").get(tofu.get_absolute_url()).content.decode()


def test_who_could_register_and_has_not_is_counted_and_listed_with_what_to_check(as_, town, tofu):
    Establishment.objects.filter(pk=tofu.pk).update(case="1")
    told(again(tofu), health_certs="1")
    zhang = as_("zhang")
    assert "具备条件未办证" in zhang.get("/").content.decode()
    page = zhang.get("/licensing/could/").content.decode()
    assert "王家豆腐坊" in page and "有健康证的只有 1 人" in page
    begin(again(tofu), town.zhang)
    assert "王家豆腐坊" not in zhang.get("/licensing/could/").content.decode()


def test_a_paper_of_a_closed_place_asks_to_be_cancelled(as_, town, tofu):
    certified(tofu, town)
    Establishment.objects.filter(pk=tofu.pk).update(state="closed")
    assert "证卡还没有注销" in as_("chen").get("/").content.decode()
    assert "王家豆腐坊" in as_("chen").get("/licensing/certificates/?place=ended").content.decode()


@pytest.mark.parametrize(
    "address", ["/licensing/", "/licensing/certificates/", "/licensing/could/", "/licensing/expiring/"]
)
def test_lists_cost_the_same_with_one_row_and_with_many(as_, town, tofu, address, django_assert_max_num_queries):
    Establishment.objects.filter(pk=tofu.pk).update(case="1")
    for n in range(3):
        certified(steps.cast.tofu_shop(town.zhang, name=f"豆腐坊{n}"), town)
        Establishment.objects.filter(pk=steps.cast.tofu_shop(town.zhang, name=f"面坊{n}").pk).update(case="1")
    chen = as_("chen")
    with django_assert_max_num_queries(18):
        assert chen.get(address).status_code == 200
    assert chen.get(f"{address}?as=xlsx").status_code == 200


def test_the_application_page_costs_a_fixed_number_of_queries(as_, town, tofu, django_assert_max_num_queries):
    app = certified(tofu, town).application
    chen = as_("chen")
    with django_assert_max_num_queries(30):
        assert chen.get(app.get_absolute_url()).status_code == 200


# -- printing and numbers


def test_several_papers_are_printed_as_one_and_each_print_is_told(as_, town, tofu):
    app = go(steps.proposed(tofu, town), ("grant", town.wu), ("issue", town.wu))
    paper = app.certificates.get()
    chen = as_("chen")
    assert paper.number in chen.get("/licensing/print/").content.decode()
    page = chen.post("/licensing/print/", {"paper": [str(paper.pk)], "route": "certificate"})
    assert page.content[:5] == b"%PDF-"
    assert Event.objects.of(paper).first().move == "print"
    app = go(steps.proposed(steps.stall(town.zhang), town), ("grant", town.zhou), ("issue", town.zhou))
    page = chen.post("/licensing/print/", {"paper": [str(app.certificates.get().pk)], "route": "card"})
    assert page.content[:5] == b"%PDF-"
    assert chen.post("/licensing/print/", {"paper": ["x"], "route": "card"}).status_code == 302
    assert as_("zhang").get("/licensing/print/").status_code == 403


def test_the_register_proves_that_there_is_no_gap(as_, town, tofu):
    paper = certified(tofu, town)
    page = as_("zhou").get("/licensing/numbers/").content.decode()
    assert "连续，无空号、无重号" in page and paper.number in page
    Series.objects.filter(key="certificate.workshop").update(last=3)
    assert "有空号或重号" in as_("zhou").get("/licensing/numbers/").content.decode()
    assert as_("zhang").get("/licensing/numbers/").status_code == 403
    assert Number.objects.filter(key="certificate.workshop").count() == 1
