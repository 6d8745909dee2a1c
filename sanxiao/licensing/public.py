"""The public check page: anybody scans the code and sees in one glance whether the paper holds.

No sign-in, no cookie, no script. What is shown is an allow-list taken from the frozen face of the paper
and its live state: name, village, number, category, validity, state, and the operator as 王**.
"""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sanxiao.docket.models import Rule
from sanxiao.licensing.issuing import RENEWING
from sanxiao.licensing.models import Application, Certificate
from sanxiao.office.now import today
from sanxiao.office.places import name_of
from sanxiao.papers import cn, codes


@dataclass(frozen=True)
class Verdict:
    """The answer: its tone (good, bad, warn), its icon, the words, and the rows that may be shown."""

    tone: str
    icon: str
    title: str
    text: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    status: int = 200
    practice: bool = False


@require_safe
def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """`/v/<code>` in either case; `?lang=en` for English. Without a code: a field to type it in."""
    wanted = request.GET.get("lang") or translation.get_language() or ""
    with translation.override("en" if wanted.startswith("en") else "zh-hans"):
        typed = request.GET.get("code", "").strip()
        if codes.plain(typed):
            return _public(redirect("check", code=codes.plain(typed)))
        verdict = judge(code or typed) if code or typed else None
        context = {"verdict": verdict, "host": urlsplit(settings.PUBLIC_BASE_URL).netloc}
        page = render(request, "licensing/public.html", context, status=verdict.status if verdict else 200)
    return _public(page)


def _public(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def judge(code: str) -> Verdict:
    """What the office says today of the paper behind a code."""
    plain = codes.plain(code)
    paper = Certificate.objects.select_related("file").filter(code=plain).first() if plain else None
    if paper is None:
        text = _("这个码不是由本镇发出的。请核对码是否完整；来历不明的证卡，请向监管部门反映。")
        return Verdict("bad", "cross-circle", _("查无此证"), text, status=404)
    answer = _ANSWERS[_state_today(paper)](paper)
    return replace(answer, rows=rows_of(paper), practice=bool(paper.facts.get("practice")))


def _state_today(paper: Certificate) -> str:
    """The state, by the end of the last day even when the night watch has not come yet."""
    if paper.state in ("valid", "suspended") and paper.valid_to < today():
        return "expired"
    if paper.state == "valid" and paper.valid_from > today():
        return "early"
    if paper.state == "valid" and paper.file.state in ("closed", "moved"):
        return "gone"
    return paper.state


def rows_of(paper: Certificate) -> list[tuple[str, str]]:
    """The allow-list. Everything comes from the printed face; from the file the risk grade alone, as kept today."""
    span = f"{_day(paper.valid_from)} — {_day(paper.valid_to)}"
    return [
        (_("名称"), paper.facts["name"]),
        (_("村（社区）"), name_of(paper.area)),
        (_("经营者"), cn.mask_name(paper.facts["person"])),
        (_("类别"), _category(paper)),
        (_("编号"), paper.number),
        (_("有效期"), span),
        *_grade(paper),
    ]


def _grade(paper: Certificate) -> list[tuple[str, str]]:
    """The letter of the place as it stands today, for a paper that holds."""
    if paper.state not in ("valid", "suspended") or not (row := paper.file.standing.grade_row):
        return []
    return [(_("风险等级"), str(row.name))]


def _category(paper: Certificate) -> str:
    if not (translation.get_language() or "").startswith("en"):
        return paper.document
    said = Rule.objects.value(f"document.{paper.kind_code}", paper.area, paper.issued_on, {})
    return said.get("name_en") or paper.document


def _day(day: Any) -> str:
    return date_format(day, "Y-m-d")


def _valid(paper: Certificate) -> Verdict:
    text = _("请核对店名、地点与眼前的是否一致。")
    return Verdict("good", "tick-circle", _("有效"), text)


def _suspended(paper: Certificate) -> Verdict:
    return Verdict("warn", "alert", _("已暂停"), _("暂停期间不得生产经营。"))


def _expired(paper: Certificate) -> Verdict:
    pending = Application.objects.filter(previous=paper, purpose="renew", state__in=RENEWING).exists()
    if pending:
        text = _("有效期已满；已按时申请延续，正在办理，决定作出前仍可经营。")
        return Verdict("warn", "clock", _("延续办理中"), text)
    return Verdict("bad", "cross-circle", _("已过期"), _("有效期已满，没有延续。"))


def _revoked(paper: Certificate) -> Verdict:
    text = _("已于 %(day)s 撤销，不再有效。") % {"day": _day(paper.ended_on)}
    return Verdict("bad", "cross-circle", _("已撤销"), text)


def _cancelled(paper: Certificate) -> Verdict:
    text = _("已于 %(day)s 注销，不再有效。") % {"day": _day(paper.ended_on)}
    return Verdict("bad", "cross-circle", _("已注销"), text)


def _replaced(paper: Certificate) -> Verdict:
    """The new code is not told: it is on the new paper, and a copy of the old one must not lead to it."""
    text = _("这一份已于 %(day)s 换发新证，不再有效。请扫新证上的码。") % {"day": _day(paper.ended_on)}
    return Verdict("warn", "alert", _("已换发"), text)


def _early(paper: Certificate) -> Verdict:
    return Verdict("warn", "clock", _("尚未生效"), _("有效期还没有开始。"))


def _gone(paper: Certificate) -> Verdict:
    return Verdict("warn", "alert", _("已停业或迁出"), _("登记以后，这一户已关停或迁出本镇。"))


_ANSWERS = {
    "valid": _valid, "suspended": _suspended, "expired": _expired, "revoked": _revoked, "cancelled": _cancelled,
    "replaced": _replaced, "early": _early, "gone": _gone,
}  # fmt: skip
