"""Proof of each clause: complete rules, counts with their lists, red gaps, what each person may see of them."""

import uuid
from datetime import date
from urllib.parse import urlencode

import pytest
from django.core.management import call_command

from sanxiao.campaign.models import Clause, Phase, Proof
from sanxiao.campaign.proving import Unit, flaws
from sanxiao.campaign.standing import WHOLE, books, round_of, seen_units, standing_of
from sanxiao.campaign.tests import steps
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Event
from sanxiao.office.models import Office
from sanxiao.office.now import at, now, today
from tests import cast

HOUYANG = Unit("village", cast.HOUYANG)
FILES = {"clause": "五（一）1", "role": "village", "rule": "know-files"}


def state(number, user):
    """The state of a clause as a person sees it, by role."""
    units = seen_units(user, Office.objects.on())
    held = books(user, cast.JINCHENG, round_of(cast.JINCHENG))
    clause = Clause.objects.get(number=number)
    return {part.role: part for part in standing_of(clause, held, units, {}, user).parts}


def rules():
    names = ("key", "clause", "role", "kind", "moves", "need")
    return [{name: getattr(row, name) for name in names} for row in Proof.objects.all()]


def known():
    return {table.key: {move.key for move in table.moves} for table in rooms.flows()}


def test_every_clause_with_offices_has_an_owner_and_what_proves_his_part(town):
    assert flaws(Clause.objects.all(), rules(), known()) == []
    tops = set(Clause.objects.filter(roles=[]).values_list("number", flat=True))
    assert tops == {"三", "四", "五", "六"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "archive.nothing"}, "no kind archive.nothing"),
        ({"moves": ["open", "vanish"]}, "has no move vanish"),
        ({"clause": "七"}, "no clause 七"),
        ({"role": "police"}, "police has no part"),
        ({"key": "places-fso"}, "two rows are called"),
        ({"need": "perhaps"}, "no need is called perhaps"),
    ],
)
def test_a_rule_that_names_what_is_not_there_is_refused(town, change, words):
    rows = rules()
    rows[0] |= change
    assert any(words in said for said in flaws(Clause.objects.all(), rows, known()))


