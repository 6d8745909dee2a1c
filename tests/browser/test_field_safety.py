"""What a stranger finds on the phone, and what happens when it is lost, shut out, or signed out."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.browser.field_fixtures import Phone, chromium, phone, picture, program  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once]

DUMP = """async () => {
  const open = await new Promise((done, bad) => { const asked = indexedDB.open('sanxiao-field'); asked.onsuccess = () => done(asked.result); asked.onerror = bad; });
  const found = {};
  for (const name of open.objectStoreNames) {
    const rows = await new Promise((done) => { const all = open.transaction(name).objectStore(name).getAll(); all.onsuccess = () => done(all.result); });
    const text = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder('utf-8').decode(value) : value instanceof CryptoKey ? 'key ' + value.extractable : value && typeof value === 'object' ? Object.values(value).map(text).join('|') : String(value);
    const keys = await new Promise((done) => { const all = open.transaction(name).objectStore(name).getAllKeys(); all.onsuccess = () => done(all.result); });
    found[name] = keys.join('|') + '|' + rows.map(text).join('|');
  }
  open.close();
  return found;
}"""


def test_nothing_that_was_answered_can_be_read_in_the_raw_store(phone):
    phone.begin()
    phone.fill.operator("桥头豆花")
    phone.page.wait_for_timeout(300)
    found = phone.page.evaluate(DUMP)
    assert {"answers", "files", "forms", "lists", "settings", "keys"} == set(found)
    assert all(found[name] for name in ("answers", "forms", "lists", "settings"))
    everything = json.dumps(found, ensure_ascii=False)
    for secret in ("桥头豆花", "王秀兰", "13861234567", "320413190001010015", "王家豆腐坊", "张桂兰", "survey_vendor<"):
        assert secret not in everything
    assert found["keys"].endswith("key false")


def gone(phone) -> bool:
    return phone.page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_a_phone_that_was_shut_out_is_wiped(phone, program):
    phone.begin()
    phone.fill.write("shop_name", "半路摊")
    phone.page.wait_for_timeout(200)
    program.manage("shell", "-v0", "-c", REVOKE)
    phone.reopen_any()
    phone.page.get_by_text("这部手机已停用").wait_for()
    assert gone(phone)


REVOKE = """
from django.utils import timezone
from sanxiao.field.models import Phone
Phone.objects.filter(revoked_at=None).update(revoked_at=timezone.now())
"""


def test_who_leaves_his_post_leaves_his_phone_and_what_he_saw_before_arrives(chromium, program):
    leaver = Phone(chromium, program).sign_in("li")
    leaver.offline()
    leaver.begin()
    leaver.fill.vendor("末班粥摊", picture())
    leaver.fill.previous()
    yesterday = (datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=1)).date().isoformat()
    leaver.fill.write("surveyed_on", yesterday)
    leaver.fill.next()
    leaver.finish()
    program.manage("shell", "-v0", "-c", LEAVE)
    leaver.offline(False)
    leaver.page.get_by_text("您现在没有岗位").wait_for(timeout=60_000)
    assert gone(leaver)
    assert program.tell("Submission.objects.filter(by__username='li').count()") == 1
    leaver.context.close()


LEAVE = """
from datetime import timedelta
from sanxiao.office.models import Post
from sanxiao.office.now import today
Post.objects.filter(user__username="li").update(until=today() - timedelta(days=1))
"""


def test_who_is_moved_to_another_village_keeps_nothing_of_what_he_sent_from_the_old_one(chromium, program):
    program.manage("shell", "-v0", "-c", BACK)
    moved = Phone(chromium, program).sign_in("li")
    moved.begin()
    moved.fill.vendor("南桥粥摊", picture())
    moved.finish()
    moved.all_sent()
    moved.begin()
    moved.fill.write("shop_name", "半路摊")
    moved.page.locator("header .head-back").click()
    program.manage("shell", "-v0", "-c", MOVE)
    moved.reopen()
    moved.rest()
    assert moved.states() == ["草稿"]  # what has not arrived is still there
    moved.go("places")
    moved.page.get_by_text("王家豆腐坊").wait_for()
    assert not moved.page.get_by_text("南桥粥摊").count()
    moved.context.close()


BACK = """
from sanxiao.office.models import Post
Post.objects.filter(user__username="li").update(until=None)
"""
MOVE = """
from datetime import timedelta
from sanxiao.office.models import Office, Post, User
from sanxiao.office.now import today
Post.objects.filter(user__username="li").update(until=today() - timedelta(days=1))
office = Office.objects.on().get(role="village", area="320413100206")
Post.objects.create(user=User.objects.get(username="li"), office=office, title="协管员", since=today())
"""


def test_what_would_be_lost_is_counted_whole_before_signing_out(phone):
    phone.begin()
    phone.fill.write("shop_name", "半路摊")
    phone.page.locator("header .head-back").click()
    phone.context.route("**/submission?*", lambda route: route.fulfill(status=409, body="<message>另一份</message>"))
    phone.visit("李记煎饼摊")
    phone.fill.visit(picture())
    phone.finish()
    phone.page.locator("main .card .chip", has_text="没有收下").wait_for()
    phone.go("me")
    phone.page.click("main .btn-danger")
    phone.page.get_by_text("还有 2 份没有上传").wait_for()


def test_signing_out_warns_of_what_waits_and_then_leaves_nothing(phone):
    phone.offline()
    phone.visit("赵家烧烤摊")
    phone.fill.visit(picture())
    phone.finish()
    phone.go("me")
    phone.page.click("main .btn-danger")
    phone.page.get_by_text("还有 1 份没有上传").wait_for()
    phone.page.click("dialog .btn-danger")
    phone.page.get_by_text("手机填表").wait_for()
    assert gone(phone)


def test_the_queue_can_leave_as_a_file_and_come_in_on_another_phone(phone, chromium, program, tmp_path):
    phone.offline()
    phone.visit("赵家烧烤摊")
    phone.fill.visit(picture())
    phone.finish()
    phone.go("me")
    with phone.page.expect_download() as saved:
        phone.page.click("text=导出没有上传的")
    path = tmp_path / "queue.json"
    saved.value.save_as(path)
    other = Phone(chromium, program).sign_in()
    before = program.tell("Submission.objects.count()")
    other.go("me")
    other.page.set_input_files("[data-import]", path)
    other.page.get_by_text("导入了 1 份").wait_for()
    other.go("work")
    other.page.locator("main .card .chip", has_text="已").first.wait_for(timeout=60_000)
    phone.offline(False)
    phone.go("work")
    phone.page.locator("main .card .chip", has_text="已").first.wait_for(timeout=60_000)
    assert program.tell("Submission.objects.count()") == before + 1
    other.context.close()
    stranger = Phone(chromium, program).sign_in("li")
    stranger.go("me")
    stranger.page.set_input_files("[data-import]", path)
    said = stranger.page.locator("[data-strangers]").inner_text()
    assert "张桂兰" in said and "没有放进来" in said
    stranger.page.get_by_role("button", name="关闭").last.click()
    stranger.go("work")
    stranger.page.get_by_text("还没有填过表").wait_for()
    assert program.tell("Submission.objects.count()") == before + 1
    stranger.context.close()


def test_on_an_address_without_encryption_nothing_is_kept(chromium, program):
    plain = Phone(chromium, program)
    plain.context.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    plain.page.goto(f"{program.base}/field/")
    plain.page.get_by_text("请用 https 或在本机打开").wait_for()
    assert gone(plain)
    plain.context.close()
