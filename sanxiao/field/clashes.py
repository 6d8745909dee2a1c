"""两处修改: fields that a phone and the office changed differently. A person chooses; till then the office's stands."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.forms import MoveForm
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.docket.rooms import Fill, fill_for
from sanxiao.field.models import Clash
from sanxiao.field.rules import CLASH
from sanxiao.office.models import User
from sanxiao.survey import touched

SIDES = ("ours", "theirs")


@dataclass(frozen=True)
class Line:
    """One field with its three values in words, and who changed it last in the office."""

    name: str
    label: str
    base: str
    ours: str
    theirs: str
    office: Event | None
    chosen: str


@CLASH.effect("choose")
def chosen(clash: Clash, by: User, facts: dict[str, Any]) -> None:
    """What is chosen of the phone's goes into the file as it stands; the rest stays as the office has it."""
    sides = facts["chosen"]
    held = {field["name"]: field for field in clash.fields}
    if set(sides) != set(held) or not set(sides.values()) <= set(SIDES):
        raise Refused(_("每一项都要选定用哪一个。"), {"chosen": _("请逐项选定")}, "invalid")
    fill = fill_of(clash)
    if fill.adopt is None:
        raise Refused(_("这种表单的内容不能写入档案。"), code="guard")
    file = Establishment.objects.held().get(pk=clash.file.standing.pk)
    if facts.pop("seen", None) not in (None, touched.mark(file)):
        raise Stale(_("档案在您看这一页时又被改过，办公室的内容已是新的；请核对后再选。"))
    fill.adopt(file, {name: held[name]["theirs"] for name, side in sides.items() if side == "theirs"}, by)


def fill_of(clash: Clash) -> Fill:
    """Who took the answers. Raises Refused where nobody does any more."""
    fill = fill_for(clash.submission.edition.code)
    if fill is None:
        raise Refused(_("这种表单已没有科室接收。"), code="guard")
    return fill


@CLASH.form("choose")
class ChooseForm(MoveForm):
    """Every field with its two values, or all at once by one press; a program sends `chosen` as an object."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)  # the mark of the file that was shown
    own = ("chosen",)
    open_ended = True
    template = "field/_choose.html"
    obj: Clash

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = touched.mark(self.obj.file.standing)
        self.lines = list(lines_of(self.obj, self.user))

    def renew(self) -> None:
        """The office's values as they are now."""
        super().renew()
        self.carry(seen=touched.mark(self.obj.file.standing))
        self.lines = list(lines_of(self.obj, self.user))

    def clean(self) -> dict[str, Any]:
        """Read the choices, however they came."""
        told = super().clean() or {}
        names = [field["name"] for field in self.obj.fields]
        sides: dict[str, str]
        if (side := self.data.get("all")) in SIDES:
            sides = {name: str(side) for name in names}
        elif "chosen" in self.data:
            sides = self._sent()
        else:
            said = {name: str(self.data.get(f"take-{name}")) for name in names}
            sides = {name: side for name, side in said.items() if side in SIDES}
        if set(sides) != set(names):
            raise forms.ValidationError(gettext_lazy("每一项都要选定用哪一个。"))
        return {**told, "chosen": sides}

    def _sent(self) -> dict[str, str]:
        try:
            said = json.loads(self.data["chosen"])
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in said.items()} if isinstance(said, dict) else {}


def lines_of(clash: Clash, user: User) -> Iterator[Line]:
    """The fields in words. What the office has is shown as it stands now, not as it stood when the answers came."""
    fill, file = fill_of(clash), clash.file
    now = fill.values([file]).get(file.pk, {}) if fill.values else {}
    events = touched.last(file)
    for field in clash.fields:
        name = field["name"]
        ours = now.get(name, field["ours"]) if clash.is_open else field["ours"]
        said = [_said(fill, clash, name, value, user) for value in (field["base"], ours, field["theirs"])]
        base, held, theirs = (words for _label, words in said)
        yield Line(name, said[0][0], base, held, theirs, events.get(name), clash.chosen.get(name, ""))


def _said(fill: Fill, clash: Clash, name: str, value: Any, user: User) -> tuple[str, str]:
    return fill.say(clash.file, name, value, user) if fill.say else (name, "" if value is None else str(value))


@login_required
@require_GET
def clash(request: HttpRequest, pk: Any) -> HttpResponse:
    """Three values side by side: as it was, the office's, the phone's."""
    rows = Clash.objects.seen_by(request.user).select_related(
        "file__operator", "file__kind", "submission__by", "submission__edition"
    )
    found = get_object_or_404(rows, pk=pk)
    row = CLASH.row("choose")
    may = found.is_open and flow.seat_for(row, found, request.user) is not None
    context = {
        "clash": found,
        "form": ChooseForm(obj=found, row=row, user=request.user) if may else None,
        "lines": list(lines_of(found, request.user)),
        "events": Event.objects.of(found)[:20],
    }
    return render(request, "field/clash.html", context)
