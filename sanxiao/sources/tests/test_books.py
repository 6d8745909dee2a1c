"""A workbook of purchases: good rows are taken, every error of every row comes back, and a second time adds nothing."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sanxiao.office.now import today
from sanxiao.papers import excel
from sanxiao.sources import books
from sanxiao.sources.models import Batch, Purchase
from sanxiao.sources.tests import steps
from sanxiao.survey.models import Lead
from tests.cast import NANYAO

HEADS = ["进货单位", "供货单位", "供货单位所在村", "食品", "进货日期", "数量", "单位", "票据号", "备注"]
GOOD: dict[str, Any] = {"进货单位": "后阳小学食堂", "供货单位": "王家豆腐坊", "食品": "豆腐", "进货日期": "2018-06-05",
                        "数量": "12.5公斤", "票据号": "A1"}  # fmt: skip


def book(*rows: dict[str, Any], heads: list[str] | None = None) -> bytes:
    heads = heads or HEADS
    columns = [excel.Column(head, head, 14) for head in heads]
    return excel.sheet("进货", columns, [[row.get(head, "") for head in heads] for row in rows])


def brought(client, data: bytes, name: str = "进货.xlsx", query: str = ""):
    return client.post(f"/sources/import/{query}", {"book": SimpleUploadedFile(name, data)})


def test_good_rows_are_taken_and_the_wrong_ones_come_back_with_every_error_marked(as_, town, school, tofu):
    bad = GOOD | {"供货单位": "", "进货日期": str(today() + timedelta(days=2)), "数量": "很多"}
    data = book(GOOD, bad, GOOD | {"食品": "百叶", "数量": 3, "单位": "袋"}, GOOD | {"进货单位": "没有这家"})
    answer = brought(as_("zhang"), data)
    batch = Batch.objects.get()
    assert (answer["Location"], batch.taken, batch.known, batch.wrong) == (batch.get_absolute_url(), 2, 0, 2)
    assert sorted(Purchase.objects.values_list("food", "unit")) == [("百叶", "袋"), ("豆腐", "公斤")]
    marked = b"".join(as_("zhang").get(f"{batch.get_absolute_url()}marked.xlsx").streaming_content)
    page = openpyxl.load_workbook(io.BytesIO(marked)).active
    said = [row[-1] for row in page.iter_rows(values_only=True) if row[-1] and row[-1] != "错误"]
    assert len(said) == 2 and all(word in said[0] for word in ("供货单位", "不能晚于今天", "数量"))
    assert "没有这个进货单位" in said[1]
    assert as_("li").get(batch.get_absolute_url()).status_code == 404


def test_the_same_workbook_again_adds_nothing(as_, town, school, tofu):
    data = book(GOOD, GOOD | {"食品": "百叶"})
    brought(as_("zhang"), data)
    brought(as_("zhang"), data)
    last = Batch.objects.order_by("-created_at")[0]
    assert (last.taken, last.known, last.wrong) == (0, 2, 0) and Purchase.objects.count() == 2


def test_our_own_export_can_be_brought_again(as_, town, school, tofu):
    steps.bought(town.zhang, school, tofu, invoice="A9")
    exported = as_("zhang").get("/sources/purchases/?as=xlsx").content
    brought(as_("zhang"), exported)
    assert (Batch.objects.get().known, Batch.objects.get().wrong, Purchase.objects.count()) == (1, 0, 1)


def test_a_buyer_of_another_village_is_not_found_in_the_book(as_, town, school):
    steps.buyer(town.li, "南瑶超市", "supermarket", NANYAO)
    brought(as_("zhang"), book(GOOD | {"进货单位": "南瑶超市"}))
    assert Batch.objects.get().wrong == 1 and not Purchase.objects.exists()


def test_in_the_book_of_one_buyer_the_buyer_need_not_stand_and_another_may_not(as_, town, school):
    heads = [head for head in HEADS if head != "进货单位"]
    brought(as_("zhang"), book(GOOD, heads=heads), query=f"?buyer={school.pk}")
    assert Batch.objects.get().taken == 1
    brought(as_("zhang"), book(GOOD | {"进货单位": "别家"}), query=f"?buyer={school.pk}")
    assert Batch.objects.filter(wrong=1).exists()


def test_an_unknown_supplier_in_a_book_becomes_a_lead_too(as_, town, school):
    brought(as_("zhang"), book(GOOD | {"供货单位": "老孙豆腐", "供货单位所在村": "南瑶村"}))
    assert Lead.objects.get().area == NANYAO


@pytest.mark.parametrize(("data", "words"), [
    (b"not a workbook", "不是 Excel"), (b"PK\x03\x04 broken", "不是 Excel"),
    (book({"甲": 1}, heads=["甲", "乙"]), "没有找到表头"),
])  # fmt: skip
def test_a_file_that_is_no_workbook_of_purchases_is_refused_in_words(as_, town, school, data, words):
    answer = brought(as_("zhang"), data)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Batch.objects.exists()


def test_without_a_file_one_is_asked_for_one(as_, town):
    assert as_("zhang").post("/sources/import/", {}).status_code == 422
    assert as_("sun").get("/sources/import/").status_code == 404


@pytest.mark.parametrize(("said", "day"), [
    ("2018-06-05", date(2018, 6, 5)), ("2018年6月5日", date(2018, 6, 5)), ("2018/6/5", date(2018, 6, 5)),
    ("18.6.5", None), ("2018-13-01", None), ("昨天", None), (None, None), ("2999-01-01", date(2999, 1, 1)),
])  # fmt: skip
def test_days_are_read_as_people_write_them_and_never_guessed(said, day):
    wrong: dict[str, str] = {}
    assert books._day(said, wrong) == day
    assert bool(wrong) == (day is None or day > today())


def test_where_a_supplier_is_can_be_written_as_people_say_it(as_, town, school):
    rows = [GOOD | {"供货单位": f"甲{n}", "供货单位所在村": where} for n, where in
            enumerate(("后阳", "后阳村", "外地溧阳市", "", "没有的村"))]  # fmt: skip
    brought(as_("zhang"), book(*rows))
    batch = Batch.objects.get()
    assert (batch.taken, batch.wrong) == (4, 1)
    assert Purchase.objects.get(named="甲2").supplier.town == "外地溧阳市"


def test_the_blank_book_can_be_read_by_ourselves(as_, town):
    blank = as_("zhang").get("/sources/import/blank.xlsx").content
    page, result = books._page(blank, None)
    assert set(result.columns) == set(books.HEADS) and page.rows
