"""What the archive itself shows on a file's page, and the first acts that wait in it."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive import classify
from sanxiao.archive.models import Classification, Establishment
from sanxiao.docket.rooms import Candidate, Panel
from sanxiao.office.duties import may, may_read


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """The tab with the classification: what is proposed, what was decided, and when."""
    if not may_read(user, "class"):
        return
    rows = list(Classification.objects.filter(file__in=file.pks).select_related("file").order_by("-created_at"))
    proposal = classify.propose(file)
    context = {
        "rows": rows, "proposal": proposal, "reasons": [classify.reason_text(r) for r in proposal.reasons],
        "pending": next((r for r in rows if r.state == "proposed"), None),
        "current": next((r for r in rows if r.decided_on and not r.ended_on), None),
        "may_propose": may(user, "class.propose", file), "case_name": dict(Classification._meta.get_field("case").flatchoices).get(proposal.case),
        "batch_name": dict(Classification._meta.get_field("batch").flatchoices).get(proposal.batch),
    }  # fmt: skip
    yield Panel("class", _("分类"), "archive/_classification.html", context, len(rows), order=20)


def candidates(user: Any) -> Iterator[Candidate]:
    """Files that have no class yet."""
    if may(user, "class.propose"):
        rows = Establishment.objects.seen_by(user).trading().filter(case="")
        rows = rows.exclude(classifications__state="proposed")
        yield Candidate(_("已建档，还没有分类"), rows.count(), reverse("files") + "?case=none", _("提出分类意见"))
