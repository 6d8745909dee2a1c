"""The form of a move that happened on a day, which both the zone and its steps have."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import MoveForm
from sanxiao.office.now import today


class DayForm(MoveForm):
    """A move with the day on which it happened: `day` names the field, never in the future."""

    day = ""
    said: Any = None  # how the day is called here

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields[self.day]
        field.required, field.initial = True, today()
        field.widget.attrs["max"] = today().isoformat()
        field.label = self.said or field.label

    def clean(self) -> dict[str, Any]:
        """Not tomorrow."""
        told = super().clean() or self.cleaned_data
        if (on := told.get(self.day)) and on > today():
            self.add_error(self.day, _("不能晚于今天"))
        return told

    def facts(self) -> dict[str, Any]:
        """The event stands on that day."""
        return {**super().facts(), "on": self.cleaned_data[self.day]}
