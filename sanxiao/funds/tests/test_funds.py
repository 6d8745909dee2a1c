"""Money: a line is approved, a claim names its activity and receipt, and no yuan is promised twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connections, transaction

from sanxiao.campaign.models import Invite, Meeting
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.tests.test_race import patiently
from sanxiao.funds import activities
from sanxiao.funds.models import Line, Spending
from sanxiao.funds.tests.conftest import MAY, claim, draft, receipt
from sanxiao.joint.tests import steps as joint
from sanxiao.office.models import Office
from sanxiao.office.now import at
from sanxiao.zones.tests import steps as zones
from tests.cast import tofu_shop


def approve(spending, by):
    flow.move(spending, "approve", by)
    spending.refresh_from_db()
    return spending


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_line_is_drafted_by_the_finance_office_and_approved_by_the_leading_group(town, may):
    line = draft(town)
    for who in ("zhang", "chen", "feng", "he"):
        with pytest.raises(flow.Refused, match="不归您"):
            flow.move(line, "approve", getattr(town, who))
    flow.move(line, "approve", town.sun)
    assert line.state == "approved" and line.left == Decimal(1000)
    for who in ("zhang", "sun", "chen"):
        with pytest.raises(flow.Refused, match="不归您"):
            draft(type("T", (), {"feng": getattr(town, who)}))


def test_a_line_needs_a_sum_and_a_known_source(town, may, as_):
    with pytest.raises(flow.Refused, match="大于零"):
        draft(town, "0")
    said = {"year": "2026", "source": "town", "item": "宣传费", "amount": "-5"}
    answer = as_("feng").post("/do/funds.line/new/draft", said)
    assert answer.status_code == 422 and "宣传费" in answer.content.decode()
    draft(town)
    again = as_("feng").post("/do/funds.line/new/draft", said | {"item": "宣传培训费", "amount": "5"})
    assert again.status_code == 422 and "已经有同名的预算" in again.content.decode()


def test_a_claim_is_approved_and_paid_and_takes_money_of_its_line(town, line, act):
    spending = claim(town.zhang, line, act, "600.50")
    assert spending.number == "ZX2026-00001" and spending.subject_name == "张贴整治通告"
    assert fresh(line).left == Decimal(1000)  # a claim promises nothing yet
    approve(spending, town.feng)
    assert fresh(line).left == Decimal("399.50")
    flow.move(spending, "pay", town.feng, paid_on=MAY, voucher="记-12")
    assert spending.state == "paid" and Attachment.objects.get(subject=spending.pk).role == "slip"
    assert Event.objects.of(spending).first().facts["amount"] == "600.50"


def test_a_claim_lacks_nothing(town, line, act):
    for change, words in (
        ({"receipts": []}, "请附发票"), ({"activity": "publicity.act:x"}, "用于哪一件工作"),
        ({"activity": f"archive.file:{act.pk}"}, "用于哪一件工作"), ({"amount": "0"}, "大于零"),
        ({"spent_on": date(2026, 5, 12)}, "不能晚于今天"), ({"invoice": ""}, "还缺"),
    ):  # fmt: skip
        with pytest.raises(flow.Refused, match=words):
            claim(town.zhang, line, act, **change)
    assert not Spending.objects.exists() and not Attachment.objects.exists()


def test_money_is_spent_on_what_one_may_see(town, line, act):
    with pytest.raises(flow.Refused, match="用于哪一件工作"):
        claim(town.li, line, act)
    assert claim(town.chen, line, act).office.role == "bureau"


def test_a_receipt_is_claimed_for_once(town, line, act):
    first = claim(town.zhang, line, act)
    with pytest.raises(flow.Stale), transaction.atomic():
        claim(town.zhang, line, act)
    flow.move(first, "withdraw", town.zhang, reason="填错了")
    assert claim(town.zhang, line, act).state == "claimed"


def test_a_line_that_is_not_approved_pays_nothing(town, may, act):
    with pytest.raises(flow.Refused, match="没有批准"):
        claim(town.zhang, draft(town), act)


def test_wrong_office_and_wrong_state_cannot(town, line, act):
    spending = claim(town.zhang, line, act)
    for move, who, facts in (
        ("approve", "zhang", {}), ("approve", "sun", {}), ("refuse", "zhou", {"reason": "x"}),
        ("withdraw", "li", {"reason": "x"}), ("withdraw", "feng", {"reason": "x"}),
    ):  # fmt: skip
        with pytest.raises(flow.Refused, match="不归您"):
            flow.move(spending, move, getattr(town, who), **facts)
    for move, facts in (("pay", {"paid_on": MAY, "voucher": "1"}), ("reverse", {"reason": "x"})):
        with pytest.raises(flow.Refused, match="当前状态"):
            flow.move(spending, move, town.feng, **facts)
    flow.move(spending, "refuse", town.feng, reason="没有三家比价")
    assert spending.state == "refused" and fresh(line).left == Decimal(1000)


def test_feng_does_not_approve_what_she_claimed_herself(town, line, act):
    with pytest.raises(flow.Refused, match="不同的人"):
        approve(claim(town.feng, line, act), town.feng)


def test_more_than_is_left_needs_the_leading_group(town, line, act):
    approve(claim(town.zhang, line, act), town.feng)
    second = approve(claim(town.zhang, line, act, "500", "No.2"), town.feng)
    assert second.state == "claimed" and fresh(line).left == Decimal(400)
    flow.sign(second, town.sun, agrees=True, note="追加")
    assert fresh(second).state == "approved" and fresh(line).left == Decimal(-100)
    assert Event.objects.filter(subject=second.pk, move="approve").get().facts["over"] == "100.00"


def test_what_is_reversed_goes_back(town, line, act):
    spending = approve(claim(town.zhang, line, act), town.feng)
    flow.move(spending, "pay", town.feng, paid_on=MAY, voucher="记-12")
    flow.move(spending, "reverse", town.feng, reason="退货")
    assert fresh(line).left == Decimal(1000) and spending.state == "reversed"


def test_a_line_is_not_cut_below_what_is_promised_nor_closed_over_open_claims(town, line, act):
    approve(claim(town.zhang, line, act), town.feng)
    line = fresh(line)
    with pytest.raises(flow.Refused, match="不能少于已经列支"):
        flow.move(line, "adjust", town.sun, amount=Decimal(500), reason="压缩")
    with pytest.raises(flow.Refused, match="没审核或没支付"):
        flow.move(line, "close", town.feng)
    flow.move(line, "adjust", town.sun, amount=Decimal(2000), reason="追加")
    assert fresh(line).left == Decimal(1400)


def test_the_units_tell_what_came_of_it_and_the_program_adds_its_figures(town, line, act, as_):
    spending = approve(claim(town.zhang, line, act), town.feng)
    flow.move(spending, "outcome", town.zhang, effect="沿街店铺都看到了")
    [cost] = activities.costs(Spending.objects.seen_by(town.feng).live(), town.feng)
    assert (cost.promised, cost.paid, cost.count) == (Decimal(600), Decimal(0), 1)
    assert cost.result == "覆盖 300 人次（估计）" and cost.effects == ("沿街店铺都看到了",)
    page = as_("feng").get("/funds/activities/").content.decode()
    assert "600.00" in page and "覆盖 300 人次（估计）" in page and "沿街店铺都看到了" in page
    assert as_("feng").get("/funds/activities/?as=pdf").content.startswith(b"%PDF")
    assert as_("feng").get("/funds/activities/?as=xlsx").content.startswith(b"PK")


def test_zones_operations_and_meetings_tell_what_came_of_them_in_figures(town):
    with at(zones.JUNE):
        zone = zones.opened(town)
        zones.moved_in(zone, zones.vendor(town.zhang, "李家煎饼"), town.zhang)
        operation = joint.over(town, tofu_shop(town.zhang))
        host = town.zhang.posts.get().office
        meeting = Meeting.objects.create(area=host.area, host=host, held_on=zones.JUNE)
        for office, state in zip(Office.objects.on()[:3], ("came", "came", "absent"), strict=True):
            Invite.objects.create(meeting=meeting, office=office, area=meeting.area, state=state)
        told = activities.results([zones.zone(zone), operation, meeting])
    assert told[zone.pk] == "入驻 1 / 6 个摊位（单元）"
    assert told[operation.pk] == "到 0 户，发现问题 0 个", "nobody was found"
    assert told[meeting.pk] == "到会 2 / 3 个单位"


def test_a_unit_sees_its_own_spending_and_the_finance_office_all(town, line, act, as_):
    spending = claim(town.zhang, line, act)
    url = spending.get_absolute_url()
    assert [as_(who).get(url).status_code for who in ("zhang", "feng", "sun", "zhou")] == [200] * 4
    assert [as_(who).get(url).status_code for who in ("li", "chen", "qian", "he")] == [404] * 4
    assert "宣传培训费" in as_("li").get("/funds/").content.decode() and as_("he").get("/funds/").status_code == 403
    assert "印制海报" not in as_("li").get(line.get_absolute_url()).content.decode()


def test_a_claim_through_the_page_keeps_what_was_typed(town, line, act, as_):
    url = f"/do/funds.spending/new/claim?line={line.pk}"
    form = as_("zhang").get(url).content.decode()
    assert "张贴整治通告" in form and "宣传活动" in form
    said = {"line": line.pk, "activity": f"publicity.act:{act.pk}", "purpose": "印海报", "amount": "12.345",
            "invoice": "No.9", "spent_on": "2026-05-11"}  # fmt: skip
    answer = as_("zhang").post(url, said | {"receipts": receipt()})
    assert answer.status_code == 422 and "印海报" in answer.content.decode()
    answer = as_("zhang").post(url, said | {"amount": "12.34", "receipts": receipt()})
    assert answer.status_code == 302 and Spending.objects.get().amount == Decimal("12.34")
    page = as_("zhang").get(answer.headers["Location"]).content.decode()
    assert "12.34" in page and "发票.jpg" in page and act.get_absolute_url() in page
    again = as_("zhang").post(url, said | {"amount": "1", "receipts": receipt()})
    assert again.status_code == 422 and "这张发票已经申请过" in again.content.decode()


def test_the_list_asks_as_often_for_one_as_for_many(town, line, act, as_, django_assert_max_num_queries):
    claim(town.zhang, line, act, "1")
    client = as_("feng")
    for url in ("/funds/spending/", "/funds/activities/"):
        client.get(url)
    with django_assert_max_num_queries(20) as one:
        client.get("/funds/spending/")
    for n in range(6):
        claim(town.zhang, line, act, "1", f"R{n}")
    with django_assert_max_num_queries(len(one)):
        client.get("/funds/spending/")


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_on_the_last_money_one_gets_it(town, line, act):
    claims = [claim(town.zhang, line, act, "600", f"No.{n}").pk for n in (1, 2)]

    together = threading.Barrier(2)

    def press(pk):
        with at(MAY), transaction.atomic():
            flow.move(Spending.objects.get(pk=pk), "approve", town.feng)

    def go(pk):
        together.wait(timeout=20)
        try:
            patiently(lambda: press(pk))
        except flow.Refused:
            return
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(go, claims))
    assert sorted(Spending.objects.values_list("state", flat=True)) == ["approved", "claimed"]
    assert Line.objects.get(pk=line.pk).promised == Decimal(600)
