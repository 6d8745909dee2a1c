"""Forms of what is handed to the police and to other offices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import MoveForm
from sanxiao.enforcement.forms.frame import colleagues
from sanxiao.enforcement.handing import PAPERS, REFERRAL, TRANSFER
from sanxiao.enforcement.models import Incident, Referral, Transfer
from sanxiao.enforcement.transfers import linkable, offices_for
from sanxiao.office.models import User


@TRANSFER.form("propose")
class ProposeForm(MoveForm):
    """报请移送公安: two persons looked into it. What was written of an incident stands in the box."""

    obj: Transfer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"] = forms.ModelChoiceField(label=_("另一名专案人员"), queryset=colleagues(self))
        if incident := self.obj.incident:
            self.fields["report"].initial = f"{incident.on} {incident.get_harm_display()}：{incident.said}"
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


class LinkForm(forms.Form):
    """An incident that belongs to a hand-over which runs already."""

    def __init__(self, *args: Any, incident: Incident, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["transfer"] = forms.ModelChoiceField(label=_("移送公安"), queryset=linkable(incident, user))
        self.fields["transfer"].label_from_instance = _named


def _named(transfer: Transfer) -> str:
    """'坛市监罪移〔2026〕1号 妨害公务 · 公安审查中'."""
    return f"{transfer.number} {transfer.get_crime_display()} · {transfer.state_row.name}".strip()
