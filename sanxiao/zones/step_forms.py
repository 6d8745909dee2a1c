"""Forms of a zone's steps: who is asked, what was decided and on which conditions, and the days of the works."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.clock import add_months
from sanxiao.docket.forms import MoveForm
from sanxiao.office.now import today
from sanxiao.zones import say
from sanxiao.zones.days import DayForm
from sanxiao.zones.models import Step
from sanxiao.zones.rules import STEP
from sanxiao.zones.step_acts import latest

DATED = re.compile(r"[\s,，|｜（(]*(\d{4}-\d{1,2}-\d{1,2})[）)]?\s*$")
MOST_CONDITIONS = 20


@STEP.form("ask")
class AskForm(MoveForm):
    """Who is asked, and whether at once or one after the other."""

    own = ("offices", "order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step: Any = self.obj
        roles = ("finance", "bureau", "urban", "planning", "land", "environment", "construction", "fso")
        offices = say.offices_by_role(step.area)
        self.fields["offices"] = forms.MultipleChoiceField(
            label=_("征求哪些单位"), widget=forms.CheckboxSelectMultiple, initial=list(step.consults),
            choices=[(role, offices[role].label) for role in roles if role in offices and role != step.role],
        )  # fmt: skip
        self.fields["order"] = forms.ChoiceField(
            label=_("方式"), choices=say.ORDERS, widget=forms.RadioSelect, initial="together"
        )
        self.order_fields(["offices", "order", "note"])


class DecidedForm(DayForm):
    """A paper with its number, its day and its validity."""

    day = "decided_on"
    obj: Step

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "valid_until" in self.fields:
            step: Any = self.obj
            years = step.valid_years
            self.fields["valid_until"].initial = add_months(today(), 12 * years) if years else None
            self.fields["valid_until"].help_text = _("照证件上写的填；没有有效期就留空。")

    def clean(self) -> dict[str, Any]:
        """What it is valid for lies after its day."""
        told = super().clean()
        until, on = told.get("valid_until"), told.get("decided_on")
        if until and on and until <= on:
            self.add_error("valid_until", _("须晚于办结日期"))
        return told


@STEP.form("grant")
class GrantForm(DecidedForm):
    """同意, and on which conditions: one a line, a date at its end where there is one."""

    own = ("conditions",)
    said = _("批准日期")
    conditions = forms.CharField(
        label=_("附加条件"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个条件，行末可以写落实期限，例如：增设隔油池 2018-09-01"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step: Any = self.obj
        rows = [row for row in latest(step) if row.state == "conditioned"]
        self.fields["conditions"].initial = "\n".join(" ".join(row.words.split()) for row in rows)

    def clean_conditions(self) -> list[dict[str, Any]]:
        """Lines with their dates; a date that has passed is no term."""
        rows = [_condition(line) for line in self.cleaned_data["conditions"].splitlines() if line.strip()]
        if len(rows) > MOST_CONDITIONS:
            raise ValidationError(_("最多 %(n)d 个条件。") % {"n": MOST_CONDITIONS})
        return rows

    def facts(self) -> dict[str, Any]:
        """The conditions only where there are some."""
        told = super().facts()
        if not told.get("conditions"):
            told.pop("conditions", None)
        return told


def _condition(line: str) -> dict[str, Any]:
    found = DATED.search(line)
    text = (line[: found.start()] if found else line).strip()
    if not text or len(text) > 200:
        raise ValidationError(_("每个条件 1 到 200 个字：%(line)s") % {"line": line[:40]})
    if not found:
        return {"text": text}
    try:
        until = date(*map(int, found[1].split("-")))
    except ValueError as error:
        raise ValidationError(_("日期不对：%(line)s") % {"line": line[:60]}) from error
    if until <= today():
        raise ValidationError(_("落实期限须在今天之后：%(line)s") % {"line": line[:60]})
    return {"text": text, "until": until}


@STEP.form("file")
class FileForm(DecidedForm):
    """登记办结: what the village has done or filed itself."""

    said = _("办结日期")


@STEP.form("start")
class StartForm(DayForm):
    """The first day of the works."""

    day, said = "decided_on", _("开工日期")


@STEP.form("finish")
class FinishForm(DayForm):
    """The last day of the works."""

    day, said = "decided_on", _("完工日期")
