"""What the survey shows on a file's page and offers on the desk."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.rooms import Errand, Panel
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.survey.models import Form, Lead, Sheet

MOST = 300  # errands


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """The tab with the sheets from which the file was made and brought up to date."""
    if not may_read(user, "sheet"):
        return
    held = Sheet.objects.seen_by(user).filter(file__in=file.pks).select_related("form", "kind")
    rows = list(held.defer("answers", "sealed", "before", "search").order_by("-seen_on", "-created_at"))
    again = Form.objects.filter(kind=file.kind_id).exists() and may(user, "sheet.fill", file)
    context = {"rows": rows, "file": file, "may_fill": again and not file.merged_into_id}
    yield Panel("sheets", _("调查表"), "survey/_panel.html", context, len(rows), order=10)


def errands(user: Any) -> Iterator[Errand]:
    """Leads of one's villages: a place to be found, with the form of its kind."""
    if not may(user, "lead.follow"):
        return
    forms = {form.kind_id: form.code for form in Form.objects.in_use()}
    for lead in Lead.objects.seen_by(user).filter(state="open").order_by("due_on", "created_at")[:MOST]:
        yield Errand(
            f"lead:{lead.pk}", _("核实线索"), lead.area, _("；").join(filter(None, (lead.address, lead.note))), None,
            lead.name, lead.lat, lead.lng, lead.due_on, forms.get(lead.kind_id or "", ""), lead.get_absolute_url(),
            "red" if lead.due_on and lead.due_on < today() else "amber",
        )  # fmt: skip


def acts(user: Any) -> Iterator[dict[str, Any]]:
    """The button of the desk; the old ledgers are reached from the list of sheets."""
    if may(user, "sheet.fill"):
        yield {"name": _("录入调查表"), "url": reverse("sheet-kinds"), "primary": True}
