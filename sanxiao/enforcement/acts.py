"""What the moves of a case do besides changing its state; the conditions they wait for stand in `conditions`."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow
from sanxiao.docket.models import Deadline, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement import clues, days, discretion, documents, hearings
from sanxiao.enforcement.models import Case, Party, known
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
    days.not_ahead(facts.get("received_on"), "received_on")
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


@CASE.effect("file")
def filed(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """立案审批表."""
    case.filed_on = today()
    documents.filed(case, by, facts.get("note", ""))


# What a decision was made of; the papers and the log keep it when a case is taken up anew.
ROUND: dict[str, Any] = {
    "noticed_on": None, "noticed_fine": None, "defence": "", "hearing_asked": False, "heard_on": None,
    "presided_by": "", "hearing": "", "discussed_on": None, "present": "", "outcome": "", "decision": "",
    "decided_on": None, "decided_by": None, "served_on": None, "service": "", "received_by": "", "urged_on": None,
    "to_court_on": None, "ending": "", "published_on": None, "public_until": None, "unpublished_on": None,
    "late_waived_on": None, "annulled_on": None, **hearings.CALLED,
}  # fmt: skip


@CASE.effect("reopen")
def taken_up_again(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """Everything from the notice on is done anew: nothing that was discussed, heard or shown before stands for it."""
    for name, blank in ROUND.items():
        setattr(case, name, blank)
    case.noticed_penalties, case.filed_on = [], today()
    case.instalments.now().update(replaced_on=today())
    documents.filed(case, by, facts.get("reason", ""))


@CASE.effect("extend_check")
def check_lengthened(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """行政处罚案件有关事项审批表."""
    documents.agreed(case, by, "延长核查期限", facts["reason"], facts["until"])


@CASE.effect("extend")
def lengthened(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """The same of the time for the decision."""
    documents.agreed(case, by, "延长办案期限", facts["reason"], facts["until"])


@CASE.effect("prolong")
def prolonged(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """The heads together set another day; the first one stays on record beside it."""
    clock = Deadline.objects.get(subject=case.pk, term="decide", done_on__isnull=True)
    if facts["until"] <= clock.due_on:
        said = _("须晚于原期限")
        raise Refused(_("新期限须晚于原期限。"), {"until": said}, "invalid")
    Deadline.objects.filter(pk=clock.pk).update(due_on=facts["until"])
    documents.agreed(case, by, "集体讨论继续延长办案期限", facts["reason"], facts["until"])


@CASE.effect("suspend")
def stopped(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """The same of a stop."""
    documents.agreed(case, by, "中止调查", facts["reason"])


@CASE.effect("test")
def sent_to_test(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """检测期间告知书: the party is told in writing that this time does not count."""
    documents.told_of_test(case, case, by, facts["reason"])


@CASE.effect("refuse")
def refused(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """不予立案审批表, with the ground."""
    documents.not_filed(case, by, facts["reason"])


@CASE.effect("record")
def recorded(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """The record stands in the timeline, with its photos on the case; an interview is printed for signing."""
    days.not_ahead(facts.get("did_on"), "did_on")
    if facts.get("record_kind") == "questions":
        documents.questioned(case, by, facts)


@CASE.effect("scene")
def on_the_scene(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """现场笔录, to be printed and signed; what is not signed has its witness."""
    days.not_ahead(facts.get("did_on"), "did_on")
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


@CASE.effect("pass")
def reviewed(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """案件审核意见书 of the third person; with it the notice is ready to be printed and taken to the party."""
    documents.reviewed(case, by, "同意。", facts.get("note", ""))
    documents.announced(case, by)


@CASE.effect("return")
def sent_back(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """The same, with what is wanting."""
    documents.reviewed(case, by, "退回补充。", facts["reason"])


@CASE.effect("discuss")
def discussed(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """集体讨论记录."""
    days.not_ahead(facts["discussed_on"], "discussed_on")
    days.not_before(facts["discussed_on"], case.filed_on, "discussed_on")
    documents.discussed(case, by)


@CASE.effect("notice")
def noticed(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """行政处罚告知书 is in the party's hands: what was announced is the most that may be decided."""
    _announce(case, facts)


@CASE.effect("post_notice")
def posted_notice(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """The same with 送达公告, which hangs out for thirty days."""
    case.service = "public"
    _announce(case, facts)
    documents.posted(case, "行政处罚告知书", by)


def _announce(case: Case, facts: dict[str, Any]) -> None:
    days.not_ahead(facts["noticed_on"], "noticed_on")
    days.not_before(facts["noticed_on"], case.filed_on, "noticed_on")
    case.noticed_fine, case.noticed_penalties = case.fine, list(case.penalties)


@CASE.effect("appeared")
def handed_over(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """Who comes in the meantime is given the notice; his days run from then."""
    days.not_ahead(facts["noticed_on"], "noticed_on")
    case.service = "direct"


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


@CASE.effect("post_decision")
def posted_decision(case: Case, by: User | None, _facts: dict[str, Any]) -> None:
    """送达公告; after thirty days the decision counts as served."""
    case.service = "public"
    documents.posted(case, "行政处罚决定书", by)


@CASE.effect("deemed")
def deemed_served(case: Case, _by: User | None, _facts: dict[str, Any]) -> None:
    """From this day on it has to be paid."""
    case.served_on = today()


@CASE.effect("serve")
def served(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """Not in the future and not before the decision."""
    days.not_ahead(facts.get("served_on"), "served_on")
    days.not_before(facts.get("served_on"), case.decided_on, "served_on")


@CASE.effect("publish")
def published(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """Shown from today until the rule takes it down."""
    days.not_ahead(facts.get("published_on"), "published_on")
    days.not_before(facts.get("published_on"), case.decided_on, "published_on")
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


@CASE.effect("annul")
def annulled(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """Our own page drops it in this moment; elsewhere somebody has three days for it (行政处罚法 art. 48)."""
    if case.published_on and case.unpublished_on is None:
        case.unpublished_on = today()
    case.annulled_on = today()
    documents.agreed(case, by, "撤销行政处罚决定", facts["reason"])


@CASE.effect("close")
def closed(case: Case, by: User | None, _facts: dict[str, Any]) -> None:
    """结案审批表."""
    documents.closed(case, by)
