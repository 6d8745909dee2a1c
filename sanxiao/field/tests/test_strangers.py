"""Programs that others wrote, against the running server: pyodk reads, JavaRosa (the engine of ODK Collect) sends."""

import shutil
import subprocess
from pathlib import Path

import pytest
import pyxform
from pyodk.client import Client as Odk
from pyodk.errors import PyODKError

from sanxiao.archive.models import Establishment
from sanxiao.field import inbox
from sanxiao.field.models import Submission
from sanxiao.field.tests import kit
from tests import cast

JAR = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
HARNESS = Path(__file__).parent / "Fill.java"


@pytest.fixture
def town(transactional_db):
    """The town in a database that the server's threads see too."""
    return cast.the_town()


@pytest.fixture
def odk(live_server, town, tmp_path):
    """`odk("zhou")`: pyodk, signed in as that person."""

    def sign_in(name, password=cast.PASSWORD):
        config = tmp_path / f"{name}.toml"
        config.write_text(
            f'[central]\nbase_url = "{live_server.url}/api"\nusername = "{name}"\npassword = "{password}"\n'
            "default_project_id = 1\n"
        )
        return Odk(config_path=config, cache_path=tmp_path / f"{name}-cache.toml")

    return sign_in


# --- pyodk -----------------------------------------------------------------------------------------------------


def test_pyodk_lists_the_forms(odk, town, desk):
    kit.offered(kit.Phone(town.zhang))
    forms = {form.xmlFormId: form for form in odk("zhou").forms.list()}
    assert forms["survey_vendor"].state == "open" and len(forms["survey_vendor"].hash) == 32


def test_pyodk_reads_submissions_and_their_answers_without_what_is_personal(odk, town, desk):
    phone = kit.Phone(town.zhang)
    xml = kit.answers(kit.offered(phone), phone="13861234567", workers="3", location="31.72 119.57 0 5")
    phone.send(
        xml.replace("<location>", "</identity><place><location>").replace(
            "</location>", "</location></place><identity>"
        )
    )
    client = odk("zhou")
    row = client.submissions.list(form_id="survey_vendor")[0]
    assert row.instanceId == Submission.objects.get().instance and row.reviewState is None
    table = client.submissions.get_table(form_id="survey_vendor", count=True)
    line = table["value"][0]
    assert table["@odata.count"] == 1 and line["identity"]["shop_name"] == "徐记早点"
    assert line["place"]["location"]["coordinates"][:2] == [119.57, 31.72] and line["place"]["workers"] == 3
    assert line["identity"]["phone"] is None and "13861234567" not in str(table)


def test_pyodk_sees_its_own_ground_alone(odk, town, desk):
    phone = kit.Phone(town.zhang)
    phone.send(kit.answers(kit.offered(phone)))
    assert not odk("li").submissions.list(form_id="survey_vendor")
    assert len(odk("zhang").submissions.list(form_id="survey_vendor")) == 1


def test_a_wrong_password_or_a_form_that_there_is_not_is_an_error_in_pyodk(odk, town, desk):
    with pytest.raises(PyODKError):
        odk("zhou", "falsch").forms.list()
    with pytest.raises(PyODKError):
        odk("zhou").submissions.list(form_id="nothing")


def test_a_table_is_read_page_by_page(odk, town, desk):
    phone = kit.Phone(town.zhang)
    one = kit.offered(phone)
    for number in range(3):
        phone.send(kit.answers(one, shop_name=f"第{number}家"))
    client = odk("zhou")
    first = client.submissions.get_table(form_id="survey_vendor", top=2)
    second = client.submissions.get_table(form_id="survey_vendor", top=2, skip=2)
    names = [line["identity"]["shop_name"] for line in (*first["value"], *second["value"])]
    assert sorted(names) == ["第0家", "第1家", "第2家"] and "%24skip=2" in first["@odata.nextLink"].replace("$", "%24")
    assert "@odata.nextLink" not in second


# --- JavaRosa --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def harness(tmp_path_factory):
    """The small program that drives JavaRosa, compiled."""
    if not shutil.which("javac"):
        pytest.skip("there is no Java compiler here: apt install openjdk-17-jdk-headless")
    folder = tmp_path_factory.mktemp("java")
    done = subprocess.run(
        ["javac", "-encoding", "UTF-8", "-cp", str(JAR), "-d", str(folder), str(HARNESS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def fill(harness, *arguments):
    """Run it; what it printed."""
    command = ["java", "-Dfile.encoding=UTF-8", "-cp", f"{harness}:{JAR}", "Fill", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.once
def test_javarosa_downloads_a_form_fills_it_and_makes_a_place(live_server, town, desk, harness):
    phone = kit.Phone(town.zhang)
    told = {"village": cast.HOUYANG, "shop_name": "JavaRosa 的摊", "operator_name": "徐根宝"}
    answers = [part for name, value in told.items() for part in (f"/data/identity/{name}", value)]
    said = fill(harness, f"{live_server.url}/key/{phone.key}", "survey_vendor", "", *answers)
    assert "answered 201" in said
    inbox.drain()
    assert Establishment.objects.get(kind="vendor").name == "JavaRosa 的摊"
    assert desk.taken[0].creates and desk.taken[0].answers["id_type"] == "id_card"


@pytest.mark.once
def test_javarosa_chooses_a_place_sees_what_is_known_and_changes_it(live_server, town, desk, harness):
    stall = cast.tofu_shop(town.zhang, kind_id="vendor", name="老街豆花摊")
    phone = kit.Phone(town.zhang)
    said = fill(
        harness,
        f"{live_server.url}/key/{phone.key}",
        "survey_vendor",
        stall.pk,
        "/data/identity/operator_name",
        "徐根宝",
    )
    assert "answered 201" in said and "prefilled /data/identity/shop_name=老街豆花摊" in said
    inbox.drain()
    row = Submission.objects.get()
    assert row.place == stall.pk and row.base == stall.version and desk.taken[0].answers["shop_name"] == "老街豆花摊"
    assert desk.taken[0].base["operator_name"] == "王秀兰" and not desk.taken[0].creates
