"""Sizes and speeds of the phone page, measured and printed; no request outside; axe finds nothing serious.

Times are the best of several goes, because a busy machine only adds. `./run bench` holds them to the goals; here, where
others may use the machine, a fence of three times the goal stands, which only a real fault climbs.
"""

import gzip
import json
import os
import re
import urllib.request
from pathlib import Path

import pytest

from tests.browser.field_fixtures import ROOT, Phone, chromium, phone, program  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once]

FIRST_LOAD = 450 * 1024
COLD, KEPT, FILTER = 4000, 2000, 300  # milliseconds at a quarter of the speed
FENCE = 3


def slow(phone, rate: int = 4):
    session = phone.context.new_cdp_session(phone.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    return session


def test_everything_that_is_loaded_at_first_is_small(program):
    worker = urllib.request.urlopen(f"{program.base}/field/sw.js").read().decode()
    addresses = ["/field/", "/field/sw.js", *json.loads(re.search(r"FILES = (\[.*?\]);", worker)[1])]
    total = 0
    for address in addresses:
        asked = urllib.request.Request(program.base + address, headers={"Accept-Encoding": "gzip"})
        answer = urllib.request.urlopen(asked)
        body = answer.read()
        total += len(body) if answer.headers.get("Content-Encoding") == "gzip" else len(gzip.compress(body))
    print(f"\nfirst load, engine and map and all: {total / 1024:.0f} KB gzip")
    assert total <= FIRST_LOAD


def judged(**found: tuple[float, int]) -> None:
    """Print every time, write it where `./run bench` asks for it, and hold it to its goal or to the fence."""
    if told := os.environ.get("SANXIAO_FIGURES"):
        with Path(told).open("a") as out:
            out.writelines(json.dumps([name, *pair]) + "\n" for name, pair in found.items())
    print("\n" + ", ".join(f"{name} {took:.0f} ms (goal {goal})" for name, (took, goal) in found.items()))
    assert {name: took for name, (took, goal) in found.items() if took > FENCE * goal} == {}


def ready(phone, draft: str) -> tuple[float, float]:
    """Milliseconds from the start of the navigation to a usable list, and to a form in which one can type."""
    page = phone.open()
    session = slow(phone)
    session.send("Network.enable")
    page.goto(f"{phone.program.base}/field/#/fill/{draft}")
    page.wait_for_selector("body[data-ready=form]")
    marks = page.evaluate("performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])")
    page.close()
    return dict(marks)["field-usable"], dict(marks)["field-ready"]


def test_ready_to_type(phone):
    phone.begin()
    phone.page.wait_for_timeout(300)
    draft = phone.page.url.rsplit("/", 1)[1]
    phone.page.close()
    kept = min((ready(phone, draft) for _n in range(4)), key=lambda pair: pair[1])  # a busy machine only adds
    phone.open()
    phone.page.goto(f"{phone.program.base}/healthz")
    phone.page.goto(f"{phone.program.base}/field/icon-192.png")
    times = []
    for _n in range(3):
        cleared = phone.open()
        cleared.goto(f"{phone.program.base}/field/icon-192.png")
        cleared.evaluate(FORGET)
        phone.context.new_cdp_session(cleared).send("Network.clearBrowserCache")
        cleared.close()
        times.append(ready(phone, draft))
    cold = min(times, key=lambda pair: pair[1])
    judged(ready_cold=(cold[1], COLD), ready_kept=(kept[1], KEPT), list_cold=(cold[0], COLD), list_kept=(kept[0], KEPT))


FORGET = """async () => {
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
}"""


def crowd(count: int) -> list[dict]:
    """Made-up places; names from a few characters, as in life."""
    names, kinds = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", ("workshop", "vendor", "eatery")
    return [
        {
            "id": f"00000000-0000-4000-8000-{n:012d}", "version": 1, "kind": kinds[n % 3], "number": f"X-{n:05d}",
            "name": f"{names[n % 20]}记{names[n // 20 % 20]}{('豆腐坊', '小吃摊', '面馆')[n % 3]}{n}", "operator": f"{names[n % 20]}**",
            "address": f"后阳村老街{n}号", "village": "320413100206", "lat": 31.7 + n % 71 / 900, "lng": 119.5 + n % 67 / 900,
            "state": "normal", "missing": [], "values": {"shop_name": f"{n}", "workers": "2", "water": "tap"},
        }
        for n in range(count)
    ]  # fmt: skip


def test_five_thousand_places_are_filtered_at_once(chromium, program):
    big = Phone(chromium, program)
    big.context.route("**/field/api/places", lambda route: route.fulfill(json={"places": crowd(5000)}))
    big.sign_in()
    goes = []
    for _n in range(3):  # opened anew each time: the first letter finds nothing worked out
        big.reopen()
        big.go("places")
        big.page.get_by_text("我的辖区 5000 户").wait_for()
        session = slow(big)
        goes.append([big.page.evaluate(TYPE, text) for text in ("豆", "豆腐坊49", "wj", "老街4321")])
        assert big.page.locator("main .card").count() == 1
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    big.context.close()
    first, *rest = [min(times) for times in zip(*goes, strict=True)]
    judged(filter_first_letter=(first, FILTER), filter_next=(max(rest), FILTER))


TYPE = """(text) => new Promise((done) => {
  const field = document.querySelector('input[type=search]');
  const began = performance.now();
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})"""

SCREENS = ("errands", "places", "new", "work", "me", "market", "walks")


def serious(page) -> list[str]:
    """What axe finds of weight."""
    page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("large", [False, True], ids=["normal type", "large type"])
def test_axe_finds_nothing_serious_on_any_screen(phone, large):
    assert Path(ROOT / "node_modules/axe-core/axe.min.js").exists()
    phone.page.evaluate(f"localStorage.setItem('field.large', '{int(large)}')")
    phone.reopen()
    found = {}
    for screen in SCREENS:
        phone.go(screen)
        phone.page.wait_for_timeout(250)
        found[screen] = serious(phone.page)
    phone.begin()
    found["form"] = serious(phone.page)
    phone.page.locator("footer .to-end").click()
    phone.page.get_by_text("还缺").first.wait_for()
    found["missing"] = serious(phone.page)
    assert {screen: said for screen, said in found.items() if said} == {}
    assert phone.complaints == [] and phone.outside == []


def test_every_thing_to_touch_is_large_enough(phone):
    small = {}
    for screen in SCREENS:
        phone.go(screen)
        phone.page.wait_for_timeout(250)
        small[screen] = phone.page.evaluate(SMALL)
    phone.begin()
    small["form"] = phone.page.evaluate(SMALL)
    assert {screen: said for screen, said in small.items() if said} == {}


SMALL = """() => [...document.querySelectorAll('button, a, .pick, .btn, select, input:not(.sr-only):not(.pick input)')]
  .filter((one) => one.offsetParent && !one.closest('.leaflet-container'))
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 44).map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
