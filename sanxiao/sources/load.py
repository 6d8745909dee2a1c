"""What this room takes from a town's folder: kinds of buyers, forms, the schools as its first buyers. Repeatable."""

from pathlib import Path
from typing import Any

from django.db import transaction

from sanxiao.docket import flow
from sanxiao.docket.load import rows_of
from sanxiao.office.now import today
from sanxiao.sources.models import Buyer, BuyerKind, plain
from sanxiao.sources.phone import FORMS
from sanxiao.survey import xlsform
from sanxiao.survey.load import publish

SCHOOL = "school"


def load_town(folder: Path) -> str:
    """Load kinds, forms and schools; returns words on how much there was."""
    rows = list(rows_of(folder / "buyer_kinds.csv"))
    for order, row in enumerate(rows):
        told = {"name": row["name"], "name_en": row["name_en"], "months": int(row["months"]), "order": order}
        BuyerKind.objects.update_or_create(code=row["code"], defaults={**told, "active": row["active"] == "yes"})
    forms = [code for code in FORMS if (folder / "forms" / code).is_dir()]
    new = sum(publish(None, xlsform.source(folder, code)) for code in forms)
    return f"{len(rows)} kinds of buyers, {_schools(folder)} new schools, {len(forms)} forms, {new} new"


@transaction.atomic
def _schools(folder: Path) -> int:
    """Schools that are open today; one that a person has changed or closed is left as it is."""
    made = 0
    for row in _open(folder):
        known = Buyer.objects.filter(area=row["area"], kind=SCHOOL, key=plain(row["name"])).exists()
        if not known:
            buyer = Buyer(kind_id=SCHOOL, name=row["name"], area=row["area"], source="schools.csv")
            buyer.lat, buyer.lng = float(row["latitude"]), float(row["longitude"])
            flow.move(buyer, "register", None, within=True)
            made += 1
    return made


def _open(folder: Path) -> list[dict[str, Any]]:
    """One row of each school, the first of its gates."""
    day = today().isoformat()
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows_of(folder / "schools.csv"):
        if row["area"] and (not row["until"] or row["until"] >= day):
            found.setdefault((row["area"], row["name"]), row)
    return list(found.values())
