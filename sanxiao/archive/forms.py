"""Forms of the archive: the head of a file, and the moves that need more than a plain field."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sanxiao.archive import answers, merging, numbers
from sanxiao.archive.models import ID_TYPES, Establishment, Operator
from sanxiao.archive.rules import CLASSIFICATION, CLOSINGS, FILE, MERGE
from sanxiao.docket import flow
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.office import seal
from sanxiao.office.duties import may
from sanxiao.office.models import Area, User, prefix_of
from sanxiao.office.now import today


class Suggested(forms.TextInput):
    """A line of text with the town's usual phrases to choose from; anything else may be typed.

    `called`: how a phrase is explained beside it, in the language of the screen.
    """

    def __init__(self, phrases: list[str], called: Mapping[str, str] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.phrases, self.called = phrases, called or {}

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The input and its list."""
        key = f"{(attrs or {}).get('id', name)}_phrases"
        line = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        rows = ((phrase, self.called.get(phrase, phrase)) for phrase in self.phrases)
        options = format_html_join("", '<option value="{}" label="{}">', rows)
        return format_html('{}<datalist id="{}">{}</datalist>', line, key, options)


def phrases(key: str, area: str) -> list[str]:
    """The texts of one of the town's lists."""
    return [text for _code, text in answers.listed(key, area)]


def offer_phrases(form: forms.Form, key: str, area: str) -> None:
    """Let the reason of a form be one line with the town's usual words, where the town has a list."""
    if usual := phrases(key, area):
        label = form.fields["reason"].label
        form.fields["reason"] = forms.CharField(label=label, max_length=200, widget=Suggested(usual))


def coordinate(label: Any, most: int) -> forms.FloatField:
    """A latitude (most 90) or longitude (180), in decimal degrees."""
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, required=False, min_value=-most, max_value=most, widget=widget)


def whole_point(form: forms.Form) -> None:
    """A point is two numbers or none; adds the errors to the form."""
    lat, lng = form.cleaned_data.get("lat"), form.cleaned_data.get("lng")
    if (lat is None) != (lng is None) and not {"lat", "lng"} & set(form.errors):
        form.add_error("lng" if lng is None else "lat", _("经度和纬度要一起填写，或都留空。"))


class FileForm(forms.ModelForm):
    """What stands at the head of a file. The numbers of the person are typed anew or left as they are."""

    operator_name = forms.CharField(label=_("经营者姓名"), max_length=60)
    phone = forms.CharField(label=_("新联系电话"), required=False, max_length=40, help_text=_("不改就留空。"))
    id_type = forms.ChoiceField(label=_("证件类型"), choices=ID_TYPES)
    id_number = forms.CharField(label=_("新证件号码"), required=False, max_length=40, help_text=_("不改就留空。"))
    home = forms.CharField(label=_("户籍地或现住址"), required=False, max_length=120)
    credit_code = forms.CharField(label=_("统一社会信用代码"), required=False, max_length=18)
    version = forms.IntegerField(widget=forms.HiddenInput)
    lat = coordinate(_("纬度"), 90)
    lng = coordinate(_("经度"), 180)
    field_order = (
        "name", "operator_name", "phone", "id_type", "id_number", "home", "credit_code", "address", "opened_on",
        "officer", "warden", "predecessor", "mobile", "lat", "lng",
    )  # fmt: skip

    class Meta:
        model = Establishment
        fields = ("name", "address", "lat", "lng", "opened_on", "mobile", "officer", "warden", "predecessor")
        widgets = {"opened_on": DateInput}
        help_texts = {"predecessor": _("同一经营者搬到新地方另建了档时，选原来的那一份。")}

    def __init__(self, data: Any, *, file: Establishment, user: User) -> None:
        self.person = file.operator
        own = {name: getattr(self.person, name) for name in ("id_type", "home", "credit_code")}
        first = {**own, "operator_name": self.person.name, "version": file.version}
        # A copy, because a model form writes into its instance while it checks.
        super().__init__(data, instance=Establishment.objects.get(pk=file.pk), initial=first)
        self.file, self.user = file, user
        self.fields["officer"].queryset = User.objects.filter(posts__office__role="bureau", is_active=True).distinct()
        mine = Establishment.objects.seen_by(user).current().filter(operator=file.operator_id).exclude(pk=file.pk)
        self.fields["predecessor"].queryset = mine
        if not mine.exists() and not file.predecessor_id:
            del self.fields["predecessor"]
        for name in ("phone", "id_number"):
            self.fields[name].widget.attrs |= {"data-private": "", "autocomplete": "off"}

    def clean_phone(self) -> str:
        """A mobile number, or a landline with area code."""
        phone = self.cleaned_data["phone"].strip()
        if phone and not numbers.is_phone(phone if "-" in phone else seal.plain_phone(phone)):
            raise forms.ValidationError(_("电话不正确：手机11位，固定电话带区号，例如 0519-82888888。"))
        return phone

    def clean_credit_code(self) -> str:
        """Check digit of GB 32100."""
        code = self.cleaned_data["credit_code"].strip().upper()
        if code and not numbers.is_credit_code(code):
            raise forms.ValidationError(_("统一社会信用代码不正确，请核对18位代码。"))
        return code

    def clean(self) -> dict[str, Any]:
        """What needs more than one field: a whole point, a number that fits its paper, no line of descent in a ring."""
        told = super().clean()
        whole_point(self)
        number = seal.plain_id(told.get("id_number", ""))
        if number and told.get("id_type") == "id_card" and (fault := numbers.id_card_fault(number)):
            self.add_error("id_number", ID_FAULTS[fault])
        if told.get("predecessor") and _descends(told["predecessor"], self.file):
            self.add_error("predecessor", _("那一份是由这一份延续来的，不能反过来。"))
        return told

    @transaction.atomic
    def save(self, commit: bool = True) -> Establishment:
        """Two amendments at most: of the person and of the file. Raises Refused or Stale."""
        told = self.cleaned_data
        person = {"name": told["operator_name"], **{k: told[k] for k in ("id_type", "home", "credit_code")}}
        person |= {name: told[name] for name in ("phone", "id_number") if told[name]}
        changes = {name: told[name] for name in self.Meta.fields if name in told}
        if (changes["lat"], changes["lng"]) != (self.file.lat, self.file.lng):
            changes["point_source"] = "map" if changes["lat"] is not None else ""
            rest = [what for what in self.file.missing if what != "position"]
            changes["missing"] = rest if changes["lat"] is not None else [*rest, "position"]
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


