"""The rest of a day with the phone: the market, the practice round, a form before it is published, what was sent back."""

import pytest

from tests.browser.field_fixtures import Phone, chromium, phone, picture, program  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once]


def swipe(phone) -> None:
    """A thumb goes to the left over the answers, as the screen feels it."""
    box = phone.page.locator(".market .pick").first
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    touch = phone.context.new_cdp_session(phone.page)
    for kind, x in (("touchStart", 330), ("touchMove", 280), ("touchMove", 200), ("touchMove", 120)):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": at["y"] + 20}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def stall(phone, *, same: bool) -> None:
    phone.page.wait_for_selector(".market .ask")
    phone.fill.photos(picture())
    if same:
        phone.page.click(".same")
    else:
        phone.fill.pick("same_operator", "yes")
        phone.fill.pick("certificate_displayed", "no")
        phone.fill.pick("operating_state", "normal")
        phone.fill.pick("problems", "none")
    assert not phone.fill.box("signature").count()  # not asked for in a round of a market
    swipe(phone) if same else phone.page.click("footer .btn-primary")


def test_three_stalls_in_a_row_become_three_visits(phone, program):
    before = program.tell("Submission.objects.count()")
    phone.go("market")
    phone.page.get_by_text("3 家").first.wait_for()
    phone.page.locator("main .card", has_text="我身边的摊位").click()
    for n in range(3):
        phone.page.get_by_text(f"第 {n + 1} 家，共 3 家").wait_for()
        stall(phone, same=n > 0)
    phone.page.get_by_text("走完了，填了 3 家").wait_for()
    phone.fill.next()
    program.until("Submission.objects.count()", before + 3)
    assert phone.complaints == []


def test_the_practice_round_is_guided_and_never_sent(phone, program):
    sent = []
    phone.page.on("request", lambda request: sent.append(request.url) if "submission" in request.url else None)
    before = program.tell("Submission.objects.count()")
    phone.go("practice")
    phone.page.wait_for_selector("body[data-ready=form]")
    phone.page.get_by_text("先填摊位").wait_for()
    phone.fill.write("name", "老李")
    phone.fill.pick("food", "bun", "tofu")
    phone.fill.pick("covered", "yes")
    phone.fill.next()
    phone.fill.photos(picture())
    phone.fill.next()
    phone.fill.position("spot")
    phone.fill.next()
    phone.fill.sign("sign")
    phone.fill.next()
    phone.page.get_by_text("都填好了").wait_for()
    phone.fill.next()
    phone.page.get_by_text("练完了").wait_for()
    phone.go("work")
    phone.page.get_by_text("还没有填过表").wait_for()
    assert sent == [] and program.tell("Submission.objects.count()") == before


DRAFT = """
from sanxiao.field.models import Draft, Edition
from sanxiao.office.models import User
good = Edition.objects.filter(code="survey_vendor").first().xform
bad = good.replace("regex(", "foo(", 1)
for key, text in (("00000000-0000-4000-8000-00000000000a", good), ("00000000-0000-4000-8000-00000000000b", bad)):
    Draft.objects.update_or_create(id=key, defaults={"xform": text, "by": User.objects.get(username="zhou")})
"""


def test_a_draft_opens_in_the_page_and_one_with_an_unknown_function_does_not(phone, chromium, program):
    program.manage("shell", "-v0", "-c", DRAFT)
    desk = Phone(chromium, program)
    desk.page.goto(f"{program.base}/login/")
    desk.page.fill("#id_username", "zhou")
    desk.page.fill("#id_password", "Lianxi-2018")
    desk.page.click("main button.btn-primary")
    desk.page.goto(f"{program.base}/field/preview/00000000-0000-4000-8000-00000000000a/")
    desk.page.wait_for_selector("body[data-ready=form]")
    assert desk.page.get_by_text("预览，不会提交").is_visible()
    desk.page.wait_for_timeout(500)
    assert program.tell("Draft.objects.get(id='00000000-0000-4000-8000-00000000000a').previewed_at") is not None
    desk.page.goto(f"{program.base}/field/preview/00000000-0000-4000-8000-00000000000b/")
    desk.page.wait_for_selector("[data-broken]")
    assert program.tell("Draft.objects.get(id='00000000-0000-4000-8000-00000000000b').previewed_at") is None
    desk.context.close()


def test_a_revisit_shows_first_what_changed(phone):
    phone.visit("老街豆花摊")
    phone.page.get_by_text("0 项变化").wait_for()
    phone.fill.next()
    phone.fill.pick("operating_state", "suspended")
    phone.page.locator("footer .btn", has_text="上一页").click()
    phone.page.get_by_text("1 项变化").wait_for()
    assert phone.page.locator(".facts-list").first.get_by_text("停业").is_visible()


def test_what_the_office_sent_back_is_mended_and_sent_again(phone, program):
    phone.visit("赵家烧烤摊")
    phone.fill.visit(picture())
    phone.finish()
    phone.page.locator("main .card .chip", has_text="已").first.wait_for(timeout=60_000)
    sent = program.tell("Submission.objects.order_by('-received_at').first().instance")
    back = {"state": "returned", "missing": [], "reason": "照片看不清", "url": "", "merged": [], "clash": False}

    def status(route):
        said = route.fetch().json()["instances"]
        route.fulfill(json={"instances": said | ({sent: back} if sent in said else {})})

    phone.context.route("**/field/api/status", status)
    phone.page.reload()
    phone.go("errands")
    phone.page.get_by_text("1 份退回或没有收下").click()
    phone.page.get_by_text("照片看不清").click()
    phone.page.click("text=修改后重发")
    phone.page.wait_for_selector("body[data-ready=form]")
    first = program.tell("str(Submission.objects.order_by('-received_at').first().pk)")
    phone.page.locator("footer .to-end").click()
    phone.finish()
    phone.all_sent()
    assert program.tell("str(Submission.objects.order_by('-received_at').first().replaces_id)") == first
    assert program.tell("Submission.objects.order_by('-received_at').first().files.count()") == 2
    assert "退回" not in phone.states() and "已改好重发" in phone.states()
    phone.go("errands")
    phone.page.get_by_text("退回或没有收下").wait_for(state="detached")


LEAD = "11111111-2222-4333-8444-555555555555"


def test_a_lead_is_surveyed_under_its_own_key(phone, program):
    lead = {
        "key": f"lead:{LEAD}", "name": "核实线索", "note": "举报：桥头有人卖早点", "place": "桥头早点", "file": None,
        "village": "320413100206", "lat": None, "lng": None, "due_on": None, "form": "survey_vendor", "url": "", "tone": "blue",
    }  # fmt: skip
    phone.context.route("**/field/api/errands", lambda route: route.fulfill(json={"errands": [lead], "patches": []}))
    phone.page.reload()
    phone.go("errands")
    phone.page.locator("main .card", has_text="桥头早点").click()
    phone.page.wait_for_selector("body[data-ready=form]")
    phone.fill.vendor("桥头早点", picture())
    phone.finish()
    phone.all_sent()
    assert program.tell("str(Submission.objects.order_by('-received_at').first().place)") == LEAD
    phone.go("work")  # her number is that of the tofu workshop: somebody compares it, and till then it is still listed
    phone.page.locator("main .card .chip", has_text="待建档").first.wait_for(timeout=60_000)
    phone.go("places")
    assert phone.page.locator("main .card", has_text="桥头早点").locator(".chip").inner_text() == "还没入库"
    phone.go("errands")
    assert phone.page.locator("main .card .chip").first.inner_text() == "已填"
