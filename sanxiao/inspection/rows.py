"""Forms of several problems at once, each row with a photo of its own. They work without scripts."""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket import files
from sanxiao.docket.forms import MoveForm
from sanxiao.inspection.models import Problem
from sanxiao.office.now import today


def asked(said: Any) -> dict[str, Any]:
    """Options of a field that a chosen row must fill: the words that ask for it."""
    return {"error_messages": {"required": said}}


def photo_field(label: Any) -> forms.FileField:
    """One photo, taken on the spot or chosen."""
    return forms.FileField(label=label, required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))


class Row(forms.Form):
    """One problem in a form of several; `chosen` says whether it counts, `wrong` what is wrong with it."""

    photo = ""  # the use of its photo, which is also the name of its field

    def __init__(self, data: Any, uploads: Any, *, no: int | str, words: str, initial: Any = None) -> None:
        super().__init__(data, uploads, prefix=f"items-{no}", initial=initial, use_required_attribute=False)
        self.no, self.words = no, words

    @property
    def chosen(self) -> bool:
        """Was anything said about this problem?"""
        raise NotImplementedError

    def errors_of(self) -> dict[str, str]:
        """What is wrong with a chosen row, by field."""
        raise NotImplementedError

    def check(self) -> str:
        """Mark what is wrong; returns it in a sentence, or ''."""
        self.full_clean()
        if not self.chosen:
            self.errors.clear()  # what stands in a row that nobody ticked is nobody's mistake
            return ""
        for name, said in self.errors_of().items():
            if name not in self.errors:
                self.add_error(name, said)
        wrong = " ".join(str(e) for errors in self.errors.values() for e in errors)
        return f"{self.words or self.cleaned_data.get('text') or self.no}{gettext('：')}{wrong}" if wrong else ""


def _object(text: str) -> dict[str, Any]:
    """A JSON object, or an empty one for anything else."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


class RowsForm(MoveForm):
    """A move whose facts are rows, one for each problem. A JSON body gives them as a list of objects."""

    obj: Any  # the order
    rows_key = ""  # the ask that the rows answer
    row_key = "no"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist(self.rows_key) if isinstance(self.data, MultiValueDict) else []
        data = self._flat(given) if given else self.data
        self.rows = list(self.make_rows(*((data, self.files) if self.is_bound else (None, None))))

    def make_rows(self, data: Any, uploads: Any) -> Iterator[Any]:
        """The rows, in the order of the page."""
        raise NotImplementedError

    def _flat(self, given: list[str]) -> dict[str, Any]:
        """Objects of a JSON list (each as its text) as the fields of a posted form."""
        flat: dict[str, Any] = {}
        free = 0
        for item in filter(None, map(_object, given)):
            free += not item.get(self.row_key)
            head = f"items-{item.get(self.row_key) or f'free{free}'}"
            flat |= {f"{head}-pick": True, **{f"{head}-{k}": v for k, v in item.items()}}
        return flat

    def clean(self) -> dict[str, Any]:
        """Every row that counts is whole, and there is at least one."""
        for row in self.rows:
            if said := row.check():
                self.add_error(None, said)
        if not any(row.chosen for row in self.rows):
            self.add_error(None, self.nothing)
        return self.cleaned_data

    @property
    def nothing(self) -> str:
        """What is said when no row counts."""
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """The fields, and the chosen rows under the name of the ask."""
        return {**super().facts(), self.rows_key: [row.facts() for row in self.rows if row.chosen]}

    def keep_files(self) -> None:
        """Each photo goes to its own problem."""
        super().keep_files()
        for no, row in enumerate((row for row in self.rows if row.chosen), 1):
            if upload := row.cleaned_data.get(row.photo):
                files.keep(self._problem(row, no), upload, upload.name or row.photo, self.user, role=row.photo)

    def _problem(self, row: Any, _no: int) -> Problem:
        return row.problem


class DayForm(MoveForm):
    """A move that happened on a day that stands on the paper: that day is also the day of the act."""

    obj: Any
    day = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.day].initial = today
        self.fields[self.day].widget.attrs["max"] = str(today())

    def facts(self) -> dict[str, Any]:
        """The same day twice: as a fact and as the day of the act."""
        told = super().facts()
        return {**told, "on": told[self.day]}

    def clean(self) -> dict[str, Any]:
        """Not in the future."""
        told = super().clean() or self.cleaned_data
        if (day := told.get(self.day)) and day > today():
            self.add_error(self.day, _("不能晚于今天"))
        return told
