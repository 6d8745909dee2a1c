"""Fifty tips, and then every row, file and log line that they have left: nothing of who told, and no hour.

The same over real HTTP against a running server, with its raw files and journals, is `./run canary`.
"""

import re
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from sanxiao.docket import flow
from sanxiao.office.now import at
from sanxiao.tips import box
from sanxiao.tips.models import Letter, Report
from sanxiao.tips.tests import steps

TIPS = 50
NOON = datetime(2018, 6, 5, 13, 37, 11)  # noqa: DTZ001  made aware below
HOUR = re.compile(r"2018-06-0[56][T ](13|14|05|06):[0-9]{2}")  # of the telling, in the town's time and in UTC


def everything():
    """Every column of every table as text."""
    said = []
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as rows:
            rows.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608  our own
            said += [str(value) for row in rows.fetchall() for value in row]
    return "\n".join(said)


def planted(n):
    """What one informer says of himself; each found again by its own letters and digits."""
    return {"name": f"金丝雀{n:02d}号", "phone": f"1377{n:02d}43{n:02d}1", "home": f"后阳村密{n:02d}巷{n:02d}号",
            "text": f"豆腐坊很脏 KANARIE{n:04d}"}  # fmt: skip


@pytest.fixture
def told(town, caplog):
    """Fifty letters of one afternoon, one a minute; every tenth adds a word by its receipt."""
    steps.keys(town, "chen", "zhou")
    words = []
    for n in range(TIPS):
        said = planted(n)
        with at(timezone.make_aware(NOON + timedelta(minutes=n))):
            receipt = steps.told(**said)
            if n % 10 == 0:
                box.drop_word(receipt, "word", {"text": f"补充 NACHTRAG{n:04d}"})
                words.append(f"NACHTRAG{n:04d}")
        words += [said["name"], said["phone"], said["home"], f"KANARIE{n:04d}", receipt]
    return words


def leaks(words, text):
    return [word for word in words if word in text] + HOUR.findall(text)


def test_database_files_and_logs_hold_nothing_of_fifty_informers(town, told, settings, caplog):
    assert leaks(told, everything()) == [], "in the box"
    with at(timezone.make_aware(NOON + timedelta(days=1))):
        box.empty()
    assert Letter.objects.count() == TIPS
    with at(timezone.make_aware(NOON + timedelta(days=2))):
        for report in Report.objects.all()[:5]:
            flow.move(report, "accept", town.chen, office=report.office, summary="请查卫生")
    assert leaks(told, everything()) == [], "in the morning"
    files = [path for path in settings.BLOB_DIR.rglob("*") if path.is_file()]
    assert not [path for path in files if leaks(told, path.read_bytes().decode("utf-8", "ignore"))]
    assert leaks(told, caplog.text) == []


def test_the_same_search_finds_what_is_planted_openly(town):
    said = f"{planted(7)['phone']} 2018-06-05 13:37:11"
    Letter(area="320413100206", received_on=NOON.date(), problem="dirty", hold=said).save(force_insert=True)
    assert leaks([planted(7)["phone"]], everything()) == [planted(7)["phone"], "13"]
