"""`/open/decisions/`: penalties that are published today, for anybody. No sign-in, no script, and no person's name.

A decision stands here from its publication until the day that the rule sets (处罚信息公示规定), or until somebody takes
it down; then it is answered like what never was.
"""

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from sanxiao.docket.models import Rule
from sanxiao.enforcement import say
from sanxiao.enforcement.models import Case
from sanxiao.papers import cn

PAGE = 30
NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|\d{15}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?![0-9A-Za-z])")


def facts_of(case: Case) -> dict[str, Any]:
    """What may be read: number, who (a shop by its name, a person masked), what for, by what, how much, when."""
    file, person = case.file, case.file.operator.name
    name = file.name.strip()
    issuer = Rule.objects.value("document.case", case.area, case.rule_on, {}).get("issuer", "")
    return {
        "number": case.number, "who": name if name and name != person else cn.mask_name(person),
        "area": case.area, "conduct": masked(case),
        "bases": [row.get("basis") or row["law"] for row in case.clauses], "penalties": say.penalties(case.penalties),
        "fine": case.fine or None, "decided_on": case.decided_on, "until": case.public_until, "issuer": issuer,
        "practice": file.practice,
    }  # fmt: skip


def masked(case: Case) -> str:
    """The conduct without the name of anybody in the case and without a number by which one could be reached."""
    said = case.conduct
    people = {case.file.operator.name, *(party.name for party in case.parties.all())}
    for name in sorted(filter(None, people), key=len, reverse=True):
        said = said.replace(name, cn.mask_name(name))
    return NUMBERS.sub(lambda found: f"{found[0][:3]}****{found[0][-2:]}", said)


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Those that stand today, newest first."""
    wanted = request.GET.get("lang") or translation.get_language() or ""
    with translation.override("en" if wanted.startswith("en") else "zh-hans"):
        rows = (
            Case.objects.public()
            .select_related("file__operator")
            .prefetch_related("parties")
            .order_by("-published_on", "id")
        )
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "rows": [facts_of(case) for case in page]}
        shown = render(request, "enforcement/open.html", context)
    shown["Cache-Control"] = "no-store"
    shown["X-Robots-Tag"] = "noindex"  # what is taken down shall not live on in a search engine
    return shown
