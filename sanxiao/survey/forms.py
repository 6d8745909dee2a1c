"""The survey table as a plain HTML form, and the forms of filing and importing."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import Kind
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Area, User
from sanxiao.survey import answers, intake, reading, touched, words
from sanxiao.survey.doubles import options_for
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.reading import Question, label
from sanxiao.survey.rules import SHEET

FEW = 7  # choices up to this number stand side by side, more are a list to pick from
LINES = {"windows": 4, "buyers": 4}  # lines of a repeat on the page; the form may set a limit
WATCHED = ("shop_name", "operator_name", "phone", "id_number", "uscc", "village", "address")  # for likely doubles
MOST_PHOTOS = 9
HALF_A_LINE = 34  # letters, with four for the box of each choice


class Pictures(forms.ClearableFileInput):
    """One or several pictures."""

    allow_multiple_selected = True

    def __init__(self, several: bool) -> None:
        super().__init__({"accept": "image/*", "multiple": several, "data-preview": ""})
        self.template_name = "django/forms/widgets/file.html"


class SheetForm(forms.Form):
    """A survey form at the desk, made from its definition. All checks are those of `answers.check`.

    Field names are the questions' own; a point is `<name>_lat` and `<name>_lng`, a line of a repeat
    `<repeat>-<n>-<name>`. Without script every conditional question stands there and says when it is asked.
    """

    use_required_attribute = False

    def __init__(
        self,
        form: Form,
        grounds: list[Area],
        user: User,
        data: Any = None,
        uploads: Any = None,
        *,
        known: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`known`: personal answers of the file that is surveyed again; they stand where nothing is typed."""
        self.form, self.user, self.known = form, user, known or {}
        self.ground = reading.ground_for(form, {a.code: a.label for a in grounds}, grounds[0].code if grounds else "")
        self.answers = answers.Answers()
        self.pictures: list[intake.Picture] = []
        super().__init__(data, uploads, **kwargs)
        for question in self._questions():
            if question["type"] == "repeat" and question["name"] != "photos":
                for at in range(question["limit"] or LINES.get(question["name"], 3)):
                    for inner in question["questions"]:
                        self.fields[f"{question['name']}-{at}-{inner['name']}"] = self._field(inner)
            else:
                self.fields |= self._fields_of(question)

    def _questions(self) -> Iterator[Question]:
        for group in self.form.definition["groups"]:
            for question in group["questions"]:
                if question["type"] not in ("note", "calculate", "dateTime") and question["auto"] != "server":
                    yield question

    def _fields_of(self, question: Question) -> dict[str, forms.Field]:
        name = question["name"]
        if question["type"] == "geopoint":
            pair = (("lat", _("纬度")), ("lng", _("经度")))
            return {f"{name}_{axis}": self._point(f"{label(question)} · {said}") for axis, said in pair}
        return {name: self._field(question)}

    def _point(self, said: str) -> forms.Field:
        return forms.CharField(label=said, required=False, widget=forms.TextInput({"inputmode": "decimal"}))

    def _field(self, question: Question) -> forms.Field:
        made = forms.Field(
            label=f"{question['code']} {label(question)}".strip(), widget=self._widget(question),
            required=question["required"] and not question["desk_optional"],
            help_text=_("；").join(filter(None, (label(question, "hint"), self._when(question)))),
        )  # fmt: skip
        if question["private"]:
            made.widget.attrs |= {"data-private": "", "autocomplete": "off"}
            mask, held = words.MASKS.get(question["name"]), self.known.get(question["name"])
            if mask and held:
                made.widget.attrs["placeholder"] = _("不改就留空：%(held)s") % {"held": mask(held)}
        if question["name"] in WATCHED:
            made.widget.attrs |= {
                "hx-post": reverse("sheet-doubles"), "hx-trigger": "change", "hx-target": "#doubles",
                "hx-include": "[data-double]", "data-double": "",
            }  # fmt: skip
        return made

    def _widget(self, question: Question) -> forms.Widget:
        kind, name = question["type"], question["name"]
        if kind in ("image", "repeat"):
            return Pictures(several=name == "photos")
        if kind in ("select_one", "select_multiple"):
            choices = list(reading.values_of(question, self.form, self.ground).items())
            if kind == "select_multiple":
                return forms.CheckboxSelectMultiple(choices=choices)
            if len(choices) <= FEW and question["list"] != "village":
                return forms.RadioSelect(choices=choices)
            return forms.Select(choices=[("", "—"), *choices])
        if kind == "date":
            return forms.TextInput({"type": "month"}) if question["appearance"] == "month-year" else DateInput()
        if kind == "time":
            return forms.TextInput({"type": "time"})
        if kind in ("integer", "decimal"):
            return forms.TextInput({"inputmode": "numeric" if kind == "integer" else "decimal"})
        return forms.Textarea({"rows": 2}) if name.endswith("_note") or name == "process" else forms.TextInput()

    def _when(self, question: Question) -> str:
        """When a conditional question is asked, in words: '“营业执照”为“有”时填写'."""
        wanted: dict[str, list[str]] = {}
        for name, value in re.findall(r"\$\{(\w+)\}\)?(?:,| =) '(\w+)'", question["relevant"]):
            listed = self.form.definition["choices"].get(self.form.questions()[name]["list"], ())
            wanted.setdefault(name, []).extend(label(c) for c in listed if c["value"] == value)
        if not wanted or "not(" in question["relevant"]:
            return ""
        said = [
            _("“%(question)s”为“%(answer)s”")
            % {"question": label(self.form.questions()[name]), "answer": _("”或“").join(values)}
            for name, values in wanted.items()
        ]
        return _("%(when)s时填写") % {"when": _("，或").join(said)}

    # --- checking ------------------------------------------------------------------------------------------------

    def full_clean(self) -> None:
        """All answers through the one check; errors stand at their fields."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        if not self.is_bound:
            return
        self._keep_pictures()
        has = {picture.role for picture in self.pictures}
        self.answers = answers.check(self.form, self.raw(), self.ground, strict=True, has=tuple(has))
        for place, said in self.answers.errors.items():
            self._put(place, said)

    def _put(self, place: str, said: str) -> None:
        name = place.replace(".", "-")
        if name not in self.fields and f"{name}_lat" in self.fields:
            name = f"{name}_lat"
        self._errors.setdefault(name if name in self.fields else "__all__", self.error_class()).append(said)

    def raw(self) -> dict[str, Any]:
        """What was typed, by question; text as it came."""
        found: dict[str, Any] = {}
        for question in self._questions():
            name = question["name"]
            if question["type"] == "geopoint":
                found[name] = [self.data.get(f"{name}_lat", "").strip(), self.data.get(f"{name}_lng", "").strip()]
            elif question["type"] == "repeat" and name != "photos":
                found[name] = [self._line(name, at, question) for at in self._lines(question)]
            elif question["type"] != "image" and name != "photos":
                found[name] = self._typed(name) or self.known.get(name)
        return found

    def _lines(self, question: Question) -> range:
        return range(question["limit"] or LINES.get(question["name"], 3))

    def _line(self, name: str, at: int, question: Question) -> dict[str, Any]:
        return {inner["name"]: self._typed(f"{name}-{at}-{inner['name']}") for inner in question["questions"]}

    def _typed(self, name: str) -> Any:
        return self.fields[name].widget.value_from_datadict(self.data, self.files, name)

    def _keep_pictures(self) -> None:
        """Store what came, take back what the page carried; a wrong picture is an error of its own."""
        listed = self.data.getlist("kept") if isinstance(self.data, MultiValueDict) else self.data.get("kept", [])
        self.pictures = intake.carried(listed, self.user)
        for role in intake.ROLES:
            if role in self.fields:
                for upload in self.files.getlist(role) if hasattr(self.files, "getlist") else ():
                    try:
                        self.pictures.append(intake.stored(role, upload))
                    except Refused as refusal:
                        self._put(role, refusal.reason)
        if sum(picture.role == "photos" for picture in self.pictures) > MOST_PHOTOS:
            self._put("photos", _("最多 %(n)d 张照片，请去掉几张。") % {"n": MOST_PHOTOS})

    # --- showing -------------------------------------------------------------------------------------------------

    @property
    def carried(self) -> list[dict[str, str]]:
        """Pictures kept so far, for the page to carry on."""
        return [{"name": picture.name, "token": picture.token(self.user)} for picture in self.pictures]

    def groups(self) -> list[dict[str, Any]]:
        """The page, group by group: fields, points with their map, lines of repeats."""
        return [
            {"title": label(group), "parts": list(self._parts(group["questions"]))}
            for group in self.form.definition["groups"]
        ]

    def _parts(self, questions: list[Question]) -> Iterator[dict[str, Any]]:
        for question in questions:
            name = question["name"]
            if question["type"] == "geopoint":
                yield {"point": [self[f"{name}_lat"], self[f"{name}_lng"]], "ids": f"id_{name}_lat,id_{name}_lng"}
            elif question["type"] == "repeat" and name != "photos":
                inner = [each["name"] for each in question["questions"]]
                lines = [[self[f"{name}-{at}-{each}"] for each in inner] for at in self._lines(question)]
                yield {"title": f"{question['code']} {label(question)}", "hint": self._when(question), "lines": lines}
            elif name in self.fields:
                warning = self.answers.warnings.get(name, "")
                yield {"field": self[name], "warning": warning, "narrow": self._is_short(question)}

    def _is_short(self, question: Question) -> bool:
        """Do the choices fit into half a line?"""
        named = reading.values_of(question, self.form, self.ground).values() if question["list"] else ()
        return sum(map(len, named)) + 4 * len(named) <= HALF_A_LINE


@SHEET.form("file")
class FileSheetForm(MoveForm):
    """A new file, or one of the likely ones brought up to the sheet."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)  # the files that were shown, each with its mark
    template = "survey/_filing.html"
    obj: Sheet

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._look()

    def _look(self) -> None:
        """The likely files as they are now."""
        self.options = options_for(self.obj, self.user)
        held = [("new", _("新建一户")), *((str(o.file.pk), o.file.called) for o in self.options if not o.reason)]
        self.fields["target"] = forms.ChoiceField(label=_("建到哪里"), choices=held, required=bool(self.options))
        if not any(option.sure for option in self.options):
            self.fields["target"].initial = "new"
        self.fields["seen"].initial = " ".join(f"{o.file.pk}={touched.mark(o.file)}" for o in self.options)

    def renew(self) -> None:
        """The files as they are now; what was chosen stays chosen."""
        super().renew()
        self._look()
        self.carry(seen=self.fields["seen"].initial)

    def clean(self) -> dict[str, Any]:
        """A new file is made only after everything that is like it was looked at."""
        told = super().clean() or {}
        shown = self._shown()
        if told.get("target") == "new" and shown and any(str(o.file.pk) not in shown for o in self.options):
            self.renew()
            self.add_error("target", _("刚刚又有相近的一户建了档，已列在下面；请核对后再选。"))
        return told

    def _shown(self) -> dict[str, str]:
        """By file, the mark under which the page showed it; empty where no page did."""
        return dict(part.split("=", 1) for part in self.data.get("seen", "").split() if "=" in part)

    def facts(self) -> dict[str, Any]:
        """Without a target it is a new file."""
        target, shown = self.cleaned_data.get("target"), self._shown()
        if target in ("", None, "new"):
            return {}
        return {"target": target} | ({"seen": shown.get(target, "")} if shown else {})


class LedgerForm(forms.Form):
    """An old ledger: which kind it lists, the workbook, and the village where it names none."""

    kind = forms.ModelChoiceField(label=gettext_lazy("台账登记的是"), queryset=Kind.objects.none(), empty_label=None)
    village = forms.ChoiceField(
        label=gettext_lazy("所属村（社区）"), required=False,
        help_text=gettext_lazy("整本台账都是一个村的，在这里选；表里有村名一列的，不用选。"),
    )  # fmt: skip
    workbook = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy(".xlsx 或 .xls，20 MB 以内。上传后只是试读，不会写入任何档案。"),
        widget=forms.FileInput({"accept": ".xlsx,.xls"}),
    )  # fmt: skip

    def __init__(self, *args: Any, grounds: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, village = self.fields["kind"], self.fields["village"]
        assert isinstance(kind, forms.ModelChoiceField) and isinstance(village, forms.ChoiceField)
        kind.queryset = Kind.objects.filter(pk__in=[form.kind_id for form in Form.objects.in_use()])
        village.choices = [("", _("表里有村名")), *((a.code, a.label) for a in grounds)]
