"""Forms of the moves of a case that ask for more than plain fields."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.forms import ID_FAULTS
from sanxiao.archive.numbers import id_card_fault
from sanxiao.docket.flow import label_of
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.enforcement import clauses, discretion, paying
from sanxiao.enforcement.handing import PAPERS, REFERRAL, TRANSFER
from sanxiao.enforcement.measure_rules import FATES, MEASURE
from sanxiao.enforcement.models import Barred, Case, Incident, Measure, Referral
from sanxiao.enforcement.rules import CASE, ORIGINS, PENALTIES, RECORDS, ROLES, SERVICES, SIGNED
from sanxiao.enforcement.transfers import offices_for
from sanxiao.office import seal
from sanxiao.office.models import Post, User
from sanxiao.office.now import today

LINES = 12  # of the list of goods; a longer list is a second measure


class StartForm(MoveForm):
    """A beginning matter takes its files along; its effect keeps them."""

    def clean(self) -> dict[str, Any]:
        """Lay the uploads ready for the effect of the move."""
        said = super().clean() or self.cleaned_data
        self.obj.uploads = [(role, each) for role in self.row.attaches for each in self.files.getlist(role)]
        return said


def colleagues(form: MoveForm) -> Any:
    """The other people of the bureau today, who may stand beside the handler."""
    posts = Post.objects.on().filter(office__role="bureau", user__is_active=True).exclude(user=form.user)
    return User.objects.filter(pk__in=posts.values("user")).order_by("name")


class PenaltyFields(MoveForm):
    """Penalties as boxes, the fine as a sum."""

    obj: Case

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["penalties"] = forms.MultipleChoiceField(
            label=_("处罚种类"), choices=PENALTIES, required=False, widget=forms.CheckboxSelectMultiple,
            initial=self.obj.penalties,
        )  # fmt: skip
        self.fields["fine"] = forms.DecimalField(
            label=_("罚款（元）"),
            required=False,
            min_value=0,
            max_digits=14,
            decimal_places=2,
            initial=self.obj.fine or None,
        )
        self.order_fields(list(self.row.asks))

    def facts(self) -> dict[str, Any]:
        """The fine is a number, also when nothing was typed; no penalty is an empty list."""
        return {
            **super().facts(),
            "fine": self.cleaned_data.get("fine") or Decimal(0),
            "penalties": self.cleaned_data["penalties"],
        }


def _worded(row: dict[str, Any], kind: str) -> str:
    return f"{row['law']}　{row['text']}{discretion.span_words(row, kind)}"


class ClauseFields(MoveForm):
    """Clauses are picked from those that hold on the day; their wording of that day is copied into the case."""

    obj: Case

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = clauses.on(self.obj.received_on, self.obj.area)
        kind = self.obj.file.kind_id
        self.fields["clauses"] = forms.MultipleChoiceField(
            label=_("违反条款和处罚依据"), widget=forms.CheckboxSelectMultiple,
            choices=[(row["code"], _worded(row, kind)) for row in self.offered],
            initial=[row["code"] for row in self.obj.clauses],
            error_messages={"required": _("请至少选一条依据")},
        )  # fmt: skip
        self.order_fields(list(self.row.asks))

    def facts(self) -> dict[str, Any]:
        """The chosen clauses, each with its wording."""
        chosen = set(self.cleaned_data["clauses"])
        return {**super().facts(), "clauses": [row for row in self.offered if row["code"] in chosen]}


@CASE.form("register")
class RegisterForm(StartForm):
    """登记案源."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"] = forms.ModelChoiceField(
            label=_("协办人"), queryset=colleagues(self), help_text=_("两名执法人员办一件案。")
        )
        self.fields["origin"] = forms.ChoiceField(label=_("案件来源"), choices=ORIGINS, initial=self.obj.origin)
        self.order_fields(list(self.row.asks))

    def clean_received_on(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["received_on"] > today():
            raise forms.ValidationError(gettext("不能晚于今天"))
        return self.cleaned_data["received_on"]

    def facts(self) -> dict[str, Any]:
        """The term counts from the day on which it was found or received, not from that of the typing."""
        return {**super().facts(), "on": self.cleaned_data["received_on"]}


@CASE.form("summary")
class SummaryForm(PenaltyFields, ClauseFields, RegisterForm):
    """当场处罚: a small fine or a warning, decided and handed over on the spot."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        few = [pair for pair in PENALTIES if pair[0] in ("warning", "fine")]
        self.fields["penalties"] = forms.MultipleChoiceField(
            label=_("处罚种类"), choices=few, widget=forms.CheckboxSelectMultiple
        )
        self.order_fields(list(self.row.asks))

    def facts(self) -> dict[str, Any]:
        """Decided and handed over today: the terms count from today."""
        return {name: value for name, value in super().facts().items() if name != "on"}


@CASE.form("finish")
class FinishForm(PenaltyFields, ClauseFields):
    """调查终结. A fine beyond the band of its clause and degree is owned up to."""

    off_scale = forms.BooleanField(
        label=_("超出裁量基准"), required=False, help_text=_("只在确要超出时勾选，并在裁量理由里写明为什么。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([ask if ask != "opinion" else "off_scale" for ask in self.row.asks] + ["opinion"])

    def facts(self) -> dict[str, Any]:
        """What is not ticked is not said."""
        return {name: value for name, value in super().facts().items() if name != "off_scale" or value}


@CASE.form("decide")
class DecideForm(PenaltyFields):
    """作出处罚决定: what was announced stands in the boxes; it may become less, not more."""


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


def known_number(typed: str) -> str:
    """An ID number as it is kept. Raises a ValidationError in words."""
    said = seal.plain_id(typed)
    if len(said) == 18 and (fault := id_card_fault(said)):
        raise forms.ValidationError(ID_FAULTS[fault])
    return said


@CASE.form("notice", "serve")
class ServiceForm(MoveForm):
    """Ways that hand something over; a public notice is a step of its own."""

    def _field(self, ask: str) -> forms.Field:
        if ask == "service":
            ways = [pair for pair in SERVICES if pair[0] != "public"]
            return forms.ChoiceField(label=_("送达方式"), choices=ways, initial="direct", widget=forms.RadioSelect)
        return super()._field(ask)


@CASE.form("post_notice", "post_decision")
class PostForm(MoveForm):
    """公告送达: why nothing else would do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("用过哪些送达方式、为什么送不到")


@CASE.form("prolong")
class ProlongForm(MoveForm):
    """集体讨论再延期: when the heads met, who, until when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"] = forms.DateField(label=_("讨论日期"), widget=DateInput, initial=today)
        self.fields["note"] = forms.CharField(label=_("参加人员"), max_length=200)
        self.order_fields(list(self.row.asks))


class RatesField(forms.Field):
    """The rates of a plan: one line for each, 'day, sum'."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        """Rows of dicts. Raises a ValidationError that names the line."""
        if isinstance(value, list):
            return value
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        if len(lines) > LINES:
            raise forms.ValidationError(gettext("最多分 %(n)d 期。") % {"n": LINES})
        return [self._line(no, line) for no, line in enumerate(lines, 1)]

    def _line(self, no: int, line: str) -> dict[str, Any]:
        day, _comma, sum_ = (part.strip() for part in line.replace("，", ",").partition(","))
        said = gettext("第 %(no)d 行：请写成“日期，金额”，例如 2026-06-15，2000。") % {"no": no}
        try:
            due_on, amount = date.fromisoformat(day), Decimal(sum_).quantize(Decimal("0.01"))
        except (ValueError, InvalidOperation) as error:
            raise forms.ValidationError(said) from error
        if not 0 < amount < 10**12:
            raise forms.ValidationError(gettext("第 %(no)d 行：金额须大于零。") % {"no": no})
        return {"due_on": due_on, "amount": amount}


@CASE.form("instalments")
class RatesForm(MoveForm):
    """分期、延期: three equal rates a month apart are filled in; one line alone is a later day for all of it."""

    obj: Case

    def _field(self, ask: str) -> forms.Field:
        if ask != "rates":
            return super()._field(ask)
        said = gettext("一行一期：日期，金额。合计须等于未缴的 %(left)s 元；只写一行就是延期。") % {
            "left": self.obj.left
        }
        return RatesField(label=_("各期日期和金额"), help_text=said, initial=self._equal())

    def _equal(self) -> str:
        """Three rates, thirty days apart, in whole yuan; the last takes what is over."""
        part = (self.obj.left / 3).quantize(Decimal(1))
        sums = [part, part, self.obj.left - 2 * part]
        if min(sums) <= 0:
            sums = [self.obj.left]
        return "\n".join(f"{today() + timedelta(days=30 * no)}，{sum_}" for no, sum_ in enumerate(sums, 1))


@CASE.form("pay")
class PayForm(MoveForm):
    """登记缴款: what is owed today stands beside the field."""

    obj: Case

    def _field(self, ask: str) -> forms.Field:
        if ask == "amount":
            late = paying.late_left(self.obj)
            owed = gettext("应缴 %(left)s 元") % {"left": self.obj.left}
            owed += gettext("，另有加处罚款 %(late)s 元") % {"late": late} if late else ""
            return forms.DecimalField(
                label=_("金额（元）"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2, help_text=owed
            )
        if ask == "paid_on":
            return forms.DateField(label=_("缴款日期"), widget=DateInput, initial=today)
        if ask == "slip":
            return forms.CharField(label=_("票据号"), max_length=40)
        return super()._field(ask)


class GoodsField(forms.Field):
    """The list of goods: one line for each, 'name, spec, quantity, unit, note'."""

    widget = forms.Textarea(attrs={"rows": 6})

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        """Rows of dicts. Raises a ValidationError that names the line."""
        if isinstance(value, list):
            return value
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        if len(lines) > LINES:
            raise forms.ValidationError(gettext("一份清单最多 %(n)d 项，其余请另开一份。") % {"n": LINES})
        return [self._line(no, line) for no, line in enumerate(lines, 1)]

    def _line(self, no: int, line: str) -> dict[str, Any]:
        parts = [part.strip() for part in line.replace("，", ",").split(",")]
        said = gettext("第 %(no)d 行：请写成“名称，规格，数量，单位，备注”，数量是大于零的数。") % {"no": no}
        if len(parts) < 4:
            raise forms.ValidationError(said)
        try:
            quantity = Decimal(parts[2])
        except InvalidOperation as error:
            raise forms.ValidationError(said) from error
        if not (quantity.is_finite() and 0 < quantity < 10**8):
            raise forms.ValidationError(said)
        return {"name": parts[0], "spec": parts[1], "quantity": quantity, "unit": parts[3], "note": ",".join(parts[4:])}


@MEASURE.form("take")
class TakeForm(StartForm):
    """采取措施: what, where it lies, who keeps it, and the list."""

    obj: Measure

    def _field(self, ask: str) -> forms.Field:
        if ask == "goods":
            return GoodsField(
                label=_("财物清单"),
                help_text=_("一行一项：名称，规格，数量，单位，备注。例如：豆腐皮，散装，20，公斤，当场称量"),
            )
        return super()._field(ask)


@MEASURE.form("settle")
class SettleForm(MoveForm):
    """处理财物: the fate of every piece."""

    obj: Measure
    own = ("fates",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = list(self.obj.exhibits.all())
        for row in self.pieces:
            self.fields[f"fate-{row.no}"] = forms.ChoiceField(
                label=f"{row.no}. {row.name} {row.quantity.normalize():f}{row.unit}", choices=[("", "—"), *FATES]
            )

    def facts(self) -> dict[str, Any]:
        """Piece by piece."""
        rest = {k: v for k, v in super().facts().items() if not k.startswith("fate-")}
        return rest | {"fates": {str(row.no): self.cleaned_data[f"fate-{row.no}"] for row in self.pieces}}


@TRANSFER.form("propose")
class ProposeForm(MoveForm):
    """报请移送公安: two persons looked into it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"] = forms.ModelChoiceField(label=_("另一名专案人员"), queryset=colleagues(self))
        self.order_fields(list(self.row.asks))


@TRANSFER.form("send")
class SendForm(MoveForm):
    """移送: what goes with it, and that the prosecutor has a copy."""

    copied = forms.BooleanField(label=_("移送书已抄送检察院"))

    def _field(self, ask: str) -> forms.Field:
        if ask == "papers":
            return forms.MultipleChoiceField(label=_("随案材料"), choices=PAPERS, widget=forms.CheckboxSelectMultiple)
        return super()._field(ask)


@REFERRAL.form("send", "refuse", "assign")
class OfficeForm(MoveForm):
    """Offices that may have it: not the sender, not who has refused."""

    obj: Referral

    def _field(self, ask: str) -> forms.Field:
        if ask in ("to", "better"):
            label = _("接收单位") if ask == "to" else _("应当由谁办理")
            return forms.ModelChoiceField(label=label, queryset=offices_for(self.obj))
        return super()._field(ask)


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
