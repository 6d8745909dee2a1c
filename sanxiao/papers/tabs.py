"""The pages of a room side by side: declared once, shown above each of them by `papers/_tabs.html`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from sanxiao.office.duties import may_read


@dataclass(frozen=True)
class Tab:
    """A page: the name of its path, what it is called, and who may open it.

    `who` is a family of duties that a person must be able to read, or a question to him; '' is everybody of the room.
    """

    url: str
    name: Any
    who: str | Callable[[Any], bool] = ""

    def opens_for(self, user: Any) -> bool:
        """May this person open it?"""
        return self.who(user) if callable(self.who) else not self.who or may_read(user, self.who)


@dataclass(frozen=True)
class Tabs:
    """The pages of a room under its name; called with a request, those that this person may open."""

    name: Any
    pages: tuple[Tab, ...]

    def __call__(self, request: HttpRequest) -> dict[str, Any]:
        """Name and rows for the template; the longest path that fits is where one stands."""
        shown = [(reverse(tab.url), tab.name) for tab in self.pages if tab.opens_for(request.user)]
        here = max((url for url, _name in shown if request.path.startswith(url)), key=len, default="")
        return {"name": self.name, "rows": [{"url": url, "name": name, "here": url == here} for url, name in shown]}
