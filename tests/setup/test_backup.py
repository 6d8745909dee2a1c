"""What an operator relies on: a backup that says it is good is good, and a bad one changes nothing."""

import json
import shutil
import stat
import zipfile

import pytest

from sanxiao.web.backup import MANIFEST
from tests import migrated


def rewritten(source, target, change):
    """A copy of a backup whose members went through `change(name, bytes)`; as a zip it is perfectly sound."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def manifest_with(source, target, **changes):
    def change(name, content):
        return json.dumps({**json.loads(content), **changes}) if name == MANIFEST else content

    return rewritten(source, target, change)


def test_a_backup_proves_itself_and_changes_nothing(office, saved):
    before = office.rows()
    done = office.manage("verify_backup", saved)
    assert done.returncode == 0, done.stderr
    assert office.rows() == before
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert not [path.name for path in office.folder.iterdir() if path.name.startswith(".")]


def test_everything_comes_back_in_an_empty_place(office, saved, new_place):
    place = new_place()
    done = place.manage("restore", saved)
    assert done.returncode == 0, done.stderr
    assert place.rows() == office.rows()
    photos = [path.read_bytes() for path in (place.folder / "blobs").rglob("*") if path.is_file()]
    assert photos == [path.read_bytes() for path in (office.folder / "blobs").rglob("*") if path.is_file()]
    assert (place.folder / "keys/session").read_text() == (office.folder / "keys/session").read_text()


def test_a_restore_takes_away_what_came_later_and_new_rows_still_find_a_number(saved, new_place):
    place = new_place()
    assert place.manage("restore", saved).returncode == 0
    before = place.rows()
    make = "from django.contrib.auth.models import Group; print(Group.objects.create(name='later').pk)"
    place.ask(make)
    assert place.manage("restore", saved).returncode == 0
    assert place.rows() == before
    assert int(place.ask(make)) > 0


@pytest.mark.once  # a file is read alike, whatever the database
@pytest.mark.parametrize("fault", ["cut short", "a bit turned", "not a backup", "empty"])
def test_a_bad_file_is_refused_and_leaves_everything_as_it_is(fault, office, saved, tmp_path):
    whole = saved.read_bytes()
    bad = tmp_path / "bad.sanxiao"
    middle = len(whole) // 2
    turned = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    bad.write_bytes(
        {"cut short": whole[:middle], "a bit turned": turned, "not a backup": b"PK" * 99, "empty": b""}[fault]
    )
    before = office.rows()
    for command in ("verify_backup", "restore"):
        done = office.manage(command, bad)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    assert office.rows() == before


@pytest.mark.once
def test_a_member_exchanged_for_another_is_refused(office, saved, tmp_path):
    bad = rewritten(saved, tmp_path / "bad", lambda name, content: content if name == MANIFEST else content[::-1])
    assert office.manage("restore", bad).returncode == 1


@pytest.mark.once
def test_a_member_may_not_land_outside(office, saved, tmp_path):
    bad = tmp_path / "bad"
    shutil.copy(saved, bad)
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr("blobs/../../escaped", b"x")
    assert office.manage("restore", bad).returncode == 1
    assert not (office.folder.parent / "escaped").exists()


def test_wrong_counts_are_found_by_the_rehearsal(office, saved, tmp_path):
    with zipfile.ZipFile(saved) as archive:
        tables = json.loads(archive.read(MANIFEST))["tables"]
    tables["django_session"] += 1
    assert office.manage("verify_backup", manifest_with(saved, tmp_path / "bad", tables=tables)).returncode == 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"engine": "oracle"}, "oracle"),
        ({"profile": "real"}, "real"),
        ({"format": 99}, "99"),
        ({"migrations": [["sessions", "9999_from_the_future"]]}, "9999_from_the_future"),
    ],
)
def test_a_backup_of_another_kind_is_refused_in_words(changes, words, office, saved, tmp_path):
    done = office.manage("restore", manifest_with(saved, tmp_path / "other", **changes))
    assert done.returncode == 1
    assert words in done.stderr


@pytest.mark.once
def test_real_keys_stay_at_home_and_are_needed_for_the_way_back(new_place, tmp_path):
    place = new_place(profile="real")
    migrated.put(place.folder)
    file = tmp_path / "real.sanxiao"
    assert place.manage("backup", file).returncode == 0
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if name.startswith(("keys/", "accounts"))]
    assert place.manage("restore", file).returncode == 0
    (place.folder / "keys/session").write_text("another key")
    done = place.manage("restore", file)
    assert done.returncode == 1
    assert "session" in done.stderr


def test_a_place_that_cannot_be_written_says_so(office, tmp_path):
    (tmp_path / "file").write_text("")
    done = office.manage("backup", tmp_path / "file" / "monday.sanxiao")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
