"""What the moves of an application do besides changing its state, and the conditions they wait for."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.archive.acts import begin_disposal
from sanxiao.archive.models import Establishment
from sanxiao.docket import files
from sanxiao.docket.models import Deadline, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.licensing import eligibility, faces, issuing
from sanxiao.licensing.models import Application, Certificate, Visit, route_of
from sanxiao.licensing.orders import has_open_order
from sanxiao.licensing.rules import APPLICATION, CARD, CERTIFICATE, PURPOSES
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import issue_paper, take_number

RENEW_OPENS = "term.REG_RENEW_OPEN"


@APPLICATION.beginning
def begin_application(user: User, params: dict[str, str]) -> Application:
    """A new application on a file of one's own ground; what it is for follows from the paper that is held."""
    rows = Establishment.objects.seen_by(user).current().select_related("kind", "operator")
    try:
        file = rows.get(pk=params.get("file", ""))
    except (Establishment.DoesNotExist, ValidationError) as error:
        raise Http404 from error
    held = held_by(file)
    wanted = params.get("purpose", "")
    purpose = wanted if wanted in dict(PURPOSES) else likely_purpose(held)
    return Application(
        file=file, area=file.area, route=route_of(file.kind), purpose=purpose,
        previous=None if purpose == "new" else held, applied_by=user,
    )  # fmt: skip


def held_by(file: Establishment) -> Certificate | None:
    """The paper of a file that is valid or suspended."""
    return Certificate.objects.filter(file__in=file.pks, state__in=("valid", "suspended")).first()


def likely_purpose(held: Certificate | None) -> str:
    """New without a paper, renewal shortly before its end, else a change."""
    if held is None:
        return "new"
    return "renew" if held.days_left <= renewal_days(held.area) else "change"


def renewal_days(area: str) -> int:
    """From how many days before the end a renewal is asked for."""
    return int(Rule.objects.value(RENEW_OPENS, area, default={}).get("length", 30))


# -- conditions


@APPLICATION.predicate("has_document")
def has_document(app: Application, _facts: dict[str, Any]) -> bool:
    """The town says what paper this kind gets."""
    return bool(faces.document_of(app.file))


@APPLICATION.predicate("none_open")
def none_open(app: Application, _facts: dict[str, Any]) -> bool:
    """One application at a time."""
    return not Application.objects.filter(file__in=app.file.pks).undecided().exclude(pk=app.pk).exists()


@APPLICATION.predicate("fits_purpose")
def fits_purpose(app: Application, facts: dict[str, Any]) -> bool:
    """New without a paper; renewal of one that has not run out; change and replacement of a valid one."""
    held = held_by(app.file)
    purpose = facts.get("purpose", app.purpose)
    if purpose == "new":
        return held is None
    return held is not None and (purpose == "renew" or held.state == "valid")


@APPLICATION.predicate("committed")
def committed(_app: Application, facts: dict[str, Any]) -> bool:
    """The commitment letter is signed (asked for in the form; the button does not know it yet)."""
    return bool(facts.get("committed", True))


@APPLICATION.predicate("not_returned_before")
def not_returned_before(app: Application, _facts: dict[str, Any]) -> bool:
    """All defects are told at once, and once."""
    return not app.defects


@APPLICATION.predicate("by_bureau")
def by_bureau(app: Application, _facts: dict[str, Any]) -> bool:
    """The certificate's route."""
    return app.route == CERTIFICATE


@APPLICATION.predicate("by_village")
def by_village(app: Application, _facts: dict[str, Any]) -> bool:
    """The cards' route."""
    return app.route == CARD


@APPLICATION.predicate("bureau_decides")
def bureau_decides(app: Application, _facts: dict[str, Any]) -> bool:
    """The long term, for anything but a change."""
    return app.route == CERTIFICATE and app.purpose != "change"


@APPLICATION.predicate("bureau_changes")
def bureau_changes(app: Application, _facts: dict[str, Any]) -> bool:
    """The short term, for a change of particulars."""
    return app.route == CERTIFICATE and app.purpose == "change"


@APPLICATION.predicate("bureau_visits")
def bureau_visits(app: Application, _facts: dict[str, Any]) -> bool:
    """A site check is due, and its term is the bureau's."""
    return app.route == CERTIFICATE and needs_visit(app)


@APPLICATION.predicate("renews_in_time")
def renews_in_time(app: Application, _facts: dict[str, Any]) -> bool:
    """A renewal of a paper that still holds: without a decision it is deemed granted."""
    return app.purpose == "renew" and app.previous is not None and app.previous.valid_to >= today()


def needs_visit(app: Application) -> bool:
    """Does the town's rule want a site check for this kind and purpose?"""
    wanted = Rule.objects.value("site_visit.required", app.area, app.rule_on, {})
    return app.purpose in wanted.get(app.file.kind_id, [])


