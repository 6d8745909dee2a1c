"""Forms of what is written down in an investigation: records, the scene, who has a part in the case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import label_of
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.enforcement.forms.frame import known_number
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.rules import CASE, RECORDS, ROLES, SIGNED
from sanxiao.office import seal
from sanxiao.office.now import today


@CASE.form("record")
class RecordForm(MoveForm):
    """A record of the investigation: what, on which day, what it says; its papers as photos."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("经过或内容")

    def _field(self, ask: str) -> forms.Field:
        if ask == "record_kind":
            return forms.ChoiceField(label=_("材料"), choices=RECORDS)
        if ask == "did_on":
            return forms.DateField(label=_("日期"), widget=DateInput, initial=today)
        return super()._field(ask)


@CASE.form("scene")
class SceneForm(MoveForm):
    """现场笔录: when, where, by whom, who was there, what was found."""

    obj: Case
    witness = forms.CharField(label=_("见证人"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credentials"].help_text = _("两名执法人员的姓名和执法证号，例如：陈伟 320401、吴昊 320402")
        self.order_fields([*self.row.asks, "witness"])

    def _field(self, ask: str) -> forms.Field:
        label, file = label_of(self.obj, ask), self.obj.file
        if ask == "did_on":
            return forms.DateField(label=label, widget=DateInput, initial=today)
        if ask in ("began", "ended"):
            return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}))
        if ask == "reason":
            return forms.CharField(label=_("现场情况"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6}))
        if ask == "signed":
            return forms.ChoiceField(label=label, choices=SIGNED, widget=forms.RadioSelect, initial="signed")
        known = {"scene_at": file.address, "present": file.operator.name}.get(ask, "")
        return forms.CharField(label=label, max_length=200, initial=known)


@CASE.form("party")
class PartyForm(MoveForm):
    """A person in the case by role; numbers where they are known."""

    id_number = forms.CharField(label=_("证件号码"), max_length=30, required=False)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["role", "who", "id_number", "phone", "note"])

    def _field(self, ask: str) -> forms.Field:
        label = label_of(self.obj, ask)
        if ask == "role":
            return forms.ChoiceField(label=label, choices=[pair for pair in ROLES if pair[0] != "party"])
        return forms.CharField(label=label, max_length=60) if ask == "who" else super()._field(ask)

    def clean_id_number(self) -> str:
        """A number that can be one, or none."""
        return known_number(self.cleaned_data["id_number"])

    def clean_phone(self) -> str:
        """Digits alone."""
        return seal.plain_phone(self.cleaned_data["phone"])
