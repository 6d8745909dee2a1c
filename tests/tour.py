"""`./run tour`: starts the program with the practice town and takes the pictures of docs/tour.md.

The town is told anew in a folder that is thrown away (two minutes); `SANXIAO_TOUR_DATA` names one that is kept.
Nothing but `docs/tour/*.webp` is written.
"""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from tests import serving

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "tour"
PASSWORD = "Lianxi-2018"  # of every practice account
WIDE, NARROW = (1440, 900), (390, 844)
HERE = {"geolocation": {"latitude": 31.7201, "longitude": 119.5702}, "permissions": ["geolocation"]}
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


@dataclass(frozen=True)
class Shot:
    """A picture: its name, who looks, at what. `link` is followed from there: the first address that it fits;
    `press` is pressed, one after the other."""

    name: str
    who: str
    path: str
    link: str = ""
    phone: bool = False
    language: str = "zh-hans"
    press: tuple[str, ...] = ()


SHOTS = (
    Shot("sign-in", "", "/login/"),
    Shot("desk", "chen", "/"),
    Shot("desk-en", "chen", "/", language="en"),
    Shot("desk-phone", "zhang", "/", phone=True),
    Shot("survey-phone", "zhang", "/survey/new/workshop", phone=True),
    Shot("field", "zhang", "/field/#/errands", phone=True),
    Shot("field-form", "zhang", "/field/#/new", phone=True, press=("main .card:has(strong:text-is('小摊贩'))",)),
    Shot("field-market", "zhang", "/field/#/market", phone=True, press=("[data-market]",)),
    Shot("files", "chen", "/archive/"),
    Shot("file", "chen", "/archive/?case=2&kind=eatery", r"/archive/[0-9a-f-]{36}/"),
    Shot("file-phone", "zhang", "/archive/", r"/archive/[0-9a-f-]{36}/", phone=True),
    Shot("map", "chen", "/archive/map/"),
    Shot("order", "chen", "/inspection/", r"/inspection/[0-9a-f-]{36}/"),
    Shot("application", "chen", "/licensing/", r"/licensing/[0-9a-f-]{36}/"),
    Shot("import", "zhou", "/survey/import/"),
    Shot("cockpit", "sun", "/cockpit/"),
    Shot("cockpit-en", "sun", "/cockpit/", language="en"),
    Shot("plan", "sun", "/plan/"),
    Shot("aims", "sun", "/aims/"),
    Shot("zone", "zhang", "/zones/", r"/zones/[0-9a-f-]{36}/"),
    Shot("joint", "zhou", "/joint/", r"/joint/[0-9a-f-]{36}/"),
    Shot("oversight", "sun", "/oversight/"),
    Shot("case", "chen", "/cases/?state=filed", r"/cases/[0-9a-f-]{36}/"),
    Shot("tip-phone", "", "/tip/", phone=True),
)


def manage(*words: str, **env: str) -> None:
    """A management command, quietly."""
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def practice_town() -> Iterator[str]:
    """A data folder with the practice town in it."""
    kept = os.environ.get("SANXIAO_TOUR_DATA")
    with tempfile.TemporaryDirectory(prefix="sanxiao-tour-") as made:
        data = kept or made
        if not (Path(data) / "practice-accounts.json").exists():
            manage("migrate", "-v0", SANXIAO_DATA=data)
            manage("setup_town", str(ROOT / "towns" / "jincheng"), SANXIAO_DATA=data)
            manage("practice", "--seed", "1", SANXIAO_DATA=data)
        yield data


@contextlib.contextmanager
def served(data: str, **more: str) -> Iterator[str]:
    """The program on a free port; gives its address."""
    port = serving.free_port()
    base = f"http://127.0.0.1:{port}"
    env = {**os.environ, "SANXIAO_DATA": data, "SANXIAO_PROFILE": "practice", **more, "SANXIAO_URL": base}
    with serving.served(port, env, *serving.FOR_ONE):
        yield base


class Visitor:
    """A browser per person, size and language; takes the pictures."""

    def __init__(self, browser: Any, base: str) -> None:
        self.browser, self.base, self.pages = browser, base, dict[tuple[str, bool, str], Any]()

    def page(self, shot: Shot) -> Any:
        """A page in which that person is signed in."""
        key = (shot.who, shot.phone, shot.language)
        if key not in self.pages:
            width, height = NARROW if shot.phone else WIDE
            size = {"width": width, "height": height}
            context = self.browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", **HERE)
            context.add_cookies([{"name": "django_language", "value": shot.language, "url": self.base}])
            self.pages[key] = context.new_page()
            if shot.who:
                self._sign_in(self.pages[key], shot.who)
        return self.pages[key]

    def _sign_in(self, page: Any, who: str) -> None:
        page.goto(f"{self.base}/login/")
        page.fill("input[name=username]", who)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{self.base}/")

    def take(self, shot: Shot) -> int:
        """One picture into docs/tour; returns its bytes."""
        page = self.page(shot)
        answer = page.goto(self.base + shot.path)
        if shot.link:
            found = re.search(rf'href="({shot.link})"', page.content())
            if found is None:
                raise LookupError(f"{shot.name}: no link {shot.link} on {shot.path}")
            answer = page.goto(self.base + found[1])
        if answer is not None and answer.status != 200:
            raise LookupError(f"{shot.name}: {answer.status} at {answer.url}")
        if shot.path.startswith("/field/"):
            self._begin_phone(page)
        for selector in shot.press:
            page.click(selector)
            page.wait_for_selector("body[data-ready=form], .market .ask")
        page.wait_for_load_state("networkidle")
        return keep(page.screenshot(), OUT / f"{shot.name}.webp", 390 if shot.phone else 1200)

    def _begin_phone(self, page: Any) -> None:
        """The phone page wants to be begun once, and then to have spoken with the server."""
        begin = page.get_by_text("在这部手机上开始")
        page.wait_for_selector("nav.bottombar, header, main")
        if begin.count():
            begin.click()
        page.wait_for_selector("nav.bottombar, .screen")
        page.wait_for_selector("body[data-busy='']", state="attached")


def keep(png: bytes, path: Path, width: int) -> int:
    """Store a picture small; returns its bytes."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    picture.save(path, "WEBP", quality=60, method=6)
    return path.stat().st_size


def main() -> int:
    """Take all pictures, or those named."""
    from playwright.sync_api import sync_playwright

    wanted = set(sys.argv[1:])
    OUT.mkdir(parents=True, exist_ok=True)
    with practice_town() as data, served(data) as base, sync_playwright() as player:
        path = os.environ.get("SANXIAO_CHROMIUM", "/usr/bin/chromium")
        visitor = Visitor(player.chromium.launch(executable_path=path, args=list(CHROMIUM)), base)
        for shot in SHOTS:
            if not wanted or shot.name in wanted:
                print(f"{shot.name:14} {visitor.take(shot) // 1024:5} kB", flush=True)
    total = sum(each.stat().st_size for each in OUT.glob("*.webp"))
    print(f"{total // 1024} kB")
    return 0 if total < 1_000_000 else 1


if __name__ == "__main__":
    sys.exit(main())
