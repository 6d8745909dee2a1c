"""The order of the town's own files: by grade while visits are few, by a trained model when there are enough."""

import csv
from datetime import timedelta

import pytest
from django.core.management import call_command

from sanxiao.docket.models import Rule
from sanxiao.risk.models import Rank
from sanxiao.risk.tests.conftest import JUNE
from tests import cast

pytestmark = pytest.mark.usefixtures("june")


def ordered(tmp_path, capsys, *more):
    call_command("rank_risk", "--out", str(tmp_path / "order.csv"), *more)
    with (tmp_path / "order.csv").open(encoding="utf-8-sig") as lines:
        return [row["file"] for row in csv.DictReader(lines)], capsys.readouterr().out


def test_few_visits_are_said_and_the_grade_s_order_stands(town, tofu, told, tmp_path, capsys):
    good = cast.tofu_shop(town.zhang, name="李家粮油", facts={"processing": ["grain"]})
    told(good, "visit", JUNE, 100)
    told(tofu, "visit", JUNE, 20)
    order, said = ordered(tmp_path, capsys, "--reasons", str(tmp_path / "why.csv"))
    assert order == [tofu.number, good.number]
    assert "本镇有 2 次检查，其中 1 次有严重问题" in said and "ordered by grade" in said
    assert "2018-06-05 检查得 20 分" in (tmp_path / "why.csv").read_text(encoding="utf-8-sig")


def test_closed_places_are_not_in_the_order(town, tofu, tmp_path, capsys):
    from sanxiao.docket import flow

    flow.move(tofu, "close", town.zhang, closing="self", reason="不做了")
    assert ordered(tmp_path, capsys)[0] == []


def test_with_enough_visits_a_model_is_trained_on_them(town, told, tmp_path, capsys):
    pytest.importorskip("sklearn", reason="requirements-risk.lock is not installed; ./run test installs it")
    Rule.objects.filter(key="risk.rank_least").update(value={"visits": 100, "found": 10, "score_below": 70})
    files = [cast.tofu_shop(town.zhang, name=f"豆腐坊{n}") for n in range(16)]
    for n, file in enumerate(files):
        for visit in range(10):
            bad = visit == n % 10 or (n < 4 and visit % 4)
            told(file, "visit", JUNE - timedelta(days=40 * visit + n), 50 if bad else 95)
    order, said = ordered(tmp_path, capsys, "--blocks", "1")
    assert "too few" not in said and len(order) == 16
    assert {file.number for file in files[:4]} <= set(order[:7])
    kept = Rank.objects.select_related("file")
    assert [rank.file.number for rank in kept] == order and kept[0].among == 16
    assert set(kept[0].reasons) == {"zh-hans", "en"} and kept[0].reasons["en"][0].isascii()
