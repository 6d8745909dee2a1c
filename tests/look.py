"""`./run look [FOLDER [PERSON …]]`: every page of the program as a picture, at the desk, on the phone and on paper,
in both languages, with what is wrong with it.

People of the practice town walk from page to page by the links they see, each shape of address once for each of
them; a page that several may see is photographed for the first alone. What a script can tell is told: an answer of
500, words from the console, a page wider than its screen, what axe calls serious, and on English pages Chinese
words outside of what people wrote. The rest is for the eye: FOLDER/index.html (default var/look).
"""

import html
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.tour import CHROMIUM, NARROW, ROOT, WIDE, Shot, Visitor, practice_town, served

PEOPLE = ("zhou", "chen", "zhang", "sun", "song", "ding", "feng", "he", "")
VIEWS = tuple((phone, language) for phone in (False, True) for language in ("zh-hans", "en"))
PUBLIC = ("/login/", "/tip/", "/v/", "/open/", "/open/cases/", "/open/decisions/", "/open/sampling/")
# Files, acts and the program of the phone (a page of its own, with its own tests) are not walked into.
LEFT_OUT = re.compile(
    r"\.(pdf|docx|xlsx|csv|json|ics|png|svg|webp|geojson|zip)\b|^/(do|api|static|media|field|openrosa|key|blob|paper)/"
    r"|/(export|print|download|word|excel|docx|photo|file|pdf|brief)\b|/logout"
)
PLAN = (ROOT / "towns" / "jincheng" / "plan.txt").read_text(encoding="utf-8")
ENOUGH = 400  # pages of one person; more is a circle that `shape` does not see
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# Chinese that the program itself says: of headings, buttons, labels and heads of tables; data stands elsewhere.
CHINESE = """() => [...document.querySelectorAll('h2, th, label, legend, button, .btn, .tabs a, summary, .empty p')]
    .filter((e) => !e.closest('.topbar, [lang]:not(html)'))
    .filter((e) => e.offsetParent && !e.querySelector('input, select') && /[\\u4e00-\\u9fff]/.test(e.textContent))
    .map((e) => e.textContent.trim().slice(0, 40)).filter((words) => words !== '中文').slice(0, 5)"""
WIDER = """() => { const page = document.documentElement, over = page.scrollWidth - page.clientWidth;
    if (over <= 0) return '';
    const far = [...document.querySelectorAll('main *')].find((e) => e.getBoundingClientRect().right > innerWidth + 1);
    return over + ' px too wide' + (far ? ' from ' + far.outerHTML.slice(0, 90) : ''); }"""


@dataclass
class Seen:
    """A page that was looked at: who, where, and what is wrong with it by view."""

    who: str
    path: str
    wrong: list[str] = field(default_factory=list)


def shape(path: str) -> str:
    """An address without its numbers: pages of one shape are one page to look at. The query counts by its names."""
    parts = urlsplit(path)
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9A-Z]{12,}\b|\b\d+\b", "*", parts.path)
    return plain + "?" + ",".join(sorted({pair.split("=")[0] for pair in parts.query.split("&")} & {"tab", "view"}))


