"""`/open/sampling/`: published results, for anybody. No sign-in, no script, and only what the allow-list names."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from sanxiao.office.places import name_of
from sanxiao.sampling import say
from sanxiao.sampling.beside_models import Publication
from sanxiao.sampling.models import Sample
from sanxiao.survey.models import NAMELESS

PAGE = 30
# What may be read of a sample, after domain.md 4: food, specification, brand, date or lot, failed items, the named
# maker and the sampled unit with their addresses. Nothing of a person: an operator's name stands nowhere.
ALLOWED = (
    "food", "brand", "spec", "made_on", "lot", "verdict", "items", "maker", "maker_address", "unit", "unit_address",
    "village", "organiser", "lab", "taken_on", "number", "practice",
)  # fmt: skip


def facts_of(sample: Sample) -> dict[str, Any]:
    """The allow-list, filled; frozen when the result is published, in Chinese whatever the publisher's screen."""
    with translation.override("zh-hans"):
        return _facts_of(sample)


def _facts_of(sample: Sample) -> dict[str, Any]:
    told, file = sample.answers, sample.file
    own = told.get("own_make", "yes") == "yes"
    items = [
        {"item": r.item, "result": f"{r.result} {r.unit}".strip(), "limit": r.limit_words, "basis": r.basis}
        for r in sample.failures
    ]
    facts = {
        "food": sample.food_name, "brand": told.get("brand", ""), "spec": told.get("spec", ""),
        "made_on": told.get("made_on", ""), "lot": told.get("lot", ""),
        "verdict": "pass" if sample.state in ("passed", "cleared") else "fail",
        "items": [] if sample.state in ("passed", "cleared") else items,
        "maker": shop_name(file) if own else told.get("producer_name", ""),
        "maker_address": file.address if own else told.get("producer_address", ""),
        "unit": shop_name(file), "unit_address": file.address, "village": sample.area,
        "organiser": sample.plan.organiser if sample.plan else "", "lab": say.lab_of_paper(sample.lab, sample.area),
        "taken_on": str(sample.taken_on or ""), "number": sample.number, "practice": file.practice,
    }  # fmt: skip
    return {name: facts[name] for name in ALLOWED}


def shown(facts: dict[str, Any]) -> dict[str, Any]:
    """Frozen facts as they are read: items, limits in words and the laboratory in the language of the screen."""
    called = say.items()
    items = [
        {
            **row,
            "item": called.get(row["item"], row["item"]),
            "limit": row["limit"] and translation.gettext(row["limit"]),
        }
        for row in facts["items"]
    ]
    names = {lab["name"]: say.named(lab) for lab in say.labs(facts["village"])}
    return {**facts, "items": items, "lab": names.get(facts["lab"], facts["lab"])}


def shop_name(file: Any) -> str:
    """The shop's name; a place without one is not called by who runs it."""
    name = file.name.strip()
    return name if name and name != file.operator.name else NAMELESS


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("lang") or translation.get_language() or ""
    return "en" if wanted.startswith("en") else "zh-hans"


def _open(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    page = render(request, template, context)
    page["Cache-Control"] = "no-store"
    page["X-Robots-Tag"] = "noindex"  # what is taken down shall not live on in a search engine
    return page


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All results that stand, newest first; failed ones alone with `?verdict=fail`."""
    with translation.override(_language(request)):
        rows = Publication.objects.filter(state="published").order_by("-published_on", "-created_at", "id")
        shown = request.GET.get("verdict", "")
        if shown in ("pass", "fail"):
            rows = rows.filter(facts__verdict=shown)
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        return _open(request, "sampling/open_list.html", {"page": page, "shown": shown})


@require_safe
def notice(request: HttpRequest, pk: Any) -> HttpResponse:
    """One result. What was taken down is not found any more."""
    with translation.override(_language(request)):
        row = get_object_or_404(Publication.objects.filter(state="published"), pk=pk)
        return _open(
            request,
            "sampling/open_one.html",
            {"row": row, "facts": shown(row.facts), "village": name_of(row.facts["village"])},
        )
