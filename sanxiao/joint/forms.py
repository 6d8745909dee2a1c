"""Forms of the room's moves: the plan, who is asked, who comes, the items of one office, the end of a part."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.docket import files
from sanxiao.docket.forms import MoveForm
from sanxiao.joint import checklist, choosing, stops, targets
from sanxiao.joint.models import Call, Finding, Operation, Part, Stop
from sanxiao.joint.police import numbers
from sanxiao.joint.rules import ANSWERS, CALL, OPERATION, PART, STOP, WAYS
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Area, Office, prefix_of
from sanxiao.office.now import today

TASKS = {
    "bureau": gettext_lazy("检查食品安全，核对证照、进货和添加剂"), "urban": gettext_lazy("处理占道经营、违章搭建"),
    "police": gettext_lazy("维持秩序，处理阻碍执法"), "village": gettext_lazy("带路、联系经营者、做好解释"),
    "environment": gettext_lazy("查看油烟、污水排放"), "fso": gettext_lazy("统筹协调、督促检查"),
    "construction": gettext_lazy("查看房屋建筑安全"), "land": gettext_lazy("核对用地"),
    "planning": gettext_lazy("核对规划"),
}  # fmt: skip


class TimeInput(forms.TimeInput):
    """A time of day with the browser's own clock."""

    input_type = "time"


def may_lead(user: Any) -> list[Office]:
    """Offices that a person may name as leading: his own; the food-safety office and the bureau also the villages."""
    scope = scope_of(user)
    roles = DUTIES["joint.plan"].roles(LEADS)
    own = {seat.office_id for seat in scope.seats if seat.role in roles}
    wide = [seat for seat in scope.seats if seat.role in ("fso", "bureau")]
    rows = Office.objects.on().filter(role__in=roles).order_by("area", "id")
    found = [office for office in rows if office.pk in own]
    return found + [o for o in rows if o.pk not in own and o.role == "village" and any(s.covers(o.area) for s in wide)]


class DayForm(MoveForm):
    """A plan with its day and hours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            if name in self.fields:
                self.fields[name].widget = TimeInput(format="%H:%M")
        if "purpose" in self.fields:
            self.fields["purpose"].widget.attrs["rows"] = 4
        self.fields["held_on"].widget.attrs["min"] = str(today())

    def clean(self) -> dict[str, Any]:
        """It ends after it begins, and not in the past."""
        told = super().clean() or self.cleaned_data
        if told.get("starts_at") and told.get("ends_at") and told["ends_at"] <= told["starts_at"]:
            self.add_error("ends_at", _("结束时间须晚于开始时间。"))
        if told.get("held_on") and told["held_on"] < today():
            self.add_error("held_on", _("不能早于今天"))
        return told


@OPERATION.form("plan")
class PlanForm(DayForm):
    """Who leads, on whose ground, why, when."""

    own = ("where", "led_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leads = may_lead(self.user)
        self.fields["led_by"] = forms.ModelChoiceField(
            label=_("牵头单位"), queryset=Office.objects.filter(pk__in=[office.pk for office in leads]),
            initial=self.obj.lead_id, empty_label=None,
        )  # fmt: skip
        self.fields["where"] = forms.ChoiceField(
            label=_("在哪里"), choices=self._grounds, help_text=_("只在一个村（社区）的，选那个村；跨村的选全镇。")
        )
        self.order_fields(list(self.row.asks))

    def _grounds(self) -> list[tuple[str, str]]:
        heads = [seat.prefix for seat in scope_of(self.user).seats if seat.role in DUTIES["joint.plan"].roles(LEADS)]
        rows = Area.objects.on().filter(level__in=("town", "community", "village")).order_by("code")
        return [(area.code, area.label) for area in rows if any(area.code.startswith(head) for head in heads)]

    def clean(self) -> dict[str, Any]:
        """A village leads on its own ground."""
        told = super().clean()
        lead, where = told.get("led_by"), told.get("where")
        if lead and where and not where.startswith(prefix_of(lead.area)):
            self.add_error("where", _("村（社区）只能在自己的地面上牵头；跨村的请由食安办或分局牵头。"))
        return told


@OPERATION.form("change", "postpone")
class ChangeForm(DayForm):
    """The same, once it is planned."""


class OfficeRow:
    """One office in the form of invitations: ticked or not, its task, how many of its people are free."""

    def __init__(self, office: Office, free: targets.Free, part: Part | None) -> None:
        self.office, self.people, self.free, self.part = office, free.people, free.free, part
        self.taken = [(user.name, free.taken[user.pk]) for user in free.people if user.pk in free.taken]
        self.fixed = part is not None and part.state not in ("named", "dropped")
        self.ticked = part is not None and part.state != "dropped"
        self.task = part.task if part else str(TASKS.get(office.role, ""))
        self.lead = part is not None and part.is_lead


@OPERATION.form("invite")
class InviteForm(MoveForm):
    """Which offices, and what each is to do; how many of their people are free that day stands beside."""

    obj: Operation
    own = ("offices",)
    open_ended = True
    template = "joint/_invite.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(self._rows())

    def _rows(self) -> Any:
        roles = DUTIES["joint.part"].roles(LEADS)
        offices = [o for o in Office.objects.on(self.obj.held_on).filter(role__in=roles) if self._near(o)]
        held = {part.office_id: part for part in self.obj.parts.select_related("office", "operation")}
        free = targets.people_of(offices, self.obj.held_on, self.obj)
        offices.sort(
            key=lambda o: (o.pk != self.obj.lead_id, list(TASKS).index(o.role) if o.role in TASKS else 99, o.pk)
        )
        for office in offices:
            row = OfficeRow(office, free[office.pk], held.get(office.pk))
            if self.is_bound:
                row.ticked = row.fixed or row.lead or f"pick-{office.pk}" in self.data
                row.task = str(self.data.get(f"task-{office.pk}", row.task))[:300]
            yield row

    def _near(self, office: Office) -> bool:
        """A village on whose ground it is; of a town's operation every village; every office of the town."""
        return office.area.startswith(prefix_of(self.obj.area)) or self.obj.area.startswith(prefix_of(office.area))

    def clean(self) -> dict[str, Any]:
        """Somebody besides the lead."""
        if not any(row.ticked and not row.lead for row in self.rows):
            self.add_error(None, _("请至少勾选一个单位。"))
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """The ticked offices with their tasks."""
        return {
            "offices": [
                {"office": row.office.pk, "name": str(row.office.name), "task": row.task.strip()}
                for row in self.rows if row.ticked
            ]
        }  # fmt: skip


