"""The real program on a port of its own, and a phone that looks at it: Chromium at 390x844, touch, Chinese.

Imported by the test files of the page `/field/`; each file of tests has a town of its own. The database is SQLite:
what is tried here is the page, and it is the same on every engine.
"""

import atexit
import functools
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests import migrated, serving
from tests.cast import PASSWORD

ROOT = Path(__file__).parents[2]
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
HERE = {"latitude": 31.7201, "longitude": 119.5702, "accuracy": 6}
WANG = ("王秀兰", "320413190001010015", "13861234567")  # of the tofu workshop: a place of hers is looked at by a person
XU = ("徐根宝", "320413196505121023", "13912345678")
MAKE_TOWN = """
from django.contrib.auth.hashers import make_password
from tests import cast
cast.remember_password(make_password)
town = cast.the_town()
cast.tofu_shop(town.zhang)
for n, name in enumerate(["老街豆花摊", "李记煎饼摊", "赵家烧烤摊"]):
    cast.tofu_shop(town.zhang, kind_id="vendor", name=name, facts={}, address=f"后阳村集市{n + 1}号", lat=31.72 + n / 2000)
"""


class Program:
    """The program as it runs for people; `tell` asks its database in a process of its own."""

    def __init__(self, data: Path, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.port = port
        self.env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "sanxiao.web.settings", "SANXIAO_DATA": str(data),
            "SANXIAO_PROFILE": "practice", "SANXIAO_URL": self.base, "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.env.pop("DATABASE_URL", None)
        self.server: subprocess.Popen | None = None

    def manage(self, *words: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(command, cwd=ROOT, env=self.env, check=True, capture_output=True, text=True).stdout

    def tell(self, expression: str):
        """The value of an expression over the models, as JSON."""
        code = (
            "import json; from sanxiao.field.models import *; from sanxiao.survey.models import *; "
            "from sanxiao.archive.models import *; from sanxiao.joint.models import *; "
            f"print('@' + json.dumps({expression}, default=str))"
        )
        return json.loads(self.manage("shell", "-v0", "-c", code).rsplit("@", 1)[1])

    def until(self, expression: str, wanted: Any, patience: float = 60.0) -> None:
        """Wait until the database says so. Raises AssertionError with what it says instead."""
        last = time.monotonic() + patience
        while (said := self.tell(expression)) != wanted:
            assert time.monotonic() < last, f"{expression}: {said}, not {wanted}"

    def start(self) -> None:
        self.server = serving.begin(self.port, self.env, *serving.FOR_ONE)

    def stop(self) -> None:
        if self.server:
            serving.end(self.server)
            self.server = None


@functools.cache
def town() -> Path:
    """A data folder with the plan's town, made once in a process and copied for each file of tests."""
    folder = tempfile.TemporaryDirectory(prefix="sanxiao-field-")
    atexit.register(folder.cleanup)
    migrated.put(Path(folder.name))
    maker = Program(Path(folder.name), 0)
    maker.manage("shell", "-v0", "-c", MAKE_TOWN)
    return Path(folder.name)


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Iterator[Program]:
    """The plan's town with its people, served."""
    data = tmp_path_factory.mktemp("field") / "data"
    shutil.copytree(town(), data)
    made = Program(data, serving.free_port())
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """One browser for a file; every phone is a context of its own. It is closed before others begin theirs."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("SANXIAO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


def picture(shade: int = 60, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A photo as a camera makes it: large, and no two alike."""
    out = io.BytesIO()
    Image.effect_noise(size, shade).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


class Phone:
    """A phone in somebody's hand. It remembers what the browser complained of."""

    def __init__(self, chromium, program: Program, **options) -> None:
        shape = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
        place = {"geolocation": HERE, "permissions": ["geolocation"], "timezone_id": "Asia/Shanghai"}
        self.program = program
        self.context = chromium.new_context(**{**shape, **place, **options})
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.fill = Answers(self)
        self.page = self.open()

    def open(self):
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        page.set_default_timeout(20_000)
        self.page = page
        return page

    def _heard(self, message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request) -> None:
        if not request.url.startswith((self.program.base, "data:", "blob:")):
            self.outside.append(request.url)

    def sign_in(self, who: str = "zhang") -> "Phone":
        """Once with the name and the password; from then on the phone has its key."""
        self.page.goto(f"{self.program.base}/login/?next=/field/")
        self.page.fill("#id_username", who)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button.btn-primary")
        self.page.click("text=在这部手机上开始")
        self.page.wait_for_selector("nav.bottombar")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.rest()
        return self

    def rest(self) -> None:
        """Until the page has spoken with the server."""
        self.page.wait_for_selector("body[data-busy='']", state="attached")

    def all_sent(self, timeout: int = 60_000) -> None:
        """Nothing waits any more; looked at twice, for between two sendings nothing seems to wait."""
        for _look in range(2):
            self.page.wait_for_selector("body[data-waiting='0'][data-busy='']", state="attached", timeout=timeout)
            self.page.wait_for_timeout(1500)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.program.base}/field/#/{path}")

    def reopen_any(self) -> None:
        """The page is closed and opened again."""
        self.page.close()
        self.open()
        self.page.goto(f"{self.program.base}/field/")

    def reopen(self) -> None:
        """So, and one is inside."""
        self.reopen_any()
        self.page.wait_for_selector("nav.bottombar")

    def offline(self, off: bool = True) -> None:
        self.context.set_offline(off)

    def begin(self, kind: str = "小摊贩") -> None:
        self.go("new")
        self.page.click(f"main .card:has(strong:text-is('{kind}'))")
        self.page.wait_for_selector("body[data-ready=form]")

    def visit(self, name: str) -> None:
        """Open the form of a visit on a place of the list."""
        self.go("places")
        self.page.fill("input[type=search]", name)
        self.page.locator("main .card", has_text=name).first.click()
        self.page.click("footer .btn:has-text('回访')")
        self.page.wait_for_selector("body[data-ready=form]")

    def finish(self) -> None:
        """The form is complete: into the queue."""
        self.page.get_by_text("都填好了").wait_for()
        self.fill.next()
        self.page.wait_for_selector(".tiles")

    def states(self) -> list[str]:
        """What the tray says of each item, from above."""
        self.go("work")
        self.page.wait_for_timeout(150)
        return self.page.locator("main .card .chip").all_inner_texts()


class Answers:
    """Answers given in the page that is open, question by question, by touch."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    def box(self, name: str):
        return self.phone.page.locator(f"[data-question='{name}']")

    def write(self, name: str, text: str) -> None:
        self.box(name).locator("input, textarea").first.fill(text)

    def pick(self, name: str, *values: str) -> None:
        for value in values:
            wanted = self.box(name).locator(f".pick:has(input[value='{value}'])")
            if not wanted.locator("input").is_checked():  # known from the file
                wanted.click()

    def list(self, name: str, *labels: str) -> None:
        """From a list that opens."""
        self.box(name).locator(".opener").click()
        for label in labels:
            self.phone.page.locator("dialog .pick", has_text=label).first.click()
        done = self.phone.page.locator("dialog .foot .btn-primary")
        if done.count():
            done.click()

    def position(self, name: str) -> None:
        self.box(name).locator(".btn").first.click()  # to take it, or to take it again
        self.box(name).locator(".fix").wait_for()

    def photos(self, *pictures: bytes, camera: bool = True) -> None:
        for n, data in enumerate(pictures):
            way = self.box("photos").locator("[data-camera]" if camera else "[data-album]")
            before = self.box("photos").locator(".shot").count()
            way.set_input_files({"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": data})
            self.box("photos").locator(".shot").nth(before).wait_for()

    def sign(self, name: str = "signature") -> None:
        box = self.box(name).locator("canvas")
        box.scroll_into_view_if_needed()
        at = box.bounding_box()
        mouse = self.phone.page.mouse
        mouse.move(at["x"] + 40, at["y"] + 40)
        mouse.down()
        for step in range(1, 8):
            mouse.move(at["x"] + 40 + 25 * step, at["y"] + 40 + (20 if step % 2 else 70))
        mouse.up()

    def next(self) -> None:
        self.phone.page.locator("footer .btn-primary").click()

    def previous(self) -> None:
        self.phone.page.locator("footer .btn", has_text="上一页").click()

    def operator(self, name: str, person: tuple[str, str, str] = WANG) -> None:
        self.write("shop_name", name)
        for question, text in zip(("operator_name", "id_number", "phone"), person, strict=True):
            self.write(question, text)

    def place(self) -> None:
        self.write("address", "后阳村老街12号")
        self.position("location")
        self.pick("operating_state", "normal")
        self.write("workers", "2")
        self.write("health_certs", "2")
        self.pick("business_licence", "none")
        self.pick("premises_tenure", "own")
        self.write("area_m2", "12.5")

    def food(self) -> None:
        self.list("food_classes", "豆制品", "热食")
        self.write("food_varieties", "豆腐花、煎饼")
        self.pick("water", "tap")
        self.pick("pest_protection", "dust")
        self.pick("purchase_tickets", "complete")
        self.pick("additives", "no")

    def stall(self) -> None:
        self.pick("card", "none")
        self.pick("trade", "made_on_spot")
        self.pick("stall_form", "fixed")
        self.write("pitch", "老街口3号")
        self.position("pitch_location")
        self.pick("weekdays", "1", "5")
        self.write("window_from", "06:00")
        self.write("window_to", "10:00")
        self.pick("in_area", "yes")
        self.pick("vendor_foods", "breakfast")
        self.pick("covered", "yes")
        self.pick("tableware", "disposable")
        self.pick("fuel", "gas")
        self.pick("waste_bin", "yes")

    def findings(self) -> None:
        self.pick("illegal_building", "no")
        self.pick("road_occupation", "no")
        self.pick("problems", "none")
        self.pick("willing", "yes")
        self.pick("disposal_case", "1")

    def signing(self) -> None:
        self.write("surveyor_2", "李红")
        self.sign()

    def visit(self, *pictures: bytes) -> None:
        """The visit of a place on file, from the page of changes to the button that ends it."""
        self.next()
        self.pick("same_operator", "yes")
        self.pick("certificate_displayed", "none")
        self.pick("operating_state", "normal")
        self.pick("problems", "none")
        self.next()
        self.photos(*pictures)
        self.next()
        self.sign()
        self.next()

    def vendor(self, name: str, *pictures: bytes, person: tuple[str, str, str] = WANG) -> None:
        """The whole survey of a vendor, page by page, up to the button that ends it."""
        for fill in (lambda: self.operator(name, person), self.place, self.food, self.stall, self.findings):
            fill()
            self.next()
        self.photos(*pictures)
        self.next()
        self.signing()
        self.next()


@pytest.fixture
def phone(chromium, program) -> Iterator[Phone]:
    """Zhang's phone, signed in."""
    made = Phone(chromium, program).sign_in()
    yield made
    made.context.close()
