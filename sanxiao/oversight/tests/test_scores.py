"""The scorecard counts what came out, not how busy somebody was; it is frozen when it is proposed."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import at
from sanxiao.oversight.boards import open_board
from sanxiao.oversight.models import Board, BoardList
from sanxiao.oversight.scoring import BY_KEY, MEASURES, Gathering, Score, found_of, lines_of, rule, weighed
from sanxiao.oversight.tests import steps
from sanxiao.reports.models import Report
from sanxiao.reports.tests.history import APRIL, Q2, opened, shop, submitted
from tests.cast import JINCHENG

JULY_3, JULY_10 = date(2018, 7, 3), date(2018, 7, 10)


@pytest.fixture
def board(town):
    """The second quarter: 后阳村 has two places, put a finding right in time, and reported; the others owe theirs."""
    shop(town, APRIL)
    shop(town, APRIL, "vendor")
    with at(steps.JUNE):
        finding = steps.corrected(town, steps.told(town))
        steps.act(finding, "close", town.zhou, note="")
        for n in range(2):
            steps.lead(town, n)
        draw = steps.drawn(town, size=2)
        for check, result in zip(draw.checks.all(), ("true", "partly"), strict=True):
            steps.checked(check, result)
    submitted(opened(Q2), town.zhang, JULY_3)
    with at(JULY_10):
        open_board()
    return Board.objects.get()


def of(board, office):
    with at(JULY_10):
        return {key: (score.part, score.whole) for key, score in found_of(board)[office.pk].items()}


def test_the_figures_of_a_village_are_those_of_the_log(town, board):
    found = of(board, steps.village())
    assert found["coverage"] == (2, 2)
    assert found["certified"] == (0, 2)
    assert found["reports"] == (1, 1)
    assert found["findings"] == (1, 1)
    assert found["proof"] == (1.5, 2)
    assert found["samples"] == (0, 0)
    assert of(board, steps.unit("police"))["reports"] == (0, 1)  # owes its report
    assert "coverage" not in of(board, steps.unit("police"))


def test_every_measure_has_its_words_and_its_weight(town):
    weights = rule(JINCHENG, Q2)["weights"]
    assert set(weights) == {measure.key for measure in MEASURES}
    assert all(measure.words and measure.of for measure in MEASURES)


def test_what_cannot_be_measured_does_not_count_and_too_little_gives_no_total(town):
    said = rule(JINCHENG, Q2)
    office = steps.unit("police")  # measured by reports 10, findings 10, answers 10, proof 10
    line = weighed(office, {"reports": Score(1, 1), "findings": Score(1, 2)}, said)
    assert (line.total, line.band_name) == (75.0, "较好")
    assert weighed(office, {"reports": Score(1, 1)}, said).total is None


def test_the_board_is_opened_once_by_night_and_only_when_reports_are_there(town, board):
    with at(JULY_10):
        assert open_board() == "opened 0 boards"
    assert (board.state, board.quarter) == ("open", Q2)


def test_what_is_adopted_is_what_was_seen_and_a_returned_one_is_counted_anew(town, board):
    with at(JULY_10):
        board = steps.act(board, "propose", town.zhou, note="")
        assert BoardList.objects.get(cell=f"{steps.village().pk}.coverage").good
        shop(town, date(2018, 6, 20))
        assert found_of(board)[steps.village().pk]["coverage"] == Score(2, 2)
        board = steps.act(board, "return", town.sun, reason="请核对")
        assert not board.cells
        assert not BoardList.objects.exists()
        assert of(board, steps.village())["coverage"] == (3, 3)
        board = steps.act(steps.act(board, "propose", town.zhou, note=""), "adopt", town.sun, note="")
    assert board.state == "adopted"
    assert lines_of(board)


def test_units_see_it_when_it_is_adopted_and_others_cannot_move_it(town, board):
    assert not Board.objects.seen_by(town.zhang).exists()
    with at(JULY_10):
        for who, move in ((town.zhang, "propose"), (town.chen, "propose"), (town.zhou, "adopt"), (town.sun, "propose")):
            with pytest.raises(Refused):
                steps.act(board, move, who, note="")
        board = steps.act(board, "propose", town.zhou, note="")
        assert not Board.objects.seen_by(town.zhang).exists()
        steps.act(board, "adopt", town.sun, note="")
    assert Board.objects.seen_by(town.zhang).exists()


def test_every_number_opens_its_list_of_that_length(as_, town, board):
    with at(JULY_10):
        zhou = as_("zhou")
        scores = Gathering(JINCHENG, Q2).all()[steps.village().pk]
        for key, score in scores.items():
            base = f"{board.get_absolute_url()}{steps.village().pk}/{key}/"
            assert zhou.get(base).context["count"] == len(score.good), key
            assert zhou.get(f"{base}?rest=1").context["count"] == len(score.rest), key
        assert zhou.get(f"{board.get_absolute_url()}{steps.unit('police').pk}/coverage/").status_code == 404


def test_a_unit_opens_its_own_lists_and_nobody_elses_and_all_can_print(as_, town, board):
    with at(JULY_10):
        board = steps.act(steps.act(board, "propose", town.zhou, note=""), "adopt", town.sun, note="")
        zhang, li = as_("zhang"), as_("li")
        page = zhang.get(board.get_absolute_url()).content.decode()
        assert "怎样计分" in page
        assert "数小" in page
        assert zhang.get(f"{board.get_absolute_url()}{steps.village().pk}/coverage/").status_code == 200
        assert li.get(f"{board.get_absolute_url()}{steps.village().pk}/coverage/").status_code == 404
        assert zhang.get(f"{board.get_absolute_url()}export/pdf").content.startswith(b"%PDF")
        assert zhang.get(f"{board.get_absolute_url()}export/xlsx").content.startswith(b"PK")
        assert as_("he").get(board.get_absolute_url()).status_code == 404


def test_a_late_report_costs_and_no_measure_knows_a_click(town, board):
    assert Report.objects.exists()
    assert "reports" in BY_KEY
    with at(JULY_10):
        flow.move(Report.objects.get(unit=steps.village()), "return", town.chen, reason="写清楚")
    assert of(board, steps.village())["reports"] == (1, 1)  # the first version counts, whatever was returned since
