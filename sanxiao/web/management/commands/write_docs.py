"""`write_docs [FOLDER]`: the documents that follow from the flow tables."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from sanxiao.web.flowdocs import write


class Command(BaseCommand):
    help = "Writes docs/flows/*.md and docs/law.md from the flow tables and the town's dated rules."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "docs")

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        for path in write(folder):
            self.stdout.write(str(path))
