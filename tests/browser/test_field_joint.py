"""A joint operation in a yard without signal: two offices answer one list on two phones, and it comes together."""

import pytest

from tests.browser.field_fixtures import Phone, chromium, picture, program  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once]

# Planned the day before yesterday for today, begun this morning; village, bureau, urban management and police go.
UNDERWAY = """
from datetime import timedelta
from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.joint.tests import steps
from sanxiao.office.models import User
from sanxiao.office.now import at, today
from tests import cast
town = cast.Cast(**{user.username: user for user in User.objects.filter(username__in=cast.PEOPLE)})
with at(today() - timedelta(days=2)):
    operation = steps.ready(town, Establishment.objects.get(name="王家豆腐坊"))
flow.move(operation, "start", town.zhang)
"""
FOUND = "sorted(Finding.objects.values_list('code', 'a', 'office__role'))"
TICKS = "__import__('sanxiao.docket.models', fromlist=['Event']).Event.objects.filter(kind='joint.stop', move='tick')"
PHOTOS = "__import__('sanxiao.docket.models', fromlist=['x']).Attachment.objects.filter(role='item:road')"


def open_the_stop(phone: Phone) -> None:
    """From the errand of the operation straight to the list of one's own office."""
    phone.go("errands")
    phone.page.locator("main .card", has_text="联合执法第 1 处").click()
    phone.page.wait_for_selector("body[data-ready=form]")
    assert phone.fill.box("role").locator("input:checked").count() == 1  # whose list it is, is known from the errand
    phone.fill.next()


def put_away(phone: Phone) -> None:
    phone.fill.next()
    phone.fill.next()
    phone.finish()


def test_two_offices_without_a_network_answer_one_list_and_it_comes_together(chromium, program):
    program.manage("shell", "-v0", "-c", UNDERWAY)
    village, urban = (Phone(chromium, program).sign_in(who) for who in ("zhang", "qian"))
    village.offline()
    urban.offline()

    open_the_stop(village)
    assert village.fill.box("j_building").count() == 0  # that is for urban management to say
    for item in ("papers", "file_true", "told", "road", "clean", "sewage"):
        village.fill.pick(f"j_{item}", "yes")
    put_away(village)

    open_the_stop(urban)
    assert urban.fill.box("j_told").count() == 0
    urban.fill.pick("j_road", "no")
    urban.fill.write("j_road_note", "又把桌子摆到路上")
    urban.fill.box("j_road_photo").locator("[data-camera]").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    urban.fill.box("j_road_photo").locator(".shot").wait_for()
    urban.fill.pick("j_clean", "yes")
    put_away(urban)
    assert village.states() == urban.states() == ["待上传"]
    assert program.tell(f"{TICKS}.count()") == 0

    for phone in (village, urban):  # the village first: the last word on what both were asked stands
        phone.offline(False)
        phone.all_sent()
        program.manage("shell", "-v0", "-c", "from sanxiao.field import inbox; inbox.drain()")
    assert (
        program.tell("[(s.state, s.result.get('reason')) for s in Submission.objects.all()]") == [["settled", None]] * 2
    )
    found = {code: (said, by) for code, said, by in program.tell(FOUND)}
    assert found["road"] == ("no", "urban") and found["told"] == ("yes", "village")
    assert set(found) == {"papers", "file_true", "told", "road", "clean", "sewage"}
    assert program.tell(f"[{TICKS}.count(), {PHOTOS}.count()]") == [2, 1]
    assert program.tell("list(Stop.objects.values_list('state', flat=True))") == ["visited"]
    village.page.reload()
    village.go("errands")
    village.page.locator("main .card", has_text="联合执法第 1 处").wait_for(state="detached")  # nothing is left to do
    urban.page.reload()
    urban.go("errands")
    urban.page.locator("main .card", has_text="本单位还有 2 项").click()  # answered, but not to the end
    urban.page.get_by_text("再填一份").click()
    urban.page.wait_for_selector("body[data-ready=form]")
    urban.fill.next()
    urban.fill.pick("j_building", "yes")
    put_away(urban)
    urban.all_sent()
    program.manage("shell", "-v0", "-c", "from sanxiao.field import inbox; inbox.drain()")
    assert ["building", "yes", "urban"] in program.tell(FOUND)
    for phone in (village, urban):
        assert phone.complaints == [] and phone.outside == []
        phone.context.close()
