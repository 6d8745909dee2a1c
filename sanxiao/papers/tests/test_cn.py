"""Dates, numerals, numbers and masks read as an office writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sanxiao.papers import cn


def test_a_day_in_text_has_no_leading_noughts():
    assert cn.day_text(date(2018, 6, 5)) == "2018年6月5日"
    assert cn.day_text("2018-06-05") == "2018年6月5日"
    assert cn.day_text("立即") == "立即"
    assert cn.day_text(None) == ""


def test_a_day_in_a_table_is_iso_and_a_moment_keeps_its_minutes():
    morning = datetime.fromisoformat("2018-06-05T09:30:00")
    assert cn.day_table(morning) == "2018-06-05"
    assert cn.minute_table(morning) == "2018-06-05 09:30"
    assert cn.minute_table("2018-06-05") == "2018-06-05"


def test_a_moment_of_another_zone_is_told_by_the_towns_clock():
    night = datetime(2018, 6, 5, 17, 0, tzinfo=UTC)
    assert cn.day_text(night) == cn.day_text(night.isoformat()) == "2018年6月6日"
    assert cn.minute_table("2018-06-05T17:00:00Z") == "2018-06-06 01:00"


def test_a_term_names_both_its_ends():
    assert cn.span_text("2018-07-02", "2021-07-01") == "2018年7月2日至2021年7月1日"
    assert cn.span_text(None, None) == ""


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (7, "七"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (33, "三十三"),
        (105, "一百零五"),
        (2018, "二千零一十八"),
    ],
)
def test_numerals_count_as_clauses_do(number, text):
    assert cn.numeral(number) == text


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        (0, "零元整"),
        ("0.05", "伍分"),
        (12300, "壹万贰仟叁佰元整"),
        (10, "壹拾元整"),
        (1005, "壹仟零伍元整"),
        (100_000, "壹拾万元整"),
        (100_500_000, "壹亿零伍拾万元整"),
        (100_000_001, "壹亿零壹元整"),
        (50_003_000, "伍仟万叁仟元整"),
        (Decimal("1680.32"), "壹仟陆佰捌拾元叁角贰分"),
        (Decimal("6.05"), "陆元零伍分"),
        (Decimal("6.50"), "陆元伍角整"),
    ],
)
def test_sums_in_capitals_cannot_be_altered(yuan, text):
    assert cn.money(yuan) == text


def test_a_sum_below_nothing_is_refused():
    with pytest.raises(ValueError):
        cn.money(-1)


def test_a_paper_number_wears_six_angle_brackets():
    assert cn.paper_number("坛市监责改", 2018, 5) == "坛市监责改〔2018〕5号"


def test_masks_leave_what_is_needed_to_recognise_and_no_more():
    assert cn.mask_name("王秀兰") == cn.mask_name("王芳") == "王**"
    assert cn.mask_id("320413190001010015") == "320413********0015"
    assert cn.mask_id("E12345678") == "E*******8"
    assert cn.mask_phone("13812341234") == "138****1234"
    assert cn.mask_phone("0519-82881234") == "0519-****1234"
    assert cn.mask_phone("110") == "***"
    assert cn.mask_name("") == cn.mask_id("") == cn.mask_phone("") == ""
