"""The bureau's people, 党政办, and a case that was closed and whose decision is public; on 11 May 2026."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.enforcement.tests import steps as cases
from sanxiao.enforcement.tests.conftest import bureau, may  # noqa: F401  fixtures
from sanxiao.office.models import Office, Post, User
from sanxiao.publicity import exposing
from sanxiao.publicity.rules import EXPOSURE, POLL


@pytest.fixture
def people(bureau, may):  # noqa: F811
    """The town with the bureau's people and Xu Ning of 党政办."""
    user = User.objects.create(username="xu", name="徐宁")
    office = Office.objects.on(date(2026, 5, 11)).get(role="party", area="320413100000")
    Post.objects.create(user=user, office=office, title="宣传干事", since=date(2018, 4, 1))
    bureau.xu = user
    return bureau


@pytest.fixture
def closed(people, tofu):
    """Fined, paid, published and closed."""
    conduct = "王秀兰在后阳村老街12号生产的豆腐皮检出碱性嫩黄，电话13861234567。"
    case = cases.noticed(cases.finished(cases.filed(tofu, people), people, conduct=conduct), people)
    case = cases.served(cases.decided(case, people), people)
    flow.move(case, "pay", people.chen, amount=case.owed, paid_on=cases.MAY, slip="20260001")
    flow.move(cases.again(case), "execute", people.chen)
    flow.move(cases.again(case), "publish", people.chen, published_on=cases.MAY)
    flow.move(cases.again(case), "close", people.lu, ending="paid")
    return cases.again(case)


@pytest.fixture
def exposed(people, closed):
    """A draft as the program wrote it."""
    return propose(people.chen, closed)


def propose(by, case, **changes):
    """Chen proposes; the text is the program's own unless it is changed."""
    exposure = EXPOSURE.begun(by, {"case": str(case.pk)})
    title, body = exposing.draft(case)
    flow.move(exposure, "propose", by, **{"title": title, "body": body, **changes})
    return exposure


def publish(exposure, people):
    """Chen asks, Lu of the bureau and Xu of 党政办 agree."""
    flow.move(exposure, "publish", people.chen)
    exposure.refresh_from_db()
    flow.sign(exposure, people.lu, agrees=True)
    exposure.refresh_from_db()
    flow.sign(exposure, people.xu, agrees=True)
    exposure.refresh_from_db()
    return exposure


@pytest.fixture
def poll(people):
    """The poll of the second quarter of 2026."""
    found = POLL.begun(people.zhou, {})
    flow.move(found, "start", people.zhou, year=2026, quarter=2, closes_on=date(2026, 6, 30))
    return found
