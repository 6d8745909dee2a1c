"""Forms of the shell: people, posts, hand-over, dated settings."""

import json
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import DateInput
from sanxiao.docket.models import Handover, Rule
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Office, Post, User
from sanxiao.office.now import today


def offices_of(user: User) -> Any:
    """Offices whose people this person manages: those on the ground of his managing seats."""
    ground = Q(pk__in=[])
    for prefix in scope_of(user).prefixes(DUTIES["people.manage"].roles(LEADS)):
        ground |= Q(area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
    return Office.objects.on().filter(ground)


class PostForm(forms.Form):
    """An office, a title, a first day."""

    office = forms.ModelChoiceField(label=_("单位"), queryset=Office.objects.none())
    title = forms.CharField(label=_("职务"), max_length=40, required=False)
    since = forms.DateField(label=_("任职起"), widget=DateInput, initial=today)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices_of(user)


class PersonForm(PostForm):
    """A new person with the first post."""

    username = forms.SlugField(label=_("登录名"), max_length=40, help_text=_("小写拼音或工号，不能与别人相同。"))
    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(label=_("办公电话"), max_length=20, required=False)
    field_order = ("name", "username", "phone", "office", "title", "since")

    def clean_username(self) -> str:
        """Each name once."""
        username = self.cleaned_data["username"].lower()
        if get_user_model().objects.filter(username=username).exists():
            raise forms.ValidationError(_("这个登录名已有人使用，请换一个。"))
        return username


class HandoverForm(forms.ModelForm):
    """Which of my seats, to whom, from when, for a leave or for good."""

    post = forms.ModelChoiceField(label=_("交出的岗位"), queryset=Post.objects.none())
    field_order = ("post", "taker", "acting", "since", "until", "note")

    class Meta:
        model = Handover
        fields = ("taker", "acting", "since", "until", "note")
        widgets = {
            "since": DateInput,
            "until": DateInput,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = user.posts.on().filter(acting=False).select_related("office")
        self.fields["post"].queryset = mine
        self.fields["post"].initial = mine.first()
        self.fields["taker"].queryset = User.objects.filter(is_active=True).exclude(pk=user.pk)
        self.fields["since"].initial = today()


class RuleForm(forms.ModelForm):
    """A new dated row of a setting; the old row stays for what was received under it."""

    text = forms.CharField(label=_("新值"), widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}))
    since = forms.DateField(label=_("生效日"), widget=DateInput, initial=today)

    class Meta:
        model = Rule
        fields = ("since", "law", "mark", "source", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    field_order = ("text", "since", "law", "mark", "source", "note")

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.fields["text"].initial = json.dumps(rule.value, ensure_ascii=False, indent=2)
        for name in ("law", "mark", "source"):
            self.fields[name].initial = getattr(rule, name)

    def clean_text(self) -> Any:
        """JSON of the same shape as the value it follows."""
        try:
            value = json.loads(self.cleaned_data["text"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("不是有效的写法（JSON）：%(why)s") % {"why": error}) from error
        if type(value) is not type(self.rule.value) and self.rule.value is not None:
            raise forms.ValidationError(_("新值的种类须与原值相同。"))
        if isinstance(value, dict) and (gone := set(self.rule.value) - set(value)):
            raise forms.ValidationError(_("缺少：%(names)s") % {"names": "、".join(sorted(gone))})
        return value

    def clean_since(self) -> Any:
        """A rule does not begin before the one it follows."""
        if self.cleaned_data["since"] <= self.rule.since:
            raise forms.ValidationError(_("生效日须晚于原来一行（%(day)s）。") % {"day": self.rule.since})
        return self.cleaned_data["since"]


class CalendarForm(forms.Form):
    """One year's notice, a day a line."""

    text = forms.CharField(
        label=_("放假安排"),
        widget=forms.Textarea(attrs={"rows": 12, "placeholder": "2027-01-01 休 元旦\n2027-02-06 班 春节"}),
        help_text=_("每行一天：日期、休或班、节名。只写与周一至周五不同的日子；整年一次装入，替换该年原有的安排。"),
    )
