"""What the moves of a quarter's board do: opened by the program, frozen when proposed, live again when returned."""

from typing import Any

from sanxiao.docket import flow
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.oversight.models import Board, BoardList
from sanxiao.oversight.rules import BOARD
from sanxiao.oversight.scoring import MEASURES, Gathering, rule
from sanxiao.reports.models import Report
from sanxiao.reports.quarters import last_ended


def open_board() -> str:
    """The night watch's part: a board for the quarter that ended last, once its reports are open; safe to run twice."""
    quarter, opened = last_ended(today()), 0
    for town in Office.objects.on().filter(role="leading"):
        reports = Report.objects.within((town.area[:9],)).of(quarter)
        there = Board.objects.filter(area=town.area, year=quarter.year, no=quarter.no)
        if reports.exists() and not there.exists():
            flow.move(Board(area=town.area, year=quarter.year, no=quarter.no, rule_on=quarter.until), "open", None)
            opened += 1
    return f"opened {opened} boards"


@BOARD.effect("propose")
def frozen(board: Board, _by: User, _facts: dict[str, Any]) -> None:
    """Figures, lists, weights and bands as they are now: what is adopted is what was seen."""
    found = Gathering(board.area, board.quarter).all()
    board.rule = rule(board.area, board.quarter)
    board.cells = {
        str(unit): {key: [score.part, score.whole] for key, score in scores.items()} for unit, scores in found.items()
    }
    sorts = {measure.key: measure.sort for measure in MEASURES}
    BoardList.objects.bulk_create(
        BoardList(board=board, cell=f"{unit}.{key}", sort=sorts[key], good=score.good, rest=score.rest)
        for unit, scores in found.items() for key, score in scores.items() if score.whole
    )  # fmt: skip


@BOARD.effect("return")
def thawed(board: Board, _by: User, _facts: dict[str, Any]) -> None:
    """Counted anew until it is proposed again."""
    board.cells, board.rule = {}, {}
    board.lists.all().delete()
