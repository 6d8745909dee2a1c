"""`check_translations`: every message of the screens has its English, room by room, and everywhere the same.

The catalogues of all rooms become one when the program runs: of two different words for one message one would win, in
all rooms. What means two things is said by two words in Chinese, too.
"""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

CHINESE = re.compile(r"[\u4e00-\u9fff]")
Forms = tuple[str, ...]
KEYWORDS = ["_", "gettext", "gettext_lazy", "gettext_noop", "ngettext:1,2", "gettext_lazy"]


class Command(BaseCommand):
    help = "Fails and names them when messages lack an English translation, or have two."

    def handle(self, *_args: Any, **_options: Any) -> None:
        known = {room: _known(room) for room in settings.ROOMS}
        missing = {room: gap for room in settings.ROOMS if (gap := _missing(room, known[room]))}
        for room, gap in missing.items():
            self.stdout.write(f"{room}: {len(gap)} without English")
            for message in gap:
                self.stdout.write(f"    {message!r}")
        two = _said_twice(known)
        for forms, words in two.items():
            self.stdout.write(f"{forms[0]!r} is said in more than one way: {words}")
        if missing or two:
            raise CommandError("The English catalogue is not complete, or not of one mind.")


def _folder(room: str) -> Path:
    return Path(settings.BASE_DIR) / "sanxiao" / room


def _known(room: str) -> dict[Forms, Forms]:
    """What a room's catalogue says: the forms of every message (one, or with its plural two) and their English."""
    catalogue = _folder(room) / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if not catalogue.exists():
        return {}
    with catalogue.open("rb") as lines:
        messages = [message for message in read_po(lines) if message.id and "fuzzy" not in message.flags]
    return {_forms(message.id): told for message in messages if all(told := _forms(message.string))}


def _forms(said: Any) -> Forms:
    return (said,) if isinstance(said, str) else tuple(said)


def _missing(room: str, known: dict[Forms, Forms]) -> list[str]:
    return sorted(_messages(_folder(room)) - {forms[0] for forms in known})


def _said_twice(known: dict[str, dict[Forms, Forms]]) -> dict[Forms, dict[str, Forms]]:
    """Messages for which rooms have different words: room by room."""
    said: dict[Forms, dict[str, Forms]] = {}
    for room, words in known.items():
        for forms, told in words.items():
            said.setdefault(forms, {})[room] = told
    return {forms: words for forms, words in said.items() if len(set(words.values())) > 1}


def _messages(folder: Path) -> set[str]:
    """All messages in the room's Python and templates, as GNU xgettext reads them."""
    sources = [p for p in folder.rglob("*.py") if not {"tests", "migrations"} & set(p.parts)]
    with tempfile.TemporaryDirectory() as scratch:
        files = list(sources)
        for number, page in enumerate(sorted(folder.rglob("*.html"))):
            copy = Path(scratch) / f"{number}.py"
            copy.write_text(templatize(page.read_text(encoding="utf-8")), encoding="utf-8")
            files.append(copy)
        if not files:
            return set()
        command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--output=-", "--no-location"]
        command += [f"--keyword={word}" for word in KEYWORDS] + [str(file) for file in files]
        found = subprocess.run(command, capture_output=True, check=True)
    # Its own header is needed: without one xgettext cannot say its charset, and cuts every Chinese message.
    text = found.stdout.decode().replace("nplurals=INTEGER; plural=EXPRESSION", "nplurals=2; plural=(n != 1)")
    messages = read_po(text.splitlines())
    ids = (m.id if isinstance(m.id, str) else m.id[0] for m in messages if m.id)
    return {i for i in ids if CHINESE.search(i)}
