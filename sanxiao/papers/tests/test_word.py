"""Word says the same as PDF, in the manner of GB/T 9704."""

import io
import re
import zipfile

import pytest
from docx import Document

from sanxiao.papers import facts, word
from sanxiao.papers.facts import PaperError
from sanxiao.papers.tests import cast


def _xml(made: bytes, part: str = "word/document.xml") -> str:
    return zipfile.ZipFile(io.BytesIO(made)).read(part).decode()


def _text(made: bytes) -> str:
    return re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|</w:tc>|<w:br/>", "\n", _xml(made)))


@pytest.mark.parametrize("make", [word.notice, word.order, word.report, word.visit])
@pytest.mark.parametrize("variant", ["", "bare", "practice"])
def test_every_paper_opens_in_word(make, variant):
    given, _ = cast.sample(make.__name__, variant)
    assert Document(io.BytesIO(make(given))).sections


def test_an_order_in_word_says_every_word_of_the_printed_one():
    said = _text(word.order(cast.ORDER))
    set_facts = facts.ready("order", cast.ORDER)
    for key in (
        "org",
        "title",
        "number",
        "addressee",
        "found",
        "lead",
        "demand_lead",
        "consequence",
        "remedy",
        "ending",
    ):
        assert set_facts[key] in said, key
    for problem in set_facts["problems"]:
        assert all(problem[key] in said for key in ("text", "clause", "demand"))
    assert "2018年6月20日" in said and "立即改正" in said and "送达回证" in said


def test_a_visit_in_word_says_every_item_of_the_printed_one():
    said = _text(word.visit(cast.VISIT))
    assert all(item["text"] in said for item in cast.VISIT["items"])
    assert "★ 登记证有效并公示" in said and "不符合　得分 95.0" in said and "第1项限期改正到位。" in said


def test_a_notice_counts_its_paragraphs_as_the_printed_one_does():
    said = _text(word.notice(cast.CIRCULAR))
    for item in facts.ready("notice", cast.CIRCULAR)["paragraphs"]:
        assert item["mark"] + item["text"] in said


def test_a_report_carries_every_figure_and_repeats_its_heads():
    made = word.report(cast.REPORT)
    tables = Document(io.BytesIO(made)).tables
    assert [len(t.rows) for t in tables] == [2 + 33 + 1, 2 + 11 + 1, 2 + 11 + 1]
    assert tables[0].cell(0, 2).text == tables[0].cell(0, 9).text == "本季度"
    assert tables[0].cell(2, 9).text == "91.7%"
    assert _xml(made).count("<w:tblHeader/>") == 6
    assert "校验 7f3a-19c2-e05b" in _text(made)


def test_the_page_is_that_of_the_standard():
    section = Document(io.BytesIO(word.notice(cast.NOTICE))).sections[0]
    measured = [
        round(x.mm) for x in (section.page_width, section.top_margin, section.left_margin, section.bottom_margin)
    ]
    assert measured == [210, 37, 28, 35]
    xml = _xml(word.notice(cast.NOTICE))
    assert 'w:type="lines"' in xml and "linesAndChars" not in xml
    assert 'w:eastAsia="仿宋_GB2312"' in xml and 'w:eastAsia="方正小标宋简体"' in xml


def test_its_language_is_chinese():
    assert 'w:eastAsia="zh-CN"' in _xml(word.notice(cast.NOTICE), "word/styles.xml")


def test_signature_and_last_paragraph_stay_together():
    lines = Document(io.BytesIO(word.notice(cast.NOTICE))).paragraphs
    office = max(i for i, line in enumerate(lines) if line.text == cast.NOTICE["org"])
    kept = [line.paragraph_format.keep_with_next for line in lines[office - 3 :]]
    assert kept == [True] * (len(kept) - 1) + [False], "from the last paragraph to the line for the receiver"


def test_practice_papers_say_so_on_every_page():
    made = word.notice({**cast.NOTICE, "practice": True})
    heads = [n for n in zipfile.ZipFile(io.BytesIO(made)).namelist() if "header" in n]
    assert len(heads) == 2 and all("练习" in _xml(made, n) for n in heads)


def test_signs_that_xml_cannot_hold_are_left_out():
    assert "秀兰豆腐坊" in _text(word.notice({**cast.NOTICE, "addressee": "秀兰\x0b\x00豆腐坊\ud800"}))


def test_a_missing_fact_is_named():
    with pytest.raises(PaperError, match="addressee"):
        word.order({**cast.ORDER, "addressee": ""})
