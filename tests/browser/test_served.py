"""What a newcomer does in the first hour, at the desk and on a telephone, and what no page may ever do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from sanxiao.office.now import today
from sanxiao.survey.tests import paper
from tests.tour import ROOT

pytestmark = pytest.mark.browser

SEATS = [("desk", "zh-hans"), ("phone", "en")]
EVERY_SEAT = [(size, language) for size in ("desk", "phone") for language in ("zh-hans", "en")]
SHOP, STALL = "王家豆腐坊", "老街早点摊"
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
PAGES = {
    "zhang": ("/", "/archive/", "/survey/", "/survey/new/workshop", "/archive/map/", "/plan/", "/me/"),
    "chen": ("/inspection/", "/licensing/", "/licensing/certificates/", "/reports/"),
    "sun": ("/cockpit/",),
    "": ("/login/", "/v/"),
}
LINKED = {"zhang": (("/archive/", SHOP), ("/inspection/", SHOP), ("/reports/", r"第.季度|Q\d"), ("/licensing/", STALL))}


def both(chinese: str, english: str) -> re.Pattern[str]:
    """Words in the language of the screen."""
    return re.compile(f"{chinese}|{english}")


def follow(page: Any, words: str | re.Pattern[str]) -> None:
    """Click the first link of the page's own part with these words, and wait for its page."""
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=words).first.click()


