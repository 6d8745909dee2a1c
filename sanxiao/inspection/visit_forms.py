"""Forms of a visit: the plan with its people or the lot, the checklist by keyboard, the telling."""

import json
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.docket import files
from sanxiao.docket.forms import MoveForm
from sanxiao.inspection import checklist, visits
from sanxiao.inspection.rows import DayForm, photo_field
from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_rules import ANSWERS, BY_HAND, GRAVITIES, TOLD_HOW, VISIT
from sanxiao.inspection.visit_show import photos_of
from sanxiao.office.models import User
from sanxiao.office.now import today

A_WEEK = timedelta(days=7)


class TeamForm(MoveForm):
    """A move that names the people who go."""

    obj: Visit
    leads = False  # True: who fills the form goes along and leads

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = visits.colleagues(self.obj.area)
        self.people: dict[str, User] = {str(user.pk): user for _office, users in people for user in users}
        chosen = [str(row["user"]) for row in self.obj.team] or ([str(self.user.pk)] if self.leads else [])
        self.fields["team"] = forms.MultipleChoiceField(
            label=_("检查人员（两人以上，第一位为主查人）") if self.leads else _("检查人员"),
            choices=[
                (str(user.pk), _("%(name)s（%(office)s）") % {"name": user.name, "office": office})
                for office, users in people for user in users
            ],
            widget=forms.CheckboxSelectMultiple, required=self.leads, initial=chosen,
        )  # fmt: skip
        if "kind" in self.fields:
            cast(forms.ChoiceField, self.fields["kind"]).choices = BY_HAND
        if "override" in self.fields:
            self.fields["override"].required = False
        self.order_fields(list(self.row.asks))

    def facts(self) -> dict[str, Any]:
        """The team as the visit keeps it; who fills the form comes first when he goes along."""
        told = super().facts()
        chosen = [self.people[key] for key in self.cleaned_data.get("team", ())]
        chosen.sort(key=lambda user: user.pk != self.user.pk)
        return {**told, "team": visits.team_rows(chosen)}


