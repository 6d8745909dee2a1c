"""Certificates and cards after they are made: validity, renewal, replacement, suspension, end."""

from datetime import date

import pytest

from sanxiao.archive.models import Classification
from sanxiao.docket import flow, watch
from sanxiao.docket.models import Deadline
from sanxiao.licensing.issuing import last_day
from sanxiao.licensing.models import Application, Certificate
from sanxiao.licensing.rules import CERTIFICATE_FLOW
from sanxiao.licensing.tests import steps
from sanxiao.licensing.tests.steps import GRANT, SIGNED, again, certified, go, passing
from sanxiao.office.now import at
from sanxiao.papers import qr
from sanxiao.papers.models import Number, Paper

JUNE = date(2018, 6, 8)


@pytest.fixture
def paper(town, tofu):
    """The tofu shop's certificate of 8 June 2018."""
    with at(JUNE):
        return certified(tofu, town)


@pytest.mark.parametrize(("first", "months", "last"), [
    (date(2018, 6, 8), 36, date(2021, 6, 7)), (date(2020, 2, 29), 12, date(2021, 2, 28)),
    (date(2020, 2, 29), 48, date(2024, 2, 28)), (date(2019, 3, 1), 12, date(2020, 2, 29)),
])  # fmt: skip
def test_validity_ends_the_day_before_the_same_date(first, months, last):
    assert last_day(first, months) == last


def test_a_certificate_holds_three_years_a_card_one(town, paper):
    with at(JUNE):
        card = certified(steps.stall(town.zhang), town)
    assert (paper.valid_from, paper.valid_to) == (JUNE, date(2021, 6, 7))
    assert card.valid_to == date(2019, 6, 7)
    assert Deadline.objects.get(subject=card.pk, term="validity").due_on == date(2019, 6, 7)


def test_the_face_says_what_is_granted_and_hides_the_id_number(paper):
    printed = Paper.objects.get(subject=paper.pk)
    assert printed.facts["number"] == paper.number == "ZF320413100-2018-00001"
    assert printed.facts["code"] == "320413********0015"
    assert printed.facts["issuer"] == "常州市金坛区市场监督管理局"
    assert "320413190001010015" not in str(printed.facts)
    assert qr.short(printed.facts["qr"]).endswith(f"/V/{paper.code}")
    assert printed.pdf()[:5] == b"%PDF-"
    assert printed.pdf() == Paper.objects.get(pk=printed.pk).pdf()


def test_a_stall_s_card_tells_place_hours_and_village(town):
    card = certified(steps.stall(town.zhang), town)
    facts = Paper.objects.get(subject=card.pk).facts
    assert (facts["area"], facts["hours"], facts["village"]) == ("老街口", "每天 05:30–09:00", "后阳村")
    assert card.shown_code in facts["note"]


def test_issuing_reaches_what_the_classification_aimed_at(town, tofu):
    row = Classification(file=tofu, area=tofu.area)
    flow.move(row, "propose", town.zhang, proposed_case="1", proposed_batch="regulate")
    flow.move(again(row), "decide", town.chen, case="1", batch="regulate")
    app = steps.submitted(tofu, town)
    assert again(row).state == "underway"
    app = go(app, ("accept", town.chen), ("visit_pass", town.chen, passing()), ("propose", town.chen, GRANT))
    go(app, ("grant", town.wu), ("issue", town.wu))
    assert again(row).state == "settled"


# -- moves: paper.manage alone, from the right state alone

WHO = {
    "suspend": ("valid", {"ground": "责令停止经营", "reason": "抽检不合格"}),
    "resume": ("suspended", {"reason": "复检合格"}),
    "revoke": ("valid", {"ground": "越权或违反程序作出", "reason": "核查人员不足"}),
    "cancel": ("valid", {"ground": "经营者申请", "reason": "不做了"}),
    "replace": ("valid", {"ground": "遗失"}),
}


@pytest.mark.parametrize("name", WHO)
def test_each_move_is_made_by_those_who_manage_papers(town, paper, name):
    state, facts = WHO[name]
    if state == "suspended":
        paper = go(paper, ("suspend", town.chen, WHO["suspend"][1]))
    for stranger in ("zhang", "li", "qian", "sun", "he"):
        with pytest.raises(flow.Refused) as no:
            flow.move(again(paper), name, getattr(town, stranger), **facts)
        assert no.value.code == "forbidden"
    paper = go(paper, (name, town.zhou, facts))
    with pytest.raises(flow.Refused) as no:
        flow.move(paper, name, town.zhou, **facts)
    assert no.value.code == "state"


def test_every_move_of_the_table_is_tried():
    assert {row.key for row in CERTIFICATE_FLOW.moves if row.duty} == set(WHO)


def test_a_cancelled_number_stands_in_the_register_and_is_not_given_again(town, tofu, paper):
    go(paper, ("cancel", town.chen, WHO["cancel"][1]))
    number = Number.objects.get(text=paper.number)
    assert number.voided_on and "经营者申请" in number.void_reason
    with at(JUNE):
        other = certified(steps.cast.tofu_shop(town.zhang, name="李家豆腐坊"), town)
        later = certified(tofu, town)
    assert [other.number[-5:], later.number[-5:]] == ["00002", "00003"]


