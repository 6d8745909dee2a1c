"""What the survey takes from a town's folder: the forms. A new version is published only when one changed."""

from pathlib import Path
from typing import Any

from django.db.models import F, Q
from django.utils.translation import override

from sanxiao.archive.models import Kind
from sanxiao.docket.load import FIRST_DAY, rows_of, town_facts
from sanxiao.docket.models import Rule
from sanxiao.survey import xlsform
from sanxiao.survey.models import Form
from sanxiao.survey.rules import FINDINGS

FREE = ("revisit", "walk", "check", "tell", "sampling")  # forms of no kind: folders of the town's forms


def load_town(folder: Path) -> str:
    """Publish the forms of all kinds that have one; returns words on how many there are and how many are new."""
    forms = [kind for kind in Kind.objects.exclude(form="") if (folder / "forms" / kind.form).is_dir()]
    free = [code for code in FREE if (folder / "forms" / code).is_dir()]
    new = sum(publish(None, xlsform.source(folder, code)) for code in free)
    new += sum(publish(kind, xlsform.source(folder, kind.form)) for kind in forms)
    area = town_facts(folder)["code"].ljust(12, "0")
    for kind in forms:
        _labels(kind, area)
    _schools(folder, area)
    return f"{len(forms) + len(free)} forms, {new} new"


def publish(kind: Kind | None, said: xlsform.Source) -> bool:
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
    about = Q(kind=kind) | Q(kind__isnull=True, code="revisit")  # which is asked of places of every kind
    for form in Form.objects.filter(about).order_by(F("kind").asc(nulls_first=True), "published_at", "id"):
        told = xlsform.labels(form.definition)
        # PostgreSQL's JSON does not keep the order of names: each label says where its question stands.
        # What only the revisit asks comes after what the table of the kind asks.
        first = 1 if form.kind_id else 1001
        words |= {name: {**label, "no": no} for no, (name, label) in enumerate(told.items(), first)}
    words.setdefault("prohibited_found", {})["choices"] = _findings()  # reckoned, so no question lists its answers
    Rule.objects.update_or_create(
        key=f"labels.{kind.code}", area=area, since=FIRST_DAY,
        defaults={
            "name": f"调查表项目名称（{kind.name}）", "name_en": f"Questions of the survey ({kind.name_en})",
            "value": words, "mark": "P",
        },
    )  # fmt: skip


def _findings() -> dict[str, list[str]]:
    """What the check for prohibited food can say, in both languages."""
    both = []
    for language in ("zh-hans", "en"):
        with override(language):
            both.append([str(name) for _key, name in FINDINGS])
    return {key: [chinese, english] for (key, _name), chinese, english in zip(FINDINGS, *both, strict=True)}


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
