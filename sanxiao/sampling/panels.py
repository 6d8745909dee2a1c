"""What sampling hands down: tab, starters and printed table of a file, facts for its grade, errands, waiting work."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.rooms import Candidate, Errand, Fact, Panel, Starter
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.sampling import say, sheet
from sanxiao.sampling.beside_models import QuickTest
from sanxiao.sampling.beside_rules import QUICK
from sanxiao.sampling.models import Part, Sample
from sanxiao.sampling.rules import SAMPLE

MOST = 300  # errands
NEVER = ("dropped", "void")


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """抽检: the samples and quick tests of this place, newest first."""
    if may_read(user, "sample"):
        rows = list(Sample.objects.seen_by(user).of(file).select_related("file").prefetch_related("results"))
        quick = list(
            QuickTest.objects.seen_by(user).filter(file__in=file.pks).select_related("file").order_by("-created_at")
        )
        say.lay([*(failure for row in rows for failure in row.failures), *quick])
        context = {"rows": rows, "quick": quick}
        yield Panel("sample", _("抽检"), "sampling/_panel.html", context, len(rows) + len(quick), order=35)


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """列入抽检, and a quick test on the spot."""
    if may(user, "sample.draw", file):
        sample = Sample(file=file, area=file.area, origin="target")
        yield Starter(SAMPLE.key, "target", _("列入抽检"), flow.why_not(sample, SAMPLE.row("target"), {}))
    if may(user, "sample.quick", file):
        quick = QuickTest(file=file, area=file.area)
        reason = flow.why_not(quick, QUICK.row("positive"), {})
        yield Starter(QUICK.key, "positive", _("登记快检阳性"), reason)
        yield Starter(QUICK.key, "negative", _("登记快检阴性"), reason)


def candidates(user: Any) -> Iterator[Candidate]:
    """Failed samples whose sale is not stopped yet; illegal additions that want a case."""
    if may(user, "sample.dispose"):
        rows = Sample.objects.seen_by(user)
        url = reverse("samples")
        running = rows.filter(state__in=("failed", "served"))
        yield Candidate(
            _("不合格，还没有责令停止销售"),
            running.filter(stopped_on__isnull=True).count(),
            f"{url}?stage=failed",
            _("责令停止销售"),
        )
        illegal = rows.filter(illegal=True, state__in=("failed", "served")).count()
        yield Candidate(_("查出非法添加，须立案查处"), illegal, f"{url}?breach=illegal", _("移交立案"))


def errands(user: Any) -> Iterator[Errand]:
    """Places that were drawn and not yet sampled: for the officers who take samples, with their form."""
    if not may(user, "sample.take"):
        return
    rows = Sample.objects.seen_by(user).filter(state="drawn").select_related("file")
    asked, names = sheet.form(), {row["code"]: say.named(row) for row in say.foods()}
    for sample in rows.order_by("created_at", "id")[:MOST]:
        file = sample.file
        mine = user.name in sample.samplers
        yield Errand(
            f"sample:{sample.pk}", _("抽样：%(food)s") % {"food": names.get(sample.food, sample.food)}, sample.area,
            "、".join(sample.samplers), file.pk, file.called, file.lat, file.lng, form=sheet.CODE if asked else "",
            url=sample.get_absolute_url(), tone="amber" if mine else "blue",
        )  # fmt: skip


def risk_facts(files: list[UUID], on: date) -> dict[UUID, list[Fact]]:
    """Samples taken, and those that failed as it was known by that day; one query."""
    found: dict[UUID, list[Fact]] = defaultdict(list)
    rows = Sample.objects.filter(file__in=files).exclude(state__in=("drawn", *NEVER))
    names = ("file", "food_name", "taken_on", "received_on", "verdict", "state")
    for file, food, taken, received, verdict, state in rows.filter(Q(taken_on__lte=on)).values_list(*names):
        found[file].append(Fact("sampled", taken, words=food))
        if verdict == "fail" and received and received <= on and state in ("failed", "served", "disposed"):
            found[file].append(Fact("sample_failed", received, words=_("%(food)s抽检不合格") % {"food": food}))
    return dict(found)


def print_tables(file: Establishment, user: Any) -> Iterator[dict[str, Any]]:
    """The samples of the printed file."""
    if not may_read(user, "sample"):
        return
    rows = Sample.objects.seen_by(user).of(file).exclude(state="drawn").prefetch_related("results")
    columns = [
        {"label": _("抽样单编号"), "width": 2.2}, {"label": _("样品"), "width": 1.6},
        {"label": _("抽样日期"), "kind": "date"}, {"label": _("状态")}, {"label": _("不合格项目"), "width": 2.4},
    ]  # fmt: skip
    lines = [
        [s.number, s.food_name, s.taken_on, str(s.state_row.name), say.several_items(r.item for r in s.failures)]
        for s in rows
    ]
    yield {"title": _("监督抽检"), "columns": columns, "rows": lines}


def watch() -> str:
    """By night: spare halves whose time is over and that nobody needs any more may be disposed of."""
    done = Part.objects.filter(kind="spare", state="kept", kept_until__lt=today())
    done = done.exclude(sample__state__in=("failed", "served", "concluded"))
    return f"released {done.update(state='released')} spare samples"