@APPLICATION.predicate("visit_passed")
def visit_passed(app: Application, _facts: dict[str, Any]) -> bool:
    """The last site check passed; none is enough only where none is wanted."""
    last = app.visits.last()
    return last.passed if last else not needs_visit(app)


@APPLICATION.predicate("visit_for_opinion")
def visit_for_opinion(app: Application, facts: dict[str, Any]) -> bool:
    """Only who wants to grant needs a passed check."""
    return facts.get("opinion") != "grant" or visit_passed(app, facts)


@APPLICATION.predicate("eligible")
def eligible(app: Application, _facts: dict[str, Any]) -> bool:
    """No condition bars the paper. A replacement prints what was granted before."""
    return app.purpose == "replace" or not eligibility.barred_now(app.file)


@APPLICATION.predicate("eligible_for_opinion")
def eligible_for_opinion(app: Application, facts: dict[str, Any]) -> bool:
    """Only who wants to grant needs an eligible place."""
    return facts.get("opinion") != "grant" or eligible(app, facts)


@APPLICATION.predicate("no_open_order")
def no_open_order(app: Application, _facts: dict[str, Any]) -> bool:
    """What the inspection ordered is done."""
    return not has_open_order(app.file)


@APPLICATION.predicate("may_be_extended")
def may_be_extended(app: Application, facts: dict[str, Any]) -> bool:
    """Only the twenty working days of the certificate may be lengthened, while they run."""
    running = Deadline.objects.running().filter(subject=app.pk, term="decide")
    return bureau_decides(app, facts) and running.exists()


# -- effects


@APPLICATION.effect("begin", "fill", "resubmit")
def keep_materials(app: Application, by: User | None, _facts: dict[str, Any]) -> None:
    """The photos that came with the form, each under its material."""
    for code, upload in getattr(app, "uploads", []):
        files.keep(app, upload, upload.name or code, by, role=code)
    app.uploads = []


@APPLICATION.effect("submit")
def submitted(app: Application, by: User | None, _facts: dict[str, Any]) -> None:
    """The application gets its number; what the classification asked for has begun."""
    app.number = take_number("application", app.area, app, kind=app.file.kind.prefix)
    app.applied_by = by
    begin_disposal(app.file, by)


@APPLICATION.effect("accept", "deem_accepted")
def accepted(app: Application, by: User | None, _facts: dict[str, Any]) -> None:
    """受理通知书."""
    issue_paper(app, "notice", "受理通知书", faces.accepted(app), by, app.number)


@APPLICATION.effect("return")
def returned(app: Application, by: User | None, _facts: dict[str, Any]) -> None:
    """补正材料告知书."""
    issue_paper(app, "notice", "补正材料告知书", faces.returned(app), by, app.number)


@APPLICATION.effect("visit_pass", "visit_fail")
def visited(app: Application, by: User | None, facts: dict[str, Any]) -> None:
    """One more site check; two officers at least, and no pass over an item that fails."""
    officers, items = list(dict.fromkeys(facts["officers"])), facts["items"]
    least = Rule.objects.value("inspection.min_inspectors", app.area, app.rule_on, 2)
    if len(officers) < least:
        said = _("现场核查须有 %(n)d 名以上人员参加。") % {"n": least}
        raise Refused(said, {"officers": said}, "invalid")
    passed = app.state == "visited"
    if passed != all(items.values()):
        said = _("有项目不合格的，请办“现场核查不合格”；都合格的，请办“现场核查合格”。")
        raise Refused(said, {}, "invalid")
    Visit.objects.create(
        application=app, on=facts["visited_on"], officers=officers, items=items, passed=passed,
        note=facts.get("note", ""), by=by,
    )  # fmt: skip


@APPLICATION.effect("grant", "deem_renewed")
def granted(app: Application, by: User | None, _facts: dict[str, Any]) -> None:
    """The decision stands, with the file as it was."""
    app.decided_by, app.decided_on = by, today()
    issuing.freeze(app, "grant", by)


@APPLICATION.effect("refuse")
def refused(app: Application, by: User | None, facts: dict[str, Any]) -> None:
    """不予登记决定书, with the file as it was."""
    app.decided_by, app.decided_on = by, today()
    issuing.freeze(app, "refuse", by)
    issue_paper(app, "notice", "不予登记决定书", faces.refused(app, facts["reason"]), by, app.number)


@APPLICATION.effect("issue")
def issued(app: Application, by: User | None, _facts: dict[str, Any]) -> None:
    """The paper itself."""
    issuing.issue_for(app, by)


@APPLICATION.effect("hand_over")
def handed_over(app: Application, by: User | None, _facts: dict[str, Any]) -> None:
    """领取回执."""
    paper = app.certificates.latest("created_at")
    issue_paper(app, "receipt", "领取回执", faces.handed_over(app, paper), by, app.number)
