"""Forms of the licensing moves that ask for more than plain fields."""

import re
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import leaders
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.docket.models import Attachment, Rule
from sanxiao.licensing import clash, eligibility
from sanxiao.licensing.eligibility import words_of
from sanxiao.licensing.models import Application
from sanxiao.licensing.rules import APPLICATION, CERTIFICATE_FLOW, OPINIONS
from sanxiao.office.models import Post
from sanxiao.office.now import today


def material_role(code: str) -> str:
    """Under which use the photos of a material are kept."""
    return f"material.{code}"


def materials_of(app: Application) -> list[dict[str, Any]]:
    """What the town asks for this kind, with what is there: name, required, have, photos."""
    wanted = Rule.objects.value(f"materials.{app.file.kind_id}", app.area, app.rule_on, [])
    photos: dict[str, list[Attachment]] = {}
    for photo in Attachment.objects.filter(subject=app.pk, voided_at__isnull=True).select_related("blob"):
        photos.setdefault(photo.role, []).append(photo)
    return [
        {
            "code": row["code"], "name": words_of(row), "plain_name": row["name"], "required": row["required"],
            "have": bool(app.materials.get(row["code"])), "photos": photos.get(material_role(row["code"]), []),
        }
        for row in wanted
    ]  # fmt: skip


