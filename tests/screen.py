"""A person in front of a screen: opens pages, follows links by their words, fills in forms, presses buttons.

What cannot be seen cannot be pressed here either: a link, a button or a field that the page does not show fails
the test. Words are told in Chinese, the language of the source, and looked for in that of the screen.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import lxml.html
from django.test import Client
from django.utils.translation import gettext, override

CHINESE = re.compile(r"[\u4e00-\u9fff，。：；、（）《》]+")
PLAIN_QUOTES = str.maketrans("“”", '""')  # of English; the Chinese font draws curly ones as wide as a character
UNREAD = ("script", "style", "option", "input", "textarea")  # what these hold is data, or no words


class Screen:
    """A browser without scripts. `read` collects the words of every page that was opened."""

    def __init__(self, client: Client, language: str, words: Mapping[str, str] = MappingProxyType({})) -> None:
        """`words`: the town's own words in the language of the screen, which no catalogue has."""
        self.client, self.language, self.words = client, language, words
        self.client.cookies["django_language"] = language
        self.path, self.page = "/", lxml.html.fromstring("<html/>")
        self.read: dict[str, set[str]] = {}
        self.typed: set[str] = set()

    # -- going somewhere

    def opens(self, path: str) -> "Screen":
        """Open an address, as from a bookmark."""
        return self._shows(self.client.get(path, follow=True), path)

    def status(self, path: str) -> int:
        """What an address answers; the page before stays open."""
        return int(self.client.get(path).status_code)

    def follows(self, words: str, nth: int = 0) -> "Screen":
        """Follow the link with these words."""
        return self.opens(self.link(words, nth))

    def link(self, words: str, nth: int = 0) -> str:
        """Where the link with these words leads."""
        found = [a.get("href") for a in self.page.iter("a") if self.say(words) in _text(a)]
        assert found, f"no link {self.say(words)!r} at {self.path}; there are {sorted(map(_text, self.page.iter('a')))}"
        return self._whole(found[nth])

    def downloads(self, words: str, nth: int = 0) -> bytes:
        """The file behind a link."""
        answer = self.client.get(self.link(words, nth))
        assert answer.status_code == 200, f"{answer.status_code} for {words}"
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    # -- filling in and pressing

    def presses(self, button: str, fields: dict[str, Any] | None = None, **more: Any) -> "Screen":
        """Fill in fields of the form with this button, and press it."""
        said = {**(fields or {}), **more}
        form, pressed = self._form(button, said)
        data = self._filled(form, said)
        if pressed.get("name"):
            data[pressed.get("name")] = [pressed.get("value", "")]
        where = self._whole(form.get("action") or self.path)
        if form.method == "GET":
            return self._shows(self.client.get(where, data, follow=True), where)
        return self._shows(self.client.post(where, data, follow=True), where)

    def types(self, **fields: str) -> "Screen":
        """Leave a field that asks the server while one types; the answer takes the place of the page's words."""
        [where] = {field.get("hx-post") for field in self.page.xpath("//*[@hx-post and @data-double]")}
        [form] = [f for f in self.page.forms if f.xpath(".//*[@hx-post and @data-double]")]
        asked = {field.get("name") for field in form.xpath(".//*[@data-double]")}
        assert set(fields) <= asked, f"{set(fields) - asked} asks nothing while one types"
        data = {name: value for name, value in self._filled(form, fields).items() if name in asked}
        answer = self.client.post(where, data, headers={"HX-Request": "true"})
        return self._shows(answer, self.path)

    def _form(self, words: str, said: dict[str, Any]) -> tuple[Any, Any]:
        label = self.say(words)
        buttons = [
            (f, b) for f in self.page.forms for b in f.iter("button") if _text(b) == label and b.get("disabled") is None
        ]
        fits = [(f, b) for f, b in buttons if all(f.xpath(".//*[@name=$n]", n=name) for name in said)]
        offered = sorted({_text(b) for b in self.page.iter("button")})
        assert fits, f"no button {label!r} with {sorted(said)} at {self.path}; there are {offered}"
        return fits[0]

    def _filled(self, form: Any, said: dict[str, Any]) -> dict[str, list[Any]]:
        """What a browser would send: what stands in the form, and over it what is filled in now."""
        data: dict[str, list[Any]] = {}
        for name, value in form.form_values():
            if name not in said:
                data.setdefault(name, []).append(value)
        for name, value in said.items():
            data[name] = [_offered(form, name, each) for each in (value if isinstance(value, list) else [value])]
            self.typed |= {each if isinstance(each, str) else each.name for each in data[name]}
        return data

    # -- seeing

    @property
    def text(self) -> str:
        """All words of the page."""
        return _text(self.page)

    def sees(self, *words: str) -> "Screen":
        """All these words stand on the page."""
        text = self.text
        for each in map(self.say, words):
            assert each in text, f"{each!r} is not at {self.path}: {text[:1500]}"
        return self

    def misses(self, *words: str) -> "Screen":
        """None of these words stands on the page."""
        text = self.text
        for each in map(self.say, words):
            assert each not in text, f"{each!r} is at {self.path}"
        return self

    def cannot(self, *acts: str) -> "Screen":
        """None of these acts is offered, neither as a link nor as a button; the words may stand in the history."""
        offered = {_text(each) for each in self.page.xpath("//a|//button[not(@disabled)]")}
        assert not (taken := offered & set(map(self.say, acts))), f"{taken} at {self.path}"
        return self

    def refused(self) -> str:
        """The reason that a refusal gives."""
        return " ".join(_text(each) for each in self.page.xpath("//*[@role='alert']"))

    def say(self, chinese: str) -> str:
        """Words of the source in the language of the screen; what is no message stays as it is, in its quotes."""
        with override(self.language):
            told = gettext(chinese) if chinese else ""
        if told != chinese:
            return told
        return self.words.get(chinese, chinese.translate(PLAIN_QUOTES) if self.language == "en" else chinese)

    def _shows(self, answer: Any, path: str) -> "Screen":
        assert answer.status_code in (200, 409, 422), f"{answer.status_code} at {path}"
        self.path = answer.redirect_chain[-1][0] if getattr(answer, "redirect_chain", None) else path
        self.page = lxml.html.document_fromstring(answer.content.decode() or "<body></body>")
        self.read.setdefault(re.sub(r"[0-9a-f-]{36}|\d+", "…", self.path), set()).update(_words(self.page))
        return self

    def _whole(self, path: str) -> str:
        """An address as the browser completes it."""
        path = path.split("#")[0]
        return self.path.split("?")[0] + path if path.startswith("?") or not path else path


def _text(element: Any) -> str:
    return " ".join(element.text_content().split())


def _words(page: Any) -> Iterator[str]:
    """The pieces of text that a person reads, with what is shown or read aloud of pictures and fields."""
    for element in page.find("body").iter():
        if not isinstance(element.tag, str) or element.tag in UNREAD or element.get("lang", "").startswith("zh"):
            tail = (element.tail or "").strip()
            yield from [tail] if tail else []
            continue
        pieces = [element.text, element.tail, *(element.get(n) for n in ("title", "alt", "aria-label", "placeholder"))]
        yield from (piece.strip() for piece in pieces if piece and piece.strip())


def _offered(form: Any, name: str, value: Any) -> Any:
    """The value, when the form offers it. Lists of choices are closed, and a box is ticked by its own value."""
    fields = form.xpath(".//*[@name=$n]", n=name)
    choices = [o.get("value") for f in fields for o in f.iter("option")]
    choices += [f.get("value", "on") for f in fields if f.get("type") in ("checkbox", "radio")]
    assert not choices or value in choices, f"{name} does not offer {value!r} but {choices}"
    assert all(f.get("type") != "file" for f in fields) or hasattr(value, "read"), f"{name} wants a file"
    return value
