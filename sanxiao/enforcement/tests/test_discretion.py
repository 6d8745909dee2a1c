"""A fine lies in the band of its clause and degree, or its handler owns up; a decision is shown while it may be."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sanxiao.docket import flow
from sanxiao.enforcement import clauses, discretion
from sanxiao.enforcement.models import Case, Party
from sanxiao.enforcement.tests import steps
from sanxiao.office.now import at, today


@pytest.fixture
def unlicensed(bureau, filed):
    """食品安全法 art. 122 leaves 50,000 to 100,000 where the goods are worth less than 10,000."""
    return [row for row in clauses.on(filed.received_on, filed.area) if row["code"] == "fsl35"]


@pytest.mark.parametrize(("degree", "value", "low", "high"), [
    ("lenient", 800, 50000, 65000), ("normal", 800, 65000, 85000), ("severe", 800, 85000, 100000),
    ("mitigated", 800, 0, 50000), ("lenient", 20000, 200000, 260000),
])  # fmt: skip
def test_the_band_follows_clause_degree_and_value(bureau, filed, unlicensed, degree, value, low, high):
    found = discretion.band(unlicensed, Decimal(value), degree, filed.area, filed.rule_on)
    assert found and (found.low, found.high) == (low, high) and "第一百二十二条" in found.words


def test_a_clause_without_a_span_leaves_it_open(bureau, filed):
    first = [row for row in clauses.on(filed.received_on, filed.area) if "range" not in row]
    assert discretion.band(first, Decimal(800), "normal", filed.area, filed.rule_on) is None


def test_national_amounts_hold_for_an_eatery_and_not_for_a_workshop_or_a_stall(bureau, filed):
    clause = [row for row in clauses.on(filed.received_on, filed.area) if row["code"] == "fsl34_1"]

    def found(kind):
        return discretion.band(clause, Decimal(800), "lenient", filed.area, filed.rule_on, kind)

    assert found("eatery").low == 100000 and found("workshop") is None and found("vendor") is None
    assert "15 — 30 倍" in discretion.span_words(clause[0], "eatery") and not discretion.span_words(clause[0], "vendor")


def test_who_goes_beyond_says_so(bureau, filed, unlicensed):
    said = {"clauses": unlicensed, "degree": "normal", "fine": Decimal(5000), "penalties": ["fine"]}
    with pytest.raises(flow.Refused, match="65000 — 85000"):
        steps.finished(filed, bureau, **said)
    case = steps.finished(steps.again(filed), bureau, **said, off_scale=True)
    assert case.fine == 5000


def test_a_decision_is_shown_masked_until_its_day_and_no_longer(bureau, as_, client, served):
    path = "/open/decisions/"
    assert "现在没有公示的处罚" in client.get(path).content.decode()
    Case.objects.filter(pk=served.pk).update(conduct="王秀兰（13861234567）和李帮工生产的豆腐皮检出碱性嫩黄。")
    Party.objects.create(case=served, area=served.area, role="helper", name="李帮工")
    flow.move(steps.again(served), "publish", bureau.lu, published_on=today())
    page = client.get(path)
    text = page.content.decode()
    assert served.number in text and "王家豆腐坊" in text and "5000" in text and page["X-Robots-Tag"] == "noindex"
    assert "李帮工" not in text and "13861234567" not in text and "138****67" in text
    assert "王秀兰" not in text and "320413190001010015" not in text and "sessionid" not in page.cookies
    until = steps.again(served).public_until
    with at(until):
        assert served.number in client.get(path).content.decode()
    with at(until + timedelta(days=1)):
        assert served.number not in client.get(path).content.decode()
    flow.move(steps.again(served), "unpublish", bureau.lu, reason="提前停止公示")
    assert served.number not in client.get(path + "?lang=en").content.decode()
