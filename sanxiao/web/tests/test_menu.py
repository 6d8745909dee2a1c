"""The menu: the story in nine lines, folded to what a person uses."""

import lxml.html
import pytest

from sanxiao.docket import rooms
from sanxiao.web.shell import CHAPTERS


def rail(browser, path="/"):
    """The menu beside a page."""
    return lxml.html.fromstring(browser.get(path).content).find_class("rail")[0]


def lines(menu):
    """What the menu shows while all is folded."""
    found = menu.xpath("./a[not(contains(@class, 'brand'))] | ./details/summary")
    return ["".join(line.itertext()).strip() for line in found]


@pytest.mark.parametrize("who", ["zhang", "chen", "sun"])
def test_nobody_has_more_than_nine_lines_to_read(as_, who):
    assert 2 <= len(lines(rail(as_(who)))) <= 9


def test_every_entry_stands_in_a_chapter():
    orders = {entry.url_name: entry.order for room in rooms.all_rooms() for entry in room.menu}
    assert {order // 10 for order in orders.values()} == set(CHAPTERS)
    assert len(set(orders.values())) == len(orders), "two entries claim one place"


def test_the_chapter_of_the_open_page_is_unfolded(as_, tofu):
    menu = rail(as_("chen"), "/inspection/")
    (opened,) = menu.xpath("./details[@open]")
    assert opened.xpath("./a[@aria-current='page']/@href") == ["/inspection/"]


def test_a_page_behind_an_entry_marks_that_entry(as_, tofu):
    menu = rail(as_("chen"), f"/archive/{tofu.pk}/")
    assert menu.xpath(".//a[@aria-current='page']/@href") == ["/archive/"]


def test_on_the_phone_everything_is_reached_from_my_page(as_):
    browser = as_("chen")
    page = lxml.html.fromstring(browser.get("/me/").content)
    there = set(page.find_class("chapters")[0].xpath(".//a/@href"))
    assert there == set(rail(browser).xpath("./details/a/@href | ./a[not(contains(@class, 'brand'))]/@href")) - {"/"}
