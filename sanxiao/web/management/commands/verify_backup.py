"""`verify_backup FILE`: prove a backup by a real restore into a scratch place."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sanxiao.web import backup


class Command(BaseCommand):
    help = "Prove a backup by restoring it into a scratch place. Exit status 0 means it can be relied on."
    requires_system_checks: list[str] = []  # a backup must be possible even when the program is not well

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = backup.verify(file)
        except backup.Refused as why:
            raise CommandError(str(why)) from why
        done = {"file": file, "tables": len(manifest.tables), "rows": sum(manifest.tables.values())}
        self.stdout.write(_("备份完好，已试恢复 %(tables)d 张表、%(rows)d 行：%(file)s") % done)
