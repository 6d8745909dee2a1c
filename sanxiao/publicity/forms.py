"""Forms of the room's moves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.guidance.forms import DayForm, FilesField
from sanxiao.office.models import Area, prefix_of
from sanxiao.office.now import today
from sanxiao.publicity import credit, exposing, say
from sanxiao.publicity.models import Act, Poll, Text
from sanxiao.publicity.rules import ACT, EXPOSURE, POLL, REPAIR, REQUESTS, TEXT
from sanxiao.publicity.survey import MOST_SLIPS


@TEXT.form("publish")
class TextForm(MoveForm):
    """A text in a new edition."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 10

    def clean(self) -> dict[str, Any]:
        """A version number is given once."""
        told = super().clean() or self.cleaned_data
        same = Text.objects.filter(area=self.obj.area, code=told.get("code"), edition=told.get("edition"))
        if same.exists():
            self.add_error("edition", _("这个版本号已经有了，请换一个。"))
        return told


class ActForm(MoveForm):
    """Channel, text and villages are chosen; what was done has its day, its reach and its pictures."""

    obj: Act

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self._own().items():
            if name in self.row.asks:
                self.fields[name] = field
        if "reach" in self.fields:
            self.fields["reach"].required = True
            self.fields["reach"].widget.attrs["min"] = 0
        self.order_fields([*self.row.asks, "photos"])

    def _own(self) -> dict[str, forms.Field]:
        here = Area.objects.on().filter(level__in=("village", "community"))
        here = here.filter(code__startswith=prefix_of(self.obj.area)) if self.obj.area else here.none()
        texts = Text.objects.seen_by(self.user).filter(state="current")
        return {
            "channel": forms.ChoiceField(label=_("渠道"), choices=say.channel_names(self.obj.area)),
            "text": forms.ModelChoiceField(
                label=_("文稿（版本）"), queryset=texts, required=False, empty_label=_("没有文稿，写明内容"),
                initial=self.obj.text_id,
            ),
            "grounds": forms.MultipleChoiceField(
                label=_("覆盖的村（社区）"), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(area.code, area.label) for area in here], help_text=_("不选就是整个辖区。"),
            ),
        }  # fmt: skip


@ACT.form("plan")
class PlanForm(ActForm):
    """What is meant to be done, and when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["planned_on"] = forms.DateField(label=_("计划日期"), widget=DateInput, initial=today)
        self.order_fields(list(self.row.asks))

    def facts(self) -> dict[str, Any]:
        """The villages always, also when none is chosen."""
        return {**super().facts(), "grounds": self.cleaned_data["grounds"]}


@ACT.form("record")
class RecordForm(DayForm, ActForm):
    """What was done already."""

    day = "done_on"
    photos = FilesField(label=_("现场照片、报道截图"), required=False)

    def facts(self) -> dict[str, Any]:
        """With the pictures, and the villages also when none is chosen."""
        return {**super().facts(), "grounds": self.cleaned_data["grounds"], "photos": self.cleaned_data["photos"]}


@ACT.form("carry_out")
class CarryOutForm(DayForm, ActForm):
    """How it went."""

    day = "done_on"


@EXPOSURE.form("propose", "rewrite")
class ExposeForm(MoveForm):
    """The masked text; what would name somebody is told beside the field, and what was typed stays."""

    template = "publicity/_expose.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.obj._state.adding:
            self.fields["title"].initial, self.fields["body"].initial = exposing.draft(self.obj.case)
        self.fields["body"].widget.attrs["rows"] = 10


@POLL.form("start")
class StartForm(MoveForm):
    """Which quarter, and until when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(n), str(n)) for n in (1, 2, 3, 4)]
        self.fields["quarter"] = forms.TypedChoiceField(
            label=_("季度"), choices=choices, coerce=int, initial=self.obj.quarter
        )
        self.fields["closes_on"] = forms.DateField(
            label=_("收到哪天为止"), widget=DateInput, initial=self.obj.closes_on
        )
        self.order_fields(list(self.row.asks))

    def clean(self) -> dict[str, Any]:
        """One poll a quarter."""
        told = super().clean() or self.cleaned_data
        year, quarter = told.get("year") or 0, told.get("quarter") or 0
        same = Poll.objects.filter(area=self.obj.area, year=year, quarter=quarter)
        if same.exists():
            self.add_error("quarter", _("这个季度已经有一次调查。"))
        return told


@POLL.form("slips")
class SlipsForm(MoveForm):
    """For which village, and how many."""

    own = ("ground", "count")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doors = list(self.obj.doors.values_list("area", flat=True)) if self.obj.version else []
        names = {area.code: area.label for area in Area.objects.filter(code__in=doors).order_by("since")}
        self.fields["ground"] = forms.ChoiceField(
            label=_("村（社区）"), choices=[(code, names.get(code, code)) for code in doors]
        )
        self.fields["count"] = forms.IntegerField(
            label=_("条数"), min_value=1, max_value=MOST_SLIPS, initial=30, help_text=_("一户一条。")
        )


@REPAIR.form("ask")
class AskForm(MoveForm):
    """Which line, and why."""

    papers = FilesField(label=_("申请书、证明材料"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(e.key, f"{e.on:%Y-%m-%d} {e.name} {e.words}（{e.points}）") for e in credit.bad_entries(self.obj)]
        self.fields["request"] = forms.ChoiceField(label=_("要求"), choices=REQUESTS, widget=forms.RadioSelect)
        self.fields["entry"] = forms.ChoiceField(
            label=_("哪一条记录"), choices=lines, widget=forms.RadioSelect, initial=self.obj.entry
        )
        self.order_fields([*self.row.asks, "papers"])

    def facts(self) -> dict[str, Any]:
        """With the papers."""
        return {**super().facts(), "papers": self.cleaned_data["papers"]}
