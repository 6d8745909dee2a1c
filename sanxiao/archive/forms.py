"""Forms of the archive: the head of a file, the moves that need more than a plain field."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from sanxiao.archive.models import Establishment, Operator
from sanxiao.archive.rules import CLASSIFICATION, FILE
from sanxiao.docket import flow
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.office.models import Area, User, prefix_of


class FileForm(forms.ModelForm):
    """What stands at the head of a file. The numbers of the person are typed anew or left as they are."""

    operator_name = forms.CharField(label=_("经营者姓名"), max_length=60)
    phone = forms.CharField(label=_("新联系电话"), required=False, help_text=_("不改就留空。"))
    home = forms.CharField(label=_("户籍地或现住址"), required=False, max_length=120)
    credit_code = forms.CharField(label=_("统一社会信用代码"), required=False, max_length=18)
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Establishment
        fields = ("name", "address", "lat", "lng", "opened_on", "mobile", "officer", "warden")
        widgets = {"opened_on": DateInput}  # noqa: RUF012  Django's own way

    def __init__(self, data: Any, *, file: Establishment, user: User) -> None:
        self.person = file.operator
        own = {"operator_name": self.person.name, "home": self.person.home, "credit_code": self.person.credit_code}
        # A copy, because a model form writes into its instance while it checks.
        super().__init__(data, instance=Establishment.objects.get(pk=file.pk), initial={**own, "version": file.version})
        self.file, self.user = file, user
        self.fields["officer"].queryset = User.objects.filter(posts__office__role="bureau", is_active=True).distinct()
        self.fields["phone"].widget.attrs["data-private"] = ""

    def clean_credit_code(self) -> str:
        """Check digit of GB 32100."""
        code = self.cleaned_data["credit_code"].strip().upper()
        if code and not uscc.is_valid(code):
            raise forms.ValidationError(_("统一社会信用代码不正确，请核对18位代码。"))
        return code

    @transaction.atomic
    def save(self, commit: bool = True) -> Establishment:
        """Two amendments at most: of the person and of the file. Raises Refused or Stale."""
        told = self.cleaned_data
        person = {"name": told["operator_name"], "home": told["home"], "credit_code": told["credit_code"]}
        if told["phone"]:
            person["phone"] = told["phone"]
        changes = {name: told[name] for name in self.Meta.fields}
        if (changes["lat"], changes["lng"]) != (self.file.lat, self.file.lng):
            changes["point_source"] = "map" if changes["lat"] is not None else ""
        same = 0
        for obj, wanted in ((self.person, person), (self.file, changes)):
            version = told["version"] if obj is self.file else None
            try:
                flow.amend(obj, self.user, "file.edit", version=version, **wanted)
            except flow.Refused as refusal:
                if refusal.code != "same":
                    raise
                same += 1
        if same == 2:
            raise flow.Refused(str(_("没有改动。")), code="same")
        self.file.save(update_fields=["search"])
        return self.file


class RevealForm(forms.Form):
    """Which number, and why."""

    field = forms.ChoiceField(choices=[(name, label) for name, label in Operator.fact_labels.items()])
    reason = forms.CharField(label=_("查看理由"), max_length=200)


@FILE.form("transfer")
class TransferForm(MoveForm):
    """The new village is chosen from the town's list."""

    new_area = forms.ChoiceField(label=_("迁往的村（社区）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        town = prefix_of(self.obj.area)[:9]
        areas = Area.objects.on().filter(code__startswith=town, level__in=("village", "community"))
        self.fields["new_area"].choices = [(a.code, a.label) for a in areas if a.code != self.obj.area]


@CLASSIFICATION.form("decide")
class DecideForm(MoveForm):
    """The decision begins with what the village proposed; note is the reason when it differs."""

    template = "archive/_decide.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].initial = self.obj.proposed_case
        self.fields["batch"].initial = self.obj.proposed_batch
