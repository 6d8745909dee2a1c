"""抽样单: the form that two samplers fill in, at the desk or on the phone, and how it is printed.

The questions are those of the XLSForm `sampling` in the town's folder. Who the sampled unit is stands on its file: it
is printed from there, personal numbers masked, and never typed.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.archive.personal import masked
from sanxiao.docket import files, flow, rooms
from sanxiao.docket.models import Attachment
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled, Taken
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.office.places import name_of
from sanxiao.sampling.models import Sample
from sanxiao.survey import answers, arrival, reading, words
from sanxiao.survey.models import Form
from sanxiao.survey.phone import file_of
from sanxiao.survey.reading import Question

CODE = "sampling"
PICTURES = {"photo_sample": "photo", "photo_place": "photo", "price_ticket": "price_ticket", "signature": "signature"}
KINDS = {"select_one": "select_one", "date": "date"}


def form() -> Form | None:
    """The sampling form in use."""
    return Form.objects.filter(code=CODE).order_by("-published_at", "-id").first()


# --- by phone ----------------------------------------------------------------------------------------------------


@transaction.atomic
def take(filled: Filled) -> Taken:
    """A sampling form from a phone: it belongs to the sample that waits at this place. Raises Refused."""
    file = file_of(filled.place) if filled.place else None
    if held := Sample.objects.filter(answers__phone=str(filled.id)).first():
        return Taken(held, held.file)
    sample = _waiting(file)
    if sample is None:
        raise Refused(_("这一户没有等待抽样的任务：先列入抽检，或已由别人抽过。"), code="unknown")
    asked: Form = filled.form
    raw = arrival.in_our_words(asked, filled.answers)
    told = answers.check(asked, raw, reading.Ground({}), strict=True, has=tuple(PICTURES))
    if told.errors:
        questions = asked.questions()
        said = "；".join(f"{reading.label(questions[name])}：{word}" for name, word in told.errors.items())
        raise Refused(_("抽样单还不能用：%(said)s") % {"said": said}, dict(told.errors), "invalid")
    for name, role in PICTURES.items():
        _hang(sample, filled, name, role)
    facts = {"form": asked, "answers": told.public | {"phone": str(filled.id)}}
    flow.move(sample, "take", filled.by, on=day_of(told.public), sheet=facts)
    return Taken(sample, sample.file)


def day_of(told: Mapping[str, Any]) -> date:
    """The day of the sampling, as it stands on the form."""
    return date.fromisoformat(str(told["taken_on"]))


def _waiting(file: Establishment | None) -> Sample | None:
    if file is None:
        return None
    rows = Sample.objects.of(file).filter(state="drawn").select_related("file__operator", "plan")
    return rows.order_by("created_at").first()


def _hang(sample: Sample, filled: Filled, name: str, role: str) -> None:
    said = filled.answers.get(name)
    if isinstance(said, str) and said in filled.files:
        data = files.path_of(filled.files[said]).read_bytes()
        files.keep(sample, data, said, filled.by, role=role)


# --- on paper ----------------------------------------------------------------------------------------------------


def shown(sample: Sample) -> list[tuple[str, list[tuple[str, str]]]]:
    """What was filled in, group by group in words, for the page; empty answers are left out."""
    if sample.form is None:
        return []
    found = []
    for group in sample.form.definition["groups"]:
        rows = [
            (reading.label(q), said)
            for q in group["questions"]
            if q["type"] != "image" and (said := words.said(sample.form, q, sample.answers.get(q["name"])))
        ]
        if rows:
            found.append((reading.label(group), rows))
    return found


def facts_of(sample: Sample, user: User) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The facts of `form.typ` and the pictures by name. Before it was filled it is an empty form for this place."""
    asked = sample.form or form()
    assert asked is not None  # a town without the form takes no samples
    images, pictures = _images(sample)
    groups = [{"title": "被抽样单位（按档案）", "questions": list(_unit(sample, user))}]
    for group in asked.definition["groups"]:
        rows = [_question(asked, q, sample, pictures) for q in group["questions"] if q["name"] != "signature"]
        groups.append({"title": group["label"], "questions": rows})
    groups.append({"title": "样品封签", "questions": list(_parts(sample))})
    day = str(sample.taken_on) if sample.taken_on else ""
    who = [{"label": "抽样人", "name": name, "date": day} for name in sample.samplers]
    facts = {
        "title": asked.title,
        "groups": [g for g in groups if g["questions"]],
        "form_no": sample.number,
        "filled_on": day,
        "org": sample.plan.organiser if sample.plan else "",
        "source": str(sample.plan) if sample.plan else sample.why,
        "practice": not settings.REAL,
        "signatures": [*who, {"label": "被抽样单位"}],
        "notes": [
            "本抽样单一式四联；证件号码和电话已隐去中间几位。检验样品和备份样品分别封签，由抽样人员和被抽样单位签字确认。"
        ],
    }
    return facts, images


def _unit(sample: Sample, user: User) -> Iterator[dict[str, Any]]:
    file, who = sample.file, sample.file.operator
    seen = masked(who, user, sample.area)
    rows = (
        ("名称", file.name), ("地址", f"{name_of(sample.area)} {file.address}"), ("经营者", who.name),
        ("统一社会信用代码", who.credit_code), ("证件号码", seen["id_number"]["text"]), ("电话", seen["phone"]["text"]),
        ("类别", str(file.kind)), ("档案编号", file.number), ("证照", paper_words(sample)),
    )  # fmt: skip
    for name, value in rows:
        yield {"label": name, "type": "text", "answer": value or "—"}


def paper_words(sample: Sample) -> str:
    """The paper that the place held on the day of the sampling, by name and number."""
    day = sample.taken_on or today()
    for room in rooms.all_rooms():
        if room.papers and (held := room.papers([sample.file], day).get(sample.file_id)):
            return f"{held.name} {held.number}".strip()
    return ""


def _parts(sample: Sample) -> Iterator[dict[str, Any]]:
    for part in sample.parts.all():
        said = f"{part.quantity.normalize():f} {part.unit}，封签号 {part.seal}，存放 {part.kept_by}"
        yield {"label": {"test": "检验样品", "spare": "备份样品"}[part.kind], "type": "text", "answer": said,
               "wide": True}  # fmt: skip


def _images(sample: Sample) -> tuple[dict[str, bytes], dict[str, list[str]]]:
    images: dict[str, bytes] = {}
    pictures: dict[str, list[str]] = {}
    held = Attachment.objects.filter(subject=sample.pk, voided_at__isnull=True, role__in=("photo", "price_ticket"))
    for at, kept in enumerate(held.select_related("blob")[:6]):
        if kept.blob.mime.startswith("image/"):
            images[f"p{at}"] = files.path_of(kept.blob_id, "view").read_bytes()
            pictures.setdefault(kept.role, []).append(f"p{at}")
    return images, pictures


def _question(asked: Form, question: Question, sample: Sample, pictures: Mapping[str, list[str]]) -> dict[str, Any]:
    name, kind = question["name"], question["type"]
    row = {"code": question["code"], "label": question["label"], "type": KINDS.get(kind, "text")}
    if kind == "image":
        first = {"photo_sample": "photo", "price_ticket": "price_ticket"}.get(name, "")
        return row | {"type": "image", "answer": pictures.get(first, [])}
    if kind == "select_one":
        listed = asked.definition["choices"][question["list"]]
        row["choices"] = [{"value": c["value"], "label": c["label"]} for c in listed]
        return row | {"answer": sample.answers.get(name)}
    return row | {"answer": words.said(asked, question, sample.answers.get(name), chinese=True)}
