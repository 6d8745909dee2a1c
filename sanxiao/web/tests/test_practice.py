"""A practice town is told by real moves, once, the same for the same seed, and never beside real files."""

import json
from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
from django.conf import settings as conf
from django.core.management import CommandError, call_command
from django.db import transaction
from shapely.geometry import Point

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket.models import Event, Handover, Rule
from sanxiao.inspection.visit_models import Due
from sanxiao.office.models import User
from sanxiao.office.now import at, today
from sanxiao.web.practice import make
from sanxiao.web.practice.places import Ground
from sanxiao.web.practice.tell import Teller
from tests.cast import TOWN

NOW = date(2026, 11, 23)


def practice(*options: str) -> str:
    out = StringIO()
    call_command("practice", *options, stdout=out)
    return out.getvalue()


def small(patch: pytest.MonkeyPatch) -> None:
    """The plan's town, without people; a practice town of it is small here."""
    patch.setattr(make, "SIZE", 14)
    patch.setattr(make, "IN_THE_LEDGER", 3)
    patch.setattr(make, "TWICE", 1)
    patch.setattr(Teller, "strict", True)
    patch.setattr(make, "HALTS", (("proposed", "1", 1), ("served", "2", 1), ("signing", "3", 1)))
    call_command("setup_town", str(TOWN), verbosity=0, stdout=StringIO())


@pytest.fixture
def empty_town(db, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    small(monkeypatch)


@pytest.fixture(scope="module")
def telling(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small practice town, told once for all who look at it; half a minute is too long for each."""
    folder = tmp_path_factory.mktemp("practice")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(conf, "DATA_DIR", folder)
        patch.setattr(conf, "BLOB_DIR", folder / "blobs")
        small(patch)
        with at(NOW):
            accounts = json.loads(practice("--seed", "7", "--json"))
        yield accounts
        transaction.set_rollback(True)


@pytest.fixture
def told(telling, django_db_blocker, settings):
    """The accounts of the small practice town."""
    with django_db_blocker.unblock():
        yield telling


@pytest.mark.once
def test_everybody_has_an_account_and_everything_is_marked(told):
    assert {"zhang", "li", "chen", "wu", "zhou", "sun", "he"} <= {row["username"] for row in told}
    assert json.loads((conf.DATA_DIR / "practice-accounts.json").read_text()) == told
    assert Establishment.objects.exists() and not Establishment.objects.filter(practice=False).exists()
    assert not User.objects.filter(practice=False).exists()


@pytest.mark.once
def test_what_stands_in_the_files_stands_in_the_log(told):
    for file in Establishment.objects.all():
        events = Event.objects.filter(subject=file.pk, kind="archive.file").order_by("id")
        assert events.first().move == "open"
        assert [e.to for e in events if e.to][-1] == file.state
        assert all(a.at <= b.at for a, b in pairwise(events))


@pytest.mark.once
def test_no_number_can_be_anybodys(told):
    for person in Operator.objects.exclude(id_number_sealed=""):
        assert person.id_number[6:10] == "1900"
        assert person.phone.startswith("142")


@pytest.mark.once
def test_points_lie_in_their_village_and_work_lies_on_the_desks(told, client):
    outlines = Ground("320413100000", TOWN, None).outlines
    for file in Establishment.objects.filter(lat__isnull=False):
        assert outlines[file.area].contains(Point(file.lng, file.lat)), file
    assert Handover.objects.filter(giver__username="zhang", state=Handover.OFFERED).exists()
    client.force_login(User.objects.get(username="chen"), backend="django.contrib.auth.backends.ModelBackend")
    assert "card-row" in client.get("/").content.decode()


@pytest.mark.once
def test_most_places_were_visited_in_time(told):
    with at(NOW):
        late = Due.objects.unplanned().filter(due_on__lt=today()).count()
    assert Due.objects.count() > 5 and late <= Due.objects.count() // 4


@pytest.mark.once
def test_a_second_run_says_so_and_changes_nothing(told, capsys):
    before = Event.objects.count()
    assert json.loads(practice("--seed", "8", "--json")) == told
    assert Event.objects.count() == before
    assert "没有改动" in capsys.readouterr().err


@pytest.mark.once
def test_the_same_seed_invents_the_same_places(empty_town):
    from random import Random

    def invented(seed):
        ground = Ground("320413100000", TOWN, Random(seed))
        return [ground.place("eatery", "320413100206", "1", today()) for _n in range(20)]

    assert invented(3) == invented(3)
    assert invented(3) != invented(4)


def test_the_real_profile_refuses(empty_town, settings):
    settings.REAL = True
    with pytest.raises(CommandError, match="正式环境"):
        practice()


def test_real_files_are_left_alone(tofu):
    Rule.objects.count()
    with pytest.raises(CommandError, match="真实的档案"):
        practice()


def test_without_a_town_it_says_what_to_do_first(db):
    with pytest.raises(CommandError, match="setup_town"):
        practice()
