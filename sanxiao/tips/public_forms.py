"""The four questions of the public page."""

import secrets
from typing import Any

from django import forms
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.office import seal
from sanxiao.office.models import Area, Office
from sanxiao.tips.rules import PROBLEMS, WANTS

LONGEST = 3000
MOST_BODY = 32 * 1024 * 1024


class InMemory(MemoryFileUploadHandler):
    """Photos as they came, with their metadata, never touch the disk."""

    def handle_raw_input(self, *_args: Any, **_kwargs: Any) -> None:
        """Whatever the size; the view has looked at the length of the whole."""
        self.activated = True


class Photos(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class PhotoField(forms.FileField):
    """Photos; whether they are any is judged where they are drawn anew."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files as they came."""
        return list(data or [])


class TipForm(forms.Form):
    """What, where, photos, and (only for who wants) who."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=64)
    at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    lng = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    problem = forms.ChoiceField(label=_("什么问题"), choices=PROBLEMS, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("说说情况"), max_length=LONGEST, min_length=5,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )  # fmt: skip
    area = forms.ChoiceField(label=_("在哪个村（社区）"), required=False)
    place = forms.CharField(
        label=_("店名或者地点"), max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    photos = PhotoField(
        label=_("照片（最多 3 张）"), required=False,
        widget=Photos(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
    )  # fmt: skip
    accused = forms.ChoiceField(label=_("反映的是哪个单位"), required=False)
    want = forms.ChoiceField(label=_("您要什么结果"), choices=WANTS, widget=forms.RadioSelect, initial="report")
    demand = forms.CharField(
        label=_("您的要求"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("姓名"), max_length=20, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("电话"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )  # fmt: skip
    home = forms.CharField(
        label=_("联系地址"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reward = forms.BooleanField(label=_("查实以后，愿意凭回执码领取奖励"), required=False)

    def __init__(self, *args: Any, areas: list[Area], offices: list[Office], sealed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sealed = sealed  # is there anybody to whom an identity can be sealed?
        self.areas = {area.code: area for area in areas}
        self.fields["area"].choices = [("", gettext("不清楚")), *((a.code, a.label) for a in areas)]  # type: ignore[attr-defined]
        self.fields["accused"].choices = [("", "—"), *((str(o.pk), o.label) for o in offices)]  # type: ignore[attr-defined]
        self.fields["once"].initial = secrets.token_hex(16)

    def clean_phone(self) -> str:
        """A mobile or a landline."""
        typed = self.cleaned_data["phone"]
        if typed and not 7 <= len(seal.plain_phone(typed)) <= 13:
            raise forms.ValidationError(gettext("电话号码不对，请检查。"))
        return seal.plain_phone(typed)

    def clean(self) -> dict[str, Any]:
        """A complaint needs who, how to reach him, and what he wants; a unit that is told of has its name."""
        said = super().clean() or {}
        if said.get("want") in ("complaint", "both"):
            if not self.sealed:
                self.add_error(
                    "want", gettext("现在还收不了姓名和电话，只能先反映问题；要求退赔请打举报电话或者到窗口。")
                )
            else:
                needs = {
                    "demand": gettext("要求退赔的，请写明要求。"), "name": gettext("要求退赔的，须留姓名。"),
                    "phone": gettext("要求退赔的，须留电话。"), "home": gettext("要求退赔的，须留联系地址。"),
                }  # fmt: skip
                for field, words in needs.items():
                    if not said.get(field) and field not in self.errors:
                        self.add_error(field, words)
        if not said.get("area") and not said.get("place") and "area" not in self.errors:
            self.add_error("place", gettext("请选村（社区），或者写个地点，写一个就行。"))
        return said

    def content(self, town: str, language: str) -> dict[str, Any]:
        """What is told, without who."""
        said = self.cleaned_data
        point = (said.get("lat"), said.get("lng")) if None not in (said.get("lat"), said.get("lng")) else (None, None)
        return {
            "problem": said["problem"], "text": said["text"], "area": said["area"] or town, "place": said["place"],
            "lat": point[0], "lng": point[1], "want": said["want"], "demand": said["demand"],
            "accused": said["accused"], "reward": said["reward"],  # whatever the problem: the page has promised it
            "lang": language,
        }  # fmt: skip

    def identity(self) -> dict[str, str]:
        """Who tells, as far as he says."""
        return {name: self.cleaned_data[name] for name in ("name", "phone", "home") if self.cleaned_data[name]}
