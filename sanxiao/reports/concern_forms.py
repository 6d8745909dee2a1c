"""Forms of problems and needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from sanxiao.docket.forms import MoveForm
from sanxiao.office.duties import DUTIES, LEADS
from sanxiao.office.models import Office
from sanxiao.reports.concern_models import Concern
from sanxiao.reports.concern_rules import CONCERN


@CONCERN.form("assign")
class AssignForm(MoveForm):
    """指定办理单位: an office that may answer, and not the one that asks."""

    obj: Concern

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = Office.objects.on().filter(
            role__in=DUTIES["concern.answer"].roles(LEADS), area=f"{self.obj.area[:9]}000"
        )
        self.fields["taker"] = forms.ModelChoiceField(
            label=_("办理单位"), queryset=able.exclude(pk=self.obj.unit_id), initial=self.obj.taker_id
        )
        self.order_fields(["taker", "note"])
