"""Violence against officers: written down, handed to the police with its clocks, shown on both sides, warned of."""

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline
from sanxiao.enforcement import closing
from sanxiao.enforcement.models import Incident, Transfer
from sanxiao.enforcement.tests import steps
from sanxiao.papers.models import Paper
from tests import cast

SAID = {"harm": "hands", "said": "推搡两名队员，抢走执法记录仪", "injured": "吴昊，手臂擦伤", "police_called": "on",
        "police_no": "JQ2026051101"}  # fmt: skip


@pytest.fixture
def incident(bureau, as_, may, tofu):
    """Chen writes it down on the day."""
    as_("chen").post(f"/incidents/new/{tofu.pk}/", {"on": steps.MAY, **SAID})
    return Incident.objects.get()


def propose(as_, bureau, incident, **changes):
    said = {"crime": "277", "second": bureau.wu.pk, "report": "抗拒检查，致一人轻微伤", **changes}
    return as_("chen").post(f"/do/enforcement.transfer/new/propose?incident={incident.pk}", said)


def handed(as_, bureau, incident, **changes):
    propose(as_, bureau, incident, **changes)
    transfer = Transfer.objects.get()
    flow.move(transfer, "approve", bureau.lu)
    flow.move(Transfer.objects.get(), "send", bureau.chen, papers=["letter", "report"], copied=True)
    return Transfer.objects.get()


def test_the_form_of_the_hand_over_knows_what_happened(bureau, as_, incident):
    page = as_("chen").get(incident.get_absolute_url()).content.decode()
    assert f"propose?incident={incident.pk}" in page and "吴昊，手臂擦伤" in page
    form = as_("chen").get(f"/do/enforcement.transfer/new/propose?incident={incident.pk}").content.decode()
    assert 'value="277" selected' in form and "抢走执法记录仪" in form


def test_the_police_take_it_by_the_clock_and_each_side_sees_the_other(bureau, as_, incident):
    transfer = handed(as_, bureau, incident)
    assert (transfer.case, Incident.objects.get().transfer) == (None, transfer)
    assert Deadline.objects.get(subject=transfer.pk, term="receipt").length == 24
    ding = as_("ding")
    page = ding.get(transfer.get_absolute_url()).content.decode()
    assert "抢走执法记录仪" in page and incident.get_absolute_url() in page
    flow.move(transfer, "receive", bureau.ding)
    assert Deadline.objects.get(subject=transfer.pk, term="police").length == 3
    flow.move(Transfer.objects.get(), "file", bureau.ding, police_no="坛公（治）受案字〔2026〕9号")
    for who in ("chen", "ding"):
        page = as_(who).get(incident.get_absolute_url()).content.decode()
        assert transfer.get_absolute_url() in page and "坛公（治）受案字〔2026〕9号" in page and "公安已立案" in page


def test_the_letter_says_what_was_met_and_by_which_rule(bureau, as_, incident):
    paper = Paper.objects.get(subject=handed(as_, bureau, incident).pk)
    text = "".join(paper.facts["paragraphs"])
    assert paper.title == "涉嫌犯罪案件移送书" and paper.number.startswith("坛市监罪移")
    assert (
        "2026年5月11日，执法人员在王家豆腐坊" in text and "吴昊，手臂擦伤" in text and "移送涉嫌犯罪案件的规定" in text
    )


def test_insults_are_a_matter_of_public_order_not_a_crime(bureau, as_, incident):
    Incident.objects.update(harm="words", injured="")
    form = as_("chen").get(f"/do/enforcement.transfer/new/propose?incident={incident.pk}").content.decode()
    assert 'value="order" selected' in form
    paper = Paper.objects.get(subject=handed(as_, bureau, incident, crime="order").pk)
    assert paper.title == "案件移送书" and "涉嫌犯罪" not in "".join(paper.facts["paragraphs"])


