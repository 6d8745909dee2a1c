"""What several tests do on the way: a buyer, a line of an invoice, a paper."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.licensing.models import Certificate
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers import codes
from sanxiao.sources import acts
from sanxiao.sources.models import Alert, Buyer, Check, Purchase, Supplier
from sanxiao.sources.naming import Named
from tests.cast import HOUYANG


def buyer(by: User, name: str = "后阳小学食堂", kind: str = "school", area: str = HOUYANG, **more: Any) -> Buyer:
    """A buyer on the register."""
    made = Buyer(kind_id=kind, name=name, area=area, **more)
    flow.move(made, "register", by)
    return made


def bought(by: User, who: Buyer, named: str | Establishment, food: str = "豆腐", **more: Any) -> Purchase:
    """A line of an invoice; `village` where the supplier is."""
    place = named.pk if isinstance(named, Establishment) else None
    said = named.name if isinstance(named, Establishment) else named
    about = Named(said, more.pop("village", ""), place, more.pop("town", ""))
    on = more.pop("on", today())
    more = {"quantity": Decimal(10), "unit": "公斤", **more}
    return acts.enter(by, who, about, food, on, **more)


def paper(file: Establishment, by: User, since: date | None = None, days: int = 1095, state: str = "") -> Certificate:
    """A certificate of a place, without the way to it."""
    first = since or today()
    made = Certificate(
        file=file, area=file.area, route="certificate", kind_code=file.kind_id, document="食品小作坊登记证",
        number=f"ZF-{codes.new()[:6]}", issued_on=first, valid_from=first, valid_to=first + timedelta(days=days),
    )  # fmt: skip
    flow.move(made, "issue", by, within=True)
    if state:
        flow.move(made, state, by, within=True, ground="经营者申请", reason="试")
    return made


def again(row: Any) -> Any:
    """The row as the database has it."""
    return type(row).objects.get(pk=row.pk)


def check(by: User, who: Buyer, *problems: str, **more: Any) -> Check:
    """A check that found nothing, or these problems."""
    made = Check(buyer=who, file=who.file, area=who.area, by=by)
    facts = {"checked_on": today(), "second": "李四", "seen": "台账", **more}
    if problems:
        facts |= {"problems": list(problems), "advice": "换供货单位", "fix_by": today() + timedelta(days=7)} | more
    flow.move(made, "find" if problems else "pass", by, on=facts["checked_on"], **facts)
    return made


__all__ = ["Alert", "Buyer", "Check", "Purchase", "Supplier", "again", "bought", "buyer", "check", "paper"]
