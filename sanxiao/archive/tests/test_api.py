"""The files over JSON: who sees what, versions, and whatever else is sent."""

import json
import re

import pytest
from django.test import Client

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event
from tests import cast

LIST = "/api/v1/establishments"


def one(file) -> str:
    return f"{LIST}/{file.pk}"


def patch(client, file, body, tag='"1"', **headers):
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    headers |= {"if_match": tag} if tag is not None else {}
    return client.patch(one(file), data, content_type="application/json", headers=headers)


def test_the_list_shows_ones_ground_with_masked_numbers(as_, tofu):
    said = as_("zhang").get(LIST).json()
    assert [row["name"] for row in said["items"]] == ["王家豆腐坊"]
    assert said["items"][0]["operator"] == {"name": "王秀兰", "phone": "138****4567", "id_number": "320413********0015"}
    assert "13861234567" not in json.dumps(said)
    assert as_("li").get(LIST).json() == {"items": [], "next": None}


def test_the_list_goes_on_where_it_stopped(as_, town, tofu):
    for n in range(4):
        cast.tofu_shop(town.zhang, name=f"豆腐坊{n}")
    zhang, names, cursor = as_("zhang"), [], ""
    for _page in range(3):
        said = zhang.get(LIST, {"limit": 2, "cursor": cursor}).json()
        names += [row["name"] for row in said["items"]]
        cursor = said["next"]
    assert len(names) == len(set(names)) == 5
    assert cursor is None


def test_the_list_costs_the_same_with_one_file_and_with_many(as_, town, tofu, django_assert_num_queries):
    zhang = as_("zhang")
    zhang.get(LIST)
    with django_assert_num_queries(4):
        zhang.get(LIST)
    for n in range(5):
        cast.tofu_shop(town.zhang, name=f"豆腐坊{n}")
    with django_assert_num_queries(4):
        assert len(zhang.get(LIST).json()["items"]) == 6


