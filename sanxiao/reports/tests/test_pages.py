"""The pages: every number a door, the words kept, the exports opened, the cockpit on one screen."""

import io
import re
from datetime import date

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Deadline
from sanxiao.office.now import at, today
from sanxiao.reports.models import Report
from sanxiao.reports.subject import subject_of
from sanxiao.reports.tests.history import (
    APRIL,
    Q2,
    classify,
    close,
    opened,
    shop,
    submitted,
    town_report,
    transfer,
)
from tests.cast import HOUYANG, NANYAO

JULY_3 = date(2018, 7, 3)


@pytest.fixture
def story(town):
    """Three places of 后阳村 in the second quarter: one stays, one closes, one goes to 南瑶村."""
    stays, closes, goes = shop(town, APRIL), shop(town, APRIL, "vendor"), shop(town, APRIL, "eatery")
    classify(town, stays, date(2018, 5, 1), "1", "regulate")
    close(town, closes, date(2018, 5, 20))
    transfer(town, goes, date(2018, 6, 1))
    return town


def doors(page):
    """Address and text of every number that opens a list."""
    return re.findall(r'<a href="(/reports/[^"]+/cell/[^"]+)">(-?\d+)</a>', page)


@pytest.mark.parametrize("state", ["open", "frozen"])
def test_every_number_on_the_page_opens_a_list_of_that_length(story, as_, state):
    report = opened(Q2)
    if state == "frozen":
        report = submitted(report, story.zhang, JULY_3)
    zhang = as_("zhang")
    found = doors(zhang.get(report.get_absolute_url()).content.decode())
    assert len(found) > 20
    for url, n in found:
        answer = zhang.get(url.replace("&amp;", "&"))
        assert answer.context["total"] == int(n), url
        assert len(answer.context["rows"]) == int(n)


