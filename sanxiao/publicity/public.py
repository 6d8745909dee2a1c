"""What anybody can open: exposed cases and the questionnaire. No account, no cookie, no script.

Pages are made without the frame of the house (`render_to_string` without a request), so that no session is looked at;
nothing of who asks is stored. What was taken down answers 410: it was here, and is gone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sanxiao.docket import limits
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.places import name_of
from sanxiao.publicity import survey
from sanxiao.publicity.models import Exposure

PAGE = 20
READS, SENDS, A_DAY = 120, 30, 5  # a minute from one address; open answers of one address in a day
DAY = 24 * 60 * 60


def _spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """In the language asked for by `lang`, else that of the browser. Nothing is kept."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("lang") or translation.get_language() or ""
        with translation.override("en" if wanted.startswith("en") else "zh-hans"):
            response = view(request, *args, **kwargs)
        response["Cache-Control"], response["Referrer-Policy"] = "no-store", "no-referrer"
        response["X-Robots-Tag"] = "noindex"  # what is taken down shall not live on in a search engine
        return response

    return answered


def _page(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    english = (translation.get_language() or "").startswith("en")
    common = {
        "PRODUCT_NAME": settings.PRODUCT_NAME, "practice": not settings.REAL, "english": english,
        "lang": "en" if english else "zh", "hotline": Rule.objects.value("public.hotline", default=""),
    }  # fmt: skip
    return HttpResponse(render_to_string(template, {**common, **context}), status=status)


def _word(title: str, text: str, status: int) -> HttpResponse:
    return _page("publicity/open_word.html", {"title": title, "text": text, "thanks": status < 300}, status)


@require_safe
@_spoken
def home(request: HttpRequest) -> HttpResponse:
    """What the town shows to everybody, page by page."""
    return _page("publicity/open_home.html", {"cases": Exposure.objects.public().count()})


# --- exposed cases -----------------------------------------------------------------------------------------------


@require_safe
@_spoken
def cases(request: HttpRequest) -> HttpResponse:
    """All cases that are exposed today, newest first."""
    rows = Exposure.objects.public().order_by("-published_on", "number", "id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return _page("publicity/open_cases.html", {"page": page})


@require_safe
@_spoken
def case(request: HttpRequest, pk: Any) -> HttpResponse:
    """One case. What was taken down is gone, and says nothing of what it was."""
    found = Exposure.objects.public().filter(pk=pk).first()
    if found is not None:
        context = {"case": found, "village": name_of(found.area), "paragraphs": found.body.split("\n")}
        return _page("publicity/open_case.html", context)
    if Exposure.objects.filter(pk=pk, published_on__isnull=False).exists():
        return _word(_("已经撤下"), _("这个案例的公开期已过，或者已经提前撤下。"), 410)
    return _word(_("没有这一页"), _("请核对网址。"), 404)


# --- the questionnaire -------------------------------------------------------------------------------------------


@csrf_exempt  # there is no session to ride on
@require_http_methods(["GET", "HEAD", "POST"])
@_spoken
def questionnaire(request: HttpRequest, code: str) -> HttpResponse:
    """Five questions behind a code of a village or of one household's slip."""
    posts = request.method == "POST"
    who = limits.asker(request)
    if not limits.allowed(f"poll {request.method}", who, SENDS if posts else READS):
        return _word(_("请等一分钟"), _("来得太快了，请一分钟以后再试。"), 429)
    way = survey.entrance(code)
    if way is None:
        return _word(_("打不开这份问卷"), _("码不对，或者这次调查已经结束。谢谢您。"), 404)
    if way.slip is not None and way.slip.used:
        return _word(_("已经答过"), _("这张答卷条已经用过了。一户一条，只能答一次。谢谢您。"), 410)
    return _taken(request, way, code, who) if posts else _ask(way, code)


def _taken(request: HttpRequest, way: survey.Entrance, code: str, who: str) -> HttpResponse:
    told = _told(request, way)
    words = request.POST.get("words", "")
    try:
        survey.check(way, told)
        # An address may be a whole house or a works' canteen: it is slowed on the open way alone, and not stored.
        if way.slip is None and not limits.allowed("poll open", who, A_DAY, DAY):
            raise Refused(_("这个网络今天已经答过几份了。请用答卷条上的码，或者明天再来。"), code="state")
        survey.answer(way, told, words)
    except Refused as refusal:
        return _ask(way, code, told, words, refusal)
    return _word(_("收到了，谢谢您"), _("您的意见会和本村（社区）其他人的合在一起统计；没有人知道是谁填的。"), 200)


def _told(request: HttpRequest, way: survey.Entrance) -> dict[str, Any]:
    """What was ticked, by question; long nonsense is cut."""
    told: dict[str, Any] = {}
    for question in survey.questions(way.poll):
        given = [value[:20] for value in request.POST.getlist(f"q-{question['code']}")[:20]]
        if given:
            told[question["code"]] = sorted(set(given)) if question["several"] else given[-1]
    return told


def _ask(
    way: survey.Entrance, code: str, told: dict[str, Any] | None = None, words: str = "", refused: Refused | None = None
) -> HttpResponse:
    """The page; what was ticked and written stays."""
    told = told or {}
    rows = [
        {"question": question, "wrong": refused.fields.get(question["code"], "") if refused else "",
         "choices": [(key, name, key in _as_list(told.get(question["code"]))) for key, name in question["choices"]]}
        for question in survey.questions(way.poll)
    ]  # fmt: skip
    context = {
        "rows": rows, "words": words[:300], "refused": refused.reason if refused else "", "village": name_of(way.area),
        "poll": way.poll, "code": code, "slip": way.slip is not None,
    }  # fmt: skip
    return _page("publicity/open_survey.html", context, 422 if refused else 200)


def _as_list(given: Any) -> list[str]:
    return given if isinstance(given, list) else [given]
