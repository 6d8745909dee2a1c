"""Forms of what is handed to the police and to other offices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import MoveForm
from sanxiao.enforcement.forms.frame import colleagues
from sanxiao.enforcement.handing import PAPERS, REFERRAL, TRANSFER
from sanxiao.enforcement.models import Referral
from sanxiao.enforcement.transfers import offices_for


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