def test_it_is_handed_over_once_and_again_only_when_it_came_back(bureau, as_, incident):
    propose(as_, bureau, incident)
    assert "已经移送公安" in propose(as_, bureau, incident).content.decode()
    flow.move(Transfer.objects.get(), "decline", bureau.lu, reason="先由派出所处理")
    assert "报请移送公安" in as_("chen").get(incident.get_absolute_url()).content.decode()
    assert propose(as_, bureau, incident).status_code == 302
    assert Transfer.objects.count() == 2


def test_what_comes_back_from_the_police_needs_no_case_to_go_on(bureau, as_, incident):
    transfer = handed(as_, bureau, incident)
    flow.move(transfer, "receive", bureau.ding)
    flow.move(Transfer.objects.get(), "refuse", bureau.ding, reason="情节轻微，治安调解")
    flow.move(Transfer.objects.get(), "back", bureau.lu, reason="接受调解")
    assert Transfer.objects.get().state == "back"


def test_an_incident_is_linked_to_the_hand_over_of_the_case_that_runs_already(bureau, as_, incident, tofu):
    case = steps.filed(tofu, bureau)
    transfer = Transfer(case=case, file=tofu, area=tofu.area, officer=bureau.chen)
    flow.move(transfer, "propose", bureau.chen, crime="144", second=bureau.wu, report="检出碱性嫩黄")
    chen = as_("chen")
    assert chen.post(incident.get_absolute_url(), {"transfer": transfer.pk}).status_code == 302
    page = chen.get(incident.get_absolute_url()).content.decode()
    assert transfer.get_absolute_url() in page and "已关联" in page
    assert "抢走执法记录仪" in chen.get(transfer.get_absolute_url()).content.decode()
    assert chen.post(incident.get_absolute_url(), {"transfer": transfer.pk}).status_code == 403


def test_a_hand_over_of_another_place_is_not_offered(bureau, as_, incident, filed):
    other = Transfer(case=filed, file=filed.file, area=filed.area, officer=bureau.chen)
    flow.move(other, "propose", bureau.chen, crime="144", second=bureau.wu, report="x")
    elsewhere = cast.tofu_shop(bureau.zhang, name="李家豆腐坊", address="后阳村东街9号")
    Transfer.objects.update(file=elsewhere)
    page = as_("chen").post(incident.get_absolute_url(), {"transfer": other.pk})
    assert page.status_code == 200 and Incident.objects.get().transfer is None


@pytest.mark.parametrize("who", ["zhang", "li"])
def test_who_has_no_part_in_it_does_not_see_it(bureau, as_, incident, who):
    assert as_(who).get(incident.get_absolute_url()).status_code == 404
    assert as_(who).get(f"/do/enforcement.transfer/new/propose?incident={incident.pk}").status_code in (403, 404)


def test_qian_of_the_urban_office_reads_it_and_learns_nothing_of_the_police(bureau, as_, incident):
    transfer = handed(as_, bureau, incident)
    page = as_("qian").get(incident.get_absolute_url()).content.decode()
    assert "已报请移送公安，由金城分局办理" in page and transfer.get_absolute_url() not in page
    assert "报请移送公安</a>" not in page


@pytest.mark.parametrize(("who", "tab"), [("ding", "incident"), ("qian", "incident"), ("chen", "case")])
def test_who_may_meet_it_finds_it_on_the_page_of_the_place(bureau, as_, incident, tofu, who, tab):
    page = as_(who).get(f"{tofu.get_absolute_url()}?tab={tab}").content.decode()
    assert incident.get_absolute_url() in page and f"/incidents/new/{tofu.pk}/" in page
    assert "抢走执法记录仪" not in as_("zhang").get(f"{tofu.get_absolute_url()}?tab={tab}").content.decode()


def test_the_log_of_an_incident_speaks_in_words(bureau, as_, incident):
    transfer = handed(as_, bureau, incident)
    page = as_("chen").get(incident.get_absolute_url()).content.decode()
    assert "关联移送公安" in page and f"{transfer.number} 妨害公务" in page and "hand_over" not in page


def test_who_goes_there_next_is_warned_whatever_became_of_it(bureau, as_, incident, tofu):
    handed(as_, bureau, incident)
    assert ["请结伴前往" in words for words in closing.warnings(tofu, bureau.chen)] == [True]