@OPERATION.form("take_in")
class TakeInForm(MoveForm):
    """Places by key, as a program names them; people choose on the page for it."""

    obj: Operation
    own = ("targets",)
    places = forms.CharField(label=gettext_lazy("对象"), widget=forms.Textarea(attrs={"rows": 3}))
    override = forms.CharField(label=gettext_lazy("仍须检查的理由"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """Every key is a place that this person may see, not on the list already."""
        told = super().clean() or self.cleaned_data
        keys = [key.strip() for key in str(told.get("places", "")).replace("\n", ",").split(",") if key.strip()]
        self.rows = choosing.chosen(self.obj, keys, self.user, str(told.get("override") or ""))
        if said := choosing.wrong(self.rows, str(told.get("override") or "")):
            self.add_error("places", said)
        return told

    def facts(self) -> dict[str, Any]:
        """The places, each with its reasons."""
        return {"targets": [row.fact for row in self.rows]}


@OPERATION.form("arrange")
class ArrangeForm(MoveForm):
    """One place up or down, or all by the nearest way."""

    own = ("way",)
    to = forms.ChoiceField(label=gettext_lazy("次序"), choices=WAYS)
    stop = forms.UUIDField(required=False)

    def facts(self) -> dict[str, Any]:
        """Which way, and which place."""
        stop = self.cleaned_data["stop"]
        return {"way": {"way": self.cleaned_data["to"], "stop": str(stop) if stop else ""}}


class PersonRow:
    """One colleague in the form of an office: ticked, his certificate, why he may not be free."""

    def __init__(self, user: Any, said: dict[str, Any] | None, clash: str, data: Any, known: str) -> None:
        self.user, self.clash = user, clash
        self.ticked = f"go-{user.pk}" in data if data is not None else said is not None
        number = (said or {}).get("certificate") or known
        self.certificate = str(data.get(f"certificate-{user.pk}", "") if data is not None else number).strip()[:40]

    @property
    def fact(self) -> dict[str, Any]:
        """As the part keeps it."""
        user = self.user
        return {"user": user.pk, "name": user.name, "phone": user.phone, "certificate": self.certificate}


@PART.form("accept", "people")
class PeopleForm(MoveForm):
    """Who goes, with the numbers of their certificates; who is on leave or elsewhere is shown as such."""

    obj: Part
    own = ("people",)
    open_ended = True
    template = "joint/_people.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        operation = self.obj.operation
        found = targets.people_of([self.obj.office], operation.held_on, operation)[self.obj.office_id]
        said = {row["user"]: row for row in self.obj.people}
        known = targets.certificates(found.people)
        data = self.data if self.is_bound else None
        self.rows = [
            PersonRow(u, said.get(u.pk), found.taken.get(u.pk, ""), data, known.get(u.pk, "")) for u in found.people
        ]

    def clean(self) -> dict[str, Any]:
        """Somebody goes; who is not free goes for a reason."""
        told = super().clean() or self.cleaned_data
        going = [row for row in self.rows if row.ticked]
        if not going:
            self.add_error(None, _("请勾选去的人。"))
        if (bound := [row for row in going if row.clash]) and not str(told.get("note") or "").strip():
            names = _("、").join(f"{row.user.name}（{row.clash}）" for row in bound)
            self.add_error("note", _("%(names)s：仍要派出的，请写明理由。") % {"names": names})
        return told

    def facts(self) -> dict[str, Any]:
        """The people as the part keeps them."""
        return {**super().facts(), "people": [row.fact for row in self.rows if row.ticked]}


@PART.form("close")
class ClosePartForm(MoveForm):
    """Who really came, how many cars, what the office did."""

    obj: Part

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row["user"]), row["name"]) for row in self.obj.people]
        self.fields["came"] = forms.MultipleChoiceField(
            label=_("到场的人"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple,
            initial=[key for key, _name in choices],
        )  # fmt: skip
        self.fields["cars"].initial = self.obj.vehicles
        self.fields["summary"].widget.attrs["rows"] = 5
        self.order_fields(list(self.row.asks))

    def facts(self) -> dict[str, Any]:
        """Keys of people as numbers; also when nobody came."""
        return {**super().facts(), "came": [int(key) for key in self.cleaned_data["came"]]}


class TickRow:
    """One item of an office at one place: its words, whose it is besides, the answer so far, what is typed now."""

    def __init__(self, row: checklist.Row, held: Finding | None, others: list[str], data: Any) -> None:
        self.row, self.held, self.others = row, held, others
        self.a = str(data.get(f"{row.code}-a", "") if data is not None else held.a if held else "")
        self.note = str(data.get(f"{row.code}-note", "") if data is not None else held.note if held else "").strip()
        self.error = ""

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        """Answers, with the one that is given."""
        return [(key, name, key == self.a) for key, name in ANSWERS]

    @property
    def photo(self) -> str:
        """The name of its file field."""
        return f"{self.row.code}-photo"


@STOP.form("tick")
class TickForm(MoveForm):
    """The items of one's own office at this place. Offices tick at the same time: what another has just written is no
    reason to refuse this one's."""

    obj: Stop
    own = ("answers",)
    open_ended = True
    template = "joint/_tick.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = None
        self.part = stops.part_of(self.obj.operation_id, self.user)
        self.rows = list(self._rows()) if self.part else []

    def _rows(self) -> Any:
        assert self.part is not None
        role = self.part.office.role
        held = {row.code: row for row in self.obj.findings.select_related("office")}
        names = {part.office.role: str(part.office) for part in self.obj.operation.parts.select_related("office")}
        data = self._given() if self.is_bound else None
        for row in checklist.for_stop(self.obj, role):
            others = [names[other] for other in row.roles if other != role and other in names]
            yield TickRow(row, held.get(row.code), others, data)

    def _given(self) -> Any:
        """Fields of the page, or the answers of a program: {"answers": {code: {a, note}}}."""
        if "answers" not in self.data:
            return self.data
        try:
            said = json.loads(self.data["answers"])
        except ValueError:
            said = {}
        rows = said.items() if isinstance(said, dict) else ()
        return {f"{code}-{k}": v for code, row in rows if isinstance(row, dict) for k, v in row.items()}

    def clean(self) -> dict[str, Any]:
        """Every answer is whole; what is not answered yet may wait."""
        given = {row.row.code: {"a": row.a, "note": row.note} for row in self.rows if row.a}
        wrong = stops.faults(given)
        for row in self.rows:
            row.error = wrong.get(row.row.code, "")
        if wrong:
            self.add_error(None, _("有 %(n)d 项还要改，见下面标红的。") % {"n": len(wrong)})
        self.given = given
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """The answers of this office."""
        return {**super().facts(), "answers": self.given}

    def keep_files(self) -> None:
        """Each photo goes to its own item."""
        super().keep_files()
        for row in self.rows:
            for upload in self.files.getlist(row.photo) if hasattr(self.files, "getlist") else ():
                files.keep(self.obj, upload, upload.name or row.photo, self.user, role=f"item:{row.row.code}"[:40])


@CALL.form("call")
class CallForm(MoveForm):
    """Why and where; the numbers to ring stand above, the position is added where the phone gives it."""

    obj: Call
    template = "joint/_call.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["said"].widget = forms.Textarea(attrs={"rows": 2})
        self.fields["said"].initial = self.fields["said"].initial or _("有人阻碍执法，请求到场")
        for name in ("lat", "lng"):
            self.fields[name].widget = forms.NumberInput(attrs={"step": "any"})
        self.numbers = numbers(self.obj.operation)