class Walk:
    """One person's way through the program."""

    def __init__(self, visitor: Visitor, folder: Path, known: set[str]) -> None:
        self.visitor, self.folder, self.known = visitor, folder, known

    def through(self, who: str) -> Iterator[Seen]:
        """Every page that this person comes to, in the order of the links."""
        ahead, met = [*(PUBLIC if not who else ("/",))], set[str]()
        while ahead and len(met) < ENOUGH:
            path = ahead.pop(0)
            if shape(path) in met:
                continue
            met.add(shape(path))
            seen = Seen(who, path)
            links = self._look(seen, fresh=shape(path) not in self.known)
            self.known.add(shape(path))
            ahead += [link for link in links if shape(link) not in met and not LEFT_OUT.search(link)]
            yield seen

    def _look(self, seen: Seen, fresh: bool) -> list[str]:
        """The links of a page; with `fresh` it is photographed and judged in every view."""
        links: list[str] = []
        for phone, language in VIEWS if fresh else VIEWS[:1]:
            page = self.visitor.page(Shot("", seen.who, "", phone=phone, language=language))
            said: list[str] = []

            def listener(line: Any, said: list[str] = said) -> None:
                if line.type == "error":
                    said.append(line.text[:160])

            page.on("console", listener)
            name = f"{'phone' if phone else 'desk'}-{language[:2]}"
            seen.wrong += [f"{name}: {words}" for words in self._judge(page, seen, name, fresh)]
            seen.wrong += [f"{name}: console: {words}" for words in said]
            page.remove_listener("console", listener)
            if not links:
                links = [
                    urlsplit(urljoin(page.url, a))._replace(fragment="").geturl()[len(self.visitor.base) :]
                    for a in page.eval_on_selector_all(
                        "a[href]", "all => all.map((a) => String(a.href.baseVal ?? a.href))"
                    )
                    if a.startswith(self.visitor.base)
                ]
        return links

    def _judge(self, page: Any, seen: Seen, name: str, fresh: bool) -> Iterator[str]:
        answer = page.goto(self.visitor.base + seen.path)
        if answer is not None and answer.status >= 500:
            yield f"answers {answer.status}"
        if not fresh:
            return
        if page.locator(".map, .chart").count():
            page.wait_for_load_state("networkidle")
        if wide := page.evaluate(WIDER):
            yield wide
        if name.endswith("en"):
            yield from (f"Chinese: {words}" for words in page.evaluate(CHINESE) if words not in PLAN)
        else:
            yield from self._axe(page)
        page.screenshot(path=self.picture(seen, name), full_page=name.startswith("phone"), type="jpeg", quality=60)
        if name == "desk-zh":
            page.emulate_media(media="print")
            page.screenshot(path=self.picture(seen, "print"), type="jpeg", quality=60)
            page.emulate_media(media="screen")

    def _axe(self, page: Any) -> Iterator[str]:
        page.evaluate(AXE)
        for found in page.evaluate("axe.run({resultTypes: ['violations']}).then((told) => told.violations)"):
            if found["impact"] in ("serious", "critical"):
                yield f"axe {found['id']}: {found['nodes'][0]['html'][:120]} ({len(found['nodes'])})"

    def picture(self, seen: Seen, name: str) -> Path:
        """Where the picture of a page in a view lies."""
        plain = re.sub(r"[^a-z*?,]+", "-", shape(seen.path).lower()).strip("-?").replace("*", "n").replace("?", "_")
        return self.folder / f"{plain or 'home'}.{name}.jpg"


def index(walk: Walk, pages: list[Seen]) -> str:
    """All pictures side by side, with what is wrong above them."""
    rows = []
    for seen in pages:
        shots = [walk.picture(seen, view) for view in ("desk-zh", "desk-en", "phone-zh", "phone-en", "print")]
        if shots[0].exists():
            told = "".join(f"<li>{html.escape(words)}</li>" for words in seen.wrong)
            shown = "".join(f'<a href="{s.name}"><img src="{s.name}" loading="lazy" height="300"></a> ' for s in shots)
            rows.append(f"<h2>{html.escape(seen.path)} <small>{seen.who}</small></h2><ul>{told}</ul>{shown}")
    return "<!doctype html><meta charset=utf-8><title>sanxiao</title>" + "\n".join(rows)


def main() -> int:
    """Walk, photograph, tell. Exit status 1 when something is wrong with a page."""
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "look"
    folder.mkdir(parents=True, exist_ok=True)
    pages: list[Seen] = []
    with practice_town() as data, served(data) as base, sync_playwright() as player:
        path = os.environ.get("SANXIAO_CHROMIUM", "/usr/bin/chromium")
        visitor = Visitor(player.chromium.launch(executable_path=path, args=list(CHROMIUM)), base)
        walk = Walk(visitor, folder, set())
        for who in sys.argv[2:] or PEOPLE:
            for seen in walk.through(who):
                pages.append(seen)
                for words in seen.wrong:
                    print(f"{seen.who or 'anybody':8} {seen.path}  {words}", flush=True)
        (folder / "index.html").write_text(index(walk, pages), encoding="utf-8")
    wrong = sum(bool(seen.wrong) for seen in pages)
    print(f"{len(pages)} pages, {len(walk.known)} shapes, something wrong with {wrong}; {folder / 'index.html'}")
    print(f"(desk {WIDE[0]}×{WIDE[1]}, phone {NARROW[0]}×{NARROW[1]})")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
