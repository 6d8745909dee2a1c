"""What is due goes by the hands of two people, exactly as listed; what is held stays; a mark is left of everything."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from sanxiao.archive.models import Operator
from sanxiao.docket import files, flow
from sanxiao.docket.models import Attachment, Blob, Event, Rule
from sanxiao.docket.watch import night
from sanxiao.enforcement.models import Case, Party
from sanxiao.enforcement.tests import steps as prosecution
from sanxiao.keeping import acts, due
from sanxiao.keeping.models import Disposal, Hold, Tally
from sanxiao.keeping.rules import DISPOSAL, HOLD
from sanxiao.keeping.tests import steps
from sanxiao.office.now import at, today
from tests import cast


def purge(*options):
    out = StringIO()
    call_command("purge", *options, stdout=out)
    return out.getvalue()


def due_keys(kind):
    return [row["key"] for row in json.loads(purge("--dry-run", "--json"))["due"][kind] if not row["hold"]]


def refused(row, move, by, why, **facts):
    with pytest.raises(flow.Refused, match=why):
        flow.move(row, move, by, **facts)


def test_the_dry_run_lists_exactly_what_is_due_and_changes_nothing(town, gone, tmp_path):
    other = cast.tofu_shop(town.zhang, name="还开着的豆腐坊")
    with at(date(2023, 6, 5)):
        assert due_keys("closed_file") == [], "the fifth year ends today"
    with at(date(2023, 6, 6)):
        before = Event.objects.count()
        assert due_keys("closed_file") == [str(gone.pk)]
        said = purge("--dry-run")
        assert "王家豆腐坊" in said and "2018-06-05" in said and str(other.pk) not in said
        assert Event.objects.count() == before and Operator.objects.get(pk=gone.operator_id).id_number
        assert not purge("--dry-run").count("320413190001010015")


def test_two_people_destroy_and_a_mark_is_left(town, later, gone, django_capture_on_commit_callbacks):
    photo = Attachment.objects.get(subject=gone.pk)
    path = files.path_of(photo.blob_id)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        row = steps.destroyed(town.chen, town.zhou)
    person, photo = Operator.objects.get(pk=gone.operator_id), Attachment.objects.get(pk=photo.pk)
    assert (person.id_number, person.phone, person.id_number_index, person.home) == ("", "", "", "")
    assert person.name == "王秀兰" and (photo.gone_on, photo.lat) == (today() + timedelta(days=8), None)
    assert not path.exists() and not list(path.parent.glob(f"{photo.blob_id}*"))
    assert Blob.objects.get(pk=photo.blob_id).gone_on and row.destroyed == 1
    told = Event.objects.get(move="disposed")
    assert (told.subject, told.file, told.actor) == (gone.pk, gone.pk, town.chen)


def test_a_destroyed_photo_is_told_as_such_and_the_same_bytes_may_come_again(as_, town, later, gone):
    photo = Attachment.objects.get(subject=gone.pk)
    steps.destroyed(town.chen, town.zhou)
    files.sweep()
    answer = as_("chen").get(reverse("attachment", args=[photo.pk, "view"]))
    assert answer.status_code == 410 and "到期销毁" in answer.content.decode()
    blob = files.put(steps.picture())
    assert blob.pk == photo.blob_id and files.path_of(blob.pk).read_bytes() == steps.picture()
    assert Blob.objects.get(pk=blob.pk).gone_on is None


def test_bytes_that_hang_elsewhere_too_stay(town, later, gone):
    other = cast.tofu_shop(town.zhang, name="还开着的豆腐坊")
    files.keep(other, steps.picture(), "同一张.jpg", town.zhang)
    steps.destroyed(town.chen, town.zhou)
    files.sweep()
    kept = Attachment.objects.get(subject=other.pk)
    assert files.path_of(kept.blob_id).exists() and kept.blob.gone_on is None


def test_one_person_is_not_enough_and_the_days_are_waited_for(town, later, gone):
    row = steps.listed(town.chen)
    refused(row, "agree", town.chen, "经办")
    refused(row, "destroy", town.zhou, "不能办理")
    flow.move(row, "agree", town.zhou)
    refused(row, "destroy", town.chen, "等待期还没有过")
    assert "等待期还没有过" in purge()
    assert Operator.objects.get(pk=gone.operator_id).id_number


def test_purge_carries_out_what_was_agreed_and_nothing_else(town, later, gone):
    assert "nothing has been agreed" in purge()
    steps.agreed(town.chen, town.zhou)
    with at(today() + timedelta(days=8)):
        assert "1 destroyed, 0 spared" in purge()
        assert "nothing has been agreed" in purge()
    assert not Operator.objects.get(pk=gone.operator_id).id_number


def test_a_hold_with_its_reason_keeps_a_place_whole_even_after_it_was_listed(town, later, gone):
    row = steps.agreed(town.chen, town.zhou)
    hold = steps.held(town.zhou, gone)
    [said] = json.loads(purge("--dry-run", "--json"))["due"]["closed_file"]
    assert said["hold"] == "已暂缓：行政诉讼未结"
    with at(today() + timedelta(days=8)):
        flow.move(row, "destroy", town.chen)
    assert row.destroyed == 0 and Operator.objects.get(pk=gone.operator_id).id_number
    flow.move(hold, "lift", town.zhou, reason="判决生效")
    assert due_keys("closed_file") == [str(gone.pk)]


def test_an_open_case_holds_by_itself(town, later, gone, lu):
    case = prosecution.register(gone, town)
    [said] = json.loads(purge("--dry-run", "--json"))["due"]["closed_file"]
    assert case.number in said["hold"] and due_keys("closed_file") == []
    flow.move(case, "refuse", lu, refusal="slight", reason="已停业")
    assert due_keys("closed_file") == [str(gone.pk)]


def test_what_was_merged_into_a_held_file_is_held_with_it(town, later, gone):
    standing = cast.tofu_shop(town.zhang, name="合并到的豆腐坊")
    type(gone).objects.filter(pk=gone.pk).update(merged_into=standing)
    steps.held(town.chen, standing)
    assert due_keys("closed_file") == []


def test_evidence_of_a_case_goes_after_its_years_and_the_decision_stays(town, later, tofu, lu):
    case = prosecution.register(tofu, town)
    prosecution.proof(case, town)
    flow.move(case, "refuse", lu, refusal="slight", reason="已改")
    assert due_keys("case_files") == []
    with at(date(2056, 6, 2)):
        assert due_keys("case_files") == [str(case.pk)] and due_keys("files") == []
        steps.destroyed(town.chen, town.zhou, "case_files")
    party = Party.objects.get(case=case)
    assert (party.name, party.id_number) == ("王秀兰", "")
    assert Case.objects.get(pk=case.pk).refusal == "slight"
    assert Attachment.objects.get(subject=case.pk).gone_on


def test_files_of_ended_matters_are_a_class_and_those_of_open_ones_are_not(town, later, tofu):
    other = cast.tofu_shop(town.zhang, name="办着案的豆腐坊")
    files.keep(steps.held(town.chen, other), steps.picture("blue"), "传票.jpg", town.chen)
    row = steps.held(town.chen, tofu)
    files.keep(row, steps.picture(), "起诉状.jpg", town.chen, role="document")
    flow.move(row, "lift", town.chen, reason="撤诉")
    with at(date(2060, 1, 2)):
        assert due_keys("files") == [str(row.pk)]


def test_a_class_without_its_row_is_kept_for_good(town, later, gone):
    Rule.objects.filter(key="retention.closed_file").delete()
    assert due_keys("closed_file") == []


def test_the_night_counts_and_destroys_nothing(as_, town, later, gone):
    words = " ".join(night())
    assert "closed_file 1" in words and Operator.objects.get(pk=gone.operator_id).id_number
    assert Tally.objects.get(kind="closed_file").due == 1
    assert "保管期满，待两人销毁" in as_("chen").get("/").content.decode()
    steps.listed(town.chen)
    assert "保管期满，待两人销毁" not in as_("chen").get("/").content.decode()


def test_every_state_and_move_of_a_list_and_a_hold(town, later, gone):
    rows = {"listed": steps.listed(town.chen)}
    for state in (s.key for s in DISPOSAL.states):
        row = rows["listed"]
        row.state = state
        for move in DISPOSAL.moves:
            if state not in move.frm:
                refused(row, move.key, town.zhou, "不能办理", reason="x")
            else:
                for who in (town.zhang, town.li, town.qian, town.sun, town.feng, town.he):
                    refused(row, move.key, who, "不归您", reason="x")
    row = Disposal.objects.get(pk=row.pk)
    flow.move(row, "refuse", town.zhou, reason="还要用")
    again = steps.agreed(town.chen, town.zhou)
    flow.move(again, "stop", town.chen, reason="先等等")
    hold = steps.held(town.chen, gone)
    refused(acts.begin_hold(town.zhou, {"file": str(gone.pk)}), "place", town.zhou, "已经暂缓", reason="x")
    for who in (town.zhang, town.li, town.qian, town.sun):
        refused(hold, "lift", who, "不归您", reason="x")
    flow.move(hold, "lift", town.zhou, reason="撤诉")
    refused(hold, "lift", town.zhou, "不能办理", reason="x")
    assert {m.key for m in HOLD.moves} == {"place", "lift"}


def test_the_page_shows_years_clause_and_rows_and_the_list_is_made_by_its_button(as_, town, later, gone):
    chen = as_("chen")
    page = chen.get("/keeping/").content.decode()
    assert "办结后保管 5 年" in page and "王家豆腐坊" in page and "举报人身份" in page
    assert "320413190001010015" not in page
    answer = chen.post("/do/keeping.disposal/new/propose?class=closed_file", {"note": ""})
    assert answer.status_code == 302
    row = Disposal.objects.get()
    assert "王家豆腐坊" in chen.get(row.get_absolute_url()).content.decode()
    assert as_("zhou").get(row.get_absolute_url()).status_code == 200
    assert (
        as_("zhang").get("/keeping/").status_code == 403 and as_("zhang").get(row.get_absolute_url()).status_code == 404
    )


def test_the_hold_is_set_on_the_files_own_page(as_, town, later, gone):
    assert f"keeping.hold/new/place?file={gone.pk}" in as_("chen").get(gone.get_absolute_url()).content.decode()
    assert as_("chen").post(f"/do/keeping.hold/new/place?file={gone.pk}", {"reason": "复议"}).status_code == 302
    assert Hold.objects.get().called == gone.called
    assert as_("zhang").post(f"/do/keeping.hold/new/place?file={gone.pk}", {"reason": "复议"}).status_code in (403, 404)


@pytest.mark.parametrize("said", ["", "nothing", "tip_contents"])
def test_an_address_that_names_no_class_of_ours_begins_nothing(as_, town, said):
    assert as_("chen").post(f"/do/keeping.disposal/new/propose?class={said}", {}).status_code == 404


def test_the_page_costs_the_same_with_one_row_and_with_many(as_, town, gone, django_assert_max_num_queries):
    with at(steps.LATER):
        chen = as_("chen")
        chen.get("/keeping/")
        with django_assert_max_num_queries(140) as one:
            chen.get("/keeping/")
    for n in range(5):
        other = cast.tofu_shop(town.zhang, name=f"第{n}家豆腐坊")
        with at(date(2018, 7, 1)):
            flow.move(other, "close", town.zhang, closing="self", reason="不做了")
    with at(steps.LATER), django_assert_max_num_queries(140) as many:
        chen.get("/keeping/")
    assert len(one) == len(many)


def test_years_are_counted_back_over_a_leap_day():
    assert due.before(5, date(2024, 2, 29)) == date(2019, 2, 28)
    assert due.before(4, date(2024, 2, 29)) == date(2020, 2, 29)
