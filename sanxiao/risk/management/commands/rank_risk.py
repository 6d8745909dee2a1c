"""`rank_risk`: train the ranking on past inspections and apply it to coming ones; or to this town's own files."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

NEEDS = ("sklearn", "pyarrow")


class Command(BaseCommand):
    help = (
        "Ranks coming inspections by the chance that something serious is found. With --train and --score: any "
        "tables (CSV or Parquet). Without them: the files of this town, from its own visits. Prints how well such an "
        "order did in the last blocks of sixty days, with and without knowing who inspects."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """As contract.md says; the rest are comforts."""
        parser.add_argument("--train", type=Path, help="past inspections with their outcome")
        parser.add_argument("--score", type=Path, help="coming inspections; an outcome column there is not read")
        parser.add_argument("--history", type=Path, nargs="+", action="extend", default=[], help="more of the past")
        for name, text in (("id", "visit"), ("place", "place"), ("date", "date"), ("outcome", "outcome, 0 or 1")):
            parser.add_argument(f"--{name}", help=f"column of the {text}")
        parser.add_argument("--person", default="", help="column of the inspector")
        parser.add_argument("--without-person", action="store_true", help="leave the inspector out: the fair order")
        parser.add_argument(
            "--leave-out", nargs="+", action="extend", default=[], help="columns that are not to be read"
        )
        parser.add_argument("--blocks", type=int, default=6, help="blocks of 60 days to check on; 0: none")
        parser.add_argument("--reasons", type=Path, help="a second file: why each score is what it is")
        parser.add_argument("--out", type=Path, required=True, help="scores as CSV or Parquet")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what is missing in words; else rank."""
        tables, roles = (options["train"], options["score"]), [options[n] for n in ("id", "place", "date", "outcome")]
        if not any(tables) and not any(roles):
            return self._own(options)
        if not all(tables) or not all(roles):
            raise CommandError(
                "--train、--score、--id、--place、--date、--outcome 要一起给。 These belong together; "
                "without any of them the files of this town are ranked."
            )
        if missing := [name for name in NEEDS if find_spec(name) is None]:
            raise CommandError(
                f"缺少排序所需的程序包 {', '.join(missing)}：用 ./run manage rank_risk 会自动安装。"
                " Packages for the ranking are missing: ./run manage rank_risk installs them."
            )
        from sanxiao.risk.ranking import work

        return work.tables(options, self.stdout.write)

    def _own(self, options: dict[str, Any]) -> None:
        """This town's own files; packages are needed only when there is enough to train on."""
        from sanxiao.risk import own

        own.rank(options["out"], options["reasons"], options["blocks"], self.stdout.write)
