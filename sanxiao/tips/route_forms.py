"""The form of one row of the routing rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.tips.models import Route
from sanxiao.tips.rules import PROBLEMS

MONTHS = [("", "—"), *((str(n), str(n)) for n in range(1, 13))]


class RouteForm(forms.Form):
    """Problem, place, season -> office."""

    problem = forms.ChoiceField(label=_("问题"), required=False)
    area = forms.ChoiceField(label=_("地点"))
    from_month = forms.ChoiceField(label=_("每年自（月）"), required=False, choices=MONTHS)
    to_month = forms.ChoiceField(label=_("至（月）"), required=False, choices=MONTHS)
    role = forms.ChoiceField(label=_("承办单位"))
    note = forms.CharField(label=_("说明"), max_length=120, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        town = next((s.prefix for s in scope_of(user).seats), "").ljust(12, "0")
        roles = DUTIES["tip.check"].roles(LEADS)
        offices = Office.objects.on().filter(role__in=roles)
        self.fields["problem"].choices = [("", gettext("所有问题")), *PROBLEMS]  # type: ignore[attr-defined]
        villages = ((a.code, a.label) for a in grounds(user, family="tip"))
        self.fields["area"].choices = [(town, gettext("全镇")), *villages]  # type: ignore[attr-defined]
        self.fields["role"].choices = [(o.role, o.label) for o in offices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A season has a beginning and an end."""
        said = super().clean() or {}
        if bool(said.get("from_month")) != bool(said.get("to_month")):
            self.add_error("to_month", gettext("起止月份都要填，或者都不填。"))
        return said

    def save_draft(self, user: User) -> Route:
        """The row, as part of this person's draft."""
        said = self.cleaned_data
        months = {name: int(said[name]) if said[name] else None for name in ("from_month", "to_month")}
        row = {"problem": said["problem"], "area": said["area"], "role": said["role"], "note": said["note"]}
        return Route.objects.create(draft_of=user, since=today(), **row, **months)
