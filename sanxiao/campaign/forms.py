"""Forms of targets and tasks, and what every form that names units shares."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.campaign import targets, tasks
from sanxiao.campaign.models import Clause, Phase
from sanxiao.campaign.rules import TARGET, TASK
from sanxiao.campaign.units import VILLAGE, holders
from sanxiao.docket.forms import MoveForm
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Office
from sanxiao.office.now import today

VILLAGES, OFFICES = "villages", "offices"


class UnitsForm(MoveForm):
    """A form that names units: ticked one by one, or all villages, or all offices of the town."""

    own: ClassVar[tuple[str, ...]] = ("units",)
    name, title, duty = "units", _("承办单位"), "task.take"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = [unit for unit in holders(self.duty, self.obj.area) if unit.pk not in self.left_out()]
        groups = [(VILLAGES, _("全部村（社区）")), (OFFICES, _("全部镇级单位"))]
        self.fields["groups"] = forms.MultipleChoiceField(
            label=_("一次选中"), choices=groups, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields[self.name] = forms.MultipleChoiceField(
            label=self.title, required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(str(unit.pk), str(unit)) for unit in self.offered], initial=self.ticked(),
        )  # fmt: skip

    def left_out(self) -> set[int]:
        """Keys of units that are not offered."""
        return set()

    def ticked(self) -> list[str]:
        """Keys that are ticked at first."""
        return []

    @property
    def units(self) -> list[Office]:
        """Those that were named, in the order of the list."""
        keys, groups = set(self.cleaned_data[self.name]), self.cleaned_data["groups"]
        return [
            unit
            for unit in self.offered
            if str(unit.pk) in keys or (VILLAGES if unit.role == VILLAGE else OFFICES) in groups
        ]

    def clean(self) -> dict[str, Any]:
        """At least one."""
        told = super().clean() or self.cleaned_data
        if not {self.name, "groups"} & set(self.errors) and not self.units:
            self.add_error(self.name, _("请至少选一个单位。"))
        return told

    def facts(self) -> dict[str, Any]:
        """The units as the act takes them."""
        return {name: value for name, value in super().facts().items() if name != "groups"} | {self.name: self.units}


def clauses_of(area: str) -> list[tuple[str, str]]:
    """The clauses that a task may name, to choose from."""
    rows = Clause.objects.of_town(area).exclude(roles=[])
    return [("", _("不对应条款")), *[(row.number, str(row)) for row in rows]]


def ahead(form: forms.Form, *names: str) -> None:
    """Days of these fields have still to come; the calendar of the browser begins today."""
    for name in names:
        form.fields[name].widget.attrs["min"] = str(today())


# --- targets -----------------------------------------------------------------------------------------------------


@TARGET.form("set")
class TargetForm(UnitsForm):
    """One indicator, one number (or a share of the places), one day, for any number of units."""

    own = ("units", "percent", "number")
    title = _("承担单位")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, model = self.obj.area, self.obj
        phases = Phase.objects.of_town(area).filter(round=model.round)
        rules = targets.rules_for(area)
        self.fields["phase"] = forms.ChoiceField(
            label=_("所属阶段"), choices=[(row.code, str(row)) for row in phases], initial=model.phase
        )
        self.fields["rule"] = forms.ChoiceField(
            label=_("考核指标"),
            choices=[(row.key, f"{row.clause} {row}") for row in rules],
            initial=model.rule,
        )
        self.fields["number"] = forms.IntegerField(
            label=_("目标数"), required=False, min_value=1, max_value=1_000_000, initial=model.number,
            help_text=_("每个单位同一个数。"),
        )  # fmt: skip
        self.fields["percent"] = forms.IntegerField(
            label=_("或按在营户数的百分比"), required=False, min_value=1, max_value=100,
            help_text=_("各村按自己的在营户数折算，进一取整。"),
        )  # fmt: skip
        self.fields["wanted_on"].initial = model.wanted_on or targets.last_day(
            next((row for row in phases if row.code == model.phase), None)
        )
        self.order_fields(["phase", "rule", "number", "percent", "wanted_on", "note", "groups", "units"])

    def ticked(self) -> list[str]:
        """Copied from another: every village that has none yet."""
        if not self.obj.rule:
            return []
        lacking = targets.without(self.obj, [unit for unit in self.offered if unit.role == VILLAGE])
        return [str(unit.pk) for unit in lacking]

    def clean(self) -> dict[str, Any]:
        """Either a number or a share; the day lies in the phase."""
        told = super().clean()
        if not self.errors and bool(told.get("number")) == bool(told.get("percent")):
            self.add_error("number", _("目标数和百分比填一个。"))
        phase = Phase.objects.filter(area=self.obj.area, round=self.obj.round, code=told.get("phase", "")).first()
        if phase and (day := told.get("wanted_on")) and not phase.since <= day <= (phase.until or date.max):
            self.add_error("wanted_on", _("完成日期要在这个阶段以内。"))
        if told.get("percent") and not self.errors and any(unit.role != VILLAGE for unit in self.units):
            self.add_error("percent", _("按在营户数折算的，只能下达给村（社区）。"))
        return told

    def facts(self) -> dict[str, Any]:
        """The number, or the share that says it."""
        said = super().facts()
        return {**said, "number": said.get("number") or 1}


# --- tasks -------------------------------------------------------------------------------------------------------


@TASK.form("assign")
class AssignForm(UnitsForm):
    """What, by when, to whom, and for which clause."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"] = forms.ChoiceField(
            label=_("方案条款"), choices=clauses_of(self.obj.area), required=False, initial=self.obj.clause
        )
        self.fields["demand"].widget.attrs["rows"] = 4
        ahead(self, "wanted_on")
        self.order_fields(["heading", "demand", "wanted_on", "clause", "urgent", "groups", "units"])

    def left_out(self) -> set[int]:
        """Nobody gives himself a task."""
        return {self.obj.giver_id}

    def facts(self) -> dict[str, Any]:
        """Urgent or not is always said."""
        return {**super().facts(), "urgent": self.cleaned_data["urgent"]}


class LaterForm(MoveForm):
    """A new day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ahead(self, "wanted_on")


TASK.form("return", "extend")(LaterForm)


class AnotherForm(MoveForm):
    """A choice of the other units of the town."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = holders("task.take", self.obj.area).exclude(pk__in=[self.obj.unit_id, self.obj.giver_id])
        for name in ("unit", "better"):
            if name in self.fields:
                self.fields[name] = forms.ModelChoiceField(
                    label=self.fields[name].label, queryset=others, required=name == "unit",
                    initial=self.obj.better_id if name == "unit" else None,
                )  # fmt: skip
        if "wanted_on" in self.fields:
            ahead(self, "wanted_on")


TASK.form("decline", "reassign")(AnotherForm)


@TASK.form("report")
class ReportForm(MoveForm):
    """What came of it, with records by their number or address."""

    own = ("links",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report"].widget.attrs["rows"] = 5
        self.fields["links"] = forms.CharField(
            label=_("相关记录"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
            help_text=_("每行一条：档案编号，或者那份材料的网址。"),
        )  # fmt: skip

    def clean_links(self) -> list[dict[str, str]]:
        """Every line names something that this person may see."""
        try:
            return tasks.linked(self.cleaned_data["links"], self.user)
        except Refused as refusal:
            raise forms.ValidationError(refusal.reason) from refusal

    def facts(self) -> dict[str, Any]:
        """Links always, also when there is none."""
        return {**super().facts(), "links": self.cleaned_data["links"]}
