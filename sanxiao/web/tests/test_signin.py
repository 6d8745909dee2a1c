"""Signing in, being slowed, being away; the language of the screen."""

from ipaddress import ip_network

import pytest
from django.test import Client

from tests.cast import PASSWORD


def sign_in(client: Client, name: str, password: str, address: str = "10.0.0.1") -> int:
    return client.post("/login/", {"username": name, "password": password}, REMOTE_ADDR=address).status_code


def test_zhang_signs_in_and_lands_on_her_desk(town):
    client = Client()
    assert sign_in(client, "zhang", PASSWORD) == 302
    assert "张桂兰" in client.get("/").content.decode()


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(town):
    answers = [
        Client().post("/login/", {"username": n, "password": "wrong"}).content.decode().split("没有登录成功")[1][:200]
        for n in ("zhang", "nobody")
    ]
    assert answers[0] == answers[1]


def test_a_guesser_elsewhere_is_slowed_and_the_officer_at_her_desk_is_not_locked_out(town):
    guesser = Client()
    codes = [sign_in(guesser, "zhang", "wrong", "203.0.113.9") for _n in range(7)]
    assert codes[-1] == 429
    assert sign_in(guesser, "zhang", PASSWORD, "203.0.113.9") == 429
    assert sign_in(Client(), "zhang", PASSWORD, "10.0.0.1") == 302


def test_behind_our_proxy_the_guesser_is_known_by_his_own_address(town, settings):
    settings.PROXIES = [ip_network("10.9.0.1")]
    heads = {"REMOTE_ADDR": "10.9.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    codes = [Client(**heads).post("/login/", {"username": "zhang", "password": "x"}).status_code for _n in range(6)]
    assert codes[-1] == 429
    heads["HTTP_X_FORWARDED_FOR"] = "203.0.113.10"
    assert Client(**heads).post("/login/", {"username": "zhang", "password": PASSWORD}).status_code == 302


def test_who_was_away_for_half_an_hour_signs_in_again(as_, settings):
    client = as_("zhang")
    assert client.get("/").status_code == 200
    session = client.session
    session["last_use"] -= settings.SESSION_IDLE_MINUTES * 60 + 5
    session.save()
    assert client.get("/").url.startswith("/login/")


def test_a_stranger_sees_the_sign_in_page_and_nothing_else(client, db):
    for path in ("/", "/archive/", "/people/", "/settings/", "/do/archive.file/new/open"):
        assert client.get(path).url.startswith("/login/")


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_no_address_from_outside_is_followed_after_signing_in(town, wanted):
    client = Client()
    answer = client.post("/login/", {"username": "zhang", "password": PASSWORD, "next": wanted})
    assert answer.url == "/"


def test_the_screen_changes_its_language_and_keeps_it(as_):
    client = as_("zhang")
    client.post("/language/", {"language": "en", "next": "/"})
    assert 'lang="en"' in client.get("/").content.decode()


def test_every_page_carries_a_strict_content_security_policy(as_):
    policy = as_("zhang").get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_healthz_says_ok(client, db):
    assert client.get("/healthz").json()["status"] == "ok"