def press(page: Any, words: str | re.Pattern[str]) -> None:
    """Press a button of the page's own part, and wait for the answer."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=words, exact=isinstance(words, str)).first.click()


def fill_in(page: Any, sheet: dict[str, Any]) -> None:
    """A paper sheet, typed: texts are written, boxes ticked, lists opened."""
    for name, value in sheet.items():
        for each in value if isinstance(value, list) else [value]:
            field = page.locator(f'main [name="{name}"]').first
            kind = field.evaluate("field => field.tagName === 'SELECT' ? 'select' : field.type")
            if kind in ("radio", "checkbox"):
                page.locator(f'main [name="{name}"][value="{each}"]').check()
            elif kind == "select":
                field.select_option(each)
            else:
                field.fill(each)


# -- the newcomer's five tasks


@pytest.mark.parametrize(("size", "language"), SEATS)
def test_a_place_is_found_by_its_initials(sit, size, language):
    page = sit("zhang", size, language)
    page.goto("/")
    if size == "desk":
        page.keyboard.press("Control+k")
    else:
        page.locator(".search input").click()
    page.keyboard.type("wjdf")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    if page.locator("h1").inner_text() != SHOP:
        follow(page, SHOP)
    assert page.locator("h1").inner_text() == SHOP


@pytest.mark.parametrize(("size", "language"), SEATS)
def test_a_stall_is_surveyed_from_its_sheet(sit, size, language):
    page, name = sit("zhang", size, language), f"桥头馒头{size}"
    page.goto("/")
    follow(page, both("录入调查表", "Enter a survey sheet"))
    follow(page, both("食品摊贩", "Food vendor"))
    number = {"desk": "320413190001020010", "phone": "320413190001030024"}[size]
    seen = {"surveyed_on": str(today() - timedelta(days=1)), "id_number": number, "phone": f"1391234567{len(size)}"}
    fill_in(page, paper.vendor(shop_name=name, **seen))
    press(page, both("^保存$", "^Save$"))
    assert page.locator("h1").inner_text() == name
    press(page, both("^建档$", "^Put on file$"))
    follow(page, both(f"“{name}”", f'"{name}"'))
    assert page.locator("h1").inner_text() == name


@pytest.mark.parametrize(("size", "language"), SEATS)
def test_what_is_late_in_my_village_stands_first(sit, size, language):
    page = sit("zhang", size, language)
    page.goto("/")
    late = page.locator(".card-row", has=page.locator(".term.red")).first
    assert SHOP in late.inner_text()
    with page.expect_navigation():
        late.click()
    page.get_by_text(both("逾期未改", "Overdue, not corrected|Lapsed")).first.wait_for()
    assert page.locator(".btn-primary").first.inner_text() in ("申请复查", "Report for re-check")


def test_a_card_is_issued_and_printed(sit):
    page = sit("zhou")
    page.goto("/")
    follow(page, STALL)
    follow(page, "制证")
    press(page, "制证")
    follow(page, "食品摊贩登记卡")
    card = page.context.request.get(page.get_by_role("link", name="打开证卡（PDF）").get_attribute("href"))
    assert card.body()[:5] == b"%PDF-"


@pytest.mark.parametrize(("size", "language"), SEATS)
def test_a_number_of_the_quarter_opens_its_list(sit, size, language):
    page = sit("zhang", size, language)
    page.goto("/reports/")
    follow(page, both("第.季度", r"Q\d"))
    number = page.locator("td a[href*='/cell/']").first
    count = int(number.inner_text())
    with page.expect_navigation():
        number.click()
    assert page.locator("tbody tr").count() == count


# -- what is typed is not lost, and needs neither a mouse nor a script


def test_a_draft_survives_a_reload_and_never_holds_a_personal_number(sit):
    page = sit("zhang")
    page.goto("/survey/new/eatery")
    fill_in(page, {"shop_name": "半途面馆", "id_number": paper.XU})
    page.reload()
    expect(page.locator("[name=shop_name]")).to_have_value("半途面馆")
    assert page.input_value("[name=id_number]") == ""
    assert paper.XU not in page.evaluate("JSON.stringify(localStorage)")


def test_the_keyboard_alone_reaches_the_search_and_the_primary_button(sit):
    page = sit("chen")
    page.goto("/archive/")
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.name") == "q"
    follow(page, SHOP)
    page.locator("body").press("Home")
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main .btn-primary')"):
            break
    assert page.evaluate("document.activeElement.matches('main .btn-primary')")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_without_scripts_a_sheet_is_typed_and_filed(sit):
    page = sit("zhang", java_script_enabled=False)
    page.goto("/survey/new/workshop")
    for name, value in paper.workshop(surveyed_on=str(today()), id_number=paper.XU).items():
        for each in value if isinstance(value, list) else [value]:
            field = page.locator(f'main [name="{name}"]')
            if field.first.get_attribute("type") in ("radio", "checkbox"):
                page.locator(f'main [name="{name}"][value="{each}"]').check()
            elif field.locator("option").count():
                field.select_option(each)
            else:
                field.first.fill(each)
    press(page, "保存")
    press(page, "建档")
    follow(page, "“徐记油坊”")
    assert page.locator("h1").inner_text() == "徐记油坊"


# -- what no page may do: sit() watches for errors, refused scripts and other hosts


@pytest.mark.once
@pytest.mark.parametrize(("size", "language"), EVERY_SEAT)
def test_no_page_is_too_wide_or_shuts_anybody_out(sit, size, language):
    wrong: dict[str, Any] = {}
    for who in PAGES:
        page = sit(who, size, language)
        for path in PAGES[who]:
            page.goto(path)
            wrong |= look_over(page, path, (size, language) in SEATS)
        for path, words in LINKED.get(who, ()):
            page.goto(path)
            follow(page, re.compile(words))
            wrong |= look_over(page, f"{path} {words}", (size, language) in SEATS)
    assert not wrong, "\n".join(f"{path} {said}" for path, all_said in wrong.items() for said in all_said)


def look_over(page: Any, name: str, thoroughly: bool) -> dict[str, Any]:
    """What is wrong with the open page: its width, and with a thorough look what axe calls serious."""
    if page.locator(".map, .chart").count():
        page.wait_for_load_state("networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    said = [f"{wide} px too wide"] if wide > 0 else []
    if not thoroughly:
        return {name: said} if said else {}
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then((told) => told.violations)")
    grave = [v for v in found if v["impact"] in ("serious", "critical")]
    said += [f"{v['id']} {node['html'][:200]}" for v in grave for node in v["nodes"][:3]]
    return {name: said} if said else {}
