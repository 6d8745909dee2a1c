"""Answers that operators sent by the code on their notice, and problems that came back at the same place."""

from datetime import timedelta

from sanxiao.docket.models import Blob
from sanxiao.inspection import answering
from sanxiao.inspection.answer_models import Answer
from sanxiao.inspection.models import Order, Problem
from sanxiao.inspection.rules import ORDER
from sanxiao.office.now import at, today
from sanxiao.web.practice.orders import DONE
from sanxiao.web.practice.town import Town, act, attach, fresh

ANSWERED, AGAIN = 7, 6  # orders


def answered_by_code(town: Town) -> None:
    """Some operators answered themselves: most wait to be looked at, one was accepted, one sent back."""
    waiting = Problem.objects.filter(state="open", order__state="served").select_related("order", "file")
    first: dict[object, Problem] = {}
    for problem in waiting.order_by("order__created_at", "no"):
        first.setdefault(problem.order_id, problem)
    for n, problem in enumerate(list(first.values())[:ANSWERED]):
        link = answering.link_of(problem.order)
        if link is None:
            continue
        with at(today() - timedelta(days=1)):
            answer = answering.send(
                link, problem, DONE.get(problem.code, "已按要求改正"), _photo(town, problem), f"{n}"
            )
        _looked_at(town, answer, n)


def _photo(town: Town, problem: Problem) -> list[tuple[Blob, str]]:
    return [(town.album.problem(problem.text, after=True), "IMG_0001.jpg")]


def _looked_at(town: Town, answer: Answer, n: int) -> None:
    cadre = town.people.cadres[answer.area]
    if n == 1:
        act(answer, "return", cadre, reason="照片太暗，看不清纱窗，请白天再拍一张")
    elif n == 2:
        act(answer, "accept", cadre)


def found_again(town: Town) -> None:
    """At some places that had passed, the same problem was there again weeks later."""
    since = today() - timedelta(days=60)
    rows = Order.objects.filter(state="passed", reviewed_on__lt=since, file__state="normal").select_related("file")
    for order in rows.order_by("-reviewed_on", "number")[:AGAIN]:
        with at(today() - timedelta(days=town.rng.randint(3, 9))):
            _ordered_again(town, order)


def _ordered_again(town: Town, order: Order) -> None:
    old, officer = order.problems.order_by("no").first(), town.people.chen
    if old is None:
        return
    item = {
        "code": old.code, "key": old.key, "text": old.text, "law": old.law, "demand": old.demand,
        "until": today() + timedelta(days=15),
    }  # fmt: skip
    new = ORDER.begun(officer, {"file": str(order.file_id)})
    facts = {"found_on": today(), "second": town.colleague(officer).name, "found": "", "items": [item]}
    new = act(new, "issue", officer, **facts)
    cadre = town.people.cadres[order.area]
    attach(fresh(new), town.album.paper("送达回证"), "送达回证.jpg", cadre, "receipt")
    named = {"received_by": order.file.operator.name, "witness": "", "note": ""}
    act(new, "serve", cadre, on=today(), served_on=today(), service="direct", **named)
