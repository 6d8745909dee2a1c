"""What the room shows below: a tab, starters, candidates and errands, and tables of the printed file."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.rooms import Candidate, Errand, Panel, Starter
from sanxiao.guidance import helping, say, telling, training
from sanxiao.guidance.lists import places
from sanxiao.guidance.models import Help, Letter, Told
from sanxiao.guidance.rules import HELP, TOLD
from sanxiao.office.duties import may, may_read

MOST = 200  # errands


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """引导帮扶: what this place was told, taught, written and given."""
    if not (may_read(user, "guide") or may_read(user, "help")):
        return
    told = list(Told.objects.seen_by(user).of(file).select_related("leaflet", "by").order_by("-told_on"))
    help_ = _helped(file, user)
    context = {
        "told": told, "wanted": telling.untold_of(file), "training": training.of_file(file), "helps": help_,
        "letters": list(Letter.objects.seen_by(user).of(file).select_related("mailing")),
    }  # fmt: skip
    count = len(told) + len(help_) + len(context["training"]) + len(context["letters"])
    yield Panel("guidance", _("引导帮扶"), "guidance/_panel.html", context, count, order=35)


def _helped(file: Establishment, user: Any) -> list[dict[str, Any]]:
    """Help with its kind in words and what followed."""
    if not may_read(user, "help"):
        return []
    rows = list(Help.objects.seen_by(user).of(file).select_related("by"))
    after = helping.followed(rows)
    names = dict(say.kinds_of_help(file.area))
    return [
        {"help": each, "what": names.get(each.what, each.what), "after": after.get(each.pk, []),
         "money": helping.money(each.amount)}
        for each in rows
    ]  # fmt: skip


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """登记告知 where something is still to be told, 登记帮扶 always."""
    if not file.is_trading:
        return
    if may(user, "guide.tell", file) and telling.in_use(file.area):
        yield Starter(
            TOLD.key, "record", _("登记告知"), "" if telling.untold_of(file) else _("现用的告知书都告知过了。")
        )
    if may(user, "help.give", file):
        yield Starter(HELP.key, "plan", _("登记帮扶"))


def candidates(user: Any) -> Iterator[Candidate]:
    """Places that were not told, or of an older version alone; who has not passed any test."""
    if may(user, "guide.tell") and (leaflets := telling.in_use_for(user)):
        rows, url = telling.marked(places(user), leaflets), reverse("telling")
        untold = telling.narrowed(rows, telling.NONE, leaflets).count()
        yield Candidate(_("还没有告知到"), untold, f"{url}?stand=none", _("登记告知"))
        old = telling.narrowed(rows, telling.OLD, leaflets).count()
        yield Candidate(_("只告知过旧版"), old, f"{url}?stand=old", _("登记告知"))
    if may(user, "guide.train"):
        count = training.untrained(places(user)).count()
        yield Candidate(_("还没有测试合格"), count, reverse("untrained"), _("安排培训"))


def errands(user: Any) -> Iterator[Errand]:
    """Doors at which somebody is still to be told, for the phone."""
    if not may(user, "guide.tell") or not (leaflets := telling.in_use_for(user)):
        return
    marked = telling.marked(places(user), leaflets)
    for stand in (telling.OLD, telling.NONE):
        for file in telling.narrowed(marked, stand, leaflets).order_by("area", "name")[:MOST]:
            yield Errand(
                f"tell:{file.pk}", _("逐户告知"), file.area, str(telling.STANDS[stand].name), file.pk, file.called,
                file.lat, file.lng, form="tell", url=file.get_absolute_url(), tone="grey",
            )  # fmt: skip


def print_tables(file: Establishment, user: Any) -> Iterator[dict[str, Any]]:
    """What the printed file says of guidance."""
    if may_read(user, "guide"):
        told = Told.objects.seen_by(user).of(file).filter(state="told").select_related("leaflet", "by")
        yield _table(
            _("告知"), (_("告知书"), _("日期"), _("方式"), _("告知人")),
            [[str(t.leaflet), t.told_on, str(t.get_way_display()), str(t.by or "")] for t in told],
        )  # fmt: skip
        people = training.of_file(file)
        yield _table(
            _("培训与测试"), (_("主题"), _("日期"), _("结果"), _("得分")),
            [[p.session.topic, p.session.held_on, str(p.state_row.name), p.score] for p in people],
        )  # fmt: skip
        letters = Letter.objects.seen_by(user).of(file).select_related("mailing")
        yield _table(
            _("信件"), (_("标题"), _("日期"), _("方式"), _("结果")),
            [[x.mailing.title, x.mailing.issued_on, str(x.get_way_display()), str(x.state_row.name)] for x in letters],
        )  # fmt: skip
    yield _table(
        _("帮扶"), (_("方式"), _("日期"), _("补贴"), _("效果")),
        [[row["what"], row["help"].given_on, row["money"], row["help"].effect] for row in _helped(file, user)],
    )  # fmt: skip


def _table(title: str, heads: tuple[str, ...], rows: list[list[Any]]) -> dict[str, Any]:
    kinds = ["text", "date", "text", "text"]
    return {
        "title": title, "rows": rows,
        "columns": [{"label": label, "kind": kind} for label, kind in zip(heads, kinds, strict=True)],
    }  # fmt: skip
