"""What several forms share: files of a beginning matter, colleagues, penalties as boxes, clauses of the day."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.forms import ID_FAULTS
from sanxiao.archive.numbers import id_card_fault
from sanxiao.docket.forms import MoveForm
from sanxiao.enforcement import clauses, discretion
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.rules import PENALTIES
from sanxiao.office import seal
from sanxiao.office.models import Post, User

LINES = 12  # of a list that is typed line by line; a longer one is a second paper


class StartForm(MoveForm):
    """A beginning matter takes its files along; its effect keeps them."""

    def clean(self) -> dict[str, Any]:
        """Lay the uploads ready for the effect of the move."""
        said = super().clean() or self.cleaned_data
        self.obj.uploads = [(role, each) for role in self.row.attaches for each in self.files.getlist(role)]
        return said


def colleagues(form: MoveForm) -> Any:
    """The other people of the bureau today, who may stand beside the handler."""
    posts = Post.objects.on().filter(office__role="bureau", user__is_active=True).exclude(user=form.user)
    return User.objects.filter(pk__in=posts.values("user")).order_by("name")


class PenaltyFields(MoveForm):
    """Penalties as boxes, the fine as a sum."""

    obj: Case

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["penalties"] = forms.MultipleChoiceField(
            label=_("处罚种类"), choices=PENALTIES, required=False, widget=forms.CheckboxSelectMultiple,
            initial=self.obj.penalties,
        )  # fmt: skip
        self.fields["fine"] = forms.DecimalField(
            label=_("罚款（元）"),
            required=False,
            min_value=0,
            max_digits=14,
            decimal_places=2,
            initial=self.obj.fine or None,
        )
        self.order_fields(list(self.row.asks))

    def facts(self) -> dict[str, Any]:
        """The fine is a number, also when nothing was typed; no penalty is an empty list."""
        return {
            **super().facts(),
            "fine": self.cleaned_data.get("fine") or Decimal(0),
            "penalties": self.cleaned_data["penalties"],
        }


def _worded(row: dict[str, Any], kind: str) -> str:
    return f"{row['law']}　{row['text']}{discretion.span_words(row, kind)}"


class ClauseFields(MoveForm):
    """Clauses are picked from those that hold on the day; their wording of that day is copied into the case."""

    obj: Case

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = clauses.on(self.obj.received_on, self.obj.area)
        kind = self.obj.file.kind_id
        self.fields["clauses"] = forms.MultipleChoiceField(
            label=_("违反条款和处罚依据"), widget=forms.CheckboxSelectMultiple,
            choices=[(row["code"], _worded(row, kind)) for row in self.offered],
            initial=[row["code"] for row in self.obj.clauses],
            error_messages={"required": _("请至少选一条依据")},
        )  # fmt: skip
        self.order_fields(list(self.row.asks))

    def facts(self) -> dict[str, Any]:
        """The chosen clauses, each with its wording."""
        chosen = set(self.cleaned_data["clauses"])
        return {**super().facts(), "clauses": [row for row in self.offered if row["code"] in chosen]}


def known_number(typed: str) -> str:
    """An ID number as it is kept. Raises a ValidationError in words."""
    said = seal.plain_id(typed)
    if len(said) == 18 and (fault := id_card_fault(said)):
        raise forms.ValidationError(ID_FAULTS[fault])
    return said
