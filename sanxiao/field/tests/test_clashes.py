"""两处修改: both values are shown, a person chooses, and until then nothing of the office's is overwritten."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.field.models import Clash
from sanxiao.field.tests.steps import base_of, brought
from sanxiao.office.models import User
from sanxiao.survey import touched
from sanxiao.web import desk
from tests import cast

NEW, OLD, PHONES = "后阳村新街1号", "后阳村老街12号", "后阳村老街14号"


def clashing(town, tofu) -> Clash:
    """The bureau and the phone give the shop two addresses, and two waters."""
    base = base_of(tofu)
    flow.amend(tofu, town.chen, "file.edit", address=NEW)
    clash = brought(town.zhang, tofu, base, address=PHONES)[1]
    assert clash is not None
    return clash


def now_of(file):
    return Establishment.objects.get(pk=file.pk)


def press(client, clash, **said):
    return client.post(f"/do/field.clash/{clash.pk}/choose", {"version": clash.version, **said})


def test_three_values_stand_side_by_side_with_who_and_when(as_, town, tofu):
    page = as_("zhang").get(clashing(town, tofu).get_absolute_url()).content.decode()
    assert all(value in page for value in (OLD, NEW, PHONES, "陈伟", "张桂兰"))
    assert "全部用手机的" in page and "全部用办公室的" in page


def test_it_stands_on_the_desk_and_on_the_files_page_until_somebody_chooses(as_, town, tofu):
    clash = clashing(town, tofu)
    for who in (town.zhang, town.chen, town.zhou):
        assert clash.get_absolute_url() in [todo.url for todo in desk.waiting(who)[0]]
    assert clash.get_absolute_url() in as_("zhang").get(tofu.get_absolute_url()).content.decode()
    press(as_("zhang"), clash, all="ours")
    assert clash.get_absolute_url() not in [todo.url for todo in desk.waiting(town.zhang)[0]]


def test_the_phones_value_is_written_when_it_is_chosen(as_, town, tofu):
    clash = clashing(town, tofu)
    assert press(as_("zhang"), clash, **{"take-address": "theirs"}).status_code == 302
    assert now_of(tofu).address == PHONES
    event = Event.objects.filter(subject=tofu.pk, move="resurvey").latest("id")
    assert event.facts["changes"] == {"address": [NEW, PHONES]}


def test_the_offices_value_stays_when_it_is_chosen(as_, town, tofu):
    clash = clashing(town, tofu)
    press(as_("chen"), clash, all="ours")
    clash.refresh_from_db()
    assert (now_of(tofu).address, clash.state, clash.chosen) == (NEW, "chosen", {"address": "ours"})
    page = as_("chen").get(clash.get_absolute_url()).content.decode()
    assert "用办公室的" in page and "全部用手机的" not in page


def test_every_field_must_be_chosen(as_, town, tofu):
    clash = clashing(town, tofu)
    answer = press(as_("zhang"), clash)
    assert answer.status_code == 422 and "每一项都要选定" in answer.content.decode()
    assert now_of(tofu).address == NEW


def test_a_program_sends_its_choice_as_an_object(as_, town, tofu):
    clash = clashing(town, tofu)
    answer = as_("zhang").post(
        f"/do/field.clash/{clash.pk}/choose", {"chosen": {"address": "theirs"}}, content_type="application/json",
        headers={"If-Match": str(clash.version)},
    )  # fmt: skip
    assert answer.status_code == 200 and now_of(tofu).address == PHONES


@pytest.mark.parametrize("chosen", [{}, {"address": "both"}, {"water": "theirs"}, {"address": "ours", "x": "ours"}])
def test_what_is_no_choice_is_refused(town, tofu, chosen):
    clash = clashing(town, tofu)
    with pytest.raises(flow.Refused):
        flow.move(clash, "choose", town.zhang, chosen=chosen)
    assert Clash.objects.get(pk=clash.pk).state == "open"


@pytest.mark.parametrize(("who", "status"), [("li", 404), ("qian", 404), ("sun", 404), ("he", 404)])
def test_who_is_of_another_village_or_office_neither_sees_nor_chooses(as_, town, tofu, who, status):
    clash = clashing(town, tofu)
    assert as_(who).get(clash.get_absolute_url()).status_code == status
    assert press(as_(who), clash, all="theirs").status_code == status
    with pytest.raises(flow.Refused):
        flow.move(clash, "choose", getattr(town, who), chosen={"address": "theirs"})


def test_it_is_chosen_once(as_, town, tofu):
    clash = clashing(town, tofu)
    press(as_("zhang"), clash, all="ours")
    assert press(as_("chen"), clash, all="theirs").status_code == 409
    assert now_of(tofu).address == NEW


def test_a_file_taken_back_takes_no_value_but_the_choice_can_be_closed(town, tofu):
    clash = clashing(town, tofu)
    Establishment.objects.filter(pk=tofu.pk).update(state="void")
    with pytest.raises(flow.Refused, match="已撤回"):
        flow.move(clash, "choose", town.zhang, chosen={"address": "theirs"})
    flow.move(Clash.objects.get(pk=clash.pk), "choose", town.zhang, chosen={"address": "ours"})
    assert Clash.objects.get(pk=clash.pk).state == "chosen"


def test_a_file_merged_since_hands_the_value_to_the_one_that_stands(town, tofu):
    clash = clashing(town, tofu)
    other = cast.tofu_shop(town.zhang, name="老王豆腐")
    Establishment.objects.filter(pk=tofu.pk).update(merged_into=other)
    flow.move(Clash.objects.get(pk=clash.pk), "choose", town.zhang, chosen={"address": "theirs"})
    assert (now_of(other).address, now_of(tofu).address) == (PHONES, NEW)


def test_the_page_is_read_in_english(as_, town, tofu):
    clash, client = clashing(town, tofu), as_("zhang")
    client.cookies["django_language"] = "en"
    page = client.get(clash.get_absolute_url()).content.decode()
    assert "Everything as on the phone" in page and "Address of the business" in page


# --- two at once -------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(transactional_db, tmp_path):
    """Lets threads reach the test's data: SQLite's own lives in memory, so they get a copy in a file."""
    if connection.vendor != "sqlite":
        yield lambda: None
        return
    settings = connections.settings["default"]
    before = settings["NAME"]

    def share() -> None:
        copy = tmp_path / "shared.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        settings["NAME"] = str(copy)

    yield share
    settings["NAME"] = before


def choose(pk, side: str, username: str) -> str:
    """One person's press, from the page as it was before anybody pressed."""
    try:
        clash = Clash.objects.get(pk=pk)
        clash.version, clash.state = 1, "open"
        flow.move(clash, "choose", User.objects.get(username=username), chosen={"address": side})
    except flow.Refused as refusal:
        return type(refusal).__name__
    else:
        return side
    finally:
        connections.close_all()