def test_an_owner_without_a_rule_stops_the_loading_and_names_the_clause(town, tmp_path):
    from sanxiao.campaign.load import _proofs

    lines = (cast.TOWN / "proofs.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "proofs.csv").write_text("".join(x for x in lines if "五（二）2四是,bureau" not in x), encoding="utf-8")
    with pytest.raises(ValueError, match="五（二）2四是: nothing proves the part of bureau"):
        _proofs(tmp_path, cast.JINCHENG)


def test_a_helping_office_without_a_rule_stops_the_loading_too(town):
    rows = [row for row in rules() if not row["key"].startswith("zones-finance")]
    assert "五（二）3: nothing proves the part of finance" in flaws(Clause.objects.all(), rows, known())


def test_no_part_is_proved_by_what_the_public_told(town):
    """A plan of every office would show from one day to the next that somebody had told of something."""
    assert not [row["key"] for row in rules() if row["kind"].startswith("tips.")]


def logged(kind, move, by, area=cast.HOUYANG):
    """An event of another room, as its own moves would write it."""
    Event.objects.create(
        kind=kind, move=move, subject=uuid.uuid4(), area=area, office=by.posts.get().office, actor=by, on=today(),
        at=now(), facts={},
    )  # fmt: skip


def test_what_a_clause_must_have_is_named_where_other_proof_is_there(town):
    with at(steps.MAY):
        assert state("五（一）2", town.zhang)["village"].tone == "red"
        logged("guidance.told", "record", town.zhang)
        part = state("五（一）2", town.zhang)["village"]
        assert (part.tone, part.in_phase, part.lacks) == ("red", 1, {"召开动员部署会": 1})
        logged("campaign.meeting", "hold", town.zhang)
        part = state("五（一）2", town.zhang)["village"]
        assert (part.tone, part.lacks, dict(part.told)[Proof.objects.get(key="duties-told")]) == ("green", {}, 1)


def test_quarterly_reports_are_owed_after_each_quarter_and_not_before(town):
    def part():
        return state("六（四）", town.zhang)["village"]

    with at(steps.MAY):
        assert (part().waits, part().tone, part().missing) == (True, "grey", [])
    with at(date(2018, 7, 4)):
        assert part().waits
        logged("reports.report", "submit", town.zhang)
    with at(date(2018, 8, 1)):
        assert (part().tone, part().in_phase) == ("green", 1)
    with at(date(2018, 10, 20)):
        assert (part().tone, list(part().lacks)) == ("red", ["季度报告（2018年第3季度）"])


def test_a_promise_to_come_is_no_proof_of_a_joint_operation(town):
    with at(steps.JUNE):
        logged("joint.part", "accept", town.ding)
        assert state("四（六）", town.zhou)["police"].in_phase == 0
        logged("joint.part", "close", town.ding)
        assert state("四（六）", town.zhou)["police"].tone == "green"


def test_loading_again_changes_no_rule(town):
    before = list(Proof.objects.values())
    call_command("setup_town", str(cast.TOWN), verbosity=0, stdout=cast._Quiet())
    assert list(Proof.objects.values()) == before


def test_a_record_on_its_ground_is_the_villages_proof_and_the_gap_closes(town):
    with at(steps.MAY):
        assert state("五（一）1", town.zhang)["village"].tone == "red"
        cast.tofu_shop(town.zhang)
        part = state("五（一）1", town.zhang)["village"]
        assert (part.in_phase, part.in_quarter, part.in_all, part.tone) == (1, 1, 1, "green")


def test_what_comes_after_its_phase_leaves_the_gap_and_still_counts_in_all(town):
    with at(steps.JUNE):
        cast.tofu_shop(town.zhang)
        part = state("五（一）1", town.zhang)["village"]
        assert (part.in_phase, part.in_all, part.tone) == (0, 1, "red")


def test_before_its_phase_a_clause_owes_nothing(town):
    with at(steps.MAY):
        assert state("五（三）", town.zhou)["fso"].tone == "grey"


def test_a_task_that_names_the_clause_is_proof_where_no_record_can_be(town):
    with at(steps.MAY):
        task = steps.task(town.zhou, steps.office("finance"), clause="六（三）")
        assert state("六（三）", town.zhou)["finance"].tone == "red"
        assert state("六（三）", town.zhou)["finance"].open == 1
        steps.reported(task, town.feng)
        flow.move(task, "accept", town.zhou, note="")
        part = state("六（三）", town.zhou)["finance"]
        assert (part.done, part.open, part.tone) == (1, 0, "green")


def test_a_late_task_stands_beside_its_clause(town):
    with at(steps.MAY):
        steps.task(town.zhou)
    with at(steps.JUNE):
        assert state("五（一）1", town.zhou)["village"].late == 1


def test_a_village_sees_its_own_state_alone_and_who_directs_sees_all(as_, town):
    with at(steps.MAY):
        cast.tofu_shop(town.zhang)
        assert list(state("五（一）1", town.li)["village"].units) == [Unit("village", cast.NANYAO)]
        assert state("五（一）1", town.li)["village"].in_all == 0
        part = state("五（一）1", town.sun)["village"]
        assert (part.in_all, len(part.units) - len(part.missing)) == (1, 1)


def test_every_number_opens_exactly_its_records(as_, town):
    with at(steps.MAY):
        cast.tofu_shop(town.zhang)
        cast.tofu_shop(town.li, name="李家糕点", area=cast.NANYAO, address="新街1号")
        query = urlencode({**FILES, "span": WHOLE})
        page = as_("zhou").get(f"/plan/records/?{query}")
        assert page.context["count"] == 2
        assert "王家豆腐坊" in page.content.decode()
        mine = as_("zhang").get(f"/plan/records/?{query}").content.decode()
        assert "王家豆腐坊" in mine
        assert "李家糕点" not in mine
        one = as_("zhou").get(f"/plan/records/?{query}&unit=village-{cast.NANYAO}")
        assert one.context["count"] == 1
        assert as_("zhou").get(f"/plan/records/?{query}&as=xlsx").status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"unit": f"village-{cast.NANYAO}"}, {"role": "fso"}, {"role": "police"}, {"clause": "九"}, {"role": "leading"}],
)
def test_the_records_of_others_answer_like_what_is_not_there(as_, town, change):
    assert as_("zhang").get(f"/plan/records/?{urlencode({**FILES, **change})}").status_code == 404