@VISIT.form("plan", "assign")
class PlanForm(TeamForm):
    """When and who; the lot may choose the pair."""

    lot = forms.BooleanField(
        label=gettext_lazy("随机选派两名分局人员"), required=False,
        help_text=gettext_lazy("勾选后不用再选人；按本次检查的编号抽取，谁来抽都一样。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.obj.state:
            self.fields["planned_from"].initial = today()
            self.fields["planned_to"].initial = today() + A_WEEK
        self.order_fields(["kind", "cause", "planned_from", "planned_to", "lot", "team", "override"])

    def facts(self) -> dict[str, Any]:
        """Chosen people, or those of the lot; its seed is kept in the log."""
        told = super().facts()
        if not told.pop("lot", False):
            return told
        seed = str(self.obj.pk)
        return {**told, "team": visits.team_rows(visits.random_pair(self.obj.area, seed)), "lot": seed}


@VISIT.form("begin", "start", "early")
class BeginForm(DayForm, TeamForm):
    """On the spot: the day, two people, what they showed."""

    day = "begun_on"
    leads = True


class ItemForm(forms.Form):
    """One item of the checklist as it is answered."""

    a = forms.ChoiceField(choices=ANSWERS, widget=forms.RadioSelect, required=False)
    gravity = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    note = forms.CharField(
        label=gettext_lazy("情况说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    before = photo_field(gettext_lazy("改正前照片"))
    after = photo_field(gettext_lazy("当场改正后照片"))

    def __init__(
        self, data: Any, uploads: Any, *, item: checklist.Item, said: dict[str, Any], held: dict[str, Any]
    ) -> None:
        initial = {"a": said.get("a"), "gravity": said.get("gravity") or item.gravity, "note": said.get("note")}
        super().__init__(data, uploads, prefix=item.code, initial=initial, use_required_attribute=False)
        self.item, self.held = item, held
        gravities = [pair for pair in GRAVITIES if not (item.key and pair[0] == "spot")]
        cast(forms.ChoiceField, self.fields["gravity"]).choices = gravities
        if item.key:
            del self.fields["after"]

    def told(self) -> dict[str, Any]:
        """The answer as the visit keeps it; of a good item nothing but that."""
        said = self.cleaned_data
        row = {"a": said.get("a") or ""}
        if row["a"] == "no":
            row |= {"gravity": said.get("gravity") or "", "note": said.get("note") or ""}
        elif said.get("note"):
            row["note"] = said["note"]
        return row

    @property
    def said_no(self) -> bool:
        """Is the part about a failure to be seen from the start?"""
        return self["a"].value() == "no"


@VISIT.form("judge", "save")
class JudgeForm(MoveForm):
    """The checklist: 1 是, 2 否, 3 不适用; what failed says how grave it is and may have its photos."""

    obj: Visit
    template = "inspection/_judge.html"
    own = ("answers",)
    open_ended = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = checklist.items_of(self.obj.form) if self.obj.form else []
        given = self.data.getlist("answers") if isinstance(self.data, MultiValueDict) else []
        data = _flat(given[0]) if given else self.data
        sources = (data, self.files) if self.is_bound else (None, None)
        photos = photos_of(self.obj)
        self.rows = [
            ItemForm(*sources, item=item, said=self.obj.answers.get(item.code, {}), held=photos.get(item.code, {}))
            for item in self.items
        ]

    def clean(self) -> dict[str, Any]:
        """Each row is readable; a draft may be incomplete, a judgement may not."""
        bad = [row for row in self.rows if not row.is_valid()]
        if not bad and self.row.key == "judge":
            whole = self.obj.kind != "flying"
            found = checklist.faults(self.items, {row.item.code: row.told() for row in self.rows}, whole=whole)
            for row in self.rows:
                if said := found.get(row.item.code):
                    row.add_error("gravity" if row.told()["a"] else "a", said)
                elif self._unproved(row):
                    row.add_error("after", _("当场改正的，须有改正前后的照片"))
            bad = [row for row in self.rows if row.errors]
        if bad:
            names = _("、").join(row.item.no for row in bad)
            self.add_error(None, _("请补全第 %(names)s 项。") % {"names": names})
        return self.cleaned_data

    def _unproved(self, row: ItemForm) -> bool:
        told = row.told()
        if told["a"] != "no" or told["gravity"] != "spot":
            return False
        return not all(row.cleaned_data.get(use) or row.held.get(use) for use in ("before", "after"))

    def facts(self) -> dict[str, Any]:
        """The answers by item."""
        answers = {row.item.code: row.told() for row in self.rows}
        return {"answers": {code: told for code, told in answers.items() if told["a"] or told.get("note")}}

    def keep_files(self) -> None:
        """Each photo goes to its own item."""
        super().keep_files()
        for row in self.rows:
            for use in ("before", "after"):
                if upload := row.cleaned_data.get(use):
                    files.keep(self.obj, upload, upload.name or use, self.user, role=f"{use}:{row.item.code}")

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(bool(row["a"].value()) for row in self.rows)


def _flat(text: str) -> dict[str, Any]:
    """The answers of a JSON body as the rows read them."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    rows = said.items() if isinstance(said, dict) else ()
    return {f"{code}-{name}": value for code, row in rows if isinstance(row, dict) for name, value in row.items()}


@VISIT.form("tell")
class TellForm(DayForm):
    """The result is told: signed, or the refusal with its witness or recording."""

    obj: Visit
    day = "told_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_how"] = forms.ChoiceField(
            label=_("告知方式"), choices=TOLD_HOW, widget=forms.RadioSelect, initial="signed"
        )
        self.fields["told_to"].initial = self.obj.file.operator.name
        self.order_fields(list(self.row.asks))


@VISIT.form("publish")
class PublishForm(DayForm):
    """The day on which it stands on the public list."""

    day = "published_on"


@VISIT.form("higher")
class HigherForm(DayForm):
    """Whose check it was, when, and of which items; none ticked: of all."""

    obj: Visit
    day = "done_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form = checklist.in_use(self.obj.file.kind_id)
        items = checklist.items_of(form) if form else []
        self.fields["higher"].required = True
        self.fields["scope"] = forms.MultipleChoiceField(
            label=_("检查了哪些项目（不选为全部）"), required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(item.code, f"{item.no}. {item.words}") for item in items],
        )  # fmt: skip
        self.order_fields(list(self.row.asks))
