"""`import_archive FILE.xlsx`: an old ledger into the archive; a trial run, a marked copy, safe to repeat."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.papers import excel
from sanxiao.survey import bulk, trial
from sanxiao.survey.columns import Reading, read_heads
from sanxiao.survey.ledgers import villages_of
from sanxiao.survey.models import Form, Ledger


class Command(BaseCommand):
    help = "Imports an old ledger and files it. Exit status 1 when a row could not be taken; the good ones are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", help="workshop, vendor, eatery …; found from the headings where they tell")
        parser.add_argument("--dry-run", action="store_true", help="read and check, store nothing")
        parser.add_argument("--report", type=Path, metavar="OUT.xlsx", help="the workbook with every error marked")
        parser.add_argument("--as", dest="username", help="in whose name and on whose ground; else the program's own")

    def handle(self, *_args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        by = self._person(options["username"])
        try:
            raw = file.read_bytes()
            book = excel.read(raw)
            form, reading = self._form(book, options["kind"])
            page = book.page(reading.page)
            villages = villages_of(by)
            ledger = _ledger(form, file.name, reading, by, villages)
            found = trial.run(ledger, page, villages)
            self._tell(form, reading, found)
            if options["report"]:
                options["report"].write_bytes(excel.marked_copy(raw, found.errors, reading.head))
            if not dry_run and found.good:
                self._take(ledger, found, by)
        except (OSError, excel.NotExcel) as error:
            raise CommandError(str(error)) from error
        except Refused as refusal:
            raise CommandError(refusal.reason) from refusal
        if found.bad:
            sys.exit(1)

    def _person(self, username: str | None) -> User | None:
        if not username:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"no account {username!r}")
        return user

    def _form(self, book: excel.Workbook, kind: str | None) -> tuple[Form, Reading]:
        """The form that was named, or the only one that knows the most headings."""
        if kind:
            form = Form.objects.latest_of(kind)
            if form is None:
                raise CommandError(f"no survey form for {kind!r}")
            return form, read_heads(book, form)
        read = sorted(((read_heads(book, form), form) for form in Form.objects.in_use()), key=lambda r: -r[0].known)
        if not read:
            raise CommandError("no survey form: run setup_town first")
        if len(read) > 1 and read[0][0].known == read[1][0].known:
            raise CommandError("the headings fit several kinds: say which with --kind")
        return read[0][1], read[0][0]

    def _tell(self, form: Form, reading: Reading, found: trial.Trial) -> None:
        self.stdout.write(f"{form.title}：工作表“{reading.page}”，认出 {reading.known} 列")
        self.stdout.write(f"共 {found.rows} 行：可导入 {len(found.good)}，已有 {found.taken}，有错 {len(found.bad)}")
        for group in found.groups(reading.headings):
            self.stdout.write(f"  {group['column']}：{group['text']} × {group['count']}（第 {group['rows'][0]} 行起）")

    def _take(self, ledger: Ledger, found: trial.Trial, by: User | None) -> None:
        ledger.result = trial.summary(found, [])
        ledger.save()
        for start in range(0, len(found.good), bulk.CHUNK):
            bulk.send_many(found.good[start : start + bulk.CHUNK], by)
        done = trial.file_all(ledger, by)
        self.stdout.write(f"已导入 {len(found.good)} 张调查表，已建档 {done.made} 户，疑似重复待看 {len(done.left)} 张")
        for sheet, why in done.left[:20]:
            self.stdout.write(f"  第 {sheet.row} 行 {sheet.name}：{why}")


def _ledger(form: Form, name: str, reading: Reading, by: User | None, villages: dict[str, str]) -> Ledger:
    if not villages:
        raise CommandError("no village to import into: is the town set up, and does the account hold a post?")
    town = min(villages)[:9].ljust(12, "0")
    return Ledger(
        area=town, kind=form.kind, form=form, name=name, by=by, page=reading.page, head=reading.head,
        depth=reading.depth, columns=reading.columns,
    )  # fmt: skip
