"""线索: a place that nobody has on file, or that should be looked at. Somebody sends it, the village follows it up.

Rooms above send theirs with `send`; the food-safety office and the bureau begin one by hand. It is found when a sheet
that was begun from it is filed.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive import doubles
from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket import flow
from sanxiao.docket.forms import MoveForm
from sanxiao.docket.models import Attachment, Deadline
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Area, User
from sanxiao.office.places import grounds
from sanxiao.survey.models import Lead, Sheet
from sanxiao.survey.rules import LEAD

BY_HAND = "desk"


def send(
    by: User | None,
    *,
    origin: str,
    area: str,
    name: str,
    address: str = "",
    kind: Kind | None = None,
    note: str = "",
    point: tuple[float, float] | None = None,
    source: Any = None,
) -> Lead:
    """A lead for a village, as part of another act whose duty has been checked. `source`: the matter it came out of.

    The same matter sends one lead for a village only: a second call gives the first lead.
    """
    if source is not None and (held := Lead.objects.filter(source=source.pk, area=area).first()):
        return held
    lead = Lead(origin=origin, area=area, name=name, address=address, kind=kind, note=note)
    lead.lat, lead.lng = point or (None, None)
    if source is not None:
        lead.source_kind, lead.source = source.flow.key, source.pk
    flow.move(lead, "send", by, within=True)
    return lead


@LEAD.beginning
def begin_lead(user: User, params: dict[str, str]) -> Lead:
    """A lead by hand, for a village of one's ground; until one is chosen it belongs to the ground as a whole."""
    here = grounds(user, "lead.send")
    area = next((a.code for a in here if a.code == params.get("area")), here[0].code[:9].ljust(12, "0") if here else "")
    return Lead(origin=BY_HAND, area=area)


@LEAD.form("send")
class SendForm(MoveForm):
    """What is known of the place, and which village is to look for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(a.code, a.label) for a in grounds(self.user, "lead.send")]
        self.fields["area"] = forms.ChoiceField(label=_("交给哪个村（社区）"), choices=[("", "—"), *choices])
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ModelChoiceField)
        kind.queryset = Kind.objects.filter(active=True)
        self.order_fields(["area", "name", "address", "kind", "note"])

    def facts(self) -> dict[str, Any]:
        """The village stands on the lead itself, and so does the name (`name` is a move's own word)."""
        self.obj.name = self.cleaned_data["name"]  # type: ignore[attr-defined]
        return {name: value for name, value in super().facts().items() if name not in ("area", "name")}


@LEAD.form("refer")
class ReferForm(MoveForm):
    """To which village it goes, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Area.objects.on().filter(level__in=("village", "community")).exclude(code=self.obj.area)
        choices = [("", "—"), *((a.code, a.label) for a in rows)]
        self.fields["new_area"] = forms.ChoiceField(label=_("转交的村（社区）"), choices=choices)
        self.order_fields(["new_area", "reason"])


@LEAD.effect("refer")
def referred(lead: Lead, _by: User | None, facts: dict[str, Any]) -> None:
    """It goes to the other village with its term and its files; this one sees it no longer."""
    area = Area.objects.on().filter(code=facts.get("new_area"), level__in=("village", "community")).first()
    if area is None or area.code == lead.area:
        raise Refused(_("请选择另一个村（社区）。"), {"new_area": _("请选择")}, "invalid")
    facts["changes"] = {"area": [lead.area, area.code]}
    facts.pop("new_area")
    lead.area, lead.new_area = area.code, ""
    for shared in (Deadline, Attachment):
        shared._base_manager.filter(subject=lead.pk).update(area=area.code)


@LEAD.form("known")
class KnownForm(MoveForm):
    """Which of the village's files it is; the likeliest first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = forms.ModelChoiceField(
            label=gettext_lazy("就是这一户"), queryset=files_of(self.obj, self.user), empty_label="—"
        )
        likely = doubles.likely(likeness(self.obj), self.user)  # type: ignore[arg-type]
        self.fields["file"].initial = likely[0].file.pk if likely else None
        self.order_fields(["file", "note"])


def files_of(lead: Any, user: User) -> Any:
    """The files of the lead's village that this person may see."""
    return Establishment.objects.seen_by(user).current().filter(area=lead.area).order_by("name", "id")


@LEAD.effect("known")
def was_known(lead: Lead, by: User, _facts: dict[str, Any]) -> None:
    """Only a file of the village itself can be the place."""
    if lead.file_id is None or not files_of(lead, by).filter(pk=str(lead.file_id)).exists():
        raise Refused(_("请选本村（社区）的一户。"), {"file": _("请选择")}, "invalid")


def likeness(lead: Lead) -> doubles.Likeness:
    """A lead as places are compared."""
    return doubles.Likeness(lead.kind_id or "", lead.area, lead.name, lat=lead.lat, lng=lead.lng)


# --- being found -------------------------------------------------------------------------------------------------


def begun_from(user: User, wanted: str) -> Lead:
    """The lead from which somebody begins a sheet, or 404."""
    try:
        key = UUID(wanted)
    except ValueError:
        key = None
    return get_object_or_404(Lead.objects.seen_by(user).select_related("kind"), pk=key)


def tie(lead: Lead, sheet: Sheet) -> None:
    """Remember that a sheet was begun from a lead."""
    Lead.objects.filter(pk=lead.pk, state="open").update(sheet=sheet)


def found(sheet: Sheet, file: Establishment, by: User | None) -> None:
    """A sheet was filed: the lead from which it was begun is found.

    From a phone the place carries the key of the lead as its own; or, begun without it, the very name of a lead.
    """
    rows = Lead.objects.filter(state="open", area=sheet.area)
    mine = list(rows.filter(sheet=sheet)) or (list(rows.filter(pk=sheet.place)) if sheet.place else [])
    if not mine and sheet.source == "phone":
        mine = [lead for lead in rows.filter(name=sheet.name) if lead.kind_id in (None, sheet.kind_id)][:1]
    for lead in mine:
        lead.file, lead.sheet = file, sheet
        flow.move(lead, "found", by, within=True, on=sheet.filed_on)
