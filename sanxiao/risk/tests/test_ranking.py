"""`rank_risk`: it learns, it looks only at what was known before, and it says in words what it cannot use."""

import csv
from datetime import timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command

pytest.importorskip("sklearn", reason="requirements-risk.lock is not installed; ./run test installs it")

from sanxiao.risk.ranking import judge, past, rank
from sanxiao.risk.ranking.events import Ask
from sanxiao.risk.ranking.features import Features
from sanxiao.risk.tests import inspections

ROLES = {"id": "id", "place": "place", "date": "on", "outcome": "serious"}
FAIR = Ask("id", "place", "on", "serious", "person", True)


@pytest.fixture(scope="module")
def told():
    return inspections.rows()


@pytest.fixture
def files(tmp_path, told):
    """past.parquet, coming.parquet (without outcome), visits.parquet in a folder."""
    inspections.write(tmp_path / "past.parquet", told[0])
    inspections.write(tmp_path / "coming.parquet", told[1], ("serious",))
    inspections.write(tmp_path / "visits.parquet", inspections.history(told[0]))
    return tmp_path


def run(files, capsys, *more, train="past.parquet", score="coming.parquet", out="scores.csv", blocks=0, **roles):
    """The command; gives the scores by id, as written, and what it said."""
    named = [f"--{name}={column}" for name, column in (ROLES | roles).items()]
    call_command(
        "rank_risk", "--train", str(files / train), "--score", str(files / score), "--history",
        str(files / "visits.parquet"), *named, "--person=person", f"--blocks={blocks}", "--out", str(files / out),
        *more,
    )  # fmt: skip
    with (files / out).open(encoding="utf-8") as lines:
        return {int(row["id"]): float(row["score"]) for row in csv.DictReader(lines)}, capsys.readouterr().out


def auc(told, scores):
    coming = told[1]
    found = [row["serious"] for row in coming]
    return judge.roc_auc_score(found, [scores[row["id"]] for row in coming])


def test_bad_places_come_first(files, told, capsys):
    scores, _said = run(files, capsys, "--without-person")
    assert auc(told, scores) > 0.62
    assert list(scores) == [row["id"] for row in told[1]]  # every row asked for, in its own order


def test_to_know_who_comes_ranks_strictness_and_so_finds_more(files, told, capsys):
    fair, _said = run(files, capsys, "--without-person")
    knowing, _said = run(files, capsys)
    assert auc(told, knowing) > auc(told, fair) + 0.03


def test_both_figures_are_printed_and_which_was_used(files, capsys):
    said = run(files, capsys, "--without-person", blocks=2)[1]
    lines = [line for line in said.splitlines() if "AUC" in line]
    assert "without the inspector（所用 used）" in lines[0] and "2 × 60" in lines[0]
    assert "with the inspector:" in lines[1] and "used" not in lines[1]


def test_what_came_after_the_first_day_changes_nothing(files, told, capsys):
    before, _said = run(files, capsys)
    rng, later = Random(1), [dict(row) for row in told[1]]
    for row in later:
        row["serious"] = rng.randint(0, 1)
    inspections.write(files / "past.parquet", told[0] + later)
    inspections.write(files / "visits.parquet", inspections.history(told[0]) + [
        {"place": row["place"], "on": row["on"] + timedelta(days=1), "came": "严", "purpose": "投诉"} for row in later
    ])  # fmt: skip
    assert run(files, capsys)[0] == before


def test_an_outcome_in_the_table_to_be_ranked_is_not_read(files, told, capsys):
    before, _said = run(files, capsys)
    inspections.write(files / "coming.parquet", [row | {"serious": "不是数字"} for row in told[1]])
    assert run(files, capsys)[0] == before


def test_the_fair_order_does_not_look_at_the_inspector_under_any_name(files, told, capsys):
    before, _said = run(files, capsys, "--without-person")
    swapped = {"严": "松", "松": "严", "平": "平"}
    for name, rows, left in (("past", told[0], ()), ("coming", told[1], ("serious", "person"))):
        inspections.write(files / f"{name}.parquet", [r | {"person": swapped[r["person"]]} for r in rows], left)
    visits = [row | {"came": Random(n).choice("严松平")} for n, row in enumerate(inspections.history(told[0]))]
    inspections.write(files / "visits.parquet", visits)
    assert run(files, capsys, "--without-person")[0] == before


def test_neither_the_weather_of_the_day_nor_a_date_of_the_future_is_a_feature(files):
    known = past.load(files / "past.parquet", files / "coming.parquet", [files / "visits.parquet"], FAIR)
    names = rank.examples(known, Features(known)).names
    assert "of:opened" in names and "alike:kind" in names
    assert not [name for name in names if "warm" in name or "closed" in name or "came" in name]


