"""The phone: the same form in our page and in ODK Collect, with the lists that make the check work offline."""

import csv
import io
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sanxiao.docket import files
from sanxiao.docket.models import Attachment
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled
from sanxiao.field import inbox
from sanxiao.field.models import Submission
from sanxiao.field.tests import kit
from sanxiao.office.now import today
from sanxiao.sources import phone
from sanxiao.sources.models import Buyer, Check, Purchase
from sanxiao.sources.tests import steps
from sanxiao.survey.models import Form, Lead
from tests import cast
from tests.cast import HOUYANG, NANYAO


def filled(by, code: str, area: str = HOUYANG, photo: bytes = b"", **said: Any) -> Filled:
    """A form filled on that person's phone."""
    form = Form.objects.filter(code=code).latest("id")
    stored = {"a.jpg": files.put(photo).pk} if photo else {}
    answers = {**said, **({"photos": [{"photo": "a.jpg"}]} if photo else {})}
    place = answers.pop("place", None)
    return Filled(uuid.uuid4(), form, area, by, answers, stored, {"a.jpg": {"lat": 31.7, "lng": 119.5}}, today(), place)


def rows(data: bytes) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in csv.DictReader(io.StringIO(data.decode()))}


def line(school, **said: Any) -> dict[str, Any]:
    return {"buyer": str(school.pk), "supplier": "new", "supplier_new": "老孙豆腐", "supplier_village": NANYAO,
            "food": "豆腐", "quantity": "12.5", "unit": "kg", "bought_on": today().isoformat(), **said}  # fmt: skip


# -- lists


def test_the_list_of_suppliers_tells_how_each_stands_and_nothing_of_its_operator(town, school, tofu, far):
    made = steps.paper(tofu, town.chen)
    steps.bought(town.zhang, school, "溧阳厂", village="outside", town="溧阳")
    cast.tofu_shop(town.zhou, name="无字号", area=NANYAO)
    data = phone.suppliers_csv((HOUYANG,))
    held = rows(data)
    assert (held[str(tofu.pk)]["state"], held[str(tofu.pk)]["until"]) == ("valid", str(made.valid_to))
    assert held[str(far.pk)]["state"] == "none" and held["new"]["label"].startswith("名单上没有")
    assert any(row["state"] == "outside" for row in held.values())
    assert "王秀兰" not in data.decode() and "13861234567" not in data.decode()
    assert list(held)[1] == str(tofu.pk)  # the own village first


def test_the_list_of_buyers_is_cut_to_the_ground(town, school):
    other = steps.buyer(town.li, "南瑶超市", "supermarket", NANYAO)
    assert set(rows(phone.buyers_csv((HOUYANG,)))) == {str(school.pk)}
    assert set(rows(phone.buyers_csv(("320413100",)))) == {str(school.pk), str(other.pk)}
    assert rows(phone.buyers_csv(())) == rows(phone.suppliers_csv(())) == {}


def test_any_client_is_offered_the_forms_with_their_lists(town, school, tofu):
    collect = kit.Phone(town.zhang)
    listed = collect.get("formList").content.decode()
    assert all(f"<formID>{code}</formID>" in listed for code in phone.FORMS)
    edition = kit.offered(collect, "purchase")
    assert edition.media == ["buyers.csv", "suppliers.csv"]
    manifest = collect.get(f"forms/purchase/{edition.version}/manifest").content.decode()
    assert "suppliers.csv" in manifest and 'type="entityList"' not in manifest
    assert str(tofu.pk) in collect.get(f"forms/purchase/{edition.version}/media/suppliers.csv").content.decode()
    assert collect.get(f"forms/purchase/{edition.version}/media/places.csv").status_code == 404
    assert kit.offered(collect, "purchase_stall").media == ["places.csv", "suppliers.csv"]


def test_our_page_learns_of_lists_and_of_the_forms_for_a_market(town, school):
    me = kit.Phone(town.zhang).api("me").json()
    assert {each["name"] for each in me["lists"]} == {"buyers.csv", "suppliers.csv"}
    assert {form["code"] for form in me["forms"] if form["market"]} == {"revisit", "purchase_stall"}
    assert next(form for form in me["forms"] if form["code"] == "purchase")["places"] is False


def test_a_due_check_is_an_errand_that_knows_its_buyer(town, school):
    Buyer.objects.update(check_by=today() - timedelta(days=1))
    found = [e for e in kit.Phone(town.zhang).api("errands").json()["errands"] if e["key"].startswith("source:")]
    assert [(e["form"], e["known"]["buyer"], e["tone"]) for e in found] == [("source_check", str(school.pk), "red")]


# -- answers


