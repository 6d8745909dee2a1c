"""Forms of meetings: whom to invite, the roll, minutes with their decisions."""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from sanxiao.campaign.forms import OFFICES, VILLAGES, UnitsForm, ahead, clauses_of
from sanxiao.campaign.rules import JOINT, MEETING, MEETINGS
from sanxiao.campaign.units import VILLAGE, holders
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.office.models import Office
from sanxiao.office.now import today

LINES = 6  # decisions of one meeting


class InvitingForm(UnitsForm):
    """A form that invites units."""

    obj: Any  # the meeting
    own = ("invited",)
    name, title, duty = "invited", _("参会单位"), "meeting.sign"

    def left_out(self) -> set[int]:
        """The host comes in any case; who is invited is not invited again."""
        had = set() if self.obj._state.adding else set(self.obj.invites.values_list("office", flat=True))
        return {self.obj.host_id} | had


MEETING.form("invite")(InvitingForm)


@MEETING.form("plan")
class MeetingForm(InvitingForm):
    """When, where, about what, who."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [pair for pair in MEETINGS if self.obj.level == "town" or pair[0] != JOINT]
        self.fields["kind"] = forms.ChoiceField(label=_("会议类型"), choices=kinds, initial=self.obj.kind)
        self.fields["agenda"].widget.attrs["rows"] = 4
        if not self.obj.topic:
            names = dict(MEETINGS)
            self.fields["topic"].initial = say("食品三小专项整治%(kind)s") % {"kind": names[self.obj.kind]}
        if self.obj.level != "town":
            self.fields["groups"].widget = forms.MultipleHiddenInput()
            self.fields[self.name].label = _("另请参加的单位（可不选）")
        self.order_fields(["kind", "topic", "held_on", "starts_at", "place", "chair", "agenda", "groups", "invited"])

    def clean(self) -> dict[str, Any]:
        """A unit's own meeting needs nobody from outside."""
        if self.obj.level == "town":
            return super().clean()
        return MoveForm.clean(self) or self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """The units, the host among them."""
        return {**super().facts(), self.name: [self.obj.host, *self.units]}


@MEETING.form("move")
class MovedForm(MoveForm):
    """Another day or place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ahead(self, "held_on")


@MEETING.form("hold")
class HoldForm(MoveForm):
    """The roll: who signed stands there already, the others are ticked."""

    obj: Any  # the meeting
    template = "campaign/_roll.html"
    own = ("came",)
    open_ended = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(self.obj.invites.select_related("office"))
        self.there = [row for row in rows if row.state == "came"]
        self.others = [row for row in rows if row.state in ("invited", "excused")]
        self.host = self.obj.host_id
        self.fields["attended"].initial = sum(len(row.people) for row in self.there) or None

    @property
    def ticked(self) -> set[str]:
        """The keys that are ticked."""
        given = self.data.getlist("came") if hasattr(self.data, "getlist") else []
        return {str(row.pk) for row in self.others} & set(given)

    @property
    def lines(self) -> list[tuple[Any, bool]]:
        """Each unit that has not signed, and whether its box is ticked; the host's own is at first."""
        ticked = self.ticked if self.is_bound else {str(r.pk) for r in self.others if r.office_id == self.host}
        return [(row, str(row.pk) in ticked) for row in self.others]

    def facts(self) -> dict[str, Any]:
        """Who came; the meeting counts for its own day."""
        return {**super().facts(), "came": {"there": sorted(self.ticked)}, "on": self.obj.held_on}


class Line(forms.Form):
    """One decision."""

    text = forms.CharField(
        label=_("议定事项"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    unit = forms.ChoiceField(label=_("承办单位"), required=False)
    second = forms.ChoiceField(label=_("另一承办单位"), required=False)
    due_on = forms.DateField(label=_("期限"), required=False, widget=DateInput)
    clause = forms.ChoiceField(label=_("方案条款"), required=False)

    def __init__(self, data: Any, *, no: int, units: list[tuple[str, Any]], clauses: list[tuple[str, Any]]) -> None:
        super().__init__(data, prefix=f"decisions-{no}", use_required_attribute=False)
        self.no = no
        for name in ("unit", "second"):
            self.fields[name].choices = units  # type: ignore[attr-defined]
        self.fields["clause"].choices = clauses  # type: ignore[attr-defined]
        ahead(self, "due_on")

    def clean(self) -> dict[str, Any]:
        """What somebody is to do has words and a day."""
        told = super().clean() or self.cleaned_data
        named = told.get("unit") or told.get("second")
        if (named or told.get("due_on")) and not told.get("text"):
            self.add_error("text", _("请写议定事项。"))
        if named and not told.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("交办的要写期限。"))
        if told.get("due_on") and told["due_on"] < today():
            self.add_error("due_on", _("期限不能早于今天。"))
        return told


@MEETING.form("minute")
class MinuteForm(MoveForm):
    """Minutes, and some lines of decisions; those with a unit become tasks. JSON: a list `decided` of objects."""

    obj: Any  # the meeting
    template = "campaign/_minute.html"
    own = ("decided",)
    open_ended = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].widget.attrs["rows"] = 8
        area, town = self.obj.area, self.obj.level == "town"
        self.units = list(holders("task.take", area).exclude(pk=self.obj.host_id)) if town else [self.obj.host]
        every = [(VILLAGES, _("全部村（社区）")), (OFFICES, _("全部镇级单位"))] if town else []
        choices = [("", _("不交办")), *every, *[(str(unit.pk), str(unit)) for unit in self.units]]
        data = self._flat(self.data) if self.is_bound else None
        clauses = clauses_of(area)
        self.lines = [Line(data, no=no, units=choices, clauses=clauses) for no in range(1, LINES + 1)]

    def _flat(self, data: Any) -> Any:
        """A JSON list of decisions as the fields of a posted form."""
        given = data.getlist("decided") if isinstance(data, MultiValueDict) else []
        if not given:
            return data
        flat: dict[str, Any] = {}
        for no, text in enumerate(given, 1):
            try:
                said = json.loads(text)
            except ValueError:
                said = {}
            flat |= {f"decisions-{no}-{key}": value for key, value in (said if isinstance(said, dict) else {}).items()}
        return flat

    def clean(self) -> dict[str, Any]:
        """What is wrong with a line stands at the line."""
        told = super().clean() or self.cleaned_data
        valid = [line.is_valid() for line in self.lines]  # all of them, so that every line says what is wrong
        if not all(valid):
            self.add_error(None, _("请检查标红的议定事项。"))
        return told

    def _named(self, keys: set[str]) -> list[Office]:
        return [
            unit
            for unit in self.units
            if str(unit.pk) in keys or (VILLAGES if unit.role == VILLAGE else OFFICES) in keys
        ]

    def decisions(self) -> Iterator[dict[str, Any]]:
        """The lines that were written."""
        for line in self.lines:
            told = line.cleaned_data
            if told.get("text"):
                keys = {told.get("unit", ""), told.get("second", "")} - {""}
                yield {
                    "text": told["text"], "units": self._named(keys), "due_on": told.get("due_on"),
                    "clause": told.get("clause", ""),
                }  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """The decisions as the act takes them; none is also an answer."""
        return {**super().facts(), "decided": {"rows": list(self.decisions())}}
