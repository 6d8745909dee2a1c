"""`setup_town FOLDER`: loads a town from its folder; every room takes its part. Safe to repeat."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from sanxiao.docket import rooms


class Command(BaseCommand):
    help = "Loads a town: areas, offices, villages, duty texts, calendar, rules, phases and clauses, forms."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder like towns/jincheng")

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        if not (folder / "town.toml").exists():
            raise CommandError(f"{folder} is no town: town.toml is missing.")
        with transaction.atomic():
            for room in rooms.all_rooms():
                if room.town:
                    self.stdout.write(f"{room.key}: {room.town(folder)}")
