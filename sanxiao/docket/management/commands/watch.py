"""`watch`: the night watch, once."""

from typing import Any

from django.core.management.base import BaseCommand

from sanxiao.docket.watch import night


class Command(BaseCommand):
    help = "Lapses what has run out, and what the rooms do by night. Safe to run twice."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for line in night():
            self.stdout.write(line)
