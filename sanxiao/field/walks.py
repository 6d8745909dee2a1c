"""走访登记: a patch is walked, at the desk's word or by phone; 'none found' is signed for."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.docket import files, flow
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled, Taken
from sanxiao.field.models import Patch, Submission, Walk
from sanxiao.field.patches import KINDS, standing, taken_over
from sanxiao.field.rules import WALK
from sanxiao.office.models import User
from sanxiao.office.now import today

NEW = "new"
MOST = 500  # places that one walk can find


@WALK.beginning
def begin_walk(user: User, params: dict[str, str]) -> Walk:
    """A walk through a patch of one's own ground."""
    patch = get_object_or_404(standing(Patch.objects.seen_by(user)), pk=params.get("patch"))
    return Walk(patch=patch, area=patch.area, by=user)


@WALK.effect("walk")
def walked(walk: Walk, by: User | None, facts: dict[str, Any]) -> None:
    """What was found; that nothing was is signed for, never just left out (the form asks for it)."""
    signed = facts.pop("signature", None)
    walk.walked_on = facts.get("walked_on") or today()
    walk.found, walk.none_found = int(facts.get("found") or 0), bool(facts.get("none_found"))
    walk.note = facts.get("note") or ""
    facts.update(walked_on=walk.walked_on, found=walk.found, none_found=walk.none_found)
    if signed:
        files.keep(walk, signed, signed.name or "signature", by, role="signature")


@WALK.form("walk")
class WalkForm(MoveForm):
    """A walk typed at the desk."""

    walked_on = forms.DateField(label=gettext_lazy("走访日期"), widget=DateInput, initial=today)
    found = forms.IntegerField(label=gettext_lazy("发现的食品三小户数"), min_value=0, max_value=MOST, initial=0)
    none_found = forms.BooleanField(
        label=gettext_lazy("确认整片走完，没有食品三小"), required=False,
        help_text=gettext_lazy("一户也没有发现时须确认；确认就是签字负责。"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("说明"), required=False, widget=forms.Textarea({"rows": 2}))
    signature = forms.ImageField(label=gettext_lazy("签字照片"), required=False)

    def clean(self) -> dict[str, Any]:
        """Nothing found must be said; both together cannot be."""
        told = super().clean() or {}
        if told.get("found") == 0 and not told.get("none_found"):
            self.add_error("none_found", _("一户也没有发现的，请确认“未发现食品三小”。"))
        if told.get("found") and told.get("none_found"):
            self.add_error("none_found", _("已填发现户数，不能再选“未发现”。"))
        if told.get("walked_on") and told["walked_on"] > today():
            self.add_error("walked_on", _("走访日期不能晚于今天。"))
        return told

    def facts(self) -> dict[str, Any]:
        """The walk counts for the day on which it was made."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {**told, "on": told["walked_on"]}


# --- by phone ----------------------------------------------------------------------------------------------------


@transaction.atomic
def take(filled: Filled) -> Taken:
    """A walk from a phone; it may name a patch that no list has, and say who walks it from now on. Raises Refused."""
    if held := Walk.objects.filter(pk=filled.id).first():
        return Taken(held)
    told = filled.answers
    patch = _patch(filled)
    day = min(_day(told.get("walked_on")) or filled.observed_on, today())
    found = _number(told.get("found"))
    walk = Walk(id=filled.id, patch=patch, area=patch.area, by=filled.by)
    walk.submission = Submission.objects.filter(pk=filled.id).first()
    signed_for = not found and told.get("none_found") == "yes"
    facts: dict[str, Any] = {
        "walked_on": day,
        "found": found,
        "none_found": signed_for,
        "note": str(told.get("note") or ""),
    }
    flow.move(walk, "walk", filled.by, within=True, on=day, **facts)  # whether he may, the inbox has asked
    signed = told.get("signature")
    if isinstance(signed, str) and signed in filled.files:
        data = files.path_of(filled.files[signed]).read_bytes()
        files.keep(walk, data, signed, filled.by, role="signature")
    if told.get("mine") == "yes":
        taken_over(patch, filled.by, day)
    return Taken(walk)


def _patch(filled: Filled) -> Patch:
    """The patch that was chosen, or the one that was named on the spot."""
    said = str(filled.answers.get("patch") or "")
    if said and said != NEW:
        patch = Patch.objects.filter(pk__in=filter(None, [_key(said)]), area=filled.area).first()
        if patch is None:
            raise Refused(_("没有找到走访的片区，可能已经撤销。"), code="unknown")
        return patch
    name = str(filled.answers.get("patch_new") or "").strip()[:60]
    if not name:
        raise Refused(_("没有写走访的是哪一片。"), code="invalid")
    kind = str(filled.answers.get("patch_kind") or "")
    point = str(filled.answers.get("location") or "").split()
    return named(filled.area, name, kind, filled.by, (float(point[0]), float(point[1])) if len(point) > 1 else None)


def named(area: str, name: str, kind: str, by: User, point: tuple[float, float] | None = None) -> Patch:
    """A patch named by whoever stood there; the one of that name, where there is one."""
    if held := standing(Patch.objects.filter(area=area, name=name)).first():
        return held
    made = Patch(area=area, name=name, kind=kind if kind in KINDS else "hamlet", found_in_field=True, version=1)
    made.lat, made.lng = point or (None, None)
    made.save()
    flow.log(made, "named", by, facts={"name": name})
    return made


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text or "")[:10])
    except ValueError:
        return None


def _number(text: Any) -> int:
    """How many were found; what is no number is none, and the answers as they came say what was written."""
    try:
        return max(0, min(int(float(text or 0)), MOST))
    except ValueError:
        return 0