def test_a_block_is_judged_by_what_came_before_it_alone(files, told):
    known = past.load(files / "past.parquet", files / "coming.parquet", [], FAIR)
    made = rank.examples(known, Features(known))
    first = rank.validate(made, True, 1)
    made.found[made.block == 1] = 1 - made.found[made.block == 1]
    assert rank.validate(made, True, 1)[0].auc == pytest.approx(1 - first[0].auc)


def test_csv_and_parquet_give_the_same_scores(files, told, capsys):
    before, _said = run(files, capsys)
    inspections.write(files / "past.csv", told[0])
    inspections.write(files / "coming.csv", told[1], ("serious",))
    assert run(files, capsys, train="past.csv", score="coming.csv")[0] == before


def test_every_score_has_its_reasons_in_words(files, told, capsys):
    run(files, capsys, "--reasons", str(files / "why.csv"))
    with (files / "why.csv").open(encoding="utf-8") as lines:
        why = list(csv.DictReader(lines))
    assert len(why) == len(told[1]) and all(row["reasons"] for row in why)
    assert any("由谁检查" in row["reasons"] for row in why) and any(
        "这一户以往的检查结果" in row["reasons"] for row in why
    )


def test_the_figures_are_what_they_say():
    import numpy as np

    day, found = np.array([0, 1, 2, 3]), np.array([0.0, 0.0, 1.0, 1.0])
    perfect = judge.figures(day, found, np.array([0.1, 0.2, 0.8, 0.9]))
    assert (perfect.auc, perfect.half, perfect.usual, perfect.days) == (1, 1, 0, 2)


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ({"outcome": "nothing"}, "没有列 nothing"),
        ({"outcome": "warm"}, "要是 0 和 1"),
        ({"date": "kind"}, "不是日期"),
        ({"place": "nowhere"}, "没有列 nowhere"),
    ],
)
def test_a_column_that_cannot_serve_is_named(files, capsys, roles, words):
    with pytest.raises(CommandError, match=words):
        run(files, capsys, **roles)


def test_a_missing_file_an_empty_one_and_one_that_is_no_table_are_told_in_words(files, capsys):
    with pytest.raises(CommandError, match="没有这个文件"):
        run(files, capsys, train="none.parquet")
    (files / "broken.parquet").write_bytes(b"not a table")
    with pytest.raises(CommandError, match="读不出来"):
        run(files, capsys, train="broken.parquet")
    (files / "empty.csv").write_text("id,place,on,serious,person\n", encoding="utf-8")
    with pytest.raises(CommandError, match="没有数据行"):
        run(files, capsys, train="empty.csv")


def test_a_past_that_begins_after_the_order_is_refused(files, told, capsys):
    inspections.write(files / "late.parquet", told[1])
    with pytest.raises(CommandError, match="排序日之前没有检查"):
        run(files, capsys, train="late.parquet")


def test_half_of_the_options_are_refused_with_the_way_out(tmp_path):
    with pytest.raises(CommandError, match="要一起给"):
        call_command("rank_risk", "--train", "x.csv", "--out", str(tmp_path / "o.csv"))


def test_a_table_that_knows_visits_by_their_id_adds_how_much_it_says(files, told):
    items = [{"id": row["id"], "a": row["serious"], "b": 1} for row in told[0]]
    inspections.write(files / "items.parquet", items)
    known = past.load(files / "past.parquet", files / "coming.parquet", [files / "items.parquet"], FAIR)
    assert "mean:outcome:items.parquet" in rank.examples(known, Features(known)).names
    (events,) = known.events
    assert set(events.measures["items.parquet"]) == {1.0, 2.0}


def test_a_history_that_fits_nowhere_is_refused(files):
    inspections.write(files / "visits.parquet", [{"id": -1, "a": 1.0}])
    with pytest.raises(past.TableError, match="既没有地点和日期"):
        past.load(files / "past.parquet", files / "coming.parquet", [files / "visits.parquet"], FAIR)


def test_later_visits_of_the_history_teach_too_when_a_measure_says_what_the_outcome_says(files, told):
    counted = [{"id": r["id"], "place": r["place"], "on": r["on"], "problems": 3 * r["serious"]} for r in told[0]]
    inspections.write(files / "counted.parquet", counted)
    inspections.write(files / "past.parquet", told[0][:-60])
    known = past.load(files / "past.parquet", files / "coming.parquet", [files / "counted.parquet"], FAIR)
    assert len(known.found) == len(told[0]) and known.asked.sum() == len(told[0]) - 60
    assert known.found.tolist() == [float(row["serious"]) for row in told[0]]
