"""Forms of an order: problems to pick, to answer and to judge; and the day and manner of service."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.archive import classify
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.docket.models import Rule
from sanxiao.inspection import repeated, visit_order
from sanxiao.inspection.acts import FOLLOW_DAYS, item_errors, longest
from sanxiao.inspection.models import Problem
from sanxiao.inspection.rows import DayForm, Row, RowsForm, asked, photo_field
from sanxiao.inspection.rules import ORDER, RESULTS, SERVICES
from sanxiao.inspection.show import with_photos
from sanxiao.office.models import Post
from sanxiao.office.now import today

FREE = 2  # empty rows for what no list knows


class ItemRow(Row):
    """A problem that the order may name."""

    pick = forms.BooleanField(required=False)
    text = forms.CharField(label=_("问题"), required=False, max_length=300)
    law = forms.CharField(label=_("依据"), max_length=300, **asked(_("请写明依据")))
    demand = forms.CharField(label=_("改正要求"), max_length=500, **asked(_("请写明改正要求")))
    until = forms.DateField(label=_("改正期限"), widget=DateInput, **asked(_("请填改正期限")))
    before = photo_field(_("整改前照片"))
    photo = "before"
    again: repeated.Again | None = None  # its earlier times at this place, or with this operator

    def __init__(self, *args: Any, area: str, said: dict[str, Any], likely: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area, self.said, self.likely = area, said, likely
        if not self.free:
            del self.fields["text"]

    @property
    def free(self) -> bool:
        """A row to be written by hand."""
        return not self.said

    @property
    def unsure(self) -> bool:
        """The clause is still to be named by the legal office."""
        return "条款待核" in self.said.get("law", "")

    @property
    def english(self) -> str:
        """The problem in English, beside the official words, on an English screen."""
        return self.said.get("text_en", "") if (get_language() or "").startswith("en") else ""

    @property
    def chosen(self) -> bool:
        """Ticked, or written by hand."""
        told = getattr(self, "cleaned_data", {})
        return bool(told.get("text")) if self.free else bool(told.get("pick"))

    def facts(self) -> dict[str, Any]:
        """The problem as the order takes it."""
        told = self.cleaned_data
        known = {} if self.free else {"code": self.said["code"], "key": bool(self.said.get("key"))}
        known |= {"item": self.said["item"]} if self.said.get("item") else {}
        return {
            **known, "text": told.get("text") or self.words, "law": told["law"], "demand": told["demand"],
            "until": told["until"],
        }  # fmt: skip

    def errors_of(self) -> dict[str, str]:
        """As the act itself would refuse it."""
        told = self.cleaned_data
        item = {"text": told.get("text") or self.words, **{k: told.get(k) for k in ("law", "demand", "until")}}
        return item_errors(item, self.area)


def colleagues(form: MoveForm) -> list[tuple[str, str]]:
    """The other people of the bureau today, to choose the second officer from."""
    posts = Post.objects.on().filter(office__role="bureau", user__is_active=True).exclude(user=form.user)
    names = dict.fromkeys(posts.order_by("user__name").values_list("user__name", flat=True))
    return [("", _("请选择")), *[(name, name) for name in names]]


@ORDER.form("issue")
class IssueForm(RowsForm):
    """下达: likely problems first and ticked, the other usual ones folded, two rows to write by hand."""

    template = "inspection/_issue.html"
    own = ("items",)
    rows_key, row_key = "items", "code"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"] = forms.ChoiceField(label=_("同行执法人员"), choices=colleagues(self))
        self.fields["found"].widget.attrs["rows"] = 2
        self.last = today() + timedelta(days=longest(self.obj.area))
        if visit := self.obj.visit:
            others = [row["name"] for row in visit.team if row["user"] != self.user.pk]
            self.fields["second"].initial = next(iter(others), "")
            self.fields["found"].initial = visit_order.found(visit)

    @property
    def nothing(self) -> str:
        """An order without a problem is none."""
        return str(_("请至少勾选或写明一个问题。"))

    def make_rows(self, data: Any, uploads: Any) -> Iterator[ItemRow]:
        """What the visit found, filled in; else likely ones; other usual ones; free ones."""
        order = self.obj
        for item in visit_order.items(order.visit) if order.visit else ():
            said = {**item, "days": 0, "text_en": ""}
            yield ItemRow(
                data, uploads, no=item["item"], words=item["text"], area=order.area, said=said, likely=True,
                initial={"pick": True, **{name: item[name] for name in ("law", "demand", "until")}},
            )  # fmt: skip
        listed = Rule.objects.value(f"problem.{order.file.kind_id}", order.area, order.rule_on, [])
        reasons = () if order.visit else classify.propose(order.file).reasons
        likely = {r["problem"] for r in reasons if r.get("problem")}
        before = repeated.earlier(order.file)
        for said in sorted(listed, key=lambda said: said["code"] not in likely):
            # What goes to another office has no basis here yet: it is offered, not ticked.
            shown = said["code"] in likely
            row = ItemRow(
                data, uploads, no=said["code"], words=said["text"], area=order.area, said=said, likely=shown,
                initial={"pick": shown and not said["law"].startswith("移送"), **_usual(said)},
            )  # fmt: skip
            row.again = before.get(said["code"])
            yield row
        for n in range(1, FREE + 1):
            yield ItemRow(data, uploads, no=f"free{n}", words="", area=order.area, said={})

    @property
    def likely(self) -> list[ItemRow]:
        """What the survey already shows."""
        return [row for row in self.rows if row.likely]

    @property
    def others(self) -> list[ItemRow]:
        """The other usual problems of this kind."""
        return [row for row in self.rows if not row.free and not row.likely]

    @property
    def free(self) -> list[ItemRow]:
        """Rows to write by hand."""
        return [row for row in self.rows if row.free]

    def _problem(self, _row: Any, no: int) -> Problem:
        order = self.obj
        return Problem(id=order.problem_pk(no), order=order, file=order.file, area=order.area)


def _usual(said: dict[str, Any]) -> dict[str, Any]:
    """Law, demand and date as they usually are; an unsure clause is left for the officer to complete."""
    law = visit_order.law(said)
    days = int(said.get("days", 0))
    return {
        "law": "" if law.startswith("移送") else law,
        "demand": visit_order.demand(days),
        "until": today() + timedelta(days=days),
    }


@ORDER.form("serve")
class ServeForm(DayForm):
    """送达: when, how, who signed."""

    day = "served_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = forms.ChoiceField(
            label=_("送达方式"), choices=SERVICES, widget=forms.RadioSelect, initial="direct"
        )
        self.fields["received_by"].initial = self.obj.file.operator.name


class AnswerRow(Row):
    """What was done about one problem, and the photo that shows it."""

    after = photo_field(_("整改后照片"))
    done = forms.CharField(
        label=_("怎么改的"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一句话，例如：已装纱窗和灭蝇灯。"), **asked(_("请写一句怎么改的")),
    )  # fmt: skip
    photo = "after"

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, no=problem.no, words=problem.title, **kwargs)
        self.problem = problem

    @property
    def chosen(self) -> bool:
        """Words or a photo."""
        told = getattr(self, "cleaned_data", {})
        return bool(told.get("done") or told.get("after"))

    def errors_of(self) -> dict[str, str]:
        """The words belong to a photo."""
        told, wrong = self.cleaned_data, {}
        if not told.get("after") and not self.problem.has_proof():
            wrong["after"] = str(_("请拍这一项整改后的照片"))
        return wrong

    def facts(self) -> dict[str, Any]:
        """One answer."""
        return {"no": self.problem.no, "done": self.cleaned_data["done"]}


@ORDER.form("report", "report_for")
class ReportForm(RowsForm):
    """申请复查: what is put right is reported; what is not yet can wait for its own date."""

    template = "inspection/_report.html"
    own = ("answers",)
    rows_key = "answers"

    @property
    def nothing(self) -> str:
        """Nothing was reported."""
        return str(_("请至少报一项：拍照片，写一句怎么改的。"))

    def make_rows(self, data: Any, uploads: Any) -> Iterator[AnswerRow]:
        """One for each problem that waits."""
        for problem in with_photos(self.obj.problems.waiting()):
            yield AnswerRow(data, uploads, problem=problem)


class JudgeRow(Row):
    """The verdict on one problem."""

    result = forms.ChoiceField(label=_("判定"), choices=RESULTS, widget=forms.RadioSelect, **asked(_("请判定这一项")))
    after = photo_field(_("复查照片"))
    note = forms.CharField(
        label=_("情况说明"), required=False, max_length=300, help_text=_("没有判合格的、没有整改前照片的，必须写明。")
    )
    until = forms.DateField(
        label=_("新的期限"), required=False, widget=DateInput, help_text=_("再次责令的填写，只能给一次。")
    )
    photo = "after"

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, no=problem.no, words=problem.title, **kwargs)
        self.problem = problem
        if problem.again:
            fewer = [pair for pair in RESULTS if pair[0] != "again"]
            self.fields["result"] = forms.ChoiceField(label=_("判定"), choices=fewer, widget=forms.RadioSelect)
            del self.fields["until"]

    @property
    def has_before(self) -> bool:
        """Is there a picture of before to hold beside the new one?"""
        return any(photo.blob.width for photo in self.problem.photos["before"])

    @property
    def chosen(self) -> bool:
        """Every problem of the form is judged."""
        return True

    def errors_of(self) -> dict[str, str]:
        """A verdict; a pass with its photo; anything else with its reason and, once, a new date."""
        told, wrong = self.cleaned_data, {}
        result = told.get("result")
        if result == "pass" and not told.get("after") and not self.problem.has_proof():
            wrong["after"] = str(_("判合格须有这一项整改后的照片"))
        if result in ("again", "fail") and not told.get("note"):
            wrong["note"] = str(_("请写明情况"))
        if result == "pass" and not told.get("note") and not self.has_before:
            wrong["note"] = str(_("没有整改前照片可以对照，请写明原因"))
        if result == "again":
            wrong |= self._date_errors(told.get("until"))
        return wrong

    def _date_errors(self, until: date | None) -> dict[str, str]:
        whole = {"text": 1, "law": 1, "demand": 1, "until": until}
        return {k: v for k, v in item_errors(whole, self.problem.area).items() if k == "until"}

    def facts(self) -> dict[str, Any]:
        """One verdict."""
        told = self.cleaned_data
        again = {"until": told["until"]} if told["result"] == "again" else {}
        return {"no": self.problem.no, "result": told["result"], "note": told["note"], **again}


@ORDER.form("review")
class ReviewForm(DayForm, RowsForm):
    """复查: two officers, a day, and a verdict on each problem that was reported or is past its date."""

    template = "inspection/_review.html"
    own = ("results",)
    rows_key = "results"
    day = "reviewed_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = int(Rule.objects.value("order.follow_days", self.obj.area, today(), FOLLOW_DAYS))
        follow = self.fields["follow_on"]
        follow.initial, follow.help_text = today() + timedelta(days=days), _("全部合格、销号时，按这一天安排跟踪检查。")
        self.fields["review_second"] = forms.ChoiceField(label=_("复查同行人员"), choices=colleagues(self))

    @property
    def nothing(self) -> str:
        """There is nothing to judge."""
        return str(_("没有需要判定的问题。"))

    def make_rows(self, data: Any, uploads: Any) -> Iterator[JudgeRow]:
        """One for each problem to judge."""
        for problem in with_photos(self.obj.problems.to_judge()):
            yield JudgeRow(data, uploads, problem=problem)

    @property
    def running(self) -> list[Problem]:
        """Problems whose date has not come: they go on."""
        return list(self.obj.problems.filter(state="open"))
