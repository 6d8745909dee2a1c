"""How a story is told: the clock, the screens of the people, one telling in each language that its chapters share.

A module of chapters imports the three fixtures by name; its chapters then stand in one telling of their own, in the
order in which they are written. When one breaks, the rest is skipped.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

import sanxiao
from sanxiao.office.now import at
from tests import cast
from tests.screen import CHINESE, Screen


def _told(*names: str) -> str:
    """Files of the town as text."""
    return "\n".join((cast.TOWN / name).read_text(encoding="utf-8") for name in names)


def _words() -> Iterator[tuple[str, str]]:
    """The words of the town in Chinese and English: kinds, offices, phases, problems, reasons."""
    for name in ("kinds.csv", "offices.csv", "phases.csv"):
        for row in csv.DictReader(line for line in _told(name).splitlines() if not line.startswith("#")):
            yield row["name"], row["name_en"]
    for row in csv.DictReader(line for line in _told("zone_steps.csv").splitlines() if not line.startswith("#")):
        yield from ((row["name"], row["name_en"]), (row["why"], row["why_en"]))
    for row in csv.DictReader(line for line in _told("sampling_items.csv").splitlines() if not line.startswith("#")):
        yield row["item"], row["item_en"]
    yield from re.findall(r'text = "([^"]+)",?\s+text_en = "([^"]+)"', _told("rules.toml", "facts.toml"))


def _messages() -> set[str]:
    """Everything that the program says and that has an English of its own."""
    found: set[str] = set()
    for catalogue in Path(sanxiao.__file__).parent.glob("*/locale/en/LC_MESSAGES/django.po"):
        found |= {entry.msgid for entry in polib.pofile(str(catalogue)) if entry.msgid != entry.msgstr}
    return found


WORDS = dict(_words())
HAN = re.compile(r"[\u4e00-\u9fff]+")
# What stays Chinese on an English screen: names of people, the plan's own words, official papers and their law.
NAMES = " ".join(f"{name} {title}" for name, _role, _area, title in cast.PEOPLE.values())
PAPERS_BY_NAME = " 受理通知书 领取回执 金城镇方案 检查计划 周一、三、五 无字号 "
OFFICIAL = _told("plan.txt", "offices.csv", "rules.toml", "phases.csv") + PAPERS_BY_NAME


def _told(run: str, known: str) -> bool:
    """Is a run of Chinese known, as it stands or put together of known words: 'a problem（a note）', 'one、two'?"""
    return run in known or (run[-1] not in "（，、；：" and all(part in known for part in HAN.findall(run)))


class Story:
    """What goes on from chapter to chapter: the day, the screens of the people, the addresses of the places."""

    def __init__(self, language: str, blobs: Path) -> None:
        self.language, self.blobs = language, blobs
        self.moment = _morning(4, 9)
        self.at: dict[str, str] = {}
        self.broken = ""
        self._screens: dict[str, Screen] = {}
        self._clock = ExitStack()

    def goes_on(self) -> None:
        """The clock of the story, where it stood."""
        self._clock.enter_context(at(self.moment))

    def rests(self) -> None:
        """The clock on the wall again."""
        self._clock.close()

    def on(self, month: int, day: int) -> "Story":
        """Nine in the morning of that day; the night watch has been there before."""
        self.rests()
        with at(_morning(month, day) - timedelta(hours=7)):
            call_command("watch", verbosity=0, stdout=_Silent())
        self.moment = _morning(month, day)
        self.goes_on()
        return self

    def foreign(self, official: str = "") -> dict[str, set[str]]:
        """Chinese words on the pages that were read, by page; not those that people typed, nor the town's names.

        `official`: what else stays Chinese, being words of a paper that was filled in.
        """
        typed = set().union(*(screen.typed for screen in self._screens.values()))
        known, messages = " ".join([*typed, NAMES, OFFICIAL, official]), _messages() - typed
        found: dict[str, set[str]] = {}
        for screen in self._screens.values():
            for path, words in screen.read.items():
                left = {w for w in words if w in messages or any(not _told(run, known) for run in CHINESE.findall(w))}
                found |= {path: found.get(path, set()) | left} if left else {}
        return found

    def __getattr__(self, name: str) -> Screen:
        """`story.zhang`: the screen before which she sits; whoever is not of the cast is anybody from the street."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self._screens.setdefault(name, Screen(Client(), self.language, WORDS if self.language == "en" else {}))


def _morning(month: int, day: int) -> datetime:
    """Nine o'clock on a day of 2018."""
    return timezone.make_aware(datetime.combine(date(2018, month, day), time(9)))


class _Silent:
    def write(self, _text: str) -> None:
        """Say nothing."""


@pytest.fixture(scope="module", params=["zh-hans", "en"])
def telling(request, django_db_setup, django_db_blocker, _password, tmp_path_factory) -> Iterator[Story]:
    """The town at its beginning, once for each language; nothing of it is kept."""
    with django_db_blocker.unblock(), transaction.atomic():
        with at(date(2018, 4, 2)):
            cast.the_town()
        yield Story(request.param, tmp_path_factory.mktemp("blobs"))
        transaction.set_rollback(True)


@pytest.fixture
def db(telling: Story) -> Story:
    """The database is that of the telling, for all chapters, instead of one for each test."""
    return telling


@pytest.fixture
def story(db, telling, request, settings) -> Iterator[Story]:
    """The telling, as far as it has come."""
    if telling.broken:
        pytest.skip(f"the story broke off in {telling.broken}")
    failed, settings.BLOB_DIR = request.session.testsfailed, telling.blobs
    with override(telling.language):
        telling.goes_on()
        yield telling
        telling.rests()
    if request.session.testsfailed > failed:
        telling.broken = request.node.name
