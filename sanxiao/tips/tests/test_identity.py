"""Who told: seen by a named handler alone, with his own key file, a reason and a second person's yes."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Post
from sanxiao.office.now import at, midnight, today
from sanxiao.tips import identity, retention, sealing
from sanxiao.tips.models import Copy, Handler, Letter, Opening
from sanxiao.tips.rules import DISPOSAL, OPENING, REWARD
from sanxiao.tips.tests import steps
from sanxiao.tips.tests.test_box import a_photo


def agreed(town, letter):
    row = OPENING.begun(town.chen, {"letter": str(letter.pk)})
    row.why = "须当面取证"
    flow.move(row, "ask", town.chen, reason="须当面取证")
    flow.move(row, "agree", town.zhou)
    return row


def test_the_identity_is_seen_once_with_file_and_passphrase(as_, town):
    files = steps.keys(town, "chen", "zhou")
    row = agreed(town, steps.opened(**steps.WHO))
    chen, url = as_("chen"), f"/tips/identity/{row.pk}"
    said = {"key_file": SimpleUploadedFile("k", files["chen"]), "passphrase": steps.PASSPHRASE}
    answer = chen.post(url, said)
    page = answer.content.decode()
    assert all(value in page for value in steps.WHO.values()) and answer["Cache-Control"] == "no-store"
    said["key_file"] = SimpleUploadedFile("k", files["chen"])
    again = chen.post(url, said)
    assert again.status_code == 422 and steps.WHO["name"] not in again.content.decode()


def test_a_look_is_logged_by_the_day_and_without_the_identity(town):
    files = steps.keys(town, "chen", "zhou")
    row = agreed(town, steps.opened(**steps.WHO))
    identity.opened(row, town.chen, files["chen"], steps.PASSPHRASE)
    events = list(Event.objects.of(row))
    assert [e.move for e in events] == ["open", "agree", "ask"] and {e.at for e in events} == {midnight(today())}
    assert events[0].actor == town.chen and steps.WHO["name"] not in repr([e.facts for e in events])


def test_the_leading_group_reads_each_month_who_looked_and_nothing_of_whom(as_, town):
    files = steps.keys(town, "chen", "zhou")
    row = agreed(town, steps.opened(**steps.WHO))
    identity.opened(row, town.chen, files["chen"], steps.PASSPHRASE)
    page = as_("sun").get("/tips/handlers/").content.decode()
    assert str(row.letter_id)[:8].upper() in page and "陈伟" in page and "已查看" in page
    assert steps.WHO["name"] not in page and "须当面取证" not in page
    assert "月度清单" not in as_("chen").get("/tips/handlers/").content.decode()
    assert identity.looks_of(*identity.month_of("2018-01")) == []


def test_who_was_dismissed_opens_nothing_from_that_moment_on(as_, town):
    files = steps.keys(town, "chen", "zhou")
    row = agreed(town, steps.opened(**steps.WHO))
    identity.dismiss(steps.handler(town.chen), town.sun)
    said = {"key_file": SimpleUploadedFile("k", files["chen"]), "passphrase": steps.PASSPHRASE}
    assert as_("chen").post(f"/tips/identity/{row.pk}", said).status_code == 404


@pytest.mark.parametrize(("key", "passphrase"), [
    ("chen", "falsche-mima"), ("zhou", steps.PASSPHRASE), ("", steps.PASSPHRASE), ("rubbish", steps.PASSPHRASE),
])  # fmt: skip
def test_a_wrong_file_or_passphrase_opens_nothing_and_uses_nothing_up(town, key, passphrase):
    files = {**steps.keys(town, "chen", "zhou"), "": b"", "rubbish": b'{"sanxiao_tip_key": 1, "salt": "%%"}'}
    row = agreed(town, steps.opened(**steps.WHO))
    with pytest.raises(Refused):
        identity.opened(row, town.chen, files[key], passphrase)
    row.refresh_from_db()
    assert row.state == "agreed"


def test_only_who_asked_sees_it_and_only_after_the_second_yes(as_, town):
    files = steps.keys(town, "chen", "zhou")
    letter = steps.opened(**steps.WHO)
    row = OPENING.begun(town.chen, {"letter": str(letter.pk)})
    row.why = "取证"
    flow.move(row, "ask", town.chen, reason="取证")
    with pytest.raises(Refused, match="没有第二人同意"):
        identity.opened(row, town.chen, files["chen"], steps.PASSPHRASE)
    flow.move(row, "agree", town.zhou)
    with pytest.raises(Refused, match="申请人本人"):
        identity.opened(row, town.zhou, files["zhou"], steps.PASSPHRASE)
    for name in ("zhou", "wu", "zhang", "sun", "he"):
        assert as_(name).get(f"/tips/identity/{row.pk}").status_code == 404


def test_who_is_no_handler_cannot_even_ask(as_, town):
    steps.keys(town, "chen", "zhou")
    letter = steps.opened(**steps.WHO)
    with pytest.raises(Http404):
        OPENING.begun(town.wu, {"letter": str(letter.pk)})
    page = as_("wu").get(letter.reports.get().get_absolute_url()).content.decode()
    assert "申请查看身份" not in page and "身份已密封" in page and not Opening.objects.seen_by(town.wu).exists()


def test_the_leading_group_names_handlers_and_nobody_else_does(town):
    for name in ("zhou", "chen", "he", "zhang"):
        with pytest.raises(Refused, match="领导小组"):
            identity.name(town.chen, getattr(town, name))
    with pytest.raises(Refused, match="只能指定"):
        identity.name(town.zhang, town.sun)
    identity.name(town.chen, town.sun)
    with pytest.raises(Refused, match="已经是"):
        identity.name(town.chen, town.sun)


def test_there_are_three_handlers_at_most(town):
    for name in ("chen", "wu", "zhou"):
        identity.name(getattr(town, name), town.sun)
    with pytest.raises(Refused, match="最多 3 人"):
        identity.name(town.wu, town.sun)


def test_a_handler_makes_his_key_on_the_page_and_the_server_keeps_no_half_of_it(as_, town):
    identity.name(town.chen, town.sun)
    chen = as_("chen")
    weak = chen.post("/tips/handlers/", {"act": "key", "passphrase": "kurz", "again": "kurz"})
    assert weak.status_code == 422 and "口令至少 12 个字" in weak.content.decode()
    twice = chen.post("/tips/handlers/", {"act": "key", "passphrase": "a" * 12, "again": "b" * 12})
    assert twice.status_code == 422 and "两次口令不一样" in twice.content.decode()
    said = {"act": "key", "passphrase": steps.PASSPHRASE, "again": steps.PASSPHRASE}
    answer = chen.post("/tips/handlers/", said)
    assert answer["Content-Disposition"].startswith("attachment") and answer["Cache-Control"] == "no-store"
    key = sealing.unwrapped(answer.content, steps.PASSPHRASE)
    assert Handler.of(town.chen).public_key == sealing.public_of(key)


def test_without_a_key_or_a_seat_nothing_is_sealed_to_him(town):
    identity.name(town.wu, town.sun)
    steps.keys(town, "chen", "zhou")
    assert {h.user.username for h in Handler.sealing()} == {"chen", "zhou"}
    Post.objects.filter(user=town.zhou).update(until=today() - timedelta(days=1))
    assert {h.user.username for h in Handler.sealing()} == {"chen"}


def test_a_hand_over_seals_everything_anew_and_gives_up_ones_own(town):
    files = steps.keys(town, "chen")
    letter = steps.opened(**steps.WHO)
    files |= steps.keys(town, "zhou")
    assert letter.copies.count() == 1
    n = identity.hand_over(town.chen, steps.handler(town.zhou), files["chen"], steps.PASSPHRASE, leave=True)
    copy = Copy.objects.get()
    assert n == 1 and copy.handler.user == town.zhou
    key = sealing.unwrapped(files["zhou"], steps.PASSPHRASE)
    assert sealing.open_with(key, copy.sealed, str(letter.pk)) == steps.WHO
    with at(today() + timedelta(days=1)):
        assert Handler.of(town.chen) is None


def test_a_hand_over_wants_the_right_key_and_somebody_with_one(town):
    files = steps.keys(town, "chen", "zhou")
    identity.name(town.wu, town.sun)
    with pytest.raises(Refused, match="还没有钥匙"):
        identity.hand_over(town.chen, steps.handler(town.wu), files["chen"], steps.PASSPHRASE, leave=False)
    with pytest.raises(Refused, match="钥匙文件或口令不对"):
        identity.hand_over(town.chen, steps.handler(town.zhou), files["zhou"], steps.PASSPHRASE, leave=False)


def test_a_key_under_which_something_lies_is_not_thrown_away(town):
    steps.keys(town, "chen")
    steps.opened(**steps.WHO)
    with pytest.raises(Refused, match="先办移交"):
        identity.new_key(town.chen, steps.PASSPHRASE, steps.PASSPHRASE)


def test_a_sealed_copy_cannot_be_moved_to_another_letter(town):
    files = steps.keys(town, "chen")
    one, other = steps.opened(**steps.WHO), steps.opened(name="别人")
    key = sealing.unwrapped(files["chen"], steps.PASSPHRASE)
    with pytest.raises(Refused, match="打不开"):
        sealing.open_with(key, one.copies.get().sealed, str(other.pk))


# --- retention ---------------------------------------------------------------------------------------------------


def test_identities_go_ninety_days_after_the_end_and_not_before(town):
    steps.keys(town, "chen", "zhou")
    row = steps.closed(town, **steps.WHO)
    with at(today() + timedelta(days=90)):
        assert retention.destroy_identities() == 0
    with at(today() + timedelta(days=91)):
        assert retention.destroy_identities() == 1 and retention.destroy_identities() == 0
    row.letter.refresh_from_db()
    assert not Copy.objects.exists() and (row.letter.contact, row.letter.tail) == ("", "")
    assert row.letter.content["text"], "the words stay until two people have agreed"


@pytest.mark.parametrize("kept", ["hold", "open", "reward"])
def test_what_is_held_open_or_rewarded_keeps_its_identity(town, kept):
    steps.keys(town, "chen", "zhou")
    row = steps.accepted(town, **steps.WHO) if kept == "open" else steps.closed(town, reward="on", **steps.WHO)
    if kept == "hold":
        flow.amend(row.letter, town.chen, "tip.dispose", hold="行政诉讼中")
    if kept == "reward":
        reward = REWARD.begun(town.chen, {"report": str(row.pk)})
        flow.move(reward, "propose", town.chen, level="3", penalty=0, insider=False, decision="")
    with at(today() + timedelta(days=400)):
        assert retention.destroy_identities() == 0


def test_two_people_destroy_the_words_and_the_figures_stay(town, settings):
    with at(today() - timedelta(days=1200)):
        row = steps.closed(town, photos=[a_photo()])
    bin_ = DISPOSAL.begun(town.chen, {})
    flow.move(bin_, "propose", town.chen)
    flow.move(bin_, "agree", town.wu)
    letter = Letter.objects.get()
    assert letter.content == {} and letter.content_gone_on == today() and not letter.messages.exists()
    assert not [p for p in settings.BLOB_DIR.rglob("*") if p.is_file()], "the pictures are gone from the disk"
    row.refresh_from_db()
    assert row.state == "closed" and Event.objects.of(row).count() >= 4
