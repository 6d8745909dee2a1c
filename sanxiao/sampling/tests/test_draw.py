"""The draw: published, weighted, repeatable by a stranger, refused in words when there is nothing to draw."""

import io
import json
from hashlib import sha256
from math import log

import pytest
from django.core.management import CommandError, call_command

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.office.models import Post
from sanxiao.papers import excel
from sanxiao.risk import weights as risk
from sanxiao.sampling import drawing
from sanxiao.sampling.models import Sample
from sanxiao.sampling.plan_models import Draw, Plan
from sanxiao.sampling.tests import steps
from tests import cast

TWO = {"kind": "workshop", "food": "", "village": "", "count": 2}


@pytest.fixture
def shops(town, june):
    """Five workshops in 后阳村, the last one closed."""
    made = [cast.tofu_shop(town.zhang, name=f"{name}豆腐坊") for name in ("王家", "李家", "赵家", "钱家", "孙家")]
    flow.move(made[-1], "close", town.zhang, closing="self", reason="歇业")
    return made


def drawn(plan):
    """The places that were drawn, in no order: June's clock stands still."""
    return list(Sample.objects.filter(plan=plan).values_list("file__number", flat=True))


def test_a_plan_is_published_before_anything_is_drawn(town, shops):
    plan = steps.plan(town.chen, TWO, published=False)
    with pytest.raises(flow.Refused, match="编制中"):
        flow.move(plan, "draw", town.chen, seed=steps.SEED)
    flow.move(plan, "publish", town.chen, published_on=steps.JUNE)
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    assert len(drawn(plan)) == 2


@pytest.mark.parametrize("who", ["zhang", "zhou", "sun", "qian"])
def test_only_the_bureau_plans_and_draws(town, shops, who):
    plan = steps.plan(town.chen, TWO)
    with pytest.raises(flow.Refused, match="不归您"):
        flow.move(plan, "draw", getattr(town, who), seed=steps.SEED)
    with pytest.raises(flow.Refused, match="不归您"):
        steps.plan(getattr(town, who), TWO)


def test_a_stranger_reckons_the_same_places_from_the_record_alone(town, shops):
    plan = steps.plan(town.chen, TWO)
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    record = Draw.objects.get(plan=plan).record
    keys = []
    for row in record["pool"]:  # by the words of the method, not by our function
        first = int.from_bytes(sha256(f"{steps.SEED}|{row['quota']}|{row['number']}".encode()).digest()[:8], "big")
        keys.append((round(-log((first + 1) / (2**64 + 1)) / row["weight"], 12), row["number"]))
    assert {number for _key, number in sorted(keys)[:2]} == set(drawn(plan))
    assert len(keys) == 4
    assert shops[-1].number not in [number for _key, number in keys]


def test_the_record_is_reckoned_anew_and_a_changed_weight_is_noticed(town, shops):
    plan = steps.plan(town.chen, TWO)
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    made = Draw.objects.get(plan=plan)
    assert drawing.again(made)
    made.record["pool"][-1]["weight"] += 5
    assert not drawing.again(made)


def test_the_weights_are_those_of_the_risk_with_their_reasons(town, shops):
    plan = steps.plan(town.chen, TWO)
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    held = risk.weights([shop.pk for shop in shops[:4]])
    told = {row["number"]: (row["weight"], row["reasons"]) for row in Draw.objects.get(plan=plan).record["pool"]}
    assert told == {shop.number: (held[shop.pk].value, list(held[shop.pk].reasons)) for shop in shops[:4]}


def test_the_same_seed_draws_the_same_and_another_seed_another_order():
    pool = {f"ZF{n:03d}": (1.0 + n % 3, ()) for n in range(50)}
    one, two = drawing.ranked("7", 1, pool), drawing.ranked("7", 1, dict(reversed(pool.items())))
    assert one == two
    assert [t.number for t in one] != [t.number for t in drawing.ranked("8", 1, pool)]


def test_a_heavier_place_is_drawn_more_often():
    pool = {"heavy": (4.0, ()), **{f"light{n}": (1.0, ()) for n in range(4)}}
    wins = sum(drawing.ranked(f"seed {n}", 1, pool)[0].number == "heavy" for n in range(2000))
    assert 900 < wins < 1100  # four parts of eight


def test_two_samplers_are_drawn_for_every_place(town, shops):
    plan = steps.plan(town.chen, TWO)
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    assert all(sorted(s.samplers) == ["吴昊", "陈伟"] for s in Sample.objects.all())


def test_a_town_with_one_officer_cannot_draw(town, shops):
    plan = steps.plan(town.chen, TWO)
    Post.objects.filter(user=town.wu).delete()
    with pytest.raises(flow.Refused, match="现在只有 1 人在岗"):
        flow.move(plan, "draw", town.chen, seed=steps.SEED)


