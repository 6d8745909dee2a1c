"""`check_translations`: every message of the screens has its English, room by room."""

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
KEYWORDS = ["_", "gettext", "gettext_lazy", "gettext_noop", "ngettext:1,2", "gettext_lazy"]


class Command(BaseCommand):
    help = "Fails and names them when messages lack an English translation."

    def handle(self, *_args: Any, **_options: Any) -> None:
        missing = {room: gap for room in settings.ROOMS if (gap := _untranslated(room))}
        for room, gap in missing.items():
            self.stdout.write(f"{room}: {len(gap)} without English")
            for message in gap:
                self.stdout.write(f"    {message!r}")
        if missing:
            raise CommandError("The English catalogue is not complete.")


def _untranslated(room: str) -> list[str]:
    folder = settings.BASE_DIR / "sanxiao" / room
    catalogue = folder / "locale" / "en" / "LC_MESSAGES" / "django.po"
    known: set[str] = set()
    if catalogue.exists():
        with catalogue.open("rb") as lines:
            for message in read_po(lines):
                first = message.id if isinstance(message.id, str) else message.id[0] if message.id else ""
                told = message.string if isinstance(message.string, str) else message.string[0]  # type: ignore[index]
                if told and "fuzzy" not in message.flags:
                    known.add(first)
    return sorted(_messages(folder) - known)


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
