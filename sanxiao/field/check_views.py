"""Pages of back-checks: error rate by surveyor, the list behind each number, one check, and its form."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.docket.views import STATUS
from sanxiao.field import checks
from sanxiao.field.models import Check
from sanxiao.field.rules import CHECK
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.survey import answers, reading, words
from sanxiao.survey.reading import label

A_MONTH = 30


class DrawForm(forms.Form):
    """What to draw from, how much, and the seed by which anybody can draw the same again."""

    since = forms.DateField(label=gettext_lazy("调查日期自"), widget=DateInput)
    until = forms.DateField(label=gettext_lazy("至"), widget=DateInput)
    share = forms.IntegerField(label=gettext_lazy("抽取比例（%）"), min_value=1, max_value=100)
    seed = forms.CharField(
        label=gettext_lazy("种子"), max_length=40,
        help_text=gettext_lazy("同样的日期、比例和种子，谁来抽都是同样的表。"),
    )  # fmt: skip


@CHECK.form("record")
class CheckForm(MoveForm):
    """The questions of the check form; the first answers are not shown, so that they suggest nothing."""

    open_ended = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = checks.form()
        self.fields["checked_on"] = forms.DateField(label=_("复核日期"), widget=DateInput, initial=today)
        for name, question in self._questions():
            self.fields[name] = self._question(name, question)

    def _questions(self) -> list[tuple[str, reading.Question]]:
        if self.asked is None:
            return []
        return [(n, q) for n, q in self.asked.questions().items() if n != "surveyed_on"]

    def _question(self, name: str, question: reading.Question) -> forms.Field:
        assert self.asked is not None
        said = {"label": label(question), "required": question["required"]}
        if question["list"]:
            listed = self.asked.definition["choices"][question["list"]]
            choices = [(c["value"], label(c)) for c in listed]
            return forms.ChoiceField(**said, choices=choices, widget=forms.RadioSelect)
        if question["type"] == "integer":
            return forms.IntegerField(**said, min_value=0)
        return forms.CharField(**said, widget=forms.Textarea({"rows": 2}) if name.endswith("_note") else None)

    def clean(self) -> dict[str, Any]:
        """The same checks as on a phone, and no later than today."""
        told = super().clean() or {}
        if told.get("checked_on") and told["checked_on"] > today():
            self.add_error("checked_on", _("日期不能晚于今天。"))
        if self.asked is not None:
            raw = {name: told.get(name) for name, _q in self._questions()}
            ground = reading.ground_for(self.asked, {}, self.obj.area)
            for name, said in answers.check(self.asked, raw, ground, strict=False).errors.items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, said)
        return told

    def facts(self) -> dict[str, Any]:
        """The answers together, who asked, and when."""
        told = self.cleaned_data
        names = [name for name, _q in self._questions()]
        said = {name: told[name] for name in names if told.get(name) not in (None, "")}
        return {"answers": said, "checked_on": told["checked_on"], "checker": self.user, "on": told["checked_on"]}


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The error rate of every surveyor, and the draw."""
    if not may_read(request.user, "check"):
        raise Http404
    return _board(request, _draw_form(request))


def _draw_form(request: HttpRequest) -> DrawForm:
    day = today()
    here = grounds(request.user, family="check")
    initial = {
        "since": day - timedelta(days=A_MONTH), "until": day, "seed": f"{day:%Y%m%d}-{secrets.token_hex(2)}",
        "share": checks.share_of(here[0].code if here else ""),
    }  # fmt: skip
    return DrawForm(initial=initial)


def _board(request: HttpRequest, form: DrawForm, status: int = 200) -> HttpResponse:
    context = {
        "scores": checks.scores(request.user),
        "form": form if may(request.user, "check.draw") else None,
    }
    return render(request, "field/checks.html", context, status=status)


@login_required
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw by lot."""
    if not may(request.user, "check.draw"):
        raise PermissionDenied
    form = DrawForm(request.POST)
    if not form.is_valid():
        return _board(request, form, 422)
    try:
        made = checks.draw(request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return _board(request, form, STATUS.get(refusal.code, 422))
    said = ngettext("抽出 %(n)d 张调查表，种子 %(seed)s。", "抽出 %(n)d 张调查表，种子 %(seed)s。", len(made))
    messages.success(request, said % {"n": len(made), "seed": form.cleaned_data["seed"]})
    return redirect("check-list")


def _rows(user: Any) -> QuerySet[Check]:
    return Check.objects.seen_by(user).select_related("sheet__kind", "checker").defer("sheet__sealed", "sheet__answers")


def _surveyors(user: Any) -> Sequence[tuple[str, Any]]:
    names = Check.objects.seen_by(user).order_by("surveyor").values_list("surveyor", flat=True).distinct()
    return [(name, name) for name in names]


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="check")]


DIFFERS = [("some", gettext_lazy("有不一致")), ("none", gettext_lazy("全部一致"))]

CHECKS = Listing(
    key="check-list",
    title=gettext_lazy("调查复核"),
    rows=_rows,
    columns=(
        Column("name", gettext_lazy("名称"), lambda c: c.sheet.name, slot="title", width=24),
        Column("state", gettext_lazy("状态"), lambda c: c.state, slot="state", state=lambda c: c.state_row),
        Column("surveyor", gettext_lazy("调查人"), lambda c: c.surveyor, slot="note", width=12),
        Column("area", gettext_lazy("村（社区）"), lambda c: c.area, kind="area", slot="note", width=16),
        Column("seen", gettext_lazy("调查日期"), lambda c: c.sheet.seen_on, kind="date"),
        Column("asked", gettext_lazy("复问"), lambda c: c.asked, kind="int"),
        Column("differing", gettext_lazy("不一致"), lambda c: len(c.differing), kind="int", slot="end"),
        Column("checker", gettext_lazy("复核人"), lambda c: str(c.checker or ""), width=12),
        Column("seed", gettext_lazy("种子"), lambda c: f"{c.seed} · {c.share}%", width=20),
    ),
    filters=(
        Filter("state", gettext_lazy("状态"), lambda _u: [(s.key, s.name) for s in CHECK.states],
               lambda rows, v: rows.filter(state=v)),
        Filter("surveyor", gettext_lazy("调查人"), _surveyors, lambda rows, v: rows.filter(surveyor=v)),
        Filter("area", gettext_lazy("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("differs", gettext_lazy("结果"), lambda _u: DIFFERS,
               lambda rows, v: rows.filter(state="done").exclude(differing=[]) if v == "some"
               else rows.filter(state="done", differing=[])),
    ),
    empty={"title": gettext_lazy("还没有抽取复核"), "text": gettext_lazy("按比例抽几张调查表，换一个人再问一遍。")},
)  # fmt: skip


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The checks behind the numbers."""
    return CHECKS.respond(request)


@login_required
@require_GET
def check(request: HttpRequest, pk: Any) -> HttpResponse:
    """One check: what was asked again, and what was answered otherwise."""
    rows = Check.objects.seen_by(request.user).select_related("sheet__form", "sheet__kind", "sheet__file", "checker")
    found = get_object_or_404(rows, pk=pk)
    questions = found.sheet.form.questions()
    lines = []
    for name, first, second, differs in checks.sides(found):
        if question := questions.get(name):
            said = [words.said(found.sheet.form, question, value) for value in (first, second)]
            lines.append({"label": label(question), "first": said[0], "second": said[1], "differs": differs})
    context = {
        "check": found, "lines": lines, "events": Event.objects.of(found)[:20],
        "mine": found.is_open and checks.is_surveyor(found, request.user),
    }  # fmt: skip
    return render(request, "field/check.html", context)
