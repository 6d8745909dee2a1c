"""Forms about people: violence against officers, and who is barred from the trade."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import DateInput
from sanxiao.enforcement.forms.frame import known_number
from sanxiao.enforcement.models import Barred, Incident
from sanxiao.office.now import today


class IncidentForm(forms.ModelForm):
    """阻碍执法: what happened to those who went there."""

    class Meta:
        model = Incident
        fields = ("on", "harm", "said", "injured", "police_called", "police_no")
        widgets: ClassVar[dict[str, Any]] = {"on": DateInput, "said": forms.Textarea(attrs={"rows": 4})}

    def clean_on(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["on"] > today():
            raise forms.ValidationError(_("不能晚于今天"))
        return self.cleaned_data["on"]


class BarredForm(forms.ModelForm):
    """限制从业: the person is known by the ID number."""

    id_number = forms.CharField(label=_("证件号码"), max_length=30)

    class Meta:
        model = Barred
        fields = ("name", "since", "until", "basis")
        widgets: ClassVar[dict[str, Any]] = {"since": DateInput, "until": DateInput}

    def clean_id_number(self) -> str:
        """A number that can be one."""
        return known_number(self.cleaned_data["id_number"])

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        told = super().clean() or self.cleaned_data
        if told.get("until") and told.get("since") and told["until"] <= told["since"]:
            self.add_error("until", _("止日须晚于起日"))
        return told