def test_nobody_is_drawn_twice_and_a_used_up_plan_says_so(town, shops):
    plan = steps.plan(town.chen, TWO, {"kind": "", "food": "soy", "village": cast.HOUYANG, "count": 2})
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    assert len(set(drawn(plan))) == 4
    with pytest.raises(flow.Refused, match="都已抽够"):
        flow.move(Plan.objects.get(), "draw", town.chen, seed="another")


def test_a_pool_without_anybody_is_refused_in_words(town, shops):
    plan = steps.plan(town.chen, {"kind": "vendor", "food": "", "village": "", "count": 1})
    with pytest.raises(flow.Refused, match="没有可以抽取的单位"):
        flow.move(plan, "draw", town.chen, seed=steps.SEED)
    assert not Draw.objects.exists()


def test_a_seed_is_used_once(town, shops):
    plan = steps.plan(town.chen, TWO)
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    flow.move(Sample.objects.first(), "skip", town.chen, reason="关门")
    with pytest.raises(flow.Refused, match="已经用过"):
        flow.move(Plan.objects.get(), "draw", town.chen, seed=steps.SEED)


def test_who_gave_his_place_back_may_be_drawn_again(town, shops):
    plan = steps.plan(town.chen, {**TWO, "count": 4})
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    flow.move(Sample.objects.first(), "skip", town.chen, reason="关门")
    flow.move(Plan.objects.get(), "draw", town.chen, seed="2")
    assert Sample.objects.counted().count() == 4
    assert Draw.objects.get(seed="2").record["quotas"][0]["wanted"] == 1


def test_too_few_places_are_all_drawn_and_the_log_says_so(town, shops):
    plan = steps.plan(town.chen, {**TWO, "count": 9})
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    facts = Event.objects.get(subject=plan.pk, move="draw").facts
    assert (facts["drawn"], facts["pool"], facts["short"], facts["seed"]) == (4, 4, "1", steps.SEED)


def test_a_quota_can_be_raised_but_not_below_what_was_drawn(town, shops):
    plan = steps.plan(town.chen, TWO)
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    with pytest.raises(flow.Refused, match="多于新指标"):
        flow.move(Plan.objects.get(), "revise", town.chen, lines=[{**TWO, "count": 1}], reason="改")
    with pytest.raises(flow.Refused, match="只能改批次"):
        flow.move(Plan.objects.get(), "revise", town.chen, lines=[{**TWO, "kind": "eatery"}], reason="改")
    flow.move(Plan.objects.get(), "revise", town.chen, lines=[{**TWO, "count": 3}], reason="加一批")
    assert Plan.objects.get().quotas.get().count == 3


def command(*args):
    out = io.StringIO()
    call_command("draw_sample", *args, stdout=out)
    return out.getvalue()


def test_the_command_draws_as_the_desk_does_and_prints_what_it_did(town, shops):
    plan = steps.plan(town.chen, TWO)
    told = json.loads(command("2018", "--seed", steps.SEED))
    assert sorted(row["number"] for row in told["drawn"]) == sorted(drawn(plan))
    assert len(told["pool"]) == 4
    assert "结果一致：2 户" in command(plan.title, "--seed", steps.SEED, "--check")


def test_the_command_refuses_in_words(town, shops):
    steps.plan(town.chen, {"kind": "vendor", "food": "", "village": "", "count": 1})
    for args, why in (
        (("2017",), "没有这个计划"),
        (("2018",), "没有可以抽取的单位"),
        (("2018", "--by", "nobody"), "没有这个账号"),
        (("2018", "--by", "zhang"), "不归您"),
        (("2018", "--check"), "没有用这个种子"),
    ):
        with pytest.raises(CommandError, match=why):
            command(*args, "--seed", "1")


def test_the_export_holds_all_that_a_stranger_needs(as_, town, shops):
    plan = steps.plan(town.chen, TWO)
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    answer = as_("chen").get(f"/sampling/draws/{Draw.objects.get().pk}/?as=xlsx")
    book = excel.read(answer.content)
    text = "\n".join(" ".join(map(str, row.values)) for row in book.pages[0].rows)
    assert steps.SEED in text
    assert all(shop.number in text for shop in Establishment.objects.exclude(state="closed"))
    assert len(book.pages) == 3


def test_a_cadre_does_not_see_the_plans_draw(as_, town, shops):
    plan = steps.plan(town.chen, TWO)
    flow.move(plan, "draw", town.chen, seed=steps.SEED)
    for path in (plan.get_absolute_url(), Draw.objects.get().get_absolute_url()):
        assert as_("zhang").get(path).status_code == 404
        assert as_("sun").get(path).status_code == 200
