"""What the archive itself shows on a file's page, and the first acts that wait in it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from sanxiao.archive import classify
from sanxiao.archive.doubles import metres
from sanxiao.archive.lists import MISSING
from sanxiao.archive.models import Classification, Establishment
from sanxiao.archive.part_forms import FilesForm
from sanxiao.archive.rules import BATCHES, CASES, CLASSIFICATION
from sanxiao.archive.views import gallery, history, may_work_on
from sanxiao.docket.models import Attachment, Rule
from sanxiao.docket.rooms import Candidate, Errand, Panel, Starter
from sanxiao.office.duties import may, may_read

MOST_ERRANDS = 300
HISTORY, PICTURES = 300, 200  # on the tabs; the printed file has more
FAR = 500  # metres, where the town's rules say nothing (photo.far_m)


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """The archive's own tabs: classes, photos and documents, the whole history. Rows are read when shown."""
    pks = file.pks
    if may_read(user, "class"):
        count = Classification.objects.filter(file__in=pks).count()
        shown = {"of": partial(_classes, file, user)}
        yield Panel("class", _("分类"), "archive/_classification.html", shown, count, order=20)
    rows = gallery(file, user).select_related("blob", "by")
    pictures = {
        "files": SimpleLazyObject(partial(_pictures, file, rows)),
        "may_edit": may_work_on(user, file), "form": FilesForm(),
    }  # fmt: skip
    yield Panel("files", _("照片与材料"), "archive/_pictures.html", pictures, rows.count(), order=90)
    yield Panel("history", _("时间线"), "archive/_history.html", {"events": history(file, user)[:HISTORY]}, order=95)


def _pictures(file: Establishment, rows: QuerySet[Attachment]) -> list[Attachment]:
    """Pictures and documents, those that stand first; `away`: metres from the place, where that is oddly far even
    if the phone was wrong by as much as it said it might be."""
    found = list(rows.order_by(F("voided_at").asc(nulls_first=True), "-at", "id")[:PICTURES])
    spots = [file, *file.pitches.filter(lat__isnull=False)]
    far = Rule.objects.value("photo.far_m", file.area, default=FAR)
    for each in found:
        ways = [way for spot in spots if (way := metres(each, spot)) is not None]
        each.away = round(min(ways)) if ways and min(ways) - (each.accuracy or 0) > far else None
    return found


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """A file without a class wants one first."""
    if file.case or not file.is_trading or not may(user, "class.propose", file):
        return
    if not Classification.objects.filter(file__in=file.pks, state="proposed").exists():
        yield Starter(CLASSIFICATION.key, "propose", _("提出分类意见"), primary=True)


def _classes(file: Establishment, user: Any) -> dict[str, Any]:
    """What is proposed, what was decided, and when; worked out only when the tab is open."""
    rows = list(Classification.objects.filter(file__in=file.pks).select_related("file").order_by("-created_at"))
    proposal = classify.propose(file)
    return {
        "rows": rows, "proposal": proposal, "reasons": [classify.reason_text(r) for r in proposal.reasons],
        "pending": next((r for r in rows if r.state == "proposed"), None),
        "may_propose": file.is_trading and may(user, "class.propose", file),
        "case_name": dict(CASES).get(proposal.case), "batch_name": dict(BATCHES).get(proposal.batch),
    }  # fmt: skip


def errands(user: Any) -> Iterator[Errand]:
    """Trading files whose photo or position is still wanted: go by and take it."""
    if not may(user, "file.edit"):
        return
    wanting = Q(missing__icontains="photo") | Q(missing__icontains="position")
    rows = Establishment.objects.seen_by(user).trading().filter(wanting)
    for file in rows.only("area", "name", "called", "address", "lat", "lng", "missing").order_by("area", "name")[
        :MOST_ERRANDS
    ]:
        named = "、".join(str(dict(MISSING)[what]) for what in file.missing if what in dict(MISSING))
        yield Errand(
            f"missing:{file.pk}", _("补齐材料"), file.area, _("还缺：%(what)s") % {"what": named}, file.pk, file.called,
            file.lat, file.lng, form="revisit", url=reverse("file", args=[file.pk]), tone="grey",
        )  # fmt: skip


def candidates(user: Any) -> Iterator[Candidate]:
    """Files that have no class yet."""
    if may(user, "class.propose"):
        rows = Establishment.objects.seen_by(user).trading().filter(case="")
        rows = rows.exclude(classifications__state="proposed")
        yield Candidate(_("已建档，还没有分类"), rows.count(), reverse("files") + "?case=none", _("提出分类意见"))
