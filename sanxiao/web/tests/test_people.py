"""People come, change office, go on leave and leave; what they see follows the same day."""

from datetime import date, timedelta

import pytest

from sanxiao.docket.models import CalendarDay, Event, Rule
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.web import people
from tests.cast import HOUYANG, NANYAO


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_he_adds_a_cadre_who_can_sign_in_with_the_password_shown_once(as_, town, client):
    office = Office.objects.on().get(area=NANYAO, role="village")
    said = {"username": "xu", "name": "徐芳", "office": office.pk, "title": "协管员", "since": today()}
    page = as_("he").post("/people/new", said).content.decode()
    password = page.split('<strong class="mono-no">')[1].split("<")[0]
    signed_in = client.post("/login/", {"username": "xu", "password": password})
    assert signed_in.status_code == 302
    assert client.get("/").url == "/me/"


def test_a_first_password_opens_nothing_until_it_is_changed(as_, town, tofu):
    as_("he").post("/people/zhang/password")
    User.objects.filter(username="zhang").update(password=town.chen.password)
    town.zhang.refresh_from_db()
    zhang = as_("zhang")
    assert zhang.get(tofu.get_absolute_url()).status_code == 404
    said = {"old_password": "Lianxi-2018", "new_password1": "Xin-mima-2018", "new_password2": "Xin-mima-2018"}
    assert zhang.post("/me/", said).status_code == 302
    assert zhang.get(tofu.get_absolute_url()).status_code == 200


def test_a_doubled_sign_in_name_keeps_what_was_typed(as_, town):
    office = Office.objects.on().get(area=NANYAO, role="village")
    page = as_("he").post("/people/new", {"username": "zhang", "name": "徐芳", "office": office.pk, "since": today()})
    assert page.status_code == 422
    assert "徐芳" in page.content.decode()
    assert "已有人使用" in page.content.decode()


def test_a_transfer_takes_the_old_village_away_with_the_next_request(as_, town, tofu):
    zhang = as_("zhang")
    assert zhang.get(tofu.get_absolute_url()).status_code == 200
    post = town.zhang.posts.get()
    people.transfer(town.he, post, Office.objects.on().get(area=NANYAO, role="village"), "协管员", today())
    assert zhang.get(tofu.get_absolute_url()).status_code == 404
    assert Event.objects.filter(kind="office.post").count() == 2


@pytest.mark.parametrize("who", ["zhang", "chen", "sun", "qian"])
def test_others_do_not_manage_people(as_, who):
    assert as_(who).get("/people/").status_code == 404


def test_a_reset_password_is_shown_once_and_must_be_changed(as_, town):
    page = as_("he").post("/people/zhang/password").content.decode()
    assert "只显示这一次" in page
    assert fresh(town.zhang).must_change_password


def test_a_new_value_of_a_setting_begins_on_a_day_and_leaves_the_old_row(as_, town):
    old = Rule.objects.at("school.distance_m", HOUYANG)
    as_("zhou").post(f"/settings/{old.pk}", {"text": "100", "since": today() + timedelta(days=1), "mark": "P"})
    assert Rule.objects.value("school.distance_m", HOUYANG) == old.value
    assert Rule.objects.value("school.distance_m", HOUYANG, today() + timedelta(days=1)) == 100


def test_a_setting_of_another_shape_is_refused_and_the_typed_text_stays(as_, town):
    old = Rule.objects.at("school.distance_m", HOUYANG)
    page = as_("zhou").post(f"/settings/{old.pk}", {"text": "{oops", "since": date(2030, 1, 1)})
    assert page.status_code == 422
    assert "{oops" in page.content.decode()


def test_a_cadre_does_not_see_the_settings(as_, town):
    assert as_("zhang").get("/settings/").status_code == 404


def test_the_notice_for_next_year_is_loaded_on_a_page_and_wrong_lines_are_all_named(as_, town):
    zhou = as_("zhou")
    wrong = zhou.post("/settings/calendar", {"text": "2027-01-01 休 元旦\n2027-13-01 休\nhallo"}).content.decode()
    assert "第 2 行" in wrong and "第 3 行" in wrong and "hallo" in wrong
    assert zhou.post("/settings/calendar", {"text": "2027-01-01 休 元旦\n2027-01-03 班 元旦"}).status_code == 302
    assert CalendarDay.objects.filter(day__year=2027).count() == 2
    assert as_("zhang").get("/settings/calendar").status_code == 404
