"""Forms of a zone, its units and entrants, and its scoring; those of its steps stand in step_forms.py."""

import json
from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.forms import coordinate, whole_point
from sanxiao.archive.models import Kind
from sanxiao.docket.clock import add_months
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.office.duties import may
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.zones import outline, plan
from sanxiao.zones.acts import MOST_UNITS, free_units
from sanxiao.zones.days import DayForm
from sanxiao.zones.entrant_acts import open_to
from sanxiao.zones.figures import computed
from sanxiao.zones.models import Unit, Zone
from sanxiao.zones.rules import ABOUT, ENTRANT, ITEM, UNIT_KINDS, ZONE

MOST_BYTES = 200_000  # of a boundary's file


# --- the zone ----------------------------------------------------------------------------------------------------


class BoundaryForm(MoveForm):
    """A boundary, drawn on the map, pasted or uploaded."""

    upload = forms.FileField(label=_("或者上传 GeoJSON 文件"), required=False, help_text=_("一个面，WGS-84 坐标。"))
    boundary = forms.CharField(
        label=_("边界坐标"), required=False, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("在地图上画，这里自动填好；也可以粘贴 GeoJSON。清空就是取消边界。"),
    )  # fmt: skip

    def read(self, text: str) -> list[list[float]]:
        """The corners in a text. ValueError with words where it is no boundary."""
        return outline.read(text)

    def clean(self) -> dict[str, Any]:
        """A file counts before what is drawn."""
        told = super().clean() or self.cleaned_data
        upload = told.pop("upload", None)
        if upload and upload.size > MOST_BYTES:
            self.add_error("upload", _("文件太大，请只留这一个面。"))
            return told
        text = upload.read().decode("utf-8-sig", errors="replace") if upload else told.get("boundary", "")
        try:
            told["boundary"] = self.read(text) if text.strip() else []
        except ValueError as wrong:
            self.add_error("upload" if upload else "boundary", str(wrong))
        return told


@ZONE.form("outline")
class OutlineForm(BoundaryForm):
    """The boundary of a zone that is there; left empty it is taken away."""

    template = "zones/_outline.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drawn = self.obj.boundary
        self.fields["boundary"].initial = json.dumps(outline.geometry(drawn)) if drawn else ""


class AboutForm(MoveForm):
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


@ZONE.form("revise")
class ReviseForm(AboutForm):
    """The same of a project that is there."""


@ZONE.form("propose")
class ProposeForm(AboutForm, BoundaryForm):
    """A new project, with its boundary where it is known; a single click on the map is its spot."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = forms.ChoiceField(
            label=_("所属村（社区）"), initial=self.obj.area,
            choices=[(area.code, area.label) for area in grounds(self.user, "zone.propose")],
        )  # fmt: skip
        for name in ("land_m2", "cost", "open_by"):
            self.fields[name].initial = None
        self.fields["land_m2"].required = False
        self.fields["land_m2"].help_text = _("画了边界的可以不填，按边界测算。")
        self.fields["boundary"].help_text = _("在地图上画，这里自动填好；也可以粘贴 GeoJSON。不知道就留空，以后再划。")
        self.spot: tuple[float, float] | None = None
        self.order_fields(["area", *ABOUT, "upload", "boundary"])

    def read(self, text: str) -> list[list[float]]:
        """One or two corners are no boundary yet, but tell where it is."""
        corners = outline.corners_in(text)
        if not 0 < len(corners) < 3:
            return super().read(text)
        self.spot = outline.centre(corners)
        return []

    def clean(self) -> dict[str, Any]:
        """The ground is measured by the boundary where nobody has said how much it is."""
        told = super().clean()
        if self.spot and told.get("lat") is None:
            told["lat"], told["lng"] = self.spot
        if told.get("land_m2") is None and "land_m2" not in self.errors:
            if told.get("boundary"):
                told["land_m2"] = outline.area(told["boundary"])
            else:
                self.add_error("land_m2", _("请填写，或者在地图上画出边界"))
        return told

    def facts(self) -> dict[str, Any]:
        """The ground is settled before the form is read; the rest is the project."""
        told = super().facts()
        told.pop("area", None)
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
