"""Entering an accident: its ground, and that it did not happen tomorrow."""

from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from sanxiao.campaign.models import Accident
from sanxiao.campaign.rules import ACCIDENT
from sanxiao.campaign.units import area_of, seat_for
from sanxiao.docket.forms import MoveForm
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.office.places import grounds


@ACCIDENT.beginning
def begin_accident(user: User, _params: dict[str, str]) -> Accident:
    """One of the town; the form says in which village."""
    return Accident(area=area_of(seat_for(user, "accident.enter")), happened_on=today())


@ACCIDENT.effect("enter")
def entered(accident: Accident, _by: User, facts: dict[str, Any]) -> None:
    """It happened on the ground that was named, not in the future."""
    if accident.happened_on > today():
        said = say("发生日期不能晚于今天。")
        raise Refused(said, {"happened_on": said}, "invalid")
    accident.area = facts.pop("ground")
    facts["area"] = accident.area


@ACCIDENT.form("enter")
class AccidentForm(MoveForm):
    """Where, when, how grave, what."""

    own = ("ground",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(area.code, area.label) for area in grounds(self.user, "accident.enter")]
        self.fields["ground"] = forms.ChoiceField(label=_("发生地"), choices=places)
        self.order_fields(list(self.row.asks))
