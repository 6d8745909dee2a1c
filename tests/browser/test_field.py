"""A cadre in a back yard without signal: she surveys, puts the phone away, and it arrives by itself, once."""

import time

import pytest

from tests.browser.field_fixtures import XU, Phone, chromium, phone, picture, program  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_a_vendor_is_surveyed_with_two_photos_offline_and_arrives_once(phone, program):
    phone.offline()
    began = time.monotonic()
    phone.begin()
    phone.fill.vendor("桥头汤包", picture(40), picture(80), person=XU)
    phone.finish()
    assert phone.states() == ["待上传"]
    print(f"\nsurvey of a vendor, offline, two photos: {time.monotonic() - began:.1f} s by a machine's hand")
    phone.offline(False)
    phone.page.get_by_text("已入库").wait_for(timeout=60_000)
    rows = "[s.files.count() for s in Submission.objects.filter(edition__code='survey_vendor')]"
    assert program.tell(rows) == [3]
    assert program.tell("list(Establishment.objects.filter(name='桥头汤包').values_list('kind_id', flat=True))") == [
        "vendor"
    ]
    assert phone.complaints == []
    assert phone.outside == []


def test_it_works_offline_from_the_first_visit_on(phone):
    phone.offline()
    phone.reopen()
    phone.go("places")
    phone.page.get_by_text("王家豆腐坊").wait_for()
    phone.begin()
    assert phone.fill.box("shop_name").is_visible()


def test_a_killed_tab_loses_nothing(phone):
    phone.begin()
    phone.fill.write("shop_name", "半路摊")
    phone.fill.write("phone", "13861234567")
    phone.page.wait_for_timeout(150)
    phone.offline()
    phone.reopen()
    phone.go("work")
    phone.page.locator("main .card", has_text="草稿").click()
    phone.page.wait_for_selector("body[data-ready=form]")
    assert phone.fill.box("shop_name").locator("input").input_value() == "半路摊"
    assert phone.fill.box("phone").locator("input").input_value() == "13861234567"


def test_a_draft_comes_back_with_its_photos_and_sends_them(phone, program):
    phone.visit("老街豆花摊")
    phone.fill.visit(picture(30), picture(50))
    phone.reopen()
    phone.go("work")
    phone.page.locator("main .card", has_text="草稿").click()
    phone.page.wait_for_selector("body[data-ready=form]")
    for _page in range(3):
        phone.fill.next()
    phone.finish()
    phone.page.locator(".chip", has_text="已").wait_for(timeout=60_000)
    last = "Submission.objects.order_by('-received_at').first()"
    assert program.tell(f"sorted(f.name[:5] for f in {last}.files.all())") == ["photo", "photo", "signa"]
    assert program.tell(f"[len(t['sha256']) for t in {last}.promised.values()]") == [64, 64, 0]


def test_the_answer_was_lost_on_the_way_back_and_it_is_there_once(phone, program):
    before = program.tell("Submission.objects.count()")
    tries = []

    def cut(route):
        tries.append(1)
        if len(tries) == 1:
            route.fetch()  # it arrives, but the phone never hears of it
            route.abort("connectionreset")
        else:
            route.continue_()

    phone.context.route("**/submission?*", cut)
    phone.visit("李记煎饼摊")
    phone.fill.visit(picture())
    phone.finish()
    phone.page.locator("main .card .chip", has_text="已").first.wait_for(timeout=60_000)
    assert len(tries) == 2
    assert program.tell("Submission.objects.count()") == before + 1


def test_the_oldest_goes_first_and_a_broken_line_stops_the_rest(phone, program):
    sent = []

    def dead(route):
        sent.append(route.request.url)
        route.abort("connectionreset")

    phone.offline()
    for name in ("赵家烧烤摊", "李记煎饼摊"):
        phone.visit(name)
        phone.fill.visit(picture())
        phone.finish()
    assert phone.states() == ["待上传", "待上传"]
    phone.context.route("**/submission?*", dead)
    with phone.page.expect_request("**/submission?*"):
        phone.offline(False)
    phone.page.wait_for_timeout(1500)  # less than the pause before the next try
    assert len(sent) == 1
    assert phone.states() == ["待上传", "待上传"]
    phone.context.unroute("**/submission?*")
    phone.page.click("header .head-act")
    phone.all_sent()
    last = "Submission.objects.order_by('-received_at')[:2]"
    assert program.tell(f"[Establishment.objects.get(pk=s.place).name for s in {last}]") == ["李记煎饼摊", "赵家烧烤摊"]


def test_one_that_the_server_stumbles_over_does_not_keep_the_others_waiting(phone):
    stumbles = []

    def stumble(route):
        route.fulfill(status=500) if stumbles and stumbles.pop() else route.continue_()

    phone.offline()
    for name in ("赵家烧烤摊", "李记煎饼摊"):
        phone.visit(name)
        phone.fill.visit(picture())
        phone.finish()
    phone.context.route("**/submission?*", stumble)
    stumbles.append(True)
    phone.offline(False)
    for _round in range(4):
        phone.rest()
        stumbles[:] = [True]  # the oldest is tried first
        phone.page.click("header .head-act")
        phone.page.wait_for_timeout(200)
    phone.page.locator("main .card .chip", has_text="已").first.wait_for(timeout=60_000)
    assert "待上传" in phone.states()
    phone.context.unroute("**/submission?*")
    phone.page.click("header .head-act")
    phone.all_sent()


def test_a_wrong_clock_and_a_made_up_position_are_said_and_the_server_knows(chromium, program):
    late = Phone(chromium, program)
    late.context.add_init_script(AN_HOUR_AHEAD + MADE_UP)
    late.page.close()
    late.open()
    late.sign_in()
    late.page.get_by_text("手机时间不对").wait_for()
    late.visit("老街豆花摊")
    late.fill.next()
    late.fill.position("location")
    late.page.get_by_text("手机说这是模拟位置").wait_for()
    late.fill.previous()
    late.fill.visit(picture())
    late.finish()
    late.page.locator("main .card .chip", has_text="已入库").first.wait_for(timeout=60_000)
    doubts = "[d['name'] for d in Sheet.objects.order_by('-created_at').first().doubts]"
    assert "location" in program.tell(doubts)
    assert 3500 < program.tell("Submission.objects.order_by('-received_at').first().skew") < 3700
    late.context.close()


# As the shell of some Android phones says it; a browser alone says nothing.
MADE_UP = "GeolocationCoordinates.prototype.mocked = true;"
AN_HOUR_AHEAD = """
const Real = Date, ahead = 3600e3;
globalThis.Date = class extends Real {
  constructor(...said) { said.length ? super(...said) : super(Real.now() + ahead); }
  static now() { return Real.now() + ahead; }
};
"""


def test_created_and_visited_twice_offline_makes_one_chain(phone, program):
    phone.offline()
    phone.begin()
    phone.fill.vendor("新桥粽子摊", picture())
    phone.finish()
    for _n in range(2):
        phone.visit("新桥粽子摊")
        phone.fill.visit(picture())
        phone.finish()
    phone.offline(False)
    phone.page.click("header .head-act")
    phone.all_sent(90_000)
    chain = "[[s.base, s.trunk, str(s.branch), str(s.place)] for s in Submission.objects.order_by('received_at')][-3:]"
    (_first, one, two) = program.tell(chain)
    assert (one[0], two[0]) == (1, 2)
    assert one[2] == two[2] != "None"
    assert one[3] == two[3] == _first[3]
