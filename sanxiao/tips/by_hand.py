"""A letter that came by telephone, post or at the counter, typed in by the desk: the same walk as from the page.

Who told is sealed in this very request; the desk that typed it does not see it again either.
"""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import DateInput
from sanxiao.docket.refusal import Refused
from sanxiao.office import seal
from sanxiao.office.duties import scope_of
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.tips import acts, receipts
from sanxiao.tips.models import Letter, Track
from sanxiao.tips.rules import CHANNELS, PROBLEMS, WANTS
from sanxiao.tips.taking import keep_copies, sealed_copies

BY_HAND = [pair for pair in CHANNELS if pair[0] in ("window", "phone")]


class ByHandForm(forms.Form):
    """What the desk writes down."""

    channel = forms.ChoiceField(label=_("来源"), choices=BY_HAND, widget=forms.RadioSelect, initial="phone")
    received_on = forms.DateField(label=_("收到日期"), widget=DateInput)
    problem = forms.ChoiceField(label=_("问题"), choices=PROBLEMS)
    want = forms.ChoiceField(label=_("诉求"), choices=WANTS, initial="report")
    area = forms.ChoiceField(label=_("村（社区）"), required=False)
    place = forms.CharField(label=_("店名或者地点"), max_length=100, required=False)
    text = forms.CharField(label=_("反映的情况"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6}))
    demand = forms.CharField(label=_("本人的要求"), max_length=500, required=False)
    accused = forms.ChoiceField(label=_("被反映的单位"), required=False)
    name = forms.CharField(label=_("来件人姓名"), max_length=20, required=False)
    phone = forms.CharField(label=_("来件人电话"), max_length=20, required=False)
    home = forms.CharField(label=_("来件人地址"), max_length=60, required=False)
    reward = forms.BooleanField(label=_("愿意领取奖励"), required=False)

    def clean_received_on(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["received_on"] > today():
            raise forms.ValidationError(gettext("不能晚于今天"))
        return self.cleaned_data["received_on"]

    def clean_phone(self) -> str:
        """Digits of a mobile or a landline."""
        plain = seal.plain_phone(self.cleaned_data["phone"])
        if self.cleaned_data["phone"] and not 7 <= len(plain) <= 13:
            raise forms.ValidationError(gettext("电话号码不对，请检查。"))
        return plain

    def clean(self) -> dict[str, Any]:
        """A complaint has its demand and its person."""
        said = super().clean() or {}
        if said.get("want") in ("complaint", "both"):
            for field in ("demand", "name", "phone", "home"):
                if not said.get(field) and field not in self.errors:
                    self.add_error(field, gettext("投诉须写明要求、姓名、电话、地址。"))
        return said


def form_of(user: Any, data: Any) -> ByHandForm:
    """The form with the villages and units of today."""
    form = ByHandForm(data, initial={"received_on": today()})
    units = Office.objects.on().exclude(role="admin").order_by("area", "id")
    form.fields["area"].choices = [("", gettext("不清楚")), *((a.code, a.label) for a in grounds(user, family="tip"))]  # type: ignore[attr-defined]
    form.fields["accused"].choices = [("", "—"), *((str(o.pk), o.label) for o in units)]  # type: ignore[attr-defined]
    return form


def take(form: ByHandForm, by: User) -> tuple[Track, str]:
    """Make the letter and its tracks; returns the first track and the receipt to hand over. Raises Refused."""
    said = form.cleaned_data
    receipt = receipts.new()
    identity = {name: said[name] for name in ("name", "phone", "home") if said[name]}
    letter = make(by, said, identity, receipt=receipts.index(receipt))
    return letter.tracks()[0], receipt


def make(by: User, said: dict[str, Any], identity: dict[str, str], **more: Any) -> Letter:
    """A letter from outside the public page, in one transaction with its tracks. Raises Refused."""
    seat = scope_of(by).seat_for("tip.receive", None)
    if seat is None:
        raise Refused(gettext("登记来件不归您办理。"), code="forbidden")
    letter = Letter(
        area=said.get("area") or seat.prefix.ljust(12, "0"), received_on=said["received_on"], channel=said["channel"],
        problem=said["problem"], want=said["want"], wants_reward=bool(said.get("reward")), version=1, **more,
    )  # fmt: skip
    if said.get("accused"):
        letter.accused = Office.objects.get(pk=said["accused"])
    copies = sealed_copies(identity, str(letter.pk))
    if identity and not copies:
        raise Refused(
            gettext("还没有专管人员的钥匙，姓名和电话没有地方密封。请先设专管人员，或者不填姓名、电话、地址。")
        )
    letter.named = bool(identity.get("name"))
    letter.contact = receipts.contact_index(identity.get("phone", ""))
    letter.tail = receipts.tail_index(identity.get("phone", ""))
    letter.content = {name: said.get(name) for name in ("text", "place", "demand", "lat", "lng")}
    with transaction.atomic():
        letter.save(force_insert=True)
        keep_copies(letter, copies)
        acts.open_letter(letter, [])
    return letter