ID_FAULTS = {
    "shape": _("身份证号码应为18位。"),
    "date": _("身份证号码中的出生日期不对，请核对第7至14位。"),
    "check": _("身份证号码最后一位对不上，请逐位核对。"),
}


def _descends(file: Establishment, of: Establishment) -> bool:
    """Is `of` among the predecessors of a file, or the file itself?"""
    seen: set[Any] = set()
    while file and file.pk not in seen:
        if file.pk == of.pk:
            return True
        seen.add(file.pk)
        file = file.predecessor  # type: ignore[assignment]
    return False


class RevealForm(forms.Form):
    """Which number, and why."""

    field = forms.ChoiceField(choices=list(Operator.fact_labels.items()))
    reason = forms.CharField(label=_("查看理由"), max_length=200)


@FILE.form("rest", "season", "lose", "resume", "leave", "reopen")
class LifeForm(MoveForm):
    """A step of the life: the day it happened, today unless told otherwise, and why, in the town's usual words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = self.fields["on"]
        on.label, on.initial = _("发生日期"), today()
        on.widget.attrs["max"] = today().isoformat()
        if "reason" in self.fields:
            offer_phrases(self, f"reason.{self.row.key}", self.obj.area)


@FILE.form("relocate")
class RelocateForm(LifeForm):
    """The new place: address and, on the map or by the phone, the new point. The old one stands beside it."""

    template = "archive/_relocate.html"
    lat = coordinate(_("纬度"), 90)
    lng = coordinate(_("经度"), 180)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].label, self.fields["address"].initial = _("新地址"), ""

    def clean(self) -> dict[str, Any]:
        """A point is two numbers or none."""
        told = super().clean() or {}
        whole_point(self)
        return told


@FILE.form("transfer")
class TransferForm(LifeForm):
    """The new village is chosen from the town's list."""

    new_area = forms.ChoiceField(label=_("迁往的村（社区）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        town = prefix_of(self.obj.area)[:9]
        areas = Area.objects.on().filter(code__startswith=town, level__in=("village", "community"))
        self.fields["new_area"].choices = [("", "—"), *((a.code, a.label) for a in areas if a.code != self.obj.area)]
        self.fields["address"].label, self.fields["address"].initial = _("新地址"), ""


@FILE.form("close")
class CloseForm(LifeForm):
    """How it ended: the town's list of ways; 取缔 is only the bureau's."""

    closing = forms.ChoiceField(label=_("关停方式"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = forms.Textarea(attrs={"rows": 3})
        self.fields["reason"] = forms.CharField(label=_("情况说明"), max_length=500, widget=lines)
        known = dict(CLOSINGS)
        ways = [row for row in answers.listed("reason.close", self.obj.area) if row[0] in known] or CLOSINGS
        may_ban = may(self.user, "class.decide", self.obj)
        self.fields["closing"].choices = [row for row in ways if row[0] != "banned" or may_ban]


@CLASSIFICATION.form("propose")
class ProposeForm(MoveForm):
    """The opinion begins with what the town's table proposes, and the form shows why it does."""

    template = "archive/_decide.html"


@CLASSIFICATION.form("decide")
class DecideForm(MoveForm):
    """The decision begins with what the village proposed; note is the reason when it differs."""

    template = "archive/_decide.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].initial = self.obj.proposed_case
        self.fields["batch"].initial = self.obj.proposed_batch


@MERGE.form("merge")
class MergeForm(MoveForm):
    """Both files side by side. For each line that differs a person says which value survives."""

    template = "archive/_merge.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(merging.compare(self.obj.survivor, self.obj.absorbed))
        for line in self.lines:
            if line.chooses:
                choices = (("keep", line.keep or "—"), ("other", line.other or "—"))
                self.fields[f"pick_{line.key}"] = forms.ChoiceField(
                    label=_("两份不一样，留哪个？%(what)s") % {"what": line.label}, choices=choices, initial="keep",
                    widget=forms.RadioSelect,
                )  # fmt: skip
        offer_phrases(self, "reason.merge", self.obj.area)

    def facts(self) -> dict[str, Any]:
        """The reason, and the groups of columns to take from the other file."""
        takes = [line.key for line in self.lines if self.cleaned_data.get(f"pick_{line.key}") == "other"]
        return {"reason": self.cleaned_data["reason"], **({"takes": takes} if takes else {})}

    @property
    def choices(self) -> list[forms.BoundField]:
        """The fields of the lines that differ."""
        return [self[f"pick_{line.key}"] for line in self.lines if line.chooses]

    @property
    def sides(self) -> list[dict[str, Any]]:
        """Both files, line by line, with what hangs on each."""
        keep, other = self.obj.survivor, self.obj.absorbed
        mine = [(line.label, line.keep, False) for line in self.lines]
        theirs = [(line.label, line.other, line.gives) for line in self.lines]
        pairs = ((keep, mine), (other, theirs))
        return [{"file": file, "rows": rows, "hanging": merging.hanging(file)} for file, rows in pairs]
