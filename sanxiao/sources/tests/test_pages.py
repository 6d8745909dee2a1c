"""The pages: what each person finds there, and that a list of many costs what a list of one does."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanxiao.docket.models import Attachment, Event
from sanxiao.office.now import at, today
from sanxiao.sources import downstream
from sanxiao.sources.models import Buyer, Purchase, Supplier
from sanxiao.sources.tests import steps
from sanxiao.survey.tests.paper import photo
from tests import cast
from tests.cast import HOUYANG, NANYAO

NEW = "/do/sources.buyer/new/register"
SCHOOL = {"name": "后阳小学食堂", "kind": "school", "village": HOUYANG, "contact": "吴老师", "phone": "13861239999"}
LINE = {"supplier": "王家豆腐坊", "food": "豆腐", "bought_on": "2018-06-05", "quantity": "12.5", "unit": "公斤"}


def text(answer) -> str:
    return answer.content.decode()


def entering(buyer: Buyer) -> str:
    return f"/sources/buyers/{buyer.pk}/enter"


# -- buyers


def test_zhang_registers_a_school_and_its_telephone_is_sealed(as_, town):
    answer = as_("zhang").post(NEW, SCHOOL)
    made = Buyer.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert made.phone == "13861239999" and "13861239999" not in made.phone_sealed
    page = text(as_("zhang").get(made.get_absolute_url()))
    assert "138****9999" in page and "13861239999" not in page
    assert made.check_by > today()


def test_a_buyer_is_registered_once_in_a_village(as_, town, school):
    answer = as_("zhang").post(NEW, SCHOOL | {"name": "后阳小学 食堂"})
    assert answer.status_code == 422 and "已经登记过这个单位" in text(answer)
    assert Buyer.objects.count() == 1


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("kind", ""), ("village", NANYAO), ("phone", "12")])
def test_what_is_missing_or_wrong_is_said_beside_it(as_, town, field, value):
    answer = as_("zhang").post(NEW, SCHOOL | {field: value})
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not Buyer.objects.exists()


@pytest.mark.parametrize("who", ["li", "sun", "qian", "feng"])
def test_who_has_not_the_duty_there_registers_none(as_, town, who):
    assert as_(who).post(NEW, SCHOOL).status_code in (403, 404, 422)
    assert not Buyer.objects.exists()


def test_the_next_village_finds_nothing_of_this_one(as_, town, school, tofu):
    line = steps.bought(town.zhang, school, tofu)
    check = steps.check(town.zhang, school)
    for path in (school.get_absolute_url(), entering(school), line.get_absolute_url(), check.get_absolute_url(),
                 line.supplier.get_absolute_url(), f"/sources/import/?buyer={school.pk}"):  # fmt: skip
        assert as_("li").get(path).status_code == 404, path
    assert as_("li").post(f"/sources/buyers/{school.pk}/look", {"supplier": "王家"}).status_code == 404
    for name in ("", "purchases/", "suppliers/", "loops/", "checks/", "alerts/"):
        assert "后阳小学" not in text(as_("li").get(f"/sources/{name}")), name


def test_a_correction_is_logged_and_a_buyer_on_other_ground_takes_its_lines_along(as_, town, school):
    line = steps.bought(town.zhang, school, "甲豆腐", village=HOUYANG)
    said = SCHOOL | {"village": NANYAO, "phone": "", "version": school.version}
    assert as_("zhou").post(f"{school.get_absolute_url()}edit", said).status_code == 302
    assert steps.again(line).area == steps.again(school).area == NANYAO
    assert Event.objects.of(school).filter(move="amend").exists()


def test_two_who_correct_at_once_are_told(as_, town, school):
    said = SCHOOL | {"address": "新址", "version": school.version}
    assert as_("zhang").post(f"{school.get_absolute_url()}edit", said).status_code == 302
    answer = as_("zhou").post(f"{school.get_absolute_url()}edit", said | {"address": "别处"})
    assert answer.status_code == 409 and "刚刚被别人更新过" in text(answer)


def test_a_stall_on_file_becomes_a_buyer_from_its_file(as_, town):
    stall = cast.tofu_shop(town.zhang, kind_id="vendor", name="老街豆花摊", facts={})
    page = text(as_("zhang").get(stall.get_absolute_url()))
    assert f"{NEW}?file={stall.pk}" in page
    said = {"name": "x", "kind": "stall", "village": NANYAO}
    as_("zhang").post(f"{NEW}?file={stall.pk}", said)
    made = Buyer.objects.get()
    assert (made.file, made.name, made.area) == (stall, "老街豆花摊", HOUYANG)
    assert f"{NEW}?file={stall.pk}" not in text(as_("zhang").get(stall.get_absolute_url()))


# -- the work list of checks


def test_the_work_list_says_who_was_not_checked_this_quarter_who_is_due_next_first(as_, town, school):
    other = steps.buyer(town.zhang, "后阳超市", "supermarket")
    steps.check(town.zhang, other)
    page = as_("zhang").get("/sources/?quarter=no")
    assert [row["row"].name for row in page.context["rows"]] == ["后阳小学食堂"]
    assert [row["row"].name for row in as_("zhang").get("/sources/?quarter=yes").context["rows"]] == ["后阳超市"]
    assert "/sources/?quarter=no" in text(as_("zhang").get("/"))
    with at(school.check_by + timedelta(days=1)):
        late = [row["row"].name for row in as_("zhang").get("/sources/?quarter=late").context["rows"]]
    assert school.name in late


# -- entering


def test_photo_three_fields_and_the_verdict_stands(as_, town, school, tofu):
    answer = as_("zhang").post(entering(school), LINE | {"photo": [photo("票据.jpg")]})
    assert answer.status_code == 302, answer.context["form"].errors
    line = Purchase.objects.get()
    assert answer["Location"] == line.get_absolute_url()
    assert (line.verdict, line.supplier.place, line.amount) == ("none", tofu, "12.5 公斤")
    assert Attachment.objects.get(subject=line.pk).role == "receipt"
    assert "不得进货" in text(as_("zhang").get(line.get_absolute_url()))


def test_the_supplier_is_checked_while_one_types(as_, town, school, tofu, far):
    look = f"/sources/buyers/{school.pk}/look"
    assert "无证" in text(as_("zhang").post(look, {"supplier": "王家豆腐坊"}))
    steps.paper(tofu, town.chen)
    assert "证照有效" in text(as_("zhang").post(look, {"supplier": "王家豆腐坊"}))
    half = text(as_("zhang").post(look, {"supplier": "南瑶豆"}))
    assert "未在册" in half and str(far.pk) in half and "王秀兰" not in half
    assert "外地" in text(as_("zhang").post(look, {"supplier": "溧阳厂", "village": "outside"}))
    assert text(as_("zhang").post(look, {"supplier": ""})).strip() == ""


def test_the_place_that_was_chosen_is_the_supplier_whatever_was_typed(as_, town, school, far):
    as_("zhang").post(entering(school), LINE | {"supplier": "瑶豆", "place": str(far.pk)})
    line = Purchase.objects.get()
    assert line.supplier.place == far and line.named == "瑶豆"


def test_what_was_typed_stays_when_something_is_wrong(as_, town, school):
    tomorrow = str(today() + timedelta(days=1))
    for wrong, field in (({"supplier": ""}, "supplier"), ({"bought_on": tomorrow}, "bought_on"),
                         ({"quantity": "-1"}, "quantity"), ({"food": ""}, "food")):  # fmt: skip
        answer = as_("zhang").post(entering(school), LINE | {"invoice": "No.77", **wrong})
        assert answer.status_code == 422 and field in answer.context["form"].errors
        assert "No.77" in text(answer)
    assert not Purchase.objects.exists()


def test_a_doubled_invoice_is_told_and_not_taken(as_, town, school):
    as_("zhang").post(entering(school), LINE | {"invoice": "No.1"})
    answer = as_("zhang").post(entering(school), LINE | {"invoice": "No.1"})
    assert answer.status_code == 422 and "已经登记过" in text(answer)
    assert Purchase.objects.count() == 1


def test_a_line_is_copied_and_a_second_line_of_one_invoice_takes_its_photo(as_, town, school, tofu):
    again = as_("zhang").post(entering(school), LINE | {"photo": [photo()], "invoice": "No.1", "again": "1"})
    form = as_("zhang").get(again["Location"]).context["form"]
    assert form.initial["supplier"] == "王家豆腐坊" and form.initial["invoice"] == "No.1" and "food" not in form.initial
    as_("zhang").post(entering(school), LINE | {"food": "百叶", "invoice": "No.1", "ticket": form.initial["ticket"]})
    second = Purchase.objects.get(food="百叶")
    assert Attachment.objects.filter(subject=second.pk).count() == 1
    copy = as_("zhang").get(f"{entering(school)}?copy={second.pk}").context["form"].initial
    assert (copy["food"], copy["place"]) == ("百叶", tofu.pk)
    assert as_("zhang").get(f"{entering(school)}?copy=nonsense").status_code == 404


def test_bytes_that_are_no_picture_are_refused_and_nothing_is_entered(as_, town, school):
    bad = SimpleUploadedFile("x.jpg", b"not a picture", "image/jpeg")
    answer = as_("zhang").post(entering(school), LINE | {"photo": [bad]})
    assert answer.status_code == 422 and not Purchase.objects.exists()


# -- suppliers and loops


def test_the_loop_shows_each_step_with_its_day(as_, town, school):
    with at(date(2018, 6, 4)):
        line = steps.bought(town.zhang, school, "老孙豆腐", village=HOUYANG)
    with at(date(2018, 6, 11)):
        page = text(as_("zhang").get(line.supplier.get_absolute_url()))
        assert "票据上发现" in page and "2018-06-04" in page and "村里核实中" in page
        loops = as_("zhou").get("/sources/loops/?loop=open")
    assert [v.area for v in loops.context["villages"]] == [HOUYANG]
    assert loops.context["villages"][0].oldest == 7
    assert "老孙豆腐" in text(loops)


def test_an_unknown_supplier_without_a_village_waits_on_the_desks_of_the_office(as_, town, school):
    steps.bought(town.zhang, school, "老孙豆腐")
    assert "老孙豆腐" in text(as_("zhou").get("/")) and "老孙豆腐" in text(as_("chen").get("/"))
    assert "老孙豆腐" not in text(as_("zhang").get("/"))


def test_sending_it_at_the_desk(as_, town, school):
    supplier = steps.bought(town.zhang, school, "老孙豆腐").supplier
    url = f"/do/sources.supplier/{supplier.pk}/send"
    assert as_("zhou").post(url, {"village": ""}).status_code == 422
    assert as_("zhou").post(url, {"village": NANYAO, "note": "问到的"}).status_code == 302
    assert steps.again(supplier).lead.area == NANYAO


def test_tying_it_to_a_file_at_the_desk(as_, town, school, far):
    supplier = steps.bought(town.zhang, school, "瑶豆").supplier
    url = f"/do/sources.supplier/{supplier.pk}/tie"
    assert as_("zhou").post(url, {"place": ""}).status_code == 422
    assert "王秀兰" not in text(as_("zhou").get(url))
    assert as_("zhou").post(url, {"place": str(far.pk)}).status_code == 302
    assert steps.again(supplier).place == far


# -- tabs of a file


def test_a_workshop_shows_its_buyers_and_what_lies_elsewhere_is_only_counted(as_, town, school, tofu):
    steps.bought(town.zhang, school, tofu)
    steps.bought(town.li, steps.buyer(town.li, "南瑶超市", "supermarket", NANYAO), tofu, "百叶")
    page = text(as_("zhang").get(f"{tofu.get_absolute_url()}?tab=buyers"))
    assert "后阳小学食堂" in page and "南瑶超市" not in page and "另有 1 个进货单位" in page
    assert "南瑶超市" in text(as_("zhou").get(f"{tofu.get_absolute_url()}?tab=buyers"))
    for form, head in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        assert as_("zhang").get(f"/sources/of/{tofu.pk}/buyers.{form}").content.startswith(head)
    assert as_("li").get(f"/sources/of/{tofu.pk}/buyers.pdf").status_code == 404


def test_a_buyer_on_file_shows_what_it_buys(as_, town, tofu):
    stall = cast.tofu_shop(town.zhang, kind_id="vendor", name="老街豆花摊", facts={})
    buyer = steps.buyer(town.zhang, stall.name, "stall", file=stall)
    steps.bought(town.zhang, buyer, tofu)
    assert "王家豆腐坊" in text(as_("zhang").get(f"{stall.get_absolute_url()}?tab=bought"))


# -- costs


@pytest.mark.parametrize("name", ["", "purchases/", "suppliers/", "loops/", "checks/", "alerts/"])
def test_a_list_of_many_costs_what_a_list_of_one_does(as_, town, school, tofu, far, name, django_assert_num_queries):
    def some(n: int) -> None:
        who = steps.buyer(town.zhang, f"单位{n}", "other")
        place = cast.tofu_shop(town.zhang, name=f"作坊{n}")
        steps.bought(town.zhang, who, place)
        steps.bought(town.zhang, who, f"无名{n}", village=HOUYANG)
        steps.check(town.zhang, who, "no_tickets")
        downstream.warn(town.chen, [place], "抽检不合格")

    some(0)
    client = as_("zhou")
    client.get(f"/sources/{name}")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/sources/{name}")
    for n in range(1, 5):
        some(n)
    with django_assert_num_queries(len(one)):
        client.get(f"/sources/{name}")


def test_lists_are_exported_as_they_stand(as_, town, school, tofu):
    steps.bought(town.zhang, school, tofu)
    steps.bought(town.zhang, school, "老孙豆腐", village=HOUYANG)
    for listing in ("", "purchases/", "suppliers/", "loops/"):
        assert as_("zhang").get(f"/sources/{listing}?as=xlsx").content[:2] == b"PK"
    assert Supplier.objects.count() == 2
