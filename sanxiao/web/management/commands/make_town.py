"""`make_town --scale N`: N × 10,000 made-up establishments for measuring, inserted in bulk, not told by moves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanxiao.archive.models import Establishment
from sanxiao.office.models import Office
from sanxiao.web.practice import crowd, make


class Command(BaseCommand):
    help = "Fills a loaded town with N × 10,000 made-up establishments for measuring; their rows are no history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, metavar="N", help="N × 10,000 establishments")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same crowd")

    def handle(self, *_args: Any, scale: int, seed: int, **_options: Any) -> None:
        if settings.REAL:
            raise CommandError("正式环境不编造数据。 No made-up data in the real profile.")
        if scale < 1:
            raise CommandError("--scale 至少为 1。 --scale is 1 or more.")
        if Establishment.objects.filter(practice=False).exists():
            raise CommandError("这里有真实的档案，不能加入编造的数据。 There are real files here: no made-up data.")
        office = Office.objects.on().filter(role="leading").first()
        try:
            if office is None:
                raise make.NoTownError
            made = crowd.fill(office.area, make.folder_of(office.area), scale, seed)
        except make.NoTownError as error:
            raise CommandError("请先载入一个镇： manage setup_town FOLDER Load a town first.") from error
        self.stdout.write(f"已编造 {made} 户。 {made} establishments made up.")