def test_the_plan_page_shows_every_clause_with_owner_state_and_gap(as_, town):
    with at(steps.JUNE):
        cast.tofu_shop(town.zhang)
        page = as_("zhou").get("/plan/")
        words = page.content.decode()
        nodes = [node for top in page.context["nodes"] for node in top.walk()]
        assert len(nodes) == Clause.objects.count() == page.context["count"]
        for node in nodes:
            assert f'id="{node.clause.number}"' in words
            parts = node.state.parts or [part for child in node.walk() for part in child.state.parts]
            assert parts, node.clause.number
            assert all(part.future or part.missing or part.waits or part.in_phase or part.done for part in parts)
        assert page.context["gaps"] == sum(node.gaps for node in page.context["nodes"]) > 0
        assert as_("zhou").get("/plan/", {"gaps": "1"}).status_code == 200
        assert as_("zhou").get("/plan/", {"unit": HOUYANG.key}).context["unit"] == HOUYANG.key
        for how in ("xlsx", "pdf"):
            assert as_("zhou").get("/plan/", {"as": how}).headers["Content-Disposition"].startswith("attachment")


def test_the_matrix_has_a_row_for_every_unit_and_one_for_who_has_one(as_, town):
    with at(steps.MAY):
        cast.tofu_shop(town.zhang)
        page = as_("zhou").get("/plan/units/")
        assert len(page.context["rows"]) == len(seen_units(town.zhou, Office.objects.on().exclude(duty="")))
        assert all(row["unit"].role == "village" for row in as_("sun").get("/plan/units/?who=village").context["rows"])
        mine = as_("zhang").get("/plan/units/")
        assert [row["unit"] for row in mine.context["rows"]] == [HOUYANG]
        assert "缺口" in mine.content.decode()
        assert as_("zhou").get("/plan/units/", {"as": "xlsx", "phase": "rectify"}).status_code == 200
        assert "没有您单位的条款" in as_("zhang").get("/plan/units/?who=office").content.decode()


def test_pages_cost_the_same_with_one_record_and_with_many(as_, town, django_assert_max_num_queries):
    zhou = as_("zhou")
    for n in range(2):
        with at(steps.MAY):
            for m in range(1 + 5 * n):
                cast.tofu_shop(town.zhang, name=f"店{n}{m}", address=f"街{n}{m}号")
                steps.task(town.zhou)
            for path in ("/plan/", "/plan/units/"):
                with django_assert_max_num_queries(21):
                    zhou.get(path)


def test_a_later_round_has_phases_of_its_own_and_stands_before_the_long_term(as_, town):
    for code, since, until in (("survey", date(2026, 1, 1), date(2026, 2, 28)), ("rectify", date(2026, 3, 1), None)):
        like = Phase.objects.get(round="", code=code)
        Phase.objects.create(
            area=like.area, round="2026", code=code, kind="phase", name=like.name, name_en=like.name_en, since=since,
            until=until,
        )  # fmt: skip
    with at(date(2026, 2, 10)):
        assert round_of(cast.JINCHENG).chosen.round == "2026"
        cast.tofu_shop(town.zhang)
        assert state("五（一）1", town.zhang)["village"].in_phase == 1
        page = as_("zhang").get("/plan/")
        assert page.context["round"].code == "2026"
        assert as_("zhang").get("/plan/", {"round": ""}).context["round"].code == ""
        assert as_("zhang").get("/plan/", {"round": "nothing"}).context["round"].code == "2026"
