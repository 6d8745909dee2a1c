"""What this room hands down: a tab on a file, waiting acts, errands for the phone, a table of the printed file."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.rooms import Candidate, Errand, Panel
from sanxiao.lookback.models import Alarm, Look, Revisit
from sanxiao.lookback.revisits import to_come
from sanxiao.lookback.sides import stages
from sanxiao.lookback.watching import closures
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today

MOST = 300


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """回头看: look-backs, revisits done and to come, alarms; 前后对照: the pictures by stage."""
    if may_read(user, "lookback") or may_read(user, "revival"):
        looks = list(Look.objects.seen_by(user).filter(file__in=file.pks).select_related("campaign", "first", "second"))
        revisits = list(Revisit.objects.seen_by(user).filter(file__in=file.pks).order_by("visit_on"))
        about = Q(file__in=file.pks) | Q(seen__in=file.pks)
        alarms = list(Alarm.objects.seen_by(user).filter(about).select_related("file", "seen").order_by("-created_at"))
        context = {
            "looks": looks, "revisits": revisits, "alarms": alarms, "steps": partial(_steps, file),
            "stages": partial(stages, file), "file": file,
        }  # fmt: skip
        count = len(looks) + len(revisits) + len(alarms)
        yield Panel("lookback", _("回头看"), "lookback/_panel.html", context, count, order=60)


def _steps(file: Establishment) -> list[tuple[int, Any]]:
    """Revisits that are not planned yet, of a place that is closed now."""
    return next((to_come(c) for c in closures([file]) if c.is_open), []) if file.state == "closed" else []


def candidates(user: Any) -> Iterator[Candidate]:
    """Look-backs of one's own team; closed places whose revisit is due this week or late."""
    if may_read(user, "lookback"):
        mine = Look.objects.seen_by(user).of_team(user).filter(state="assigned").count()
        if mine:
            url = reverse("lookback-looks") + f"?mine={user.pk}&state=open"
            yield Candidate(_("我这一组还没有回头看的"), mine, url, _("去回头看"))
    if may(user, "revival.visit"):
        rows = Revisit.objects.seen_by(user).filter(state="planned", visit_on__lte=today())
        url = reverse("lookback-revisits") + "?state=open"
        yield Candidate(_("已关停取缔、到了回查时间的"), rows.count(), url, _("去回查"))


def errands(user: Any) -> Iterator[Errand]:
    """What is to be looked at outside: the look-backs of one's team, the revisits and the alarms of one's ground."""
    yield from _looks(user)
    yield from _revisits(user)
    yield from _alarms(user)


def _looks(user: Any) -> Iterator[Errand]:
    fills = may(user, "lookback.do")
    rows = Look.objects.of_team(user).filter(state="assigned").select_related("file", "first", "second")
    for look in rows.order_by("due_on", "no")[:MOST]:
        file, late = look.file, look.due_on is not None and look.due_on < today()
        names = _("、").join(who.name for who in look.team)
        yield Errand(
            f"look:{look.pk}", _("回头看"), look.area, names, file.pk, file.called,
            file.lat, file.lng, look.due_on, form="lookback" if fills else "", url=look.get_absolute_url(),
            tone="red" if late else "amber",
        )  # fmt: skip


def _revisits(user: Any) -> Iterator[Errand]:
    if not may(user, "revival.visit"):
        return
    rows = Revisit.objects.seen_by(user).filter(state="planned").select_related("file")
    for row in rows.order_by("visit_on", "id")[:MOST]:
        file, late = row.file, row.until_on < today()
        note = f"{row.visit_on:%m-%d} {row.when}"
        yield Errand(
            f"revisit:{row.pk}", _("关停回查"), row.area, note, file.pk, file.called, file.lat, file.lng, row.due_on,
            form="revival", url=row.get_absolute_url(), tone="red" if late else "amber",
        )  # fmt: skip


def _alarms(user: Any) -> Iterator[Errand]:
    if not may(user, "revival.look"):
        return
    rows = Alarm.objects.seen_by(user).filter(state="raised").select_related("file", "seen")
    for alarm in rows.order_by("due_on", "created_at")[:MOST]:
        spot = alarm.seen
        yield Errand(
            f"alarm:{alarm.pk}", _("核实死灰复燃线索"), alarm.area, alarm.why, spot.pk if spot else None,
            alarm.called or alarm.file.called, spot.lat if spot else None, spot.lng if spot else None, alarm.due_on,
            url=alarm.get_absolute_url(), tone="red",
        )  # fmt: skip


def print_tables(file: Establishment, user: Any) -> Iterator[dict[str, Any]]:
    """The printed file: every look-back and revisit, oldest first."""
    if not may_read(user, "lookback"):
        return
    heads = ((_("事项"), "text"), (_("日期"), "date"), (_("结果"), "text"), (_("到场"), "text"), (_("情况"), "text"))
    looks = Look.objects.seen_by(user).filter(file__in=file.pks).exclude(state__in=("listed", "assigned"))
    done = Revisit.objects.seen_by(user).filter(file__in=file.pks).exclude(state="planned")
    rows = [
        *([_("回头看"), look.seen_on, str(look.state_row.name), _("、").join(who.name for who in look.team), look.found]
          for look in looks.select_related("first", "second")),
        *([_("关停回查"), row.seen_on, str(row.state_row.name), row.companion, row.found] for row in done),
    ]  # fmt: skip
    yield {
        "title": _("回头看与回查"), "columns": [{"label": label, "kind": kind} for label, kind in heads],
        "rows": sorted(rows, key=lambda row: row[1]),
    }  # fmt: skip
