"""Our page over a bad line: the proxy of `./run faults` stands between it and the server."""

import copy

import pytest

from tests.browser.field_fixtures import Phone, chromium, picture, program  # noqa: F401
from tests.faults.proxy import Proxy

pytestmark = [pytest.mark.browser, pytest.mark.once]
MET = ["cut before", "drop answer", "cut request", "twice", "cut answer", "at once", "hang up", "dribble"]


@pytest.fixture
def line(program):
    made = Proxy(program.port)
    yield made
    made.close()


def test_two_visits_arrive_once_through_cut_dropped_and_doubled_answers(chromium, program, line):
    over_the_line = copy.copy(program)
    over_the_line.base = f"http://127.0.0.1:{line.port}"
    phone = Phone(chromium, over_the_line).sign_in()
    before = program.tell("[Submission.objects.count(), Sheet.objects.count()]")
    phone.offline()
    for name in ("老街豆花摊", "李记煎饼摊"):
        phone.visit(name)
        phone.fill.visit(picture(), picture(40))
        phone.finish()
    line.plan.extend(MET)
    phone.offline(False)
    for _n in range(len(MET) + 4):
        phone.page.click("header .head-act")
        phone.rest()
        if "待上传" not in "".join(phone.states()):
            break
    else:
        raise AssertionError(f"still waiting after {line.done}")
    phone.page.locator("main .card .chip", has_text="已").nth(1).wait_for()
    assert len(line.done) >= 6, line.done
    after = program.tell("[Submission.objects.count(), Sheet.objects.count()]")
    assert [now - then for now, then in zip(after, before, strict=True)] == [2, 2]
    photos = "[[f.blob.size > 1000 for f in s.files.all()] for s in Submission.objects.order_by('-received_at')[:2]]"
    assert all(len(each) == 3 and all(each) for each in program.tell(photos))  # two photos and the signature
    assert phone.complaints == [] and phone.outside == []
    phone.context.close()