WRONG = [
    ("limit", "201"), ("limit", "0"), ("limit", "-1"), ("limit", "9" * 400), ("limit", "x"), ("cursor", "abc"),
    ("cursor", "W251bGwsIG51bGxd"), ("area", cast.NANYAO), ("area", "%"), ("kind", "x"), ("state", "\x00"),
    ("sort", "operator__phone_sealed"), ("page_size", "1000000"), ("phone", "138"), ("q", "x" * 201),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_query_that_means_nothing_is_refused_by_name(as_, tofu, name, value):
    answer = as_("zhang").get(LIST, {name: value})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [name]


def test_filters_are_those_of_the_screen(as_, tofu):
    zhang = as_("zhang")
    for query, count in ({"q": "豆腐"}, 1), ({"q": "面馆"}, 0), ({"case": "none"}, 1), ({"batch": "upgrade"}, 0):
        assert len(zhang.get(LIST, query).json()["items"]) == count


def test_one_file_has_its_version_as_etag_and_a_neighbour_gets_404(as_, tofu):
    answer = as_("zhang").get(one(tofu))
    assert (answer.status_code, answer["ETag"], answer.json()["version"]) == (200, '"1"', 1)
    assert as_("li").get(one(tofu)).status_code == as_("li").get(f"{LIST}/{tofu.operator_id}").status_code == 404
    assert as_("li").get(one(tofu)).json()["code"] == "unknown"


def test_a_correction_says_which_version_it_saw_and_is_logged(as_, tofu):
    zhang = as_("zhang")
    assert patch(zhang, tofu, {"name": "王记豆腐"}, tag=None).status_code == 428
    answer = patch(zhang, tofu, {"name": "王记豆腐", "lat": 31.7, "lng": 119.5})
    assert (answer.status_code, answer["ETag"], answer.json()["name"]) == (200, '"2"', "王记豆腐")
    event = Event.objects.of(tofu).first()
    assert event.facts["changes"]["name"] == ["王家豆腐坊", "王记豆腐"]
    assert Establishment.objects.get().point_source == "typed"


def test_a_stale_correction_is_told_what_is_there_now(as_, town, tofu):
    flow.amend(tofu, town.chen, "file.edit", name="王秀兰豆腐坊")
    answer = patch(as_("zhang"), tofu, {"name": "王记豆腐", "address": tofu.address})
    assert answer.status_code == 412
    assert answer.json()["fields"] == {"name": "王秀兰豆腐坊"}
    assert Establishment.objects.get().name == "王秀兰豆腐坊"


NOT_TO_BE_SET = ["state", "area", "version", "id", "case", "created_at", "operator", "merged_into", "é\x00"]


@pytest.mark.parametrize("name", NOT_TO_BE_SET)
def test_what_is_not_to_be_set_is_refused_by_name(as_, tofu, name):
    answer = patch(as_("zhang"), tofu, {"address": "新街1号", name: "x"})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [name]
    assert Establishment.objects.get().address == tofu.address


def test_who_may_not_edit_is_refused_and_a_neighbour_finds_nothing(as_, tofu):
    assert patch(as_("sun"), tofu, {"name": "x"}).status_code == 403
    assert patch(as_("li"), tofu, {"name": "x"}).status_code == 404


STRANGE = [
    {"name": None}, {"name": ""}, {"name": 5}, {"name": "x" * 101}, {"name": "a\x00b"}, {"name": {"a": 1}},
    {"name": ["x"]},
    {"lat": 1e400}, {"lat": "north"}, {"lat": 91, "lng": 1}, {"lat": 31.7, "lng": None}, {"lat": 10**400},
    {"opened_on": "2018-13-45"}, {"opened_on": 99999999999999999999}, {"opened_on": [2018]}, {"mobile": "perhaps"},
    {"mobile": None}, {"warden": True}, {"lat": float("nan"), "lng": 1},
]  # fmt: skip


@pytest.mark.parametrize("body", STRANGE)
def test_strange_values_are_refused_by_name(as_, tofu, body):
    answer = patch(as_("zhang"), tofu, body)
    assert answer.status_code == 422, answer.content
    assert set(answer.json()["fields"]) & set(body)
    assert Establishment.objects.get().version == 1


MALFORMED = ["{", "", "[]", "null", '"x"', "[" * 100_000, '{"name": "\\ud800"}', b"\xff", '{"lat": ' + "9" * 5000 + "}"]


@pytest.mark.parametrize("body", MALFORMED)
def test_malformed_bodies_never_break_anything(as_, tofu, body):
    answer = patch(as_("zhang"), tofu, body)
    assert answer.status_code in ((400,) if body else (200, 400, 422))
    assert set(answer.json()) >= {"code", "message", "fields"} or answer.status_code == 200


def test_nobody_gets_401_and_a_forged_write_403(as_, tofu, client, town):
    assert client.get(LIST).json()["code"] == "signed-out"
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(town.zhang, backend="django.contrib.auth.backends.ModelBackend")
    answer = patch(guarded, tofu, {"name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_messages_come_in_the_language_asked_for(as_, tofu):
    zhang = as_("zhang")
    assert patch(zhang, tofu, {"name": ""}).json()["fields"] == {"name": "请填写"}
    assert patch(zhang, tofu, {"name": ""}, accept_language="en").status_code == 422


def test_a_merged_file_is_read_but_not_corrected(as_, town, tofu):
    other = cast.tofu_shop(town.zhang, name="王家豆腐")
    Establishment.objects.filter(pk=other.pk).update(merged_into=tofu)
    assert as_("zhang").get(one(other)).json()["merged_into"] == str(tofu.pk)
    assert patch(as_("zhang"), other, {"name": "x"}).status_code == 409


def test_the_history_is_read_only_and_pages(as_, town, tofu):
    for name in ("甲", "乙", "丙"):
        flow.amend(tofu, town.zhang, "file.edit", name=name)
    zhang, url = as_("zhang"), one(tofu) + "/events"
    first = zhang.get(url, {"limit": 3}).json()
    rest = zhang.get(url, {"limit": 3, "cursor": first["next"]}).json()
    assert [row["move"] for row in first["items"] + rest["items"]] == ["amend"] * 3 + ["open"]
    assert first["items"][0]["changes"] == [{"name": "字号名称", "old": "乙", "new": "丙"}]
    assert rest["next"] is None
    assert zhang.post(url, {}).status_code == 405
    assert zhang.get(url, {"cursor": 2**63}).status_code == zhang.get(url, {"cursor": "x"}).status_code == 422
    assert as_("li").get(url).status_code == 404


def test_every_operation_documents_its_errors(as_, town):
    said = as_("zhang").get("/api/v1/openapi.json").json()
    assert said["openapi"].startswith("3.1")
    for path, acts in said["paths"].items():
        for verb, act in acts.items():
            wanted = {"401"} | ({"404"} if "{" in path else set()) | ({"412", "428"} if verb == "patch" else set())
            assert wanted <= set(act["responses"]), (verb, path)


def test_the_page_of_operations_asks_no_other_host(as_, client, town):
    page = as_("zhang").get("/api/v1/docs").content.decode()
    assert "/api/v1/establishments" in page and "relocate" in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert client.get("/api/v1/docs").status_code == 302
