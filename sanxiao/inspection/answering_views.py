"""`/a/<code>`: an operator answers his order. No account, no cookie, no script; large type, Chinese and English.

Also the slip with the code on paper, for the desk.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.docket import limits
from sanxiao.docket.models import Rule
from sanxiao.inspection import answering
from sanxiao.inspection.answer_models import Answer, AnswerLink
from sanxiao.inspection.answering_form import MOST_PHOTOS, Said, read
from sanxiao.inspection.models import Order, Problem
from sanxiao.papers import pdf

READS, SENDS = 60, 10  # a minute, from one address
HEAVIEST = 64 * 1024 * 1024  # bytes of one send; a phone's photo has 3 to 8 MB


@csrf_exempt  # there is no session to ride on: the code in the address is all the right there is
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind the code, in either case; `?lang=en` for English. Wrong, ended and over: the same 404."""
    wanted = request.GET.get("lang") or translation.get_language() or ""
    with translation.override("en" if wanted.startswith("en") else "zh-hans"):
        response = _answer(request, code)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response


def _answer(request: HttpRequest, code: str) -> HttpResponse:
    posts = request.method == "POST"
    if not limits.allowed(f"answer {request.method}", limits.asker(request), SENDS if posts else READS):
        return _word(
            request, _("请等一分钟"), _("来得太快了。请一分钟以后再打开这个页面，填好的内容请先不要关掉。"), 429
        )
    link = answering.alive(code)
    if link is None:
        text = _("这个码不对，或者已经不用了。请核对通知书上的码，或给村里、分局打电话。")
        return _word(request, _("打不开这一页"), text, 404)
    if not posts:
        return _page(request, link, [])
    if int(request.META.get("CONTENT_LENGTH") or 0) > HEAVIEST:
        return _page(request, link, [], _("照片太大了，请少选几张，分几次发。"), 413)
    said = read(link, _problems(link), request.POST, request.FILES)
    if not said:
        return _page(request, link, [], _("请至少回复一项：拍照片，写一句怎么改的。"), 422)
    if any(each.wrong for each in said):
        return _page(request, link, said, status=422)
    lang = f"&lang={request.GET['lang']}" if request.GET.get("lang") in ("en", "zh") else ""
    return redirect(f"{request.path}?sent=1{lang}")


def _word(request: HttpRequest, title: str, text: str, status: int) -> HttpResponse:
    return render(request, "answering/word.html", {"title": title, "text": text}, status=status)


def _problems(link: AnswerLink) -> list[Problem]:
    return list(Problem.objects.filter(order=link.order).select_related("file"))


def _page(
    request: HttpRequest, link: AnswerLink, said: Sequence[Said], refused: str = "", status: int = 200
) -> HttpResponse:
    """The problems of this order, each with its own date, what was sent, and what is still to be said."""
    problems, order = _problems(link), link.order
    latest: dict[Any, Answer] = {}
    for each in Answer.objects.filter(order=order).exclude(state="dropped").order_by("created_at"):
        latest[each.problem_id] = each
    photos, wrong = answering.photos_of(list(latest.values())), {each.problem.pk: each for each in said}
    for each in latest.values():
        each.pictures = photos[each.pk]
    english = _english(order, problems)
    rows = [
        {"problem": p, "answer": latest.get(p.pk), "said": wrong.get(p.pk), "english": english.get(p.code, ""),
         "open": p.state in answering.WAITING}
        for p in problems
    ]  # fmt: skip
    context = {
        "order": order, "rows": rows, "refused": refused, "bad": bool(refused) or any(each.wrong for each in said),
        "sent": bool(request.GET.get("sent")) or any(each.answer for each in said), "send": uuid.uuid4(),
        "may_send": any(row["open"] for row in rows), "most": MOST_PHOTOS,
        "issuer": Rule.objects.value("document.order", order.area, order.rule_on, {}).get("issuer", ""),
    }  # fmt: skip
    return render(request, "answering/page.html", context, status=status)


def _english(order: Order, problems: Sequence[Problem]) -> dict[str, str]:
    """The usual problems in English, by code, on an English page; the official words stand beside them."""
    if not (translation.get_language() or "").startswith("en"):
        return {}
    listed = Rule.objects.value(f"problem.{order.file.kind_id}", order.area, order.rule_on, [])
    return {row["code"]: row.get("text_en", "") for row in listed if row["code"] in {p.code for p in problems}}


# --- at the desk -------------------------------------------------------------------------------------------------


@login_required
@require_GET
def slip(request: HttpRequest, pk: Any) -> HttpResponse:
    """The code on a sheet of its own: for a paper that was lost, or a code that was made anew."""
    order = get_object_or_404(Order.objects.seen_by(request.user).select_related("file"), pk=pk)
    link = answering.link_of(order)
    if link is None or not order.is_open:
        raise Http404
    with translation.override("zh-hans"):
        data = pdf.render("slip", _slip(order, link))
    response = HttpResponse(data, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response


def _slip(order: Order, link: AnswerLink) -> dict[str, Any]:
    said = Rule.objects.value("document.order", order.area, order.rule_on, {})
    return {
        "title": "整改回复码", "org": said.get("issuer", ""), "name": order.file.name,
        "about": f"《{said.get('printed_title', '责令改正通知书')}》{order.number}", "qr": answering.address(link),
        "lines": [
            "1. 用手机扫码，不用登录、不用装软件。", "2. 改好一项拍一张照片，写一句怎么改的，点“发送”。",
            "3. 村里或分局看过以后，同一个码能看到结果；退回的，照写明的再补。", "4. 这个码只给您一家用，请不要转发。",
        ],
        "address": answering.address(link),
    }  # fmt: skip
