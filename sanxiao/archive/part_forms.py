"""Forms of what belongs to a file without being a matter: pitches, photos and documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.forms import coordinate, offer_phrases, whole_point
from sanxiao.archive.rules import WEEKDAYS
from sanxiao.docket.forms import DateInput

WINDOWS = 3  # weekly windows of one pitch: morning, noon, night


class TimeInput(forms.TimeInput):
    """A time with the browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PitchForm(forms.Form):
    """Where a vendor stands, and when: up to three weekly windows, and the days of the market."""

    name = forms.CharField(label=_("摊位号或出摊地点"), max_length=120)
    market_days = forms.CharField(
        label=_("集日"), required=False, max_length=60, help_text=_("例如：农历逢三、逢八。不赶集就留空。")
    )
    lat = coordinate(_("纬度"), 90)
    lng = coordinate(_("经度"), 180)
    since = forms.DateField(label=_("开始出摊"), widget=DateInput)
    until = forms.DateField(label=_("不再出摊"), required=False, widget=DateInput, help_text=_("还在出摊就留空。"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(str(n), day) for n, day in WEEKDAYS]
        for n in range(WINDOWS):
            self.fields[f"days_{n}"] = forms.MultipleChoiceField(
                label=_("每周"), choices=days, required=False, widget=forms.CheckboxSelectMultiple
            )
            self.fields[f"from_{n}"] = forms.TimeField(label=_("从"), required=False, widget=TimeInput)
            self.fields[f"to_{n}"] = forms.TimeField(label=_("到"), required=False, widget=TimeInput)

    def clean(self) -> dict[str, Any]:
        """Whole points, whole windows, an end that is not before the beginning."""
        told = super().clean() or {}
        whole_point(self)
        for n in range(WINDOWS):
            parts = [told.get(f"{name}_{n}") for name in ("days", "from", "to")]
            if any(parts) and not all(parts):
                self.add_error(f"days_{n}", _("时段要写全：星期几、从几点、到几点。"))
        if told.get("until") and told.get("since") and told["until"] < told["since"]:
            self.add_error("until", _("不能早于开始出摊的日期。"))
        return told

    @property
    def windows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each weekly window, for the page."""
        return [(self[f"days_{n}"], self[f"from_{n}"], self[f"to_{n}"]) for n in range(WINDOWS)]

    def values(self) -> dict[str, Any]:
        """The columns of a pitch."""
        told = self.cleaned_data
        windows = [
            {"days": [int(d) for d in told[f"days_{n}"]]}
            | {end: told[f"{end}_{n}"].strftime("%H:%M") for end in ("from", "to")}
            for n in range(WINDOWS)
            if told.get(f"days_{n}")
        ]
        plain = ("name", "market_days", "lat", "lng", "since", "until")
        return {"windows": windows, **{name: told[name] for name in plain}}


class FilesForm(forms.Form):
    """Photos and documents for a file, with what they show."""

    caption = forms.CharField(
        label=_("说明"), required=False, max_length=60, help_text=_("例如：门面、加工间。可不填。")
    )


class VoidForm(forms.Form):
    """Why a file is taken out of use."""

    reason = forms.CharField(label=_("作废理由"), max_length=200)

    def __init__(self, *args: Any, area: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_phrases(self, "reason.void", area)
