"""The forms of the room. A purchase: photo, supplier, food, day and amount; everything else may stay empty."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket import files
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.office.models import Area, Post, User
from sanxiao.office.now import today
from sanxiao.office.places import grounds, name_of
from sanxiao.office.seal import plain_phone
from sanxiao.papers import cn
from sanxiao.sources.acts import problems_of
from sanxiao.sources.models import Buyer, BuyerKind, Purchase, plain
from sanxiao.sources.naming import ABROAD, Named, register, shown_name, villages
from sanxiao.sources.rules import ALERT, BUYER, CHECK, MEASURES, SUPPLIER
from sanxiao.sources.say import said

UNITS = ("公斤", "斤", "袋", "箱", "盒", "瓶", "份", "个")


class Photos(forms.FileInput):
    """Several pictures, taken on the spot or chosen."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"multiple": True, "accept": "image/*,application/pdf"})


class PhotoField(forms.FileField):
    """None, one or several of them; cleaned they are a list."""

    widget = Photos

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each as a file of its own."""
        given = data if isinstance(data, list) else [data] if data else []
        return [forms.FileField.clean(self, each, initial) for each in given]


# -- buyers


class BuyerFields(forms.Form):
    """What is known of a buyer."""

    name = forms.CharField(label=_("名称"), max_length=100, help_text=_("门牌或招牌上的全称，例如：后阳小学食堂。"))
    kind = forms.ModelChoiceField(label=_("类别"), queryset=BuyerKind.objects.none(), empty_label="—")
    village = forms.ChoiceField(label=_("村（社区）"))
    address = forms.CharField(label=_("地址"), max_length=160, required=False)
    contact = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False, widget=forms.TextInput({
        "inputmode": "tel", "autocomplete": "off", "data-private": "",
    }))  # fmt: skip
    officer = forms.ModelChoiceField(
        label=_("核查责任人"), queryset=User.objects.none(), required=False, empty_label=_("还没有确定"),
        help_text=_("负责核查这个单位的人。"),
    )  # fmt: skip

    def prepare(self, buyer: Buyer, user: User) -> None:
        """Choices for this person, and what the buyer has."""
        kind, officer, village = self.fields["kind"], self.fields["officer"], self.fields["village"]
        assert isinstance(kind, forms.ModelChoiceField) and isinstance(officer, forms.ModelChoiceField)
        assert isinstance(village, forms.ChoiceField)
        kind.queryset = BuyerKind.objects.filter(active=True)
        roles = ("village", "bureau", "fso")
        posts = Post.objects.on().filter(office__role__in=roles, user__is_active=True)
        officer.queryset = User.objects.filter(pk__in=posts.values("user")).order_by("name")
        here = grounds(user, "source.buyer")
        village.choices = [("", "—"), *((a.code, a.label) for a in here)] if len(here) > 1 else [
            (a.code, a.label) for a in here
        ]  # fmt: skip
        if buyer.file_id:
            for name in ("village", "name"):
                self.fields[name].disabled = True
            village.choices = [(buyer.area, name_of(buyer.area))]
        held = {"name": buyer.name, "kind": buyer.kind_id, "village": buyer.area, "address": buyer.address,
                "contact": buyer.contact, "officer": buyer.officer_id}  # fmt: skip
        for name, value in held.items():
            self.fields[name].initial = value
        if buyer.phone_sealed:
            self.fields["phone"].widget.attrs["placeholder"] = gettext("不改就留空：%(held)s") % {
                "held": cn.mask_phone(buyer.phone)
            }

    def clean_phone(self) -> str:
        """A number that could be dialled."""
        told = str(self.cleaned_data["phone"])
        if told and not 7 <= len(plain_phone(told)) <= 12:
            raise forms.ValidationError(_("电话号码的位数不对。"))
        return told


@BUYER.form("register")
class RegisterForm(MoveForm, BuyerFields):
    """A new buyer."""

    obj: Buyer
    own = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare(self.obj, self.user)
        self.order_fields(["name", "kind", "village", "address", "contact", "phone", "officer"])

    def clean(self) -> dict[str, Any]:
        """One buyer of a kind and name in a village."""
        told = super().clean() or self.cleaned_data
        if told.get("name") and told.get("kind") and told.get("village") and is_double(told):
            self.add_error("name", _("这个村已经登记过这个单位。"))
        return told

    def facts(self) -> dict[str, Any]:
        """The fields stand on the buyer itself (`name` is a move's own word)."""
        told, buyer = self.cleaned_data, self.obj
        buyer.area = told["village"]
        for field in ("name", "kind", "address", "contact", "officer"):
            setattr(buyer, field, told[field])
        if told["phone"]:
            buyer.phone = told["phone"]
        return {}


def is_double(told: dict[str, Any], but: Any = None) -> bool:
    """Is there a buyer of this kind and name in the village already?"""
    rows = Buyer.objects.filter(area=told["village"], kind=told["kind"], key=plain(told["name"]))
    return rows.exclude(pk=but).exists()


class BuyerForm(BuyerFields):
    """Correct what is known of a buyer."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, buyer: Buyer, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buyer = buyer
        self.prepare(buyer, user)
        self.fields["version"].initial = buyer.version

    def clean(self) -> dict[str, Any]:
        """Not another one's name."""
        told = super().clean() or self.cleaned_data
        if told.get("name") and told.get("kind") and told.get("village") and is_double(told, self.buyer.pk):
            self.add_error("name", _("这个村已经登记过这个单位。"))
        return told

    def changes(self) -> dict[str, Any]:
        """As `flow.amend` takes them; an empty telephone is left as it is."""
        told = self.cleaned_data
        found = {name: told[name] for name in ("name", "kind", "address", "contact", "officer")}
        return found | {"area": told["village"]} | ({"phone": told["phone"]} if told["phone"] else {})


# -- purchases


class PurchaseForm(forms.Form):
    """One line of an invoice, photo first."""

    photo = PhotoField(label=_("拍票据"), required=False, help_text=_("先拍照，再填三项。"))
    supplier = forms.CharField(
        label=_("供货单位"), max_length=100, help_text=_("照票据上的名称填，边填边核对。"),
        error_messages={"required": _("请写明供货单位。")},
    )  # fmt: skip
    village = forms.ChoiceField(label=_("供货单位在哪里"), required=False)
    town = forms.CharField(label=_("外地：哪里"), max_length=80, required=False)
    food = forms.CharField(label=_("食品"), max_length=60)
    bought_on = forms.DateField(label=_("进货日期"), widget=DateInput, initial=today)
    quantity = forms.DecimalField(
        label=_("数量"), required=False, min_value=Decimal("0.01"), max_value=Decimal("9999999"), decimal_places=2,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )  # fmt: skip
    unit = forms.CharField(label=_("计量单位"), max_length=10, required=False, initial=UNITS[0])
    invoice = forms.CharField(label=_("票据号"), max_length=40, required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
    place = forms.UUIDField(required=False, widget=forms.HiddenInput)
    ticket = forms.UUIDField(required=False, widget=forms.HiddenInput)  # the line whose invoice this is another line of

    def __init__(self, *args: Any, buyer: Buyer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buyer = buyer
        village = self.fields["village"]
        assert isinstance(village, forms.ChoiceField)
        village.choices = where_choices(villages(buyer.area))
        self.fields["bought_on"].widget.attrs["max"] = str(today())
        self.fields["unit"].widget.attrs["list"] = "units"
        for name in ("supplier", "village"):
            self.fields[name].widget.attrs |= {
                "hx-post": reverse("supplier-look", args=[buyer.pk]), "hx-target": "#standing",
                "hx-trigger": "input changed delay:300ms" if name == "supplier" else "change",
                "hx-include": "[data-double]", "data-double": "", "autocomplete": "off",
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Not in the future."""
        told = super().clean() or self.cleaned_data
        if (day := told.get("bought_on")) and day > today():
            self.add_error("bought_on", _("不能晚于今天"))
        return told

    def named(self) -> Named:
        """The supplier as it is named."""
        told = self.cleaned_data
        place: UUID | None = told.get("place")
        return Named(told["supplier"], told["village"], place, told["town"])


def where_choices(areas: list[Area]) -> list[tuple[str, Any]]:
    """Where a supplier can be: not known, a village of the town, elsewhere."""
    return [("", _("本镇，哪个村不清楚")), *((a.code, a.label) for a in areas), (ABROAD, _("外地"))]


def copied(line: Purchase, *, same_ticket: bool) -> dict[str, Any]:
    """What the next line takes over: of another invoice the supplier, food and unit; of the same one all but the food.

    A supplier that is a place on file is taken over as that place.
    """
    place = line.supplier.found_place
    again = {"supplier": line.supplier.name, "unit": line.unit or UNITS[0], "place": place.pk if place else None,
             "village": line.supplier.area if line.supplier.area[9:] != "000" else ""}  # fmt: skip
    if line.supplier.state == "outside":
        again |= {"village": ABROAD, "town": line.supplier.town}
    if same_ticket:
        return again | {"bought_on": line.bought_on, "invoice": line.invoice, "ticket": line.pk}
    return again | {"food": line.food, "quantity": line.quantity}


# -- suppliers


@SUPPLIER.form("send")
class SendForm(MoveForm):
    """To which village it goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        supplier: Any = self.obj
        rows = [(a.code, a.label) for a in villages(supplier.area) if a.code not in supplier.asked]
        self.fields["village"] = forms.ChoiceField(label=_("交给哪个村（社区）"), choices=[("", "—"), *rows])
        self.fields["village"].initial = supplier.area if supplier.area not in supplier.asked else ""
        self.order_fields(["village", "note"])


@SUPPLIER.form("tie")
class TieForm(MoveForm):
    """Which place on file it is; those of its own village first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        supplier: Any = self.obj
        rows = register(supplier.area).order_by("area", "name", "id").defer("facts", "search")
        here = rows.filter(area=supplier.area) if supplier.area[9:] != "000" else rows
        field = forms.ModelChoiceField(label=_("就是这一户"), queryset=rows, empty_label="—")
        listed = list(here) or list(rows)
        names = {a.code: a.label for a in villages(supplier.area)}
        field.choices = [("", "—"), *((f.pk, f"{shown_name(f)} · {names.get(f.area, f.area)}") for f in listed)]
        self.fields["place"] = field
        self.order_fields(["place", "note"])


# -- checks


class CheckForm(MoveForm):
    """Who looked, when, at what."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked_on"].initial = today
        self.fields["checked_on"].widget.attrs["max"] = str(today())
        self.fields["seen"].help_text = str(_("例如：近三个月票据、冷库、货架散装食品。"))

    def clean(self) -> dict[str, Any]:
        """Not in the future."""
        told = super().clean() or self.cleaned_data
        if (day := told.get("checked_on")) and day > today():
            self.add_error("checked_on", _("不能晚于今天"))
        return told

    def facts(self) -> dict[str, Any]:
        """It counts for the day on which it was made."""
        told = super().facts()
        return {**told, "on": told["checked_on"]}

    def keep_files(self) -> None:
        """A beginning check has its key already: its photos go with it."""
        for role in self.row.attaches:
            for upload in self.files.getlist(role):
                files.keep(self.obj, upload, upload.name or role, self.user, role=role)


CHECK.form("pass")(CheckForm)


@CHECK.form("find")
class FindForm(CheckForm):
    """What was found, what is to be done, by when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row["code"], said(row)) for row in problems_of(self.obj.area)]
        self.fields["problems"] = forms.MultipleChoiceField(
            label=_("问题"), choices=choices, widget=forms.CheckboxSelectMultiple
        )
        self.fields["advice"].widget = forms.Textarea({"rows": 2})
        self.fields["fix_by"].required = True
        self.order_fields(["checked_on", "second", "seen", "problems", "advice", "fix_by"])


@CHECK.form("settle")
class SettleForm(MoveForm):
    """How it was dealt with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].widget = forms.Textarea({"rows": 3})


# -- warnings


@ALERT.form("answer")
class AnswerForm(MoveForm):
    """What the buyer did, and how much of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"] = forms.ChoiceField(label=_("处置"), choices=MEASURES, widget=forms.RadioSelect)
        self.fields["unit"].widget.attrs["list"] = "units"
        self.order_fields(["measure", "quantity", "unit", "answered_by", "note"])


class WarnForm(forms.Form):
    """Why the buyers of a place are to stop, and of what."""

    food = forms.CharField(label=_("食品"), max_length=60, required=False, help_text=_("留空就写各单位进过的食品。"))
    why = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea({"rows": 3}))
    since = forms.DateField(
        label=_("这一天以后进过货的"), required=False, widget=DateInput, help_text=_("留空就通知全部进货单位。")
    )


class BookForm(forms.Form):
    """A workbook of purchases."""

    book = forms.FileField(label=_("工作簿（.xlsx）"), widget=forms.FileInput({"accept": ".xlsx,.xls"}))
