"""What the moves of a case do besides changing its state; the conditions they wait for stand in `conditions`."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow
from sanxiao.docket.models import Deadline, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement import clues, discretion, documents
from sanxiao.enforcement.models import Case, Party, Payment, known
from sanxiao.enforcement.rules import CASE, PENALTIES, ROLES
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number


@CASE.beginning
def begin_case(user: User, params: Mapping[str, str]) -> Case:
    """A case on a file of one's own ground; `origin_kind` and `origin_pk` name the matter that it comes of."""
    file = known(Establishment, params.get("file"))
    if file is None or not Establishment.objects.seen_by(user).filter(pk=file.pk).exists():
        raise Http404
    case = Case(file=file, area=file.area, officer=user, origin=params.get("origin") or "visit")
    if key := params.get("origin_pk"):
        matter = clues.origin_of(user, params.get("origin_kind", ""), key, file)
        case.origin_kind, case.origin_pk, case.origin_url = matter.flow.key, matter.pk, matter.get_absolute_url()
    return case


@CASE.effect("register")
def registered(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """The source gets its number; the operator is the party until somebody says otherwise."""
    _two(case, by)
    _not_ahead(facts.get("received_on"), "received_on")
    case.rule_on = case.received_on  # the rules of that day hold for it to the end
    case.number = take_number("case", case.area, case)
    keep_uploads(case, by)
    _party(case)
    documents.registered(case, by)


def from_public(file: Establishment, by: User, *, received_on: date, second: User, conduct: str) -> Case:
    """A case out of a report of the public, for the room that keeps those: it learns the day, the place and the
    officer's own words, and nothing by which the report could be found. Raises Refused."""
    case = Case(file=file.standing, area=file.area, officer=by, origin="tip")
    facts: dict[str, Any] = {"origin": "tip", "received_on": received_on, "second": second, "conduct": conduct}
    flow.move(case, "register", by, on=received_on, **facts)
    return case


def keep_uploads(obj: Any, by: User | None) -> None:
    """Files that came with the form of a beginning matter, kept now that it has a row."""
    for role, upload in getattr(obj, "uploads", []):
        files.keep(obj, upload, upload.name or role, by, role=role)


def _party(case: Case) -> None:
    who = case.file.operator
    party = Party(case=case, area=case.area, role="party", name=who.name)
    party.id_number, party.phone = who.id_number, who.phone
    party.save()


def _two(case: Case, by: User | None) -> None:
    if by is not None and case.second_id == by.pk:
        said = _("须两名执法人员，请选另一位同事。")
        raise Refused(said, {"second": said}, "invalid")


def _not_ahead(day: date | None, field: str) -> None:
    if day is not None and day > today():
        raise Refused(_("日期不能晚于今天。"), {field: _("不能晚于今天")}, "invalid")


@CASE.effect("file", "reopen")
def filed(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """立案审批表."""
    case.filed_on = today()
    documents.filed(case, by, facts.get("note", ""))


@CASE.effect("refuse")
def refused(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """不予立案审批表, with the ground."""
    documents.not_filed(case, by, facts["reason"])


@CASE.effect("record")
def recorded(_case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """The record stands in the timeline, with its photos on the case."""
    _not_ahead(facts.get("did_on"), "did_on")


@CASE.effect("scene")
def on_the_scene(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """现场笔录, to be printed and signed; what is not signed has its witness."""
    _not_ahead(facts.get("did_on"), "did_on")
    if facts["ended"] <= facts["began"]:
        said = _("结束时间须晚于开始时间。")
        raise Refused(said, {"ended": said}, "invalid")
    if facts["signed"] != "signed" and not facts.get("witness"):
        said = _("当事人拒绝签名或者不在场的，请写明见证人，或者全程录像。")
        raise Refused(said, {"witness": said}, "invalid")
    documents.scene(case, by, facts)


@CASE.effect("party")
def joined(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """One more person in the case; of numbers the log keeps the index alone."""
    if facts["role"] not in dict(ROLES):
        said = _("没有这种身份。")
        raise Refused(said, {"role": said}, "invalid")
    person = Party(case=case, area=case.area, role=facts["role"], name=facts["who"], note=facts.get("note", ""))
    person.id_number, person.phone = facts.get("id_number", ""), facts.get("phone", "")
    person.save()


@CASE.effect("finish")
def finished(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """调查终结报告. What the penalties say must fit the fine, and the fine its band."""
    fits(facts)
    discretion.check(case, facts)
    documents.investigated(case, by)


def fits(facts: dict[str, Any]) -> None:
    """A fine needs a sum and a sum needs a fine. Raises Refused."""
    kinds, fine = facts.get("penalties", []), facts.get("fine") or Decimal(0)
    if wrong := set(kinds) - set(dict(PENALTIES)):
        raise Refused(_("没有这种处罚：%(names)s") % {"names": "、".join(wrong)}, code="invalid")
    if ("fine" in kinds) != (fine > 0):
        said = _("选了罚款要填数额，填了数额要选罚款。")
        raise Refused(said, {"fine": said}, "invalid")


@CASE.effect("notice")
def noticed(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """行政处罚告知书: what was announced is the most that may be decided."""
    _not_ahead(facts.get("noticed_on"), "noticed_on")
    case.noticed_fine, case.noticed_penalties = case.fine, list(case.penalties)
    documents.announced(case, by)
    documents.receipt_of(case, "行政处罚告知书", case.number, by, case.noticed_on)


@CASE.effect("ask_hearing")
def asks_hearing(case: Case, _by: User | None, _facts: dict[str, Any]) -> None:
    """The clock stands until it was held."""
    case.hearing_asked = True


@CASE.effect("decide")
def decided(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """行政处罚决定书."""
    fits(facts)
    case.decided_on, case.decided_by = today(), by
    documents.decided(case, by)


@CASE.effect("dismiss")
def dismissed(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """不予行政处罚决定书."""
    case.penalties, case.fine, case.degree = [], Decimal(0), "none"
    case.decided_on, case.decided_by = today(), by
    documents.not_punished(case, by, facts["reason"])


@CASE.effect("summary")
def on_the_spot(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """当场行政处罚决定书."""
    _two(case, by)
    fits(facts)
    case.rule_on = case.received_on
    case.number = take_number("case", case.area, case)
    case.summary, case.filed_on, case.decided_on, case.served_on, case.decided_by = True, today(), today(), today(), by
    keep_uploads(case, by)
    _party(case)
    documents.decided(case, by)


@CASE.effect("serve")
def served(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """The day of service is not in the future; its receipt is printed with what is known of it."""
    _not_ahead(facts.get("served_on"), "served_on")
    documents.receipt_of(case, "行政处罚决定书", case.number, by, case.served_on, case.received_by)


@CASE.effect("pay")
def paid(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """One slip, one payment; never more than is owed with what lateness adds."""
    most = case.left + surcharge(case)
    if facts["amount"] > most:
        said = _("超过了应缴数额 %(sum)s 元（含加处罚款）。") % {"sum": most}
        raise Refused(said, {"amount": said}, "invalid")
    _not_ahead(facts["paid_on"], "paid_on")
    try:
        with transaction.atomic():
            Payment.objects.create(case=case, amount=facts["amount"], paid_on=facts["paid_on"], slip=facts["slip"])
    except IntegrityError as error:
        said = _("票据号 %(no)s 已经登记过。") % {"no": facts["slip"]}
        raise Refused(said, {"slip": said}, "invalid") from error


def surcharge(case: Case, on: date | None = None) -> Decimal:
    """What lateness adds: three per cent of the unpaid fine a day, never more than the fine (行政处罚法 art. 72)."""
    term = Deadline.objects.filter(subject=case.pk, term="pay").order_by("-starts_on").first()
    if term is None or not case.fine:
        return Decimal(0)
    late = max(((on or today()) - term.due_on).days, 0)
    said = Rule.objects.value("term.CASE_PAY", case.area, case.rule_on, {})
    percent = Decimal(str(said.get("surcharge_percent_per_day", 3)))
    return min(case.left * percent * late / 100, case.fine).quantize(Decimal("0.01"))


@CASE.effect("to_court")
def to_court(case: Case, _by: User | None, _facts: dict[str, Any]) -> None:
    """The court has it."""
    case.to_court_on = today()


@CASE.effect("publish")
def published(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """Shown from today until the rule takes it down."""
    _not_ahead(facts.get("published_on"), "published_on")
    case.published_on, case.unpublished_on = facts["published_on"], None
    case.public_until = case.published_on + timedelta(days=_public_days(case))


def _public_days(case: Case) -> int:
    said = Rule.objects.value("penalty.public", case.area, case.rule_on, {})
    lenient = case.degree in ("mitigated", "lenient") and case.fine <= said.get("small_fine", 50000)
    return int(said.get("small_days", 90) if lenient else said.get("days", 1095))


@CASE.effect("unpublish")
def unpublished(case: Case, _by: User | None, _facts: dict[str, Any]) -> None:
    """Taken down; that it was shown stays on record."""
    case.unpublished_on = today()


@CASE.effect("close")
def closed(case: Case, by: User | None, _facts: dict[str, Any]) -> None:
    """结案审批表."""
    documents.closed(case, by)
