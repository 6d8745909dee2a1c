"""How long an identity and a letter are kept, what is due, the hold, and the destruction by two people."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from sanxiao.docket.models import Attachment, Blob, Rule
from sanxiao.docket.rooms import Keeping, Kept
from sanxiao.enforcement.rules import CASE
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.tips import box
from sanxiao.tips.models import Copy, Disposal, Letter, Message, Opening, Report, Reward, Track
from sanxiao.tips.rules import DISPOSAL

IDENTITY_DAYS, CONTENT_DAYS = 90, 365 * 3


def identity_days(area: str = "") -> int:
    """Days after the end for which an identity is kept."""
    return int(Rule.objects.value("tips.identity_days", area, default=IDENTITY_DAYS))


def content_days(area: str = "") -> int:
    """Days after the end for which the words and pictures are kept."""
    return int(Rule.objects.value("tips.content_days", area, default=CONTENT_DAYS))


def _past(days: int, day: date | None) -> QuerySet[Letter]:
    """Letters that ended longer ago than that and are not held: no hold, no reward under way, no case still open."""
    at_law = Report.objects.filter(case__state__in=CASE.open_states).values("letter")
    rewarded = Reward.objects.filter(state__in=("proposed", "approved")).values("report__letter")
    ended = Letter.objects.filter(closed_on__lt=(day or today()) - timedelta(days=days), hold="")
    return ended.exclude(pk__in=rewarded).exclude(pk__in=at_law)


def identities_due(day: date | None = None) -> QuerySet[Letter]:
    """Whose identity is to be destroyed."""
    return _past(identity_days(), day).filter(identity_gone_on__isnull=True)


def contents_due(day: date | None = None) -> QuerySet[Letter]:
    """Whose words are to be destroyed, once two people have said so."""
    return _past(content_days(), day).filter(content_gone_on__isnull=True)


def destroy_identities() -> int:
    """Delete the sealed copies, and by what the telephone was known again. Returns how many letters."""
    due = list(identities_due().values_list("pk", flat=True))
    Copy.objects.filter(letter__in=due).delete()
    Letter.objects.filter(pk__in=due).update(identity_gone_on=today(), contact="", tail="")
    return len(due)


def _over(due: Callable[[], QuerySet[Letter]]) -> Callable[[date], Iterator[Kept]]:
    """Letters as something kept: a short number and the day, for nobody else may know what they are about."""

    def rows(day: date) -> Iterator[Kept]:
        for pk, area, closed in due().order_by("closed_on", "pk").values_list("pk", "area", "closed_on"):
            yield Kept(pk, "tips.letter", str(pk)[:8].upper(), area, closed or day)

    return rows


# Both have their own way and page: identities go by night, the rest by two people who may see the letters.
KINDS = ("tips.complaint", "tips.report", "tips.opening", "tips.reward", "tips.disposal")
KEEPS = (
    Keeping("tip_identities", gettext_lazy("举报人身份"), _over(identities_due), page="tip-retention", kinds=KINDS),
    Keeping("tip_contents", gettext_lazy("投诉举报来件内容"), _over(contents_due), page="tip-retention"),
)


def watch() -> str:
    """By night: the box of the days that are over, and identities whose time has come."""
    opened = box.empty()
    return f"{opened} taken out of the box, {destroy_identities()} identities destroyed"


# --- two people --------------------------------------------------------------------------------------------------


@DISPOSAL.beginning
def begin_disposal(user: User, _params: dict[str, str]) -> Disposal:
    """The list as it is now; the accused unit's people list no letter about themselves."""
    seen = Letter.objects.seen_by(user).filter(pk__in=contents_due())
    rows = [str(pk) for pk in seen.values_list("pk", flat=True)]
    first = seen.first()
    return Disposal(by=user, letters=rows, count=len(rows), area=first.area[:9].ljust(12, "0") if first else "")


@DISPOSAL.predicate("something_due")
def something_due(disposal: Disposal, _facts: dict[str, Any]) -> bool:
    """There is something on the list."""
    return disposal.count > 0


@DISPOSAL.effect("propose")
def listed(_disposal: Disposal, _by: User | None, facts: dict[str, Any]) -> None:
    """How many, in the log."""
    facts["count"] = _disposal.count


@DISPOSAL.effect("agree")
def destroyed(disposal: Disposal, _by: User | None, facts: dict[str, Any]) -> None:
    """Words, pictures, talk and identity go; tracks, terms and figures stay. What is held by now stays whole."""
    due = contents_due().filter(pk__in=[UUID(pk) for pk in disposal.letters])
    letters = list(due)
    facts["destroyed"] = len(letters)
    for letter in letters:
        _destroy(letter)


def _destroy(letter: Letter) -> None:
    Message.objects.filter(letter=letter).delete()
    Copy.objects.filter(letter=letter).delete()
    tracks: list[Track] = letter.tracks()
    _destroy_pictures([track.pk for track in tracks])
    for track in tracks:
        type(track).objects.filter(pk=track.pk).update(summary_sealed="")
    if reports := [t.pk for t in tracks if hasattr(t, "finding_sealed")]:
        letter.reports.filter(pk__in=reports).update(finding_sealed="")
    gone = {"identity_gone_on": letter.identity_gone_on or today(), "content_gone_on": today()}
    Letter.objects.filter(pk=letter.pk).update(content_sealed="", contact="", tail="", **gone)


def _destroy_pictures(subjects: list[UUID]) -> None:
    """Pictures go with their files, unless the same bytes hang elsewhere too."""
    rows = Attachment.objects.filter(subject__in=subjects)
    blobs = set(rows.values_list("blob", flat=True))
    rows.delete()
    for digest in blobs - set(Attachment.objects.filter(blob__in=blobs).values_list("blob", flat=True)):
        Blob.objects.filter(pk=digest).delete()
        for path in (settings.BLOB_DIR / digest[:2]).glob(f"{digest}*"):
            path.unlink(missing_ok=True)


def held(user: User) -> QuerySet[Letter]:
    """Letters under a hold."""
    return Letter.objects.seen_by(user).exclude(Q(hold=""))


def looks(letter: Letter) -> QuerySet[Opening]:
    """Who asked to see an identity, and what became of it."""
    return Opening.objects.filter(letter=letter).select_related("by").order_by("-created_at", "id")
