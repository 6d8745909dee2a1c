"""`open_reports [2018Q2]`: opens a quarter's reports by hand; what is open already is left alone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanxiao.office.now import today
from sanxiao.reports.acts import open_due, open_quarter
from sanxiao.reports.quarters import Quarter


class Command(BaseCommand):
    help = "Opens the quarterly reports of all units. Without a quarter: every one that ended since the last opened."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quarter", nargs="?", default="", help="like 2018Q2")

    def handle(self, *_args: Any, quarter: str, **_options: Any) -> None:
        if not quarter:
            self.stdout.write(open_due())
            return
        try:
            wanted = Quarter.parse(quarter)
        except ValueError as error:
            raise CommandError(f"{quarter!r} is no quarter; write it like 2018Q2.") from error
        if wanted.until > today():
            raise CommandError(f"{wanted} ends on {wanted.until}; its reports are opened then.")
        self.stdout.write(f"opened {open_quarter(wanted)} reports")
