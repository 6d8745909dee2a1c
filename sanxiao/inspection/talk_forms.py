"""Forms of a talk: called for a day, held and written down, signed, and looked at again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import MoveForm
from sanxiao.inspection.forms import colleagues
from sanxiao.inspection.rows import DayForm
from sanxiao.inspection.talk_models import Talk
from sanxiao.inspection.talk_rules import SIGNED_HOW, TALK

LINES = {"findings": 4, "demanded": 3, "promised": 3, "effect": 3}


def _longer(form: MoveForm) -> None:
    """Long texts get the lines that they usually need."""
    for name, rows in LINES.items():
        if name in form.fields:
            form.fields[name].widget = forms.Textarea(attrs={"rows": rows})


@TALK.form("call")
class CallForm(MoveForm):
    """约谈: why, whom, when and where."""

    obj: Talk

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _longer(self)
        self.fields["meet_on"].required = True


@TALK.form("hold", "record")
class HoldForm(DayForm):
    """约谈记录: two officers, what was pointed out, demanded and promised."""

    obj: Talk
    day = "held_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _longer(self)
        self.fields["second"] = forms.ChoiceField(label=_("同行执法人员"), choices=colleagues(self))
        self.order_fields(list(self.row.asks))


@TALK.form("sign")
class SignForm(DayForm):
    """签字: signed, or the refusal with its witness."""

    obj: Talk
    day = "signed_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_how"] = forms.ChoiceField(
            label=_("签字情况"), choices=SIGNED_HOW, widget=forms.RadioSelect, initial="signed"
        )
        self.order_fields(list(self.row.asks))


@TALK.form("keep", "break")
class SeeForm(DayForm):
    """查看: the day on which somebody went to see, and what he saw."""

    obj: Talk
    day = "seen_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _longer(self)