def test_two_people_choosing_at_once_choose_once(shared):
    town = cast.the_town()
    clash = clashing(town, cast.tofu_shop(town.zhang))
    shared()
    with ThreadPoolExecutor(2) as people:
        said = list(people.map(choose, [clash.pk] * 2, ["ours", "theirs"], ["zhang", "chen"]))
        written = people.submit(_address, clash.file_id).result()
    assert sorted(said) in (["Stale", "ours"], ["Stale", "theirs"]), said
    assert written == (NEW if "ours" in said else PHONES)


def _address(pk) -> str:
    try:
        return Establishment.objects.get(pk=pk).address
    finally:
        connections.close_all()


def test_what_the_office_wrote_while_she_looked_is_shown_before_it_is_overwritten(as_, town, tofu):
    clash = clashing(town, tofu)
    seen, newest = touched.mark(now_of(tofu)), "后阳村新街3号"
    flow.amend(now_of(tofu), town.chen, "file.edit", address=newest)
    answer = press(as_("zhang"), clash, seen=seen, **{"take-address": "theirs"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "请核对后再选" in page and newest in page
    shown = touched.mark(now_of(tofu))
    assert now_of(tofu).address == newest and f'name="seen" value="{shown}"' in page
    again = press(as_("zhang"), clash, seen=shown, **{"take-address": "theirs"})
    assert again.status_code == 302 and now_of(tofu).address == PHONES
