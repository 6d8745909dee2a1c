"""Forms of this room: the rule of a campaign, its teams, what was found at a place."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import Kind
from sanxiao.archive.rules import BATCHES, CASES
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.lookback import acts, rule, say
from sanxiao.lookback.rules import ALARM, CAMPAIGN, LOOK, REVISIT
from sanxiao.office.now import now, today
from sanxiao.office.places import grounds

A_MONTH, MOST_TEAMS = 30, 40


class MomentInput(forms.DateTimeInput):
    """A day and an hour with the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class Ruled:
    """The fields of a rule, for the page that tries it and for the move that freezes it."""

    LISTS = (("kinds", gettext_lazy("类别")), ("areas", gettext_lazy("村（社区）")),
             ("cases", gettext_lazy("处置类型")), ("batches", gettext_lazy("批次")))  # fmt: skip

    @staticmethod
    def fields(user: Any) -> dict[str, forms.Field]:
        """By name, with what this person may choose from."""
        choices = {
            "kinds": [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)],
            "areas": [(area.code, area.label) for area in grounds(user, "lookback.plan")],
            "cases": CASES, "batches": BATCHES,
        }  # fmt: skip
        found: dict[str, forms.Field] = {
            "basis": forms.ChoiceField(
                label=_("看哪些户"), choices=[(key, say.BASES[key]()) for key in rule.BASES], widget=forms.RadioSelect
            ),
            "since": forms.DateField(label=_("自"), widget=DateInput),
            "until": forms.DateField(label=_("至"), widget=DateInput),
        }
        for name, label in Ruled.LISTS:
            found[name] = forms.MultipleChoiceField(
                label=label, choices=choices[name], required=False, widget=forms.CheckboxSelectMultiple
            )
        return found

    @staticmethod
    def rule_of(told: dict[str, Any]) -> dict[str, Any]:
        """The rule as it is kept; empty lists are left out."""
        kept = {"basis": told["basis"], "since": told["since"].isoformat(), "until": told["until"].isoformat()}
        return kept | {name: told[name] for name, _label in Ruled.LISTS if told.get(name)}

    @staticmethod
    def check(form: forms.Form) -> None:
        """A period ends after it began."""
        told = form.cleaned_data
        if told.get("since") and told.get("until") and told["until"] < told["since"]:
            form.add_error("until", _("不能早于开始的日期。"))


class RuleForm(forms.Form):
    """The rule, to be tried before the list is frozen."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(Ruled.fields(user))

    def clean(self) -> dict[str, Any]:
        """A whole period."""
        told = super().clean() or {}
        Ruled.check(self)
        return told

    def rule(self) -> dict[str, Any]:
        """The rule as data."""
        return Ruled.rule_of(self.cleaned_data)


@CAMPAIGN.form("freeze")
class FreezeForm(MoveForm):
    """确定名单: name, last day, how many, and the rule under which it was tried."""

    own = ("rule",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until_on"].initial = today() + timedelta(days=A_MONTH)
        self.fields.update(Ruled.fields(self.user))

    def clean(self) -> dict[str, Any]:
        """A whole period, and a number of places that is one."""
        told = super().clean() or {}
        Ruled.check(self)
        if told.get("size") == 0:
            self.add_error("size", _("至少一户；不填就全部列入。"))
        return told

    def facts(self) -> dict[str, Any]:
        """The rule together."""
        told = {name: self.cleaned_data[name] for name in ("called", "until_on", "size")}
        return {k: v for k, v in told.items() if v is not None} | {"rule": Ruled.rule_of(self.cleaned_data)}


@CAMPAIGN.form("share")
class ShareForm(MoveForm):
    """抽签分组: how many teams; who is in which, the lot says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = len(acts.officers(self.obj.area)) or 1
        self.fields["teams"] = forms.IntegerField(
            label=_("分几组"), min_value=1, max_value=MOST_TEAMS, initial=free,
            help_text=_("分局今天有 %(n)d 人在岗；组数多于人数时，一人在几组里。") % {"n": free},
        )  # fmt: skip


@LOOK.form("hand")
class HandForm(MoveForm):
    """指定两人: one of the bureau, one of another office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, people in (("first", acts.officers(self.obj.area)), ("second", acts.partners(self.obj.area))):
            rows = type(self.user).objects.filter(pk__in=[who.pk for who in people]).order_by("username")
            label = self.obj._meta.get_field(name).verbose_name
            self.fields[name] = forms.ModelChoiceField(
                label=label, queryset=rows, initial=getattr(self.obj, f"{name}_id")
            )
        self.order_fields(["first", "second", "reason"])


@LOOK.form("good", "slipped", "shut", "gone")
class LookForm(MoveForm):
    """What was found at a place: the day, a sentence, a photo."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_on"].initial = today()
        self.fields["found"].widget.attrs["rows"] = 3

    def facts(self) -> dict[str, Any]:
        """The event stands on the day on which somebody was there."""
        return {**super().facts(), "on": self.cleaned_data["seen_on"]}


@REVISIT.form("still", "revived", "other")
class RevisitForm(MoveForm):
    """What was found behind the closed door: the hour, who came along, a sentence, a photo."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_at"] = forms.DateTimeField(
            label=_("到场时间"), widget=MomentInput, initial=timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M")
        )
        self.fields["companion"] = forms.CharField(label=_("同行人员"), max_length=40, help_text=_("须两个人到场。"))
        self.fields["found"].widget.attrs["rows"] = 3
        self.order_fields(["seen_at", "companion", "found"])

    def clean_companion(self) -> str:
        """Somebody else."""
        said: str = self.cleaned_data["companion"].strip()
        if said == self.user.name:
            raise ValidationError(_("须两个人到场，请写另一位的姓名。"))
        return said

    def facts(self) -> dict[str, Any]:
        """The event stands on the day on which somebody was there."""
        told = super().facts()
        return {**told, "on": min(timezone.localtime(told["seen_at"]).date(), today())}


@ALARM.form("look")
class AlarmForm(MoveForm):
    """What was found where it was seen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["looked_on"].initial = today()

    def clean_looked_on(self) -> Any:
        """Nobody was there tomorrow."""
        if self.cleaned_data["looked_on"] > today():
            raise ValidationError(_("不能晚于今天。"))
        return self.cleaned_data["looked_on"]

    def facts(self) -> dict[str, Any]:
        """The event stands on the day on which somebody was there."""
        return {**super().facts(), "on": self.cleaned_data["looked_on"]}
