"""Every state × every move that its table allows works for who leads it: tried from a real matter, then taken back.

What no table allows is refused for the whole house at once in `tests/pairs.py`.
"""

from contextlib import contextmanager
from datetime import time, timedelta
from decimal import Decimal

from django.db import transaction

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline, Event
from sanxiao.enforcement import clauses, conditions
from sanxiao.enforcement.closing_rules import CLOSURE
from sanxiao.enforcement.handing import REFERRAL, TRANSFER
from sanxiao.enforcement.measure_rules import MEASURE
from sanxiao.enforcement.models import Case, Closure, Payment, Referral, Transfer
from sanxiao.enforcement.rules import CASE
from sanxiao.enforcement.tests import steps
from sanxiao.office.models import Office
from sanxiao.office.now import today

GRAVE = Decimal(20000)
WHO = {"case.handle": "chen", "case.approve": "lu", "case.review": "song", "case.publish": "lu",
       "closure.notice": "zhang", "closure.order": "chen",
       "transfer.receive": "ding", "referral.send": "chen", "referral.take": "qian",
       "referral.assign": "zhou"}  # fmt: skip


@contextmanager
def taken_back():
    """Whatever happens within has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def now_as(obj):
    return type(obj)._base_manager.get(pk=obj.pk)


def due(obj, term):
    return Deadline.objects.get(subject=obj.pk, term=term, done_on=None).due_on


def run_out(obj, term):
    """The term began long ago and ended yesterday."""
    past = {"starts_on": today() - timedelta(days=30), "due_on": today() - timedelta(days=1)}
    Deadline.objects.filter(subject=obj.pk, term=term).update(**past)


def made(obj, row, town, **facts):
    """The move by who leads it; where others sign, they do."""
    by = getattr(town, WHO[row.duty]) if row.duty else None
    flow.move(now_as(obj), row.key, by, within=by is None and row.key in ("to_police", "from_police"), **facts)
    if flow.open_proposal(now_as(obj)):
        flow.sign(now_as(obj), town.zhou, agrees=True)
    assert Event.objects.of(obj).filter(move=row.key).exists(), row.key


# --- a case ------------------------------------------------------------------------------------------------------


def facts_of_case(case, town):
    """What each move of a case is asked."""
    day = today()
    return {
        "extend_check": lambda: {"until": due(case, "file") + timedelta(days=5), "reason": "等检验"},
        "refuse": lambda: {"refusal": "slight", "reason": "已改"},
        "record": lambda: {"record_kind": "questions", "did_on": day, "reason": "承认"},
        "scene": lambda: {"did_on": day, "began": time(9), "ended": time(10), "scene_at": "后阳村",
                          "credentials": "两人", "present": "王秀兰", "reason": "有添加剂", "signed": "signed"},
        "party": lambda: {"role": "witness", "who": "李四", "note": ""},
        "test": lambda: {"reason": "送检"}, "suspend": lambda: {"reason": "当事人住院"},
        "return": lambda: {"reason": "补"},
        "extend": lambda: {"until": due(case, "decide") + timedelta(days=20), "reason": "案情复杂"},
        "finish": lambda: {
            "conduct": "无证", "clauses": clauses.on(case.received_on, case.area)[:1], "value": Decimal(800),
            "gains": Decimal(0), "degree": "normal", "degree_reasons": "一般", "penalties": ["fine"], "fine": GRAVE,
            "opinion": "罚款",
        },
        "discuss": lambda: {"discussed_on": day, "present": "三人", "outcome": "同意"},
        "notice": lambda: {"noticed_on": day, "service": "left"}, "defend": lambda: {"defence": "困难"},
        "call_hearing": lambda: {"hearing_on": steps.days(14), "hearing_at": time(9), "hearing_place": "分局会议室",
                                 "presided_by": "宋岩"},
        "tell_hearing": lambda: {"hearing_told_on": day, "service": "left"}, "drop_hearing": lambda: {"reason": "撤回"},
        "hear": lambda: {"heard_on": day, "presided_by": "宋岩", "hearing": "维持"},
        "decide": lambda: {"penalties": case.penalties, "fine": case.fine, "decision": "清楚"},
        "dismiss": lambda: {"reason": "情节轻微"},
        "serve": lambda: {"served_on": day, "service": "left", "received_by": ""},
        "instalments": lambda: {"rates": [{"due_on": day + timedelta(days=60), "amount": case.left}], "reason": "延期"},
        "prolong": lambda: {"until": due(case, "decide") + timedelta(days=90), "reason": "案情复杂", "note": "三人"},
        "post_notice": lambda: {"noticed_on": day, "reason": "住所无人"}, "appeared": lambda: {"noticed_on": day},
        "post_decision": lambda: {"reason": "住所无人"}, "waive_late": lambda: {"reason": "已补救"},
        "annul": lambda: {"reason": "复议撤销"},
        "pay": lambda: {"amount": Decimal(100), "paid_on": day, "slip": f"S{case.pk}"},
        "urge": lambda: {"urged_on": day},
        "publish": lambda: {"published_on": day}, "unpublish": lambda: {"reason": "期满"},
        "close": lambda: {"ending": "paid"}, "reopen": lambda: {"reason": "新证据"},
        "summary": lambda: {
            "origin": "visit", "received_on": day, "second": town.wu, "conduct": "无证",
            "clauses": clauses.on(day, case.area)[:1], "penalties": ["warning", "fine"], "fine": Decimal(100),
            "service": "direct",
        },
        "register": lambda: {"origin": "visit", "received_on": day, "second": town.wu, "conduct": "无证"},
    }  # fmt: skip


BEFORE = {"tested": ("test",), "resume": ("suspend",), "hear": ("ask_hearing",), "call_hearing": ("ask_hearing",),
          "tell_hearing": ("ask_hearing", "call_hearing"), "drop_hearing": ("ask_hearing",),
          "decide": ("discuss", "waive"), "unpublish": ("publish",),
          "from_police": ("to_police",), "prolong": ("extend",)}  # fmt: skip


def case_move(case, key, town):
    """One move of a case with what must come before it in the same state."""
    for first in BEFORE.get(key, ()):
        if not (first == "publish" and now_as(case).published_on):
            made(case, CASE.row(first), town, **facts_of_case(now_as(case), town).get(first, dict)())
    if key == "hear":
        steps.called(now_as(case), town)
    if key == "file":
        steps.proof(now_as(case), town)
    if key == "appeared":
        how = {"kind": CASE.key, "subject": case.pk, "area": case.area, "term": "posted", "name": "公告期", "unit": "d"}
        Deadline.objects.create(**how, starts_on=today(), due_on=steps.days(30), first_due_on=steps.days(30))
    if key == "reopen" and conditions.is_public(now_as(case), {}):
        made(case, CASE.row("unpublish"), town, reason="重新办理")
    if key == "close" and case.state == "annulled":
        made(case, CASE.row("withdrawn"), town)
    if key in ("urge", "to_court", "waive_late"):
        run_out(case, "pay")
    if key == "to_court":
        made(case, CASE.row("urge"), town, urged_on=today())
        run_out(case, "court")
    if key == "execute":
        Payment.objects.create(case=case, amount=now_as(case).left, paid_on=today(), slip=f"E{case.pk}")
    if key == "close" and case.state == "executed" and not now_as(case).published_on:
        made(case, CASE.row("publish"), town, published_on=today())
    made(case, CASE.row(key), town, **facts_of_case(now_as(case), town).get(key, dict)())


def tried(case, town, seen, *, only=()):
    """Every move that the table allows from where the case stands."""
    state = now_as(case).state
    for row in CASE.moves:
        if state in row.frm and (not only or row.key in only) and not (row.key == "reported" and not only):
            with taken_back():
                case_move(now_as(case), row.key, town)
            seen.add((state, row.key))


def test_every_move_of_a_case_works_from_every_state_that_allows_it(bureau, may, tofu):
    seen: set[tuple[str, str]] = set()
    case = Case(file=tofu, area=tofu.area, officer=bureau.chen)
    flow.move(case, "register", bureau.chen, **facts_of_case(case, bureau)["register"]())
    for key in ("file", "finish", "pass", "notice", "decide", "serve", "execute", "close"):
        tried(case, bureau, seen)
        case_move(now_as(case), key, bureau)
    tried(case, bureau, seen)
    case_move(now_as(case), "annul", bureau)
    tried(case, bureau, seen)
    other = steps.finished(steps.filed(tofu, bureau), bureau)
    flow.move(other, "pass", bureau.song)
    flow.move(now_as(other), "dismiss", bureau.lu, reason="轻微")
    tried(other, bureau, seen)
    spot = Case(file=tofu, area=tofu.area, officer=bureau.chen)
    flow.move(spot, "summary", bureau.chen, **facts_of_case(spot, bureau)["summary"]())
    tried(spot, bureau, seen, only=("reported",))
    case_move(spot, "execute", bureau)
    tried(spot, bureau, seen, only=("reported",))
    allowed = {(state, row.key) for row in CASE.moves for state in row.frm if state}
    assert allowed - seen == set()


# --- the matters beside it ---------------------------------------------------------------------------------------


def from_every_state(table, make, facts, town, before=dict):
    """Each allowed pair of a small table, from a matter that is put into the state."""
    for row in table.moves:
        for state in filter(None, row.frm):
            with taken_back():
                obj = make()
                type(obj)._base_manager.filter(pk=obj.pk).update(state=state)
                before().get(row.key, lambda _obj: None)(obj)
                made(obj, row, town, **facts(now_as(obj)).get(row.key, {}))
                expected = state if row.to == flow.STAYS else row.to
                assert now_as(obj).state == expected, (table.key, state, row.key)


def test_every_move_of_a_measure(bureau, filed):
    def facts(_obj):
        return {"extend": {"until": steps.days(40), "reason": "等检验"}, "test": {"reason": "送检"},
                "settle": {"fates": {"1": "returned"}}}  # fmt: skip

    def before():
        return {"tested": lambda obj: flow.move(now_as(obj), "test", bureau.chen, reason="送检")}

    from_every_state(MEASURE, lambda: steps.take(now_as(filed), bureau), facts, bureau, before)


def test_every_move_of_a_hand_over_to_the_police(bureau, filed):
    def make():
        transfer = Transfer(case=filed, file=filed.file, area=filed.area, officer=bureau.chen)
        flow.move(transfer, "propose", bureau.chen, crime="144", second=bureau.wu, report="检出碱性嫩黄")
        return transfer

    def facts(_obj):
        said = {row.key: {"reason": "见附页"} for row in TRANSFER.moves if "reason" in row.asks}
        return said | {"send": {"papers": ["letter", "report"], "copied": True}, "file": {"police_no": "8号"},
                       "close": {"outcome": "移送起诉"}}  # fmt: skip

    def wait_for_goods(obj):
        steps.take(now_as(filed), bureau)
        type(obj).objects.filter(pk=obj.pk).update(state="received")
        flow.move(now_as(obj), "file", bureau.ding, police_no="8号")

    from_every_state(TRANSFER, make, facts, bureau, lambda: {"hand_goods": wait_for_goods})


def test_every_move_of_a_hand_over_to_an_office(bureau, may, tofu):
    def office(role):
        return Office.objects.on().get(role=role, area="320413100000")

    def make():
        row = Referral(file=tofu, area=tofu.area, sender=office("bureau"))
        flow.move(row, "send", bureau.chen, to=office("urban"), matter="占道", wanted_on=steps.days(20))
        return row

    def facts(_obj):
        return {"refuse": {"better": office("environment"), "reason": "油烟归环保"}, "answer": {"result": "已清理"},
                "assign": {"to": office("environment"), "reason": "指定"}, "withdraw": {"reason": "误送"}}  # fmt: skip

    from_every_state(REFERRAL, make, facts, bureau)


def test_every_move_of_a_closing(bureau, may, tofu):
    def make():
        row = Closure(file=tofu, area=tofu.area)
        flow.move(row, "notice", bureau.zhang, ground="phase_out", reason="不具备条件", guided_until=steps.days(30))
        Closure.objects.filter(pk=row.pk).update(act_on=today(), team="分局", steps="各负其责", stop_on=today())
        return now_as(row)

    def facts(_obj):
        return {
            "order": {"stop_on": today()}, "plan": {"act_on": steps.days(3), "team": "分局、城管", "steps": "分工"},
            "postpone": {"act_on": steps.days(5), "reason": "下雨"}, "drop": {"reason": "已办证"},
            "carry_out": {"acted_on": today(), "way": "banned", "goods": "", "resisted": False},
        }  # fmt: skip

    def shown(obj):
        for role, colour in (("before", "red"), ("after", "green")):
            steps.proof(obj, bureau, role, colour)

    from_every_state(CLOSURE, make, facts, bureau, lambda: {"gave_up": shown, "carry_out": shown})
