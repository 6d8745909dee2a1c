"""What the survey takes from a town's folder: the forms. A new version is published only when one changed."""

from pathlib import Path
from typing import Any

from sanxiao.archive.models import Kind
from sanxiao.docket.load import FIRST_DAY, rows_of, town_facts
from sanxiao.docket.models import Rule
from sanxiao.survey import xlsform
from sanxiao.survey.models import Form


def load_town(folder: Path) -> str:
    """Publish the forms of all kinds that have one; returns words on how many there are and how many are new."""
    forms = [kind for kind in Kind.objects.exclude(form="") if (folder / "forms" / kind.form).is_dir()]
    new = sum(publish(kind, xlsform.source(folder, kind.form)) for kind in forms)
    area = town_facts(folder)["code"].ljust(12, "0")
    for kind in forms:
        _labels(kind, area)
    _schools(folder, area)
    return f"{len(forms)} forms, {new} new"


def publish(kind: Kind, said: xlsform.Source) -> bool:
    """Keep a form as a new version, unless it is the one in use; returns whether it was new.

    Raises ValueError where a content that was published before under the same version has changed.
    """
    digest, settings = xlsform.digest(said), said["settings"][0]
    if Form.objects.filter(code=settings["form_id"], source_hash=digest).exists():
        return False
    if Form.objects.filter(code=settings["form_id"], version=settings["version"]).exists():
        raise ValueError(f"{settings['form_id']}: changed, but still version {settings['version']}: give it a new one.")
    Form.objects.create(
        code=settings["form_id"], version=settings["version"], kind=kind, annex=settings["annex"],
        title=settings["form_title"], title_en=settings["title_en"], definition=xlsform.definition(said),
        source=said, source_hash=digest,
    )  # fmt: skip
    return True


def _labels(kind: Kind, area: str) -> None:
    """The words of every version, the newest on top: old answers stay readable when a question goes."""
    words: dict[str, Any] = {}
    for form in Form.objects.filter(kind=kind).order_by("published_at", "id"):
        words |= xlsform.labels(form.definition)
    Rule.objects.update_or_create(
        key=f"labels.{kind.code}", area=area, since=FIRST_DAY,
        defaults={
            "name": f"调查表项目名称（{kind.name}）", "name_en": f"Questions of the survey ({kind.name_en})",
            "value": words, "mark": "P",
        },
    )  # fmt: skip


def _schools(folder: Path, area: str) -> None:
    """The gates from which the distance of question A21 is measured; none where the town names none."""
    gates = [
        {"name": row["name"], "lat": float(row["latitude"]), "lng": float(row["longitude"]), "since": row["since"],
         "until": row["until"]}
        for row in rows_of(folder / "schools.csv")
    ]  # fmt: skip
    Rule.objects.update_or_create(
        key="schools", area=area, since=FIRST_DAY,
        defaults={"name": "学校出入口", "name_en": "Gates of schools", "value": gates, "mark": "P"},
    )  # fmt: skip
