"""The work of `rank_risk` on tables: read, check forward in time, rank, write."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError

from sanxiao.risk.ranking import past, rank, table, words
from sanxiao.risk.ranking.events import Ask
from sanxiao.risk.ranking.features import Features

Say = Callable[[str], Any]


def tables(options: dict[str, Any], say: Say) -> None:
    """Rank a table by others. Raises CommandError in words for whoever started it."""
    fair = options["without_person"] or not options["person"]
    ask = Ask(
        options["id"], options["place"], options["date"], options["outcome"], options["person"], fair,
        tuple(options["leave_out"]),
    )  # fmt: skip
    try:
        known = past.load(options["train"], options["score"], options["history"], ask)
        found = ranked(known, options["blocks"], say)
    except table.TableError as error:
        raise CommandError(str(error)) from error
    ids = table.whole(known.score[ask.id])
    table.write(options["out"], {ask.id: ids, "score": [round(float(score), 6) for score in found.scores]})
    say(f"{options['out']}: {len(ids)} 行 rows")
    if options["reasons"]:
        table.write(options["reasons"], words.rows(ids, found.reasons))


def ranked(known: past.Past, blocks: int, say: Say) -> rank.Ranking:
    """The ranking, after its check has been told."""
    features = Features(known)
    made = rank.examples(known, features)
    check(known, made, blocks, say)
    return rank.rank(known, features, made)


def check(known: past.Past, made: rank.Examples, blocks: int, say: Say) -> dict[bool, rank.Figures]:
    """How orders made so did in the last blocks; both figures where the inspector is known. Keys: without person?"""
    told = {}
    for without in (True, False) if known.ask.person else (True,):
        if several := rank.validate(made, without, blocks):
            told[without] = rank.mean(several)
            used = "（所用 used）" if without == known.ask.without_person else ""
            name = "不看检查人 without the inspector" if without else "含检查人 with the inspector"
            say(words.figures_line(name + used, told[without], len(several)))
    if blocks and not told:
        say("过去的检查太少，不能检验。 Too few inspections to check the order on.")
    return told
