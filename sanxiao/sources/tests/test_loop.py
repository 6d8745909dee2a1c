"""倒逼: an unknown supplier becomes a lead, the village finds it, it is registered, and the loop is closed."""

import pytest

from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.sources import acts
from sanxiao.sources.models import Supplier
from sanxiao.sources.tests import steps
from sanxiao.survey.models import Lead
from tests import cast
from tests.cast import HOUYANG, NANYAO


def test_a_supplier_nobody_knows_becomes_a_lead_of_its_village(town, school):
    line = steps.bought(town.zhang, school, "老孙豆腐", village=NANYAO)
    lead = Lead.objects.get()
    assert (lead.area, lead.name, lead.origin) == (NANYAO, "老孙豆腐", "purchase")
    assert "后阳小学食堂" in lead.note
    assert (line.supplier.state, line.supplier.lead) == ("sent", lead)


def test_the_same_supplier_makes_no_second_lead_however_often_and_wherever_it_is_named(town, school):
    other = steps.buyer(town.li, "南瑶超市", "supermarket", NANYAO)
    steps.bought(town.zhang, school, "老孙豆腐", village=NANYAO)
    steps.bought(town.zhang, school, "老孙 豆腐", "百叶", village=NANYAO)
    steps.bought(town.li, other, "老孙豆腐")
    assert Lead.objects.count() == Supplier.objects.count() == 1


def test_without_a_village_the_office_is_asked_where_to_look(town, school):
    line = steps.bought(town.zhang, school, "老孙豆腐")
    assert (line.supplier.state, Lead.objects.count()) == ("unknown", 0)
    with pytest.raises(Refused):
        flow.move(line.supplier, "send", town.zhang, village=NANYAO)
    flow.move(line.supplier, "send", town.zhou, village=NANYAO, note="早市问到的")
    lead = Lead.objects.get()
    assert lead.area == NANYAO and "早市问到的" in lead.note and "后阳小学食堂" in lead.note


def test_a_later_invoice_that_says_the_village_sends_the_lead(town, school):
    steps.bought(town.zhang, school, "老孙豆腐")
    line = steps.bought(town.zhang, school, "老孙豆腐", "百叶", village=NANYAO)
    assert Supplier.objects.get().state == "sent" and line.supplier.area == NANYAO


def test_the_supplier_is_known_as_soon_as_the_village_has_it_on_file(town, school):
    from sanxiao.sources import standing

    line = steps.bought(town.zhang, school, "老孙豆腐", village=NANYAO)
    lead = Lead.objects.get()
    file = cast.tofu_shop(town.li, name="孙家豆腐坊", area=NANYAO)
    flow.move(lead, "found", town.li, within=True)
    Lead.objects.filter(pk=lead.pk).update(file=file)
    assert standing.of(Supplier.objects.with_place().get()).key == "none"
    acts.follow_leads()
    found = steps.again(line.supplier)
    assert (found.state, found.place, found.ended_on) == ("known", file, None)
    steps.paper(file, town.chen)
    acts.follow_leads()
    assert steps.again(found).ended_on is not None


def test_what_nobody_finds_comes_back_and_goes_to_another_village_not_to_the_same(town, school):
    line = steps.bought(town.zhang, school, "老孙豆腐", village=NANYAO)
    flow.move(Lead.objects.get(), "none", town.li, reason="没有这一户")
    acts.follow_leads()
    supplier = steps.again(line.supplier)
    assert supplier.state == "none"
    with pytest.raises(Refused, match="已经核实过"):
        flow.move(supplier, "send", town.zhou, village=NANYAO)
    flow.move(steps.again(supplier), "send", town.zhou, village=HOUYANG)
    assert Lead.objects.count() == 2


def test_the_office_ties_a_name_to_a_file_and_the_village_need_not_look(town, school, far):
    line = steps.bought(town.zhang, school, "瑶瑶豆干", village=NANYAO)
    flow.move(line.supplier, "tie", town.zhou, place=far, note="换了招牌")
    assert Lead.objects.get().state == "known"
    assert steps.bought(town.zhang, school, "瑶瑶豆干", "百叶").supplier == line.supplier


def test_from_another_town_it_is_no_work_of_ours(town, school):
    line = steps.bought(town.zhang, school, "溧阳豆制品", village=NANYAO)
    flow.move(line.supplier, "outside", town.chen, town="溧阳市", licence="SC12345")
    assert Lead.objects.get().state == "none"
    assert steps.again(line.supplier).ended_on is not None


def test_two_places_of_one_name_are_asked_about_not_guessed(town, school, tofu):
    cast.tofu_shop(town.zhou, area=NANYAO)
    line = steps.bought(town.zhang, school, "王家豆腐坊")
    assert line.supplier.place is None and line.supplier.state == "unknown" and not Lead.objects.exists()
    assert steps.bought(town.zhang, school, "王家豆腐坊", "百叶", village=HOUYANG).supplier.place == tofu


def test_a_lead_given_to_another_village_takes_the_supplier_along(town, school):
    line = steps.bought(town.zhang, school, "老孙豆腐", village=NANYAO)
    flow.move(Lead.objects.get(), "refer", town.li, new_area=HOUYANG, reason="在后阳村")
    acts.follow_leads()
    assert steps.again(line.supplier).area == HOUYANG
