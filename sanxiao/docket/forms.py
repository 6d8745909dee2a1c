"""The form of a move, made from what its row asks; the model says how each field looks."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from sanxiao.docket import files
from sanxiao.docket.flow import label_of
from sanxiao.docket.models import Matter
from sanxiao.docket.tables import Move
from sanxiao.office.models import User


class DateInput(forms.DateInput):
    """A date with the browser's own calendar; always ISO, whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class MoveForm(forms.Form):
    """Base of all move forms. Subclasses add fields; `facts()` is what goes into `flow.move`."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    own: ClassVar[tuple[str, ...]] = ()  # asks that the form reads in a way of its own: rows of a table
    open_ended = False  # True where a form reads rows of its own from the posted data
    template = ""  # the body of the form, where the plain fields are not enough

    def __init__(self, *args: Any, obj: Matter, row: Move, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj, self.row, self.user = obj, row, user
        self.fields["version"].initial = obj.version or None
        for ask in row.asks:
            if ask not in self.fields and ask not in self.own:
                self.fields[ask] = self._field(ask)
        self.order_fields(list(row.asks))

    def _field(self, ask: str) -> forms.Field:
        if ask in ("reason", "note"):
            return forms.CharField(
                label=label_of(self.obj, ask), required=ask == "reason", widget=forms.Textarea(attrs={"rows": 3})
            )
        if ask in ("until", "on"):
            return forms.DateField(label=label_of(self.obj, ask), required=ask == "until", widget=DateInput)
        try:
            model_field = self.obj._meta.get_field(ask)
        except FieldDoesNotExist as error:
            raise TypeError(f"{self.obj.flow.key}.{self.row.key} asks {ask!r}: give it a form in forms.py") from error
        field = model_field.formfield(
            **({"widget": DateInput} if model_field.get_internal_type() == "DateField" else {})
        )
        field.initial = getattr(self.obj, ask, None)
        return field

    def facts(self) -> dict[str, Any]:
        """The typed values, without the version and without empty optional ones."""
        return {k: v for k, v in self.cleaned_data.items() if k != "version" and v not in (None, "")}

    def renew(self) -> None:
        """After losing a race: the typed values stay, the next press is made against the record as it is now."""
        self.carry(version=self.obj.version)

    def carry(self, **hidden: Any) -> None:
        """Put hidden values of the page right, where it had them."""
        said: Any = self.data.copy()
        for name, value in hidden.items():
            if name in said:
                said[name] = str(value)
        self.data = said

    def keep_files(self) -> None:
        """Attach what came with the form, before the move and in its transaction. Raises Refused."""
        if self.obj._state.adding:
            return  # a beginning matter keeps its files in its effect, when it has a row of its own
        for role in self.row.attaches:
            for upload in self.files.getlist(role):
                files.keep(self.obj, upload, upload.name or role, self.user, role=role)

    @property
    def shown(self) -> list[forms.BoundField]:
        """Visible fields, for the page."""
        return list(self.visible_fields())


class SignForm(forms.Form):
    """A counter-signature: yes, or no with the reason."""

    agrees = forms.TypedChoiceField(
        label=_("会签意见"),
        choices=(("1", _("同意")), ("0", _("不同意"))),
        coerce=lambda v: v == "1",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("意见"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


def form_for(obj: Matter, row: Move) -> type[MoveForm]:
    """The form class of a move: the room's own, or the one made from the row."""
    return obj.flow.forms.get(row.key, MoveForm)
