"""`practice --seed N [--json]`: a made-up town with two years of history, told by the program's own moves."""

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanxiao.web.practice import make


class Command(BaseCommand):
    help = "Makes up establishments, people and two years of history, marked as practice data; once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same town")
        parser.add_argument("--json", action="store_true", help="print the accounts as JSON")

    def handle(self, *_args: Any, seed: int, json: bool, **_options: Any) -> None:
        if settings.REAL:
            raise CommandError("正式环境不编造练习数据。 No practice data in the real profile.")
        if reason := make.real_data():
            raise CommandError(reason)
        if make.is_there():
            self._say("练习数据已经有了，没有改动。 Practice data is there already; nothing was changed.")
        else:
            try:
                make.make(seed, self._say)
            except make.NoTownError as error:
                raise CommandError("请先载入一个镇： manage setup_town FOLDER Load a town first.") from error
        self._show(make.write_accounts(), json)

    def _say(self, words: str) -> None:
        print(words, file=sys.stderr, flush=True)

    def _show(self, rows: list[dict[str, str]], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            self.stdout.write(f"{row['username']:16}{row['name']}  {row['office']} · {row['title']}")