def test_a_purchase_comes_in_as_it_does_from_any_client_and_only_once(town, school):
    collect = kit.Phone(town.zhang)
    edition = kit.offered(collect, "purchase")
    instance = f"uuid:{uuid.uuid4()}"
    said = "".join(f"<{name}>{value}</{name}>" for name, value in line(school).items())
    xml = (
        f'<data id="purchase" version="{edition.version}"><photos><photo>p1.jpg</photo></photos>'
        f"<bought><village>{HOUYANG}</village>{said}</bought><meta><instanceID>{instance}</instanceID></meta></data>"
    )
    for _time in range(2):
        assert collect.send(xml, kit.photo()).status_code == 201
        inbox.drain()
    made, row = Purchase.objects.get(), Submission.objects.get()
    assert (row.state, row.result["id"]) == ("settled", str(made.pk))
    assert (made.quantity, made.unit, made.way, made.supplier.state) == (Decimal("12.5"), "公斤", "phone", "sent")
    assert Lead.objects.get().area == NANYAO
    assert Attachment.objects.get(subject=made.pk).role == "receipt"


def test_a_supplier_chosen_from_the_list_is_that_place(town, school, far):
    taken = phone.take(filled(town.zhang, "purchase", **line(school, supplier=str(far.pk))))
    assert taken.subject.supplier.place == far
    abroad = steps.bought(town.zhang, school, "溧阳厂", village="outside", town="溧阳").supplier
    taken = phone.take(filled(town.zhang, "purchase", **line(school, supplier=str(abroad.pk))))
    assert taken.subject.supplier == abroad and taken.subject.verdict == "outside"


def test_a_date_that_cannot_be_counts_as_today_and_is_said(town, school):
    far_off = (today() + timedelta(days=40)).isoformat()
    made = phone.take(filled(town.zhang, "purchase", **line(school, bought_on=far_off))).subject
    assert made.bought_on == today() and far_off in made.note


def test_a_line_that_was_entered_already_gets_the_photo_and_no_second_line(town, school):
    first = phone.take(filled(town.zhang, "purchase", **line(school))).subject
    again = phone.take(filled(town.zhou, "purchase", photo=kit.photo().read(), **line(school))).subject
    assert again == first and Purchase.objects.count() == 1
    assert Attachment.objects.get(subject=first.pk).lat == 31.7


def test_a_village_cannot_send_for_the_buyer_of_another_one(town, school):
    with pytest.raises(Refused, match="没有找到"):
        phone.take(filled(town.li, "purchase", area=NANYAO, **line(school)))
    for wrong in ("", "nonsense", str(uuid.uuid4())):
        with pytest.raises(Refused):
            phone.take(filled(town.zhang, "purchase", **line(school, buyer=wrong)))
    assert not Purchase.objects.exists()


def test_a_check_from_the_phone(town, school):
    said = {"buyer": str(school.pk), "checked_on": "2018-06-05", "second": "李四", "seen": "票据"}
    clean = phone.take_check(filled(town.zhang, "source_check", problems="none", **said)).subject
    assert (clean.state, clean.checked_on, clean.way) == ("clean", date(2018, 6, 5), "phone")
    said |= {"problems": "no_tickets unknown", "advice": "补票据", "fix_days": "3", "checked_on": str(today())}
    found = phone.take_check(filled(town.zhang, "source_check", **said)).subject
    assert (found.state, found.problems) == ("found", ["no_tickets", "unknown"])
    assert found.fix_by == today() + timedelta(days=3)
    phone.take_check(filled(town.zhang, "source_check", **(said | {"problems": "none"})))
    assert steps.again(found).state == "settled" and Check.objects.count() == 3


def test_a_stall_of_a_market_becomes_a_buyer_with_its_check_and_its_line(town, tofu):
    stall = cast.tofu_shop(town.zhang, kind_id="vendor", name="老街豆花摊", facts={})
    said = {"problems": "none", "has_line": "yes", "supplier": str(tofu.pk), "food": "豆腐", "quantity": "3",
            "unit": "kg", "bought_on": str(today())}  # fmt: skip
    taken = phone.take_stall(filled(town.zhang, "purchase_stall", place=stall.pk, **said))
    buyer = Buyer.objects.get()
    assert (buyer.file, buyer.kind_id, taken.file) == (stall, "stall", stall)
    assert (Check.objects.get().state, Purchase.objects.get().supplier.place) == ("clean", tofu)
    phone.take_stall(filled(town.zhang, "purchase_stall", place=stall.pk, problems="no_tickets", has_line="no"))
    assert Buyer.objects.count() == 1 and Check.objects.filter(state="found").count() == 1
    with pytest.raises(Refused):
        phone.take_stall(filled(town.zhang, "purchase_stall", place=uuid.uuid4(), problems="none"))
