"""The risk ranking on a public case: the City of Chicago's food inspections, checked forward in time.

Part of `./run bench` when SANXIAO_CHICAGO names the folder with past, history, violations, visits and coming
(.parquet); alone: `python -m tests.chicago FOLDER [scores.csv]`. The data is the city's and is not in the
repository; `docs/decisions/0030-risk-ranking.md` says where it comes from and what the columns are.
Only the past is looked at: the sixty days to be ranked (`coming`) have no outcome here.
"""

import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

TABLES = ("past", "coming", "history", "violations", "visits")
BLOCKS = 6  # a year: every season once
# AUC, share found in the first half, days earlier. `published`: the city's own method, rebuilt, on the test period.
GOALS = {False: (0.705, 0.73, 8.9), True: (0.64, 0.66, 5.6)}
PUBLISHED = {False: (0.675, 0.684, 7.6), True: (0.572, 0.567, 2.2)}
NAMES = {False: "with the inspector", True: "without the inspector (fair)"}


def folder() -> Path | None:
    """The folder with the data, by argument or environment; None with words when it is not there."""
    named = sys.argv[1] if __name__ == "__main__" and len(sys.argv) > 1 else os.environ.get("SANXIAO_CHICAGO", "")
    missing = [name for name in TABLES if not (Path(named) / f"{name}.parquet").is_file()] if named else list(TABLES)
    if missing:
        print(
            "  风险排序没有检验：SANXIAO_CHICAGO 要指向放有 "
            + "、".join(f"{name}.parquet" for name in missing)
            + " 的文件夹。\n"
            "  The risk ranking was not checked: SANXIAO_CHICAGO must name the folder with these files."
        )
        return None
    return Path(named)


def measure(where: Path, out: Path | None = None) -> list[dict[str, Any]]:
    """Both orders on the last blocks of the past; prints and returns their figures. `out`: write the fair scores."""
    from sanxiao.risk.ranking import past, rank, table
    from sanxiao.risk.ranking.events import Ask
    from sanxiao.risk.ranking.features import Features

    start = time.perf_counter()
    ask = Ask("Inspection_ID", "License", "Inspection_Date", "criticalFound", "sanitarian", True)
    past_file, coming, *history = (where / f"{name}.parquet" for name in TABLES)
    known = past.load(past_file, coming, history, ask)
    features = Features(known)
    made = rank.examples(known, features)
    print(f"\nRisk ranking, City of Chicago: the last {BLOCKS} blocks of 60 days, each by a model of what came before")
    print(f"{'':34}{'AUC':>8}{'first half':>12}{'days earlier':>14}")
    lines = []
    for without in (True, False):
        found = rank.mean(rank.validate(made, without, BLOCKS))
        goal, ours = GOALS[without], (round(found.auc, 3), round(found.half, 3), round(found.days, 1))
        ok = [mine >= wanted for mine, wanted in zip(ours, goal, strict=True)]
        _show(NAMES[without], ours, "" if all(ok) else "MISSED")
        _show("  goal", goal)
        _show("  published method, rebuilt", PUBLISHED[without])
        lines.append({"order": NAMES[without], **asdict(found), "goal": goal, "ok": all(ok)})
    took = time.perf_counter() - start
    print(f"  business as usual: {found.usual:.1%} in the first half; {found.visits} visits; {took:.0f} s")
    if out:
        ranking = rank.rank(known, features, made)
        scores = [float(score) for score in ranking.scores]
        table.write(out, {ask.id: table.whole(known.score[ask.id]), "score": scores})
    return lines


def _show(name: str, three: tuple[float, float, float], mark: str = "") -> None:
    auc, half, days = three
    print(f"  {name:32}{auc:>8.3f}{half:>12.1%}{days:>14.1f}  {mark}", flush=True)


def main() -> int:
    """Exit status 1 when a goal is missed, 2 when there is no data."""
    where = folder()
    if where is None:
        return 2
    lines = measure(where, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    return 0 if all(line["ok"] for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
