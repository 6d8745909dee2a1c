"""Every paper prints: full, with nothing but its required facts, and marked as practice."""

import logging
import threading
from datetime import UTC, date, datetime

import pytest

from sanxiao.papers import facts, pdf
from sanxiao.papers.tests import cast

AT = datetime(2018, 7, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("template", sorted(facts.REQUIRED))
@pytest.mark.parametrize("variant", ["", "bare", "practice"])
def test_every_paper_prints_with_much_with_little_and_for_practice(template, variant, caplog):
    with caplog.at_level(logging.WARNING):
        made = pdf.render(template, *cast.sample(template, variant), at=AT)
    assert made.startswith(b"%PDF-") and b"pdfaid" in made
    assert not caplog.records, "a font or a sign was missing"


@pytest.mark.parametrize("template", sorted(facts.REQUIRED))
def test_a_fact_that_is_null_prints_like_one_that_is_missing(template):
    full, _ = cast.sample(template)
    optional = {key: None for key in full if key not in facts.REQUIRED[template]}
    assert pdf.render(template, {**full, **optional})


# An empty list is printed as one, so its rows may be missing.
NEEDED = [(t, f) for t, fields in facts.REQUIRED.items() for f in fields if (t, f) != ("list", "rows")]


@pytest.mark.parametrize(("template", "field"), NEEDED)
def test_a_missing_required_fact_is_named(template, field):
    full, _ = cast.sample(template)
    with pytest.raises(pdf.PaperError) as told:
        pdf.render(template, {key: value for key, value in full.items() if key != field})
    assert (told.value.template, told.value.field) == (template, field)
    assert template in str(told.value) and field in str(told.value)


def test_a_template_that_does_not_exist_is_named():
    with pytest.raises(pdf.PaperError, match="diploma"):
        pdf.render("diploma", {})


def test_the_same_facts_at_the_same_moment_give_the_same_bytes():
    one, two = (pdf.render("certificate", cast.CERTIFICATE, at=AT) for _ in range(2))
    assert one == two


def test_days_may_be_days_and_not_only_text():
    given = {**cast.CERTIFICATE, "issued_on": date(2018, 7, 2), "valid_from": date(2018, 7, 2)}
    assert pdf.render("certificate", given, at=AT) == pdf.render("certificate", cast.CERTIFICATE, at=AT)


def test_a_certificate_stays_on_one_page_however_much_it_names():
    long = {
        **cast.CERTIFICATE,
        "varieties": ["豆腐干"] * 60,
        "address": "金城镇后阳村" * 12,
        "supervisor": "周建明、" * 9,
    }
    assert len(pdf.preview("certificate", long)) == 1


def test_many_certificates_come_as_one_file():
    many = [{**cast.CERTIFICATE, "number": f"ZF320413100-2018-{n:05}"} for n in range(3)]
    together = pdf.render_many("certificate", many, at=AT)
    assert len(together) < 3 * len(pdf.render("certificate", cast.CERTIFICATE, at=AT))


def test_a_file_without_papers_or_with_too_many_is_refused():
    for many in ([], [cast.CERTIFICATE] * 301):
        with pytest.raises(pdf.PaperError, match="1 to 300"):
            pdf.render_many("certificate", many)


def test_cards_lie_two_to_a_sheet():
    assert len(pdf.preview("cards", cast.SAMPLES["cards"])) == 2


def test_an_order_ends_with_its_receipt_unless_none_is_wanted():
    with_receipt, without = pdf.preview("order", cast.ORDER), pdf.preview("order", {**cast.ORDER, "service": False})
    assert len(with_receipt) == len(without) + 1


def test_wide_tables_lie_on_landscape_pages_with_their_heads_again():
    pages = pdf.preview("report", cast.REPORT, ppi=10)
    shapes = [(int.from_bytes(p[16:20]), int.from_bytes(p[20:24])) for p in pages]
    assert [width > height for width, height in shapes] == [False, False, True, True, False]


def test_what_a_person_typed_is_never_template_source():
    typed = '#panic("x") $1/0$ *b* _i_ @a <b> ` \\ #import "/etc/passwd" 〔王〕'
    assert pdf.render("notice", {**cast.NOTICE, "addressee": typed, "paragraphs": [typed]})


def test_signs_that_no_font_has_still_print(caplog):
    made = pdf.render("certificate", {**cast.CERTIFICATE, "name": "秀兰\x00豆腐坊😀\ud800"})
    assert made.startswith(b"%PDF-")
    assert "plain PDF" in caplog.text


def test_rare_names_have_their_signs(caplog):
    pdf.render("certificate", {**cast.CERTIFICATE, "person": "龑䶮堃喆镕"})
    assert not caplog.records


def test_a_picture_that_is_none_is_named():
    with pytest.raises(pdf.PaperError, match="front"):
        pdf.render("file", cast.FILE, {"front": b"not a picture"})


def test_identity_numbers_are_masked_even_where_the_caller_forgot():
    assert facts.ready("card", cast.VENDOR_CARD)["id_no"] == "320413********0015"
    assert facts.ready("certificate", {**cast.CERTIFICATE, "code": "320413190001010015"})["code"].count("*") == 8
    assert facts.ready("certificate", cast.CERTIFICATE)["code"] == cast.CERTIFICATE["code"]


def test_paragraphs_are_counted_after_the_standard():
    levels = [(1, "甲"), (2, "乙"), (2, "丙"), (3, "丁"), (4, "戊"), (1, "己"), (2, "庚")]
    marks = [p["mark"] for p in facts.numbered({"level": n, "text": t} for n, t in levels)]
    assert marks == ["一、", "（一）", "（二）", "1. ", "（1）", "二、", "（一）"]


def test_figures_in_tables_read_as_figures():
    shown = [
        facts.cell(v, k)
        for v, k in ((None, "int"), (0, "int"), (0.9167, "percent"), (1234.5, "decimal"), (date(2018, 6, 5), "date"))
    ]
    assert shown == ["—", "0", "91.7%", "1,234.50", "2018-06-05"]


def test_several_clerks_print_at_once():
    made: list[bytes] = []
    clerks = [
        threading.Thread(target=lambda: made.append(pdf.render("certificate", cast.CERTIFICATE, at=AT)))
        for _ in range(4)
    ]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert len(made) == 4 and len(set(made)) == 1
