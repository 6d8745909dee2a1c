"""`purge`: carry out the lists that two people have agreed on; `--dry-run`: say what is due and change nothing."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sanxiao.docket import files, flow
from sanxiao.docket.refusal import Refused
from sanxiao.keeping import due
from sanxiao.keeping.models import Disposal


class Command(BaseCommand):
    help = "Destroys what two people have agreed to destroy. --dry-run lists exactly what is due, and what is held."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list, and change nothing")
        parser.add_argument("--json", action="store_true", help="the list as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self._list(as_json=options["json"])
            return
        done = {str(row.pk): self._carry_out(row) for row in Disposal.objects.filter(state="agreed")}
        files.sweep()
        words = [f"{key}  {said}" for key, said in done.items()] or ["nothing has been agreed on"]
        self._say(json.dumps(done, ensure_ascii=False) if options["json"] else "\n".join(words))

    def _carry_out(self, row: Disposal) -> str:
        try:
            event = flow.move(row, "destroy", None, within=True)
        except Refused as refusal:
            return refusal.reason
        return f"{row.kind}: {event.facts['destroyed']} destroyed, {event.facts['spared']} spared"

    def _list(self, *, as_json: bool) -> None:
        said = {each.key: [_plain(row) for row in due.due(each)] for each in due.classes()}
        agreed = [str(row.pk) for row in Disposal.objects.filter(state="agreed")]
        if as_json:
            self._say(json.dumps({"due": said, "agreed": agreed}, ensure_ascii=False, indent=1))
            return
        for key, rows in said.items():
            self._say(
                f"{key}: {sum(not row['hold'] for row in rows)} due, {sum(bool(row['hold']) for row in rows)} held"
            )
            for row in rows:
                self._say("  ".join(filter(None, (" ", row["ended_on"], row["key"], row["title"], row["hold"]))))
        self._say(f"agreed lists that `purge` carries out once their days are over: {', '.join(agreed) or '—'}")

    def _say(self, words: str) -> None:
        self.stdout.write(words)


def _plain(row: due.Due) -> dict[str, str]:
    kept = row.kept
    said = {"key": str(kept.key), "kind": kept.kind, "title": kept.title, "ended_on": str(kept.ended_on)}
    return {**said, "hold": row.hold}
