"""Forms of the room's moves."""

import json
import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.forms import coordinate, whole_point
from sanxiao.archive.models import Kind
from sanxiao.docket.clock import add_months
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.office.duties import may
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.zones import outline, plan, say
from sanxiao.zones.acts import MOST_UNITS, free_units
from sanxiao.zones.entrant_acts import open_to
from sanxiao.zones.figures import computed
from sanxiao.zones.models import Unit, Zone
from sanxiao.zones.rules import ABOUT, ENTRANT, ITEM, STEP, UNIT_KINDS, ZONE
from sanxiao.zones.step_acts import latest

DATED = re.compile(r"[\s,，|｜（(]*(\d{4}-\d{1,2}-\d{1,2})[）)]?\s*$")
MOST_CONDITIONS = 20
MOST_BYTES = 200_000  # of a boundary's file


class DayForm(MoveForm):
    """A move with the day on which it happened: `day` names the field, never in the future unless `ahead`."""

    day = ""
    said: Any = None  # how the day is called here

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields[self.day]
        field.required, field.initial = True, today()
        field.widget.attrs["max"] = today().isoformat()
        field.label = self.said or field.label

    def clean(self) -> dict[str, Any]:
        """Not tomorrow."""
        told = super().clean() or self.cleaned_data
        if (on := told.get(self.day)) and on > today():
            self.add_error(self.day, _("不能晚于今天"))
        return told

    def facts(self) -> dict[str, Any]:
        """The event stands on that day."""
        return {**super().facts(), "on": self.cleaned_data[self.day]}


# --- the zone ----------------------------------------------------------------------------------------------------


@ZONE.form("propose", "revise")
class ProposeForm(MoveForm):
    """What the project is. Which steps it takes follows from kind, size and money."""

    template = "zones/_propose.html"
    lat = coordinate(_("纬度"), 90)
    lng = coordinate(_("经度"), 180)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone: Zone = self.obj  # type: ignore[assignment]
        self.fields["kind"] = forms.ModelChoiceField(
            label=_("类别"), queryset=Kind.objects.filter(active=True), initial=zone.kind_id, empty_label="—"
        )
        for name in ("lat", "lng"):
            self.fields[name].initial = getattr(zone, name)
        for name in ("land_m2", "build_days"):
            self.fields[name].validators += Zone._meta.get_field(name).validators  # a plain form forgets them
        if zone._state.adding:
            self.fields["area"] = forms.ChoiceField(
                label=_("所属村（社区）"), initial=zone.area,
                choices=[(area.code, area.label) for area in grounds(self.user, "zone.propose")],
            )  # fmt: skip
            for name in ("land_m2", "cost", "open_by"):
                self.fields[name].initial = None
        self.order_fields(["area", *ABOUT])

    def clean(self) -> dict[str, Any]:
        """A point is two numbers or none; who builds says how long."""
        told = super().clean() or self.cleaned_data
        whole_point(self)
        if told.get("builds") and not told.get("build_days"):
            self.add_error("build_days", _("要动工的，请填施工天数"))
        if (day := told.get("open_by")) and day <= today():
            self.add_error("open_by", _("计划开业须在今天之后"))
        zone: Zone = self.obj  # type: ignore[assignment]
        area = told.get("area") or zone.area
        if Zone.objects.filter(area=area, called=told.get("called", "")).exclude(pk=zone.pk).exists():
            self.add_error("called", _("本村已有同名的集中区"))
        return told

    def facts(self) -> dict[str, Any]:
        """The ground is settled before the form is read; the rest is the project."""
        told = super().facts()
        told.pop("area", None)
        return told


