"""`make_town --scale N`: N × 10,000 made-up files for measurement, written in bulk and not told by moves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanxiao.web.practice import bulk, make


class Command(BaseCommand):
    help = "Makes N × 10,000 files with events, decisions, papers and terms in bulk. For measuring; see `practice`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=float, default=1.0, help="1 = 10,000 files")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: Any, scale: float, seed: int, **_options: Any) -> None:
        if settings.REAL:
            raise CommandError("正式环境不编造数据。 No made-up data in the real profile.")
        if scale <= 0:
            raise CommandError("--scale 须大于 0。 --scale must be more than 0.")
        if reason := make.real_data():
            raise CommandError(reason)
        total = round(scale * 10_000)
        try:
            held = bulk.make(scale, seed, lambda done: self.stderr.write(f"… {done} / {total}"))
        except make.NoTownError as error:
            raise CommandError("请先载入一个镇： manage setup_town FOLDER Load a town first.") from error
        make.write_accounts()
        self.stdout.write(f"{held} 户 files")
