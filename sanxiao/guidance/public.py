"""What anybody can open: a leaflet, and the test of a training by its code. No account, no cookie, no script."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sanxiao.docket import limits
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.guidance import prints, training
from sanxiao.guidance.models import Attendance, Leaflet, Session
from sanxiao.guidance.training import Question
from sanxiao.papers import codes

READS, SENDS = 120, 60  # a minute, from one address: a whole room may sit behind one


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("lang") or translation.get_language() or ""
    return "en" if wanted.startswith("en") else "zh-hans"


def _public(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def leaflet(request: HttpRequest, code: str) -> HttpResponse:
    """The leaflet in use, in Chinese or English."""
    with translation.override(_language(request)):
        found = Leaflet.objects.filter(code=code, state="current").order_by("-created_at").first()
        if found is None:
            return _public(_word(request, _("没有这份告知书"), _("请核对码，或向村里要一份。"), 404))
        english = translation.get_language() == "en" and found.text_en
        context = {
            "leaflet": found, "title": found.title_en if english and found.title_en else found.title,
            "paragraphs": prints.paragraphs(found.text_en if english else found.text),
            "hotline": Rule.objects.value("public.hotline", found.area, default=""),
        }  # fmt: skip
        return _public(render(request, "guidance/public_leaflet.html", context))


@csrf_exempt  # there is no session to ride on
@require_http_methods(["GET", "HEAD", "POST"])
def test(request: HttpRequest, code: str) -> HttpResponse:
    """The test of a training: choose your place, answer, see the score and why."""
    with translation.override(_language(request)):
        return _public(_test(request, code))


def _test(request: HttpRequest, code: str) -> HttpResponse:
    posts = request.method == "POST"
    if not limits.allowed(f"test {request.method}", limits.asker(request), SENDS if posts else READS):
        return _word(request, _("请等一分钟"), _("来得太快了，请一分钟以后再试。"), 429)
    plain = codes.plain(code)
    session = Session.objects.filter(code=plain).select_related("kind").first() if plain else None
    questions = training.questions_of(session) if session and training.is_open(session) else []
    if session is None or not questions:
        text = _("这个码不对，或者现在不是答题的时候。请问一问培训的人。")
        return _word(request, _("打不开这一页"), text, 404)
    return _answered(request, session, questions) if posts else _paper(request, session, questions)


def _answered(request: HttpRequest, session: Session, questions: list[Question]) -> HttpResponse:
    said = {q["code"]: request.POST.get(f"q-{q['code']}", "")[:1] for q in questions}
    person = _person(session, request.POST.get("place", ""))
    if person is None:
        return _paper(request, session, questions, said, _("请先选自己的店。"), 422)
    try:
        score = training.answer(person, questions, said)
    except Stale:
        return _paper(request, session, questions, said, _("刚刚有人替这家店交了卷，请再点一次“交卷”。"), 409)
    except Refused as refusal:
        return _paper(request, session, questions, said, str(refusal.reason), 422)
    context = {
        "session": session, "person": person, "score": score, "good": score >= training.pass_mark(session),
        "mark": training.pass_mark(session), "kept": person.state == "passed",
        "rows": [_checked(question, said) for question in questions],
    }  # fmt: skip
    return render(request, "guidance/public_score.html", context)


def _checked(question: Question, said: dict[str, str]) -> dict[str, Any]:
    words = dict(question["choices"])
    mine = said[question["code"]]
    return {
        "question": question, "good": mine == question["right"], "mine": words.get(mine, ""),
        "right": words[question["right"]],
    }  # fmt: skip


def _person(session: Session, key: str) -> Attendance | None:
    return next((p for p in _people(session) if str(p.pk) == key), None)


def _people(session: Session) -> list[Attendance]:
    """Who can take the test: by the name of the place alone, no person's name."""
    rows = session.people.select_related("file", "session").order_by("area", "file__name", "id")
    return list(rows.defer("file__facts", "file__search"))


def _paper(
    request: HttpRequest, session: Session, questions: list[Question], said: dict[str, str] | None = None,
    refused: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page; what was answered stays."""
    context = {
        "session": session, "people": _people(session), "refused": refused, "chosen": request.POST.get("place", ""),
        "rows": [{"question": q, "mine": (said or {}).get(q["code"], "")} for q in questions],
    }  # fmt: skip
    return render(request, "guidance/public_test.html", context, status=status)


def _word(request: HttpRequest, title: str, text: str, status: int) -> HttpResponse:
    return render(request, "guidance/public_word.html", {"title": title, "text": text}, status=status)