@ZONE.form("outline")
class OutlineForm(MoveForm):
    """The boundary, drawn on the map, pasted or uploaded; left empty it is taken away."""

    template = "zones/_outline.html"
    upload = forms.FileField(label=_("或者上传 GeoJSON 文件"), required=False, help_text=_("一个面，WGS-84 坐标。"))
    boundary = forms.CharField(
        label=_("边界坐标"), required=False, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("在地图上画，这里自动填好；也可以粘贴 GeoJSON。清空就是取消边界。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drawn = self.obj.boundary
        self.fields["boundary"].initial = json.dumps(outline.geometry(drawn)) if drawn else ""

    def clean(self) -> dict[str, Any]:
        """A file counts before what is drawn."""
        told = super().clean() or self.cleaned_data
        upload = told.pop("upload", None)
        if upload and upload.size > MOST_BYTES:
            self.add_error("upload", _("文件太大，请只留这一个面。"))
            return told
        text = upload.read().decode("utf-8-sig", errors="replace") if upload else told.get("boundary", "")
        try:
            told["boundary"] = outline.read(text) if text.strip() else []
        except ValueError as wrong:
            self.add_error("upload" if upload else "boundary", str(wrong))
        return told


@ZONE.form("invest")
class InvestForm(DayForm):
    """One payment, in whole ten thousands."""

    day = "paid_on"
    amount = forms.IntegerField(label=_("金额（万元）"), min_value=1, max_value=1_000_000)
    paid_on = forms.DateField(label=_("投入日期"), widget=DateInput)
    source = forms.CharField(label=_("资金来源"), max_length=120)


@ZONE.form("divide")
class DivideForm(MoveForm):
    """Many units at once: a run of numbers, or one a line."""

    own = ("stalls",)
    head = forms.CharField(label=_("编号前缀"), required=False, max_length=6, help_text=_("例如 A；没有就留空。"))
    first = forms.IntegerField(label=_("从几号"), required=False, min_value=1, max_value=9999)
    last = forms.IntegerField(label=_("到几号"), required=False, min_value=1, max_value=9999)
    across = forms.IntegerField(label=_("每行几个"), required=False, min_value=1, max_value=plan.MOST_ACROSS, initial=6)
    area_m2 = forms.DecimalField(
        label=_("每个面积（平方米）"), required=False, min_value=0.1, max_value=99_999, max_digits=7, decimal_places=1
    )
    kind = forms.ChoiceField(label=_("种类"), choices=UNIT_KINDS)
    lines = forms.CharField(
        label=_("或者逐行录入"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("一行一个：编号,行,列,面积,种类。可从表格里复制。例如：A1,1,1,12,摊位"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Either a run or lines; every bad line is named, and nothing typed is lost."""
        told = super().clean() or self.cleaned_data
        rows, wrong = plan.pasted(told.get("lines", ""), UNIT_KINDS)
        for each in wrong:
            self.add_error("lines", each)
        if not told.get("lines", "").strip():
            rows = self._run(told)
        if len(rows) > MOST_UNITS:
            self.add_error("last", _("一次最多 %(n)d 个，请分几次。") % {"n": MOST_UNITS})
        self.units = rows
        return told

    def _run(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        """Under the rows that are there already."""
        for name in ("first", "last", "across"):
            if not told.get(name) and name not in self.errors:
                self.add_error(name, _("请填写，或改用逐行录入"))
        if self.errors:
            return []
        if told["last"] < told["first"]:
            self.add_error("last", _("不能小于起始号"))
            return []
        below = Unit.objects.filter(zone=self.obj.pk).aggregate(last=Max("row"))["last"] or 0
        return plan.run_of(
            told.get("head", "").strip(), told["first"], told["last"], told["across"], row=below + 1,
            area_m2=told.get("area_m2"), kind=told["kind"],
        )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """The units."""
        return {"stalls": self.units}


class ContractForm(MoveForm):
    """The dates of a contract: a year from today, unless told otherwise."""

    contract_from = forms.DateField(label=_("合同起始"), widget=DateInput)
    contract_to = forms.DateField(label=_("合同到期"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, usual in (("contract_from", today()), ("contract_to", add_months(today(), 12))):
            self.fields[name].initial = getattr(self.obj, name, None) or usual
        self.order_fields([n for n in self.row.asks if n in self.fields])

    def clean(self) -> dict[str, Any]:
        """It ends after it began."""
        told = super().clean() or self.cleaned_data
        if told.get("contract_from") and told.get("contract_to") and told["contract_to"] <= told["contract_from"]:
            self.add_error("contract_to", _("须晚于起始日"))
        return told


@ZONE.form("draw")
class DrawForm(ContractForm):
    """The lot, and the contract that all of them get."""


# --- steps -------------------------------------------------------------------------------------------------------


@STEP.form("ask")
class AskForm(MoveForm):
    """Who is asked, and whether at once or one after the other."""

    own = ("offices", "order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step: Any = self.obj
        roles = ("finance", "bureau", "urban", "planning", "land", "environment", "construction", "fso")
        offices = say.offices_by_role(step.area)
        self.fields["offices"] = forms.MultipleChoiceField(
            label=_("征求哪些单位"), widget=forms.CheckboxSelectMultiple, initial=list(step.consults),
            choices=[(role, offices[role].label) for role in roles if role in offices and role != step.role],
        )  # fmt: skip
        self.fields["order"] = forms.ChoiceField(
            label=_("方式"), choices=say.ORDERS, widget=forms.RadioSelect, initial="together"
        )
        self.order_fields(["offices", "order", "note"])


class DecidedForm(DayForm):
    """A paper with its number, its day and its validity."""

    day = "decided_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "valid_until" in self.fields:
            years = self.obj.valid_years
            self.fields["valid_until"].initial = add_months(today(), 12 * years) if years else None
            self.fields["valid_until"].help_text = _("照证件上写的填；没有有效期就留空。")

    def clean(self) -> dict[str, Any]:
        """What it is valid for lies after its day."""
        told = super().clean()
        until, on = told.get("valid_until"), told.get("decided_on")
        if until and on and until <= on:
            self.add_error("valid_until", _("须晚于办结日期"))
        return told


@STEP.form("grant")
class GrantForm(DecidedForm):
    """同意, and on which conditions: one a line, a date at its end where there is one."""

    own = ("conditions",)
    said = _("批准日期")
    conditions = forms.CharField(
        label=_("附加条件"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个条件，行末可以写落实期限，例如：增设隔油池 2018-09-01"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [row for row in latest(self.obj) if row.state == "conditioned"]
        self.fields["conditions"].initial = "\n".join(" ".join(row.words.split()) for row in rows)

    def clean_conditions(self) -> list[dict[str, Any]]:
        """Lines with their dates; a date that has passed is no term."""
        rows = [_condition(line) for line in self.cleaned_data["conditions"].splitlines() if line.strip()]
        if len(rows) > MOST_CONDITIONS:
            raise ValidationError(_("最多 %(n)d 个条件。") % {"n": MOST_CONDITIONS})
        return rows

    def facts(self) -> dict[str, Any]:
        """The conditions only where there are some."""
        told = super().facts()
        if not told.get("conditions"):
            told.pop("conditions", None)
        return told


def _condition(line: str) -> dict[str, Any]:
    found = DATED.search(line)
    text = (line[: found.start()] if found else line).strip()
    if not text or len(text) > 200:
        raise ValidationError(_("每个条件 1 到 200 个字：%(line)s") % {"line": line[:40]})
    if not found:
        return {"text": text}
    try:
        until = date(*map(int, found[1].split("-")))
    except ValueError as error:
        raise ValidationError(_("日期不对：%(line)s") % {"line": line[:60]}) from error
    if until <= today():
        raise ValidationError(_("落实期限须在今天之后：%(line)s") % {"line": line[:60]})
    return {"text": text, "until": until}


@STEP.form("file")
class FileForm(DecidedForm):
    """登记办结: what the village has done or filed itself."""

    said = _("办结日期")


@STEP.form("start")
class StartForm(DayForm):
    """The first day of the works."""

    day, said = "decided_on", _("开工日期")


@STEP.form("finish")
class FinishForm(DayForm):
    """The last day of the works."""

    day, said = "decided_on", _("完工日期")


# --- entrants ----------------------------------------------------------------------------------------------------


@ENTRANT.form("invite")
class InviteForm(MoveForm):
    """Into which zone: those of its kind for which this person may invite."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.obj.place
        mine = [zone.pk for zone in open_to(place, self.user) if may(self.user, "zone.invite", zone)]
        self.fields["zone"] = forms.ModelChoiceField(
            label=_("集中区"), queryset=Zone.objects.seen_by(self.user).filter(pk__in=mine), empty_label="—",
            initial=self.obj.zone_id,
        )  # fmt: skip
        self.order_fields(["zone", "note"])


@ENTRANT.form("agree")
class AgreeForm(DayForm):
    """The day of the yes."""

    day = "agreed_on"


@ENTRANT.form("allot", "sign")
class AllotForm(ContractForm):
    """A free unit and the contract."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:
            units = free_units(self.obj.zone)
            self.fields["unit"] = forms.ModelChoiceField(
                label=_("摊位（单元）"), queryset=units, empty_label="—", required=True
            )
        self.order_fields(list(self.row.asks))


@ENTRANT.form("move_in")
class MoveInForm(DayForm):
    """The first day."""

    day = "moved_on"


@ENTRANT.form("leave")
class LeaveForm(DayForm):
    """The last day, and why."""

    day = "left_on"


# --- scoring -----------------------------------------------------------------------------------------------------


@ITEM.form("claim", "accept")
class PointsForm(MoveForm):
    """Points up to the most; a figure of the records is shown with what it has to be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.obj
        name = "claimed" if "claimed" in self.fields else "points"
        usual = item.most if name == "claimed" else item.claimed
        self.fields[name] = forms.IntegerField(
            label=item._meta.get_field(name).verbose_name, min_value=0, max_value=item.most, initial=usual,
            help_text=self._help(item),
        )  # fmt: skip
        self.order_fields(list(self.row.asks))

    @staticmethod
    def _help(item: Any) -> str:
        most = _("满分 %(n)d 分。") % {"n": item.most}
        if not item.figure:
            return str(most)
        share = computed(item.zone, item.figure)
        if share.rate is None:
            return f"{most}{_('%(what)s还没有记录，请附凭据。') % {'what': item.get_figure_display()}}"
        said = {"what": item.get_figure_display(), "rate": share.rate, "least": item.least}
        return f"{most}{_('由记录算出：%(what)s %(rate)s%%，须达到 %(least)d%%。') % said}"


class UnitForm(forms.ModelForm):
    """What a unit is; its number and place are those of the plan."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Unit
        fields = ("area_m2", "kind", "usable", "note")