def test_a_lost_certificate_is_printed_anew_with_the_same_number_and_end(town, paper):
    go(paper, ("replace", town.chen, {"ground": "遗失"}))
    new = Certificate.objects.get(follows=paper)
    assert (new.number, new.valid_to, new.copy_no) == (paper.number, paper.valid_to, 2)
    assert new.code != paper.code
    assert Number.objects.filter(key="certificate.workshop").count() == 1


def test_a_replacement_by_application_needs_no_site_check(town, tofu, paper):
    with at(date(2018, 9, 3)):
        app = steps.proposed(tofu, town, purpose="replace")
        go(app, ("grant", town.wu), ("issue", town.wu))
    new = Certificate.objects.get(follows=paper)
    assert (new.number, new.valid_from, new.valid_to) == (paper.number, paper.valid_from, paper.valid_to)


def test_a_changed_name_goes_on_a_new_print_of_the_same_number(town, tofu, paper):
    flow.amend(again(tofu), town.zhang, "file.edit", name="王家老豆腐坊")
    with at(date(2018, 9, 3)):
        app = steps.proposed(again(tofu), town, purpose="change")
        assert Deadline.objects.get(subject=app.pk, term="decide").due_on == date(2018, 9, 17)
        go(app, ("grant", town.wu), ("issue", town.wu))
    new = Certificate.objects.get(follows=paper)
    assert (new.facts["name"], new.number, new.valid_to) == ("王家老豆腐坊", paper.number, paper.valid_to)


def test_the_night_watch_ends_what_has_run_out_the_day_after_its_last_day(paper):
    with at(date(2021, 6, 7)):
        watch.lapse_due()
    assert again(paper).state == "valid"
    with at(date(2021, 6, 8)):
        watch.lapse_due()
        watch.lapse_due()
    assert (again(paper).state, again(paper).ended_on) == ("expired", date(2021, 6, 7))


def test_a_renewal_keeps_the_number_and_ends_the_old_paper(town, tofu, paper):
    with at(date(2021, 5, 17)):
        app = steps.proposed(tofu, town, purpose="renew")
        assert app.previous == paper
        go(app, ("grant", town.wu), ("issue", town.wu))
    new = Certificate.objects.get(follows=paper)
    assert (new.number, new.valid_from, new.valid_to) == (paper.number, date(2021, 5, 17), date(2024, 5, 16))
    assert again(paper).state == "replaced"


def test_a_renewal_that_nobody_decides_in_time_is_granted(town, tofu, paper):
    with at(date(2021, 5, 17)):
        app = steps.proposed(tofu, town, purpose="renew")
    with at(date(2021, 6, 8)):
        watch.lapse_due()
    assert (again(app).state, again(app).decided_by) == ("approved", None)
    assert again(paper).state == "valid"
    with at(date(2021, 6, 9)):
        go(again(app), ("issue", town.wu))
    assert (again(paper).state, Certificate.objects.get(follows=paper).state) == ("replaced", "valid")


def test_thirty_days_before_the_end_it_stands_on_the_list(as_, town, tofu, paper):
    zhang = as_("zhang")
    with at(date(2021, 5, 1)):
        assert paper.number not in zhang.get("/licensing/expiring/").content.decode()
    with at(date(2021, 5, 17)):
        assert paper.number in zhang.get("/licensing/expiring/").content.decode()
        assert paper.number not in as_("li").get("/licensing/expiring/").content.decode()
        steps.begin(tofu, town.zhang, purpose="renew")
        assert paper.number not in zhang.get("/licensing/expiring/").content.decode()


def test_after_the_end_one_applies_anew_and_gets_a_new_number(town, tofu, paper):
    with at(date(2021, 6, 8)):
        watch.lapse_due()
        with pytest.raises(flow.Refused, match="不符"):
            steps.begin(tofu, town.zhang, purpose="renew")
        new = certified(tofu, town)
    assert new.number == "ZF320413100-2021-00001"
    assert Application.objects.filter(purpose="new").count() == 2


def test_an_official_number_has_the_form_that_the_town_says(as_, town):
    with at(JUNE):
        eatery = steps.stall(town.zhang)
        type(eatery).objects.filter(pk=eatery.pk).update(kind="eatery")
        app = steps.begin(again(eatery), town.zhang)
        way = (
            ("submit", town.zhang, SIGNED),
            ("accept", town.zhang),
            ("propose", town.zhang, GRANT),
            ("grant", town.zhou),
        )
        app = go(app, *way)
    bad = as_("zhou").post(f"/do/licensing.application/{app.pk}/issue", {"official_no": "JY1"})
    assert bad.status_code == 422
    as_("zhou").post(f"/do/licensing.application/{app.pk}/issue", {"official_no": "JY23501110153674"})
    assert again(app).certificates.get().official_no == "JY23501110153674"
