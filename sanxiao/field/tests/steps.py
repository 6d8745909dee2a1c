"""What several tests of the field do on the way: an answer that has come in, and what it left to be chosen."""

import uuid
from datetime import date
from typing import Any

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.rooms import Filled, Taken
from sanxiao.field.models import Clash, Edition, Submission
from sanxiao.office.models import User
from sanxiao.survey import phone, served
from sanxiao.survey.models import Form
from sanxiao.survey.tests import steps

WANGS = {
    "shop_name": "王家豆腐坊", "operator_name": "王秀兰", "address": "后阳村老街12号", "phone": "13861234567",
    "operating_state": "normal", "water": "tap", "workers": "3", "food_varieties": "豆腐、百叶、豆干",
}  # fmt: skip


def received(said: Filled) -> Submission:
    """The receipt of an answer."""
    form = Form.objects.filter(code=said.form.code).latest("id")
    edition, _made = Edition.objects.get_or_create(
        form=form, code=form.code, version=form.version, defaults={"basis": form.code, "xform": "", "md5": ""}
    )
    return Submission.objects.create(
        id=said.id, instance=f"uuid:{said.id}", edition=edition, area=said.area, by=said.by, sha256="", body="",
        observed_on=said.observed_on,
    )  # fmt: skip


def base_of(file: Establishment) -> dict[str, Any]:
    """What a phone is given of a file now."""
    return served.values([Establishment.objects.select_related("operator").get(pk=file.pk)])[file.pk]


def brought(by: User, file: Establishment, base: dict[str, Any] | None, **changes: Any) -> tuple[Taken, Clash | None]:
    """The phone brings the tofu shop's table; what both sides changed is kept to be chosen, as the inbox does."""
    said = steps.filled(by, place=file.pk, base=base, **{**WANGS, **changes})
    submission, taken = received(said), phone.take(said)
    if not taken.clashes:
        return taken, None
    clash = Clash(submission=submission, file=taken.file, area=taken.file.area, fields=list(taken.clashes))
    flow.move(clash, "report", None)
    return taken, Clash.objects.get(pk=clash.pk)


def answer(by: User, code: str, area: str, **said: Any) -> Filled:
    """A form of no kind, filled on that person's phone."""
    form = Form.objects.filter(code=code).latest("id")
    place, files = said.pop("place", None), said.pop("files", {})
    return Filled(uuid.uuid4(), form, area, by, said, files, {}, date(2018, 6, 5), place=place)
