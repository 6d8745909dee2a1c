"""The words of a report: the only thing in it that is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.docket import flow
from sanxiao.office.models import User
from sanxiao.reports.models import NARRATIVE, Report

HINTS = {
    "progress": _("做了什么、到哪一步。数字不用抄，表里都有。"),
    "problems": _("遇到什么困难，涉及哪几户。一行写一件：提交后各成一件事，答复之前一直挂着。"),
    "needs": _("需要哪个单位帮什么。也是一行一件。"),
    "next_steps": _("下个季度先办哪几件。"),
}


class WordsForm(forms.ModelForm):
    """Four sections, and the explanation where numbers contradict each other."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = (*NARRATIVE, "explanation")
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in (*NARRATIVE, "explanation")}
        help_texts = HINTS

    def __init__(self, data: Any, *, report: Report, wants_explanation: bool) -> None:
        # A copy, because a model form writes into its instance while it checks.
        super().__init__(data, instance=Report.objects.get(pk=report.pk), initial={"version": report.version})
        self.report = report
        self.fields["progress"].required = True
        if not (wants_explanation or report.explanation):
            del self.fields["explanation"]

    def save_words(self, by: User) -> None:
        """One amendment, logged from -> to. Raises Refused or Stale; nothing changed is no error."""
        told = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}
        try:
            flow.amend(self.report, by, "report.write", version=self.cleaned_data["version"], **told)
        except flow.Refused as refusal:
            if refusal.code != "same":
                raise