def test_a_list_is_exported_as_it_stands(story, as_):
    report = submitted(opened(Q2), story.zhang, JULY_3)
    answer = as_("zhang").get(f"{report.get_absolute_url()}cell/new.q?as=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert text.count("后阳村") >= 3


def test_the_cadre_next_door_gets_404_for_report_list_and_export(story, as_):
    report = opened(Q2)
    for tail in ("", "cell/new.q", "export/pdf"):
        assert as_("li").get(report.get_absolute_url() + tail).status_code == 404
        assert as_("zhang").get(report.get_absolute_url() + tail).status_code == 200


@pytest.mark.parametrize("cell", ["nothing.q", "new.x", "filed_rate.q", "new"])
def test_a_cell_that_is_none_is_404(story, as_, cell):
    assert as_("zhang").get(f"{opened(Q2).get_absolute_url()}cell/{cell}").status_code == 404


def test_zhang_keeps_her_words_and_an_old_page_does_not_overwrite_them(story, as_):
    report, zhang = opened(Q2), as_("zhang")
    send = {"version": 1, "progress": "已走访三户。", "problems": "", "needs": "", "next_steps": ""}
    assert zhang.post(f"{report.get_absolute_url()}save", send).status_code == 302
    answer = zhang.post(f"{report.get_absolute_url()}save", send | {"progress": "旧页面"})
    assert answer.status_code == 409
    assert "旧页面" in answer.content.decode()
    assert Report.objects.get(pk=report.pk).progress == "已走访三户。"


def test_the_officer_cannot_write_the_villages_words(story, as_):
    report = opened(Q2)
    as_("chen").post(f"{report.get_absolute_url()}save", {"version": 1, "progress": "代写"})
    assert Report.objects.get(pk=report.pk).progress == ""


def test_the_town_drills_to_the_village_and_its_list(story, as_):
    report = town_report(Q2)
    page = as_("sun").get(report.get_absolute_url()).content.decode()
    assert f'<a href="?area={HOUYANG}">后阳村</a>' in page
    assert f"?area={NANYAO}" in page
    village = as_("sun").get(f"{report.get_absolute_url()}?area={HOUYANG}").content.decode()
    assert all(f"area={HOUYANG}" in url for url, _n in doors(village))


@pytest.mark.parametrize("make", [lambda: opened(Q2), lambda: town_report(Q2)])
def test_word_pdf_and_excel_open_and_hold_the_figures(story, as_, make):
    report, sun = make(), as_("sun")
    base = f"{report.get_absolute_url()}export/"
    assert sun.get(base + "pdf").content.startswith(b"%PDF-")
    book = openpyxl.load_workbook(io.BytesIO(sun.get(base + "xlsx").content))
    assert len(book.sheetnames) == len(subject_of(report).tables)
    total = next(row for row in book.worksheets[0].iter_rows(values_only=True) if row[0] == "合计")
    assert total[1:3] == (0, 3)
    paper = docx.Document(io.BytesIO(sun.get(base + "docx").content))
    assert any("2018年第二季度" in line.text for line in paper.paragraphs)
    assert len(paper.tables) == len(subject_of(report).tables)
    assert sun.get(base + "exe").status_code == 404


def test_the_matrix_tells_on_time_late_and_missing(story, as_):
    submitted(opened(Q2), story.zhang, JULY_3)
    submitted(opened(Q2, NANYAO), story.li, date(2018, 7, 9))
    with at(date(2018, 7, 10)):
        answer = as_("zhou").get("/reports/?q=2018Q2")
    told = {row["duty"].name: row["duty"].state.key for row in answer.context["rows"]}
    assert (told["后阳村"], told["南瑶村"], told["白塔村"]) == ("on_time", "late", "missing")
    with at(date(2018, 7, 10)):
        page = as_("zhou").get("/reports/?q=2018Q2&is=late")
    assert [row["duty"].name for row in page.context["rows"]] == ["南瑶村"]


def test_a_community_founded_later_is_exempt(story, as_):
    opened(Q2)
    with at(date(2021, 6, 1)):
        answer = as_("zhou").get("/reports/?q=2018Q2")
    told = {row["duty"].name: row["duty"].state.key for row in answer.context["rows"]}
    assert told["五星社区"] == "exempt"


def test_zhang_goes_straight_to_the_calendar_of_her_village(story, as_):
    report = opened(Q2)
    answer = as_("zhang").get("/reports/", follow=True)
    assert answer.redirect_chain[0][0] == f"/reports/unit/{report.unit_id}/"
    assert "2018年第二季度" in answer.content.decode()
    assert as_("li").get(f"/reports/unit/{report.unit_id}/").status_code == 404
    assert as_("he").get("/reports/").status_code == 404


def test_pages_cost_the_same_queries_with_more_places(story, as_):
    report, whole = opened(Q2), town_report(Q2)
    pages = [
        ("zhang", report.get_absolute_url(), 40), ("sun", whole.get_absolute_url(), 40), ("sun", "/reports/", 15),
        ("sun", "/cockpit/", 30), ("sun", "/cockpit/end/", 25), ("zhang", f"{report.get_absolute_url()}cell/end.q", 20),
    ]  # fmt: skip
    first = [queries(as_(name), url) for name, url, _most in pages]
    for _i in range(5):
        shop(story, APRIL)
    assert [queries(as_(name), url) for name, url, _most in pages] == first
    assert all(n <= most for n, (_name, _url, most) in zip(first, pages, strict=True)), first


def queries(browser, url):
    with CaptureQueriesContext(connection) as found:
        assert browser.get(url).status_code == 200
    return len(found)


def test_the_six_figures_open_their_lists(story, as_):
    sun, file = as_("sun"), Establishment.objects.first()
    Deadline.objects.create(
        kind="archive.file", subject=file.pk, file=file.pk, area=HOUYANG, term="act", name="首项任务期限", unit="d",
        starts_on=date(2018, 5, 1), due_on=date(2018, 6, 1), first_due_on=date(2018, 6, 1),
    )  # fmt: skip
    page = sun.get("/cockpit/")
    assert [each["key"] for each in page.context["figures"]] == [
        "end", "complete", "classified", "certified", "fixed", "overdue",
    ]  # fmt: skip
    for step in page.context["funnel"]:
        assert sun.get(f"/cockpit/{step['key']}/").context["count"] == step["n"]
    assert sun.get("/cockpit/certified/?rest=1").context["count"] == 2
    late = Deadline.objects.filter(due_on__lt=today(), done_on__isnull=True).count()
    assert page.context["risks"][0]["late"] == late
    assert sun.get(f"/cockpit/terms/?area={HOUYANG}&when=late").context["count"] == late


def test_the_list_of_what_is_late_names_who_owes_a_report(story, as_):
    town_report(Q2)
    sun = as_("sun")
    with at(date(2018, 7, 10)):
        page = sun.get("/cockpit/overdue/").content.decode()
        assert "南瑶村" in page and "全镇汇总" in page and ">财政所</a>" in page
        sun.cookies["django_language"] = "en"
        assert ">Finance Office</a>" in sun.get("/cockpit/overdue/").content.decode()


def test_the_cockpit_is_for_those_who_lead(story, as_):
    for name, status in (("sun", 200), ("zhou", 200), ("chen", 200), ("feng", 200), ("zhang", 404), ("he", 404)):
        assert as_(name).get("/cockpit/").status_code == status, name
    assert "/cockpit/" in as_("sun").get("/").content.decode()
    assert 'href="/cockpit/"' not in as_("zhang").get("/").content.decode()


def test_the_cockpit_of_an_empty_town_says_so(town, as_):
    page = as_("sun").get("/cockpit/").content.decode()
    assert "还没有建档" in page