class MaterialsForm(MoveForm):
    """The materials one by one: is it there, and its photo. A photo says that it is there."""

    obj: Application
    template = "licensing/_materials.html"
    own = ("materials",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = materials_of(self.obj)
        for row in self.wanted:
            self.fields[f"have_{row['code']}"] = forms.BooleanField(
                label=row["name"], required=False, initial=row["have"]
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A line of the page for every material."""
        return [{**row, "field": self[f"have_{row['code']}"], "upload": f"photo_{row['code']}"} for row in self.wanted]

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields that are no materials."""
        return [field for field in self.visible_fields() if not field.name.startswith("have_")]

    def clean(self) -> dict[str, Any]:
        """Lay the photos ready for the effect of the move."""
        said = super().clean() or {}
        self.obj.uploads = [
            (material_role(row["code"]), upload)
            for row in self.wanted
            for upload in self.files.getlist(f"photo_{row['code']}")
        ]
        return said

    def facts(self) -> dict[str, Any]:
        """Purpose, statement, and which materials are there."""
        sent = {role for role, _upload in self.obj.uploads}
        have = {
            row["code"]: bool(self.cleaned_data[f"have_{row['code']}"] or row["photos"])
            or material_role(row["code"]) in sent
            for row in self.wanted
        }
        rest = {k: v for k, v in super().facts().items() if not k.startswith("have_")}
        return rest | {"materials": have}


APPLICATION.form("fill", "resubmit")(MaterialsForm)


@APPLICATION.form("begin")
class BeginForm(MaterialsForm):
    """A new application, under the conditions of the place and what other cards say against it."""

    template = "licensing/_begin.html"

    @property
    def findings(self) -> list[eligibility.Finding]:
        """The conditions, the worst first."""
        return eligibility.check(self.obj.file)

    @property
    def warnings(self) -> list[str]:
        """Other cards at the same place or hours."""
        return clash.warnings(self.obj.file)


@APPLICATION.form("submit")
class SubmitForm(MoveForm):
    """The operator has read and signed."""

    committed = forms.BooleanField(label=_("经营者已看过申请内容，并在食品安全承诺书上签字"))


@APPLICATION.form("return")
class ReturnForm(MoveForm):
    """Every defect at once: a reason for each material, and what else is wanted."""

    obj: Application
    template = "licensing/_return.html"
    own = ("defects",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = Rule.objects.value("reason.return", self.obj.area, self.obj.rule_on, [])
        self.choices = [("", _("没有问题")), *[(r["text"], words_of(r)) for r in reasons]]
        self.wanted = materials_of(self.obj)
        for row in self.wanted:
            start = "" if row["have"] or not row["required"] else reasons[0]["text"] if reasons else ""
            self.fields[f"why_{row['code']}"] = forms.ChoiceField(
                label=_("问题"), choices=self.choices, required=False, initial=start
            )
            self.fields[f"text_{row['code']}"] = forms.CharField(label=_("具体要求"), required=False, max_length=200)
        self.fields["others"] = forms.CharField(
            label=_("其他需要补正的内容"), required=False, help_text=_("一行一条。"),
            widget=forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A line of the page for every material."""
        return [{**r, "why": self[f"why_{r['code']}"], "text": self[f"text_{r['code']}"]} for r in self.wanted]

    def clean(self) -> dict[str, Any]:
        """At least one defect, in sentences that the operator reads."""
        said = super().clean() or {}
        self.sentences = []
        for row in self.wanted:
            why, text = said.get(f"why_{row['code']}"), (said.get(f"text_{row['code']}") or "").strip()
            if why or text:
                self.sentences.append("：".join(p for p in (row["plain_name"], why, text) if p))
        self.sentences += [line.strip() for line in (said.get("others") or "").splitlines() if line.strip()]
        if not self.sentences:
            raise forms.ValidationError(_("请至少写明一项需要补正的内容；没有问题就受理。"))
        return said

    def facts(self) -> dict[str, Any]:
        """The defects alone."""
        return {"defects": self.sentences}


@APPLICATION.form("visit_pass", "visit_fail")
class VisitForm(MoveForm):
    """Who went, when, and every item."""

    obj: Application
    template = "licensing/_visit.html"
    RESULTS = (("1", _("合格")), ("0", _("不合格")))

    own = ("items",)

    visited_on = forms.DateField(label=_("核查日期"), widget=DateInput)
    officers = forms.MultipleChoiceField(label=_("核查人员（两人以上）"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visited_on"].initial = today()
        people = self._people()
        chosen = cast(forms.MultipleChoiceField, self.fields["officers"])
        chosen.choices = [(name, name) for name in people]
        chosen.initial = [self.user.name]
        self.fields["note"].label = _("情况说明")
        self.checked = Rule.objects.value(f"site_check.{self.obj.file.kind_id}", self.obj.area, self.obj.rule_on, [])
        for row in self.checked:
            self.fields[f"item_{row['code']}"] = forms.ChoiceField(
                label=words_of(row), choices=self.RESULTS, widget=forms.RadioSelect,
                initial="1" if self.row.key == "visit_pass" else None,
            )  # fmt: skip

    def _people(self) -> list[str]:
        """Who may handle this here, and the bureau's branch."""
        roles = leaders(self.row, self.obj) | {"bureau"}
        here = [self.obj.area[:w].ljust(12, "0") for w in (2, 4, 6, 9, 12)]
        posts = Post.objects.on().filter(office__role__in=roles, office__area__in=here, user__is_active=True)
        names = posts.order_by("user__username").values_list("user__name", flat=True)
        return list(dict.fromkeys([self.user.name, *names]))

    @property
    def rows(self) -> list[forms.BoundField]:
        """The items."""
        return [self[f"item_{row['code']}"] for row in self.checked]

    def facts(self) -> dict[str, Any]:
        """Items and officers by name, so that they can be read later; the day is also that of the event."""
        said = {k: v for k, v in super().facts().items() if not k.startswith("item_")}
        items = {row["text"]: self.cleaned_data[f"item_{row['code']}"] == "1" for row in self.checked}
        return said | {"items": items, "on": said["visited_on"]}


@APPLICATION.form("propose")
class ProposeForm(MoveForm):
    """What the handler thinks, with what he knows."""

    obj: Application
    template = "licensing/_propose.html"
    opinion = forms.ChoiceField(label=_("办理意见"), choices=OPINIONS, widget=forms.RadioSelect, initial="grant")

    @property
    def findings(self) -> list[eligibility.Finding]:
        """The conditions, the worst first."""
        return eligibility.check(self.obj.file)

    @property
    def warnings(self) -> list[str]:
        """Other cards at the same place or hours."""
        return clash.warnings(self.obj.file)


class GroundForm(MoveForm):
    """A reason of the town's list for this act, and in own words what happened."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Rule.objects.value(f"reason.{self.row.key}", self.obj.area, default=[])
        self.fields["ground"] = forms.ChoiceField(
            label=_("理由"), choices=[(row["text"], words_of(row)) for row in rows], widget=forms.RadioSelect
        )
        if "reason" in self.fields:
            self.fields["reason"].label = _("具体情况")
        self.order_fields(list(self.row.asks))


APPLICATION.form("refuse")(GroundForm)
CERTIFICATE_FLOW.form("suspend", "revoke", "cancel", "replace")(GroundForm)


@APPLICATION.form("issue")
class IssueForm(MoveForm):
    """The official number, where another office gives one, checked by the town's pattern."""

    obj: Application

    def clean_official_no(self) -> str:
        """In the form that the rules say; empty is allowed."""
        value = self.cleaned_data["official_no"].strip().upper()
        pattern = Rule.objects.value("number.official", self.obj.area, default={}).get(self.obj.file.kind_id)
        if value and pattern and not re.fullmatch(pattern, value):
            raise forms.ValidationError(_("官方编号的格式不对，应符合：%(pattern)s"), params={"pattern": pattern})
        return value


@APPLICATION.form("hand_over")
class HandOverForm(MoveForm):
    """Who took it, and when."""

    obj: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handed_on"].initial = today()
        self.fields["received_by"].initial = self.obj.file.operator.name

    def facts(self) -> dict[str, Any]:
        """The day of the hand-over is also that of the event."""
        said = super().facts()
        return said | {"on": said["handed_on"]}
