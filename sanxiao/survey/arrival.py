"""Reading what a phone filled in: its answers typed and checked, its photos with their time and place.

What is wrong with an answer is said beside it and kept (`doubts`); the sheet is made all the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import files
from sanxiao.docket.models import Blob
from sanxiao.docket.rooms import Filled
from sanxiao.office.models import Area
from sanxiao.office.now import now, today
from sanxiao.survey import intake, merging, reading
from sanxiao.survey.answers import Answers, check
from sanxiao.survey.models import Form, Sheet

FIRST = date(2010, 1, 1)  # a phone whose clock lies before that has fallen back to its make


@dataclass(frozen=True)
class Picture:
    """A picture of the sheet: what it shows, its file, when and where it was taken as far as the phone said."""

    role: str  # a question: photos · signature · process_photo
    name: str
    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    accuracy: float | None = None  # metres
    mock: bool = False


def sheet_of(filled: Filled, file: Establishment | None) -> tuple[Sheet, list[Picture]]:
    """An unsaved sheet and the pictures that came with it. `file`: the one it is about, if it stands."""
    form: Form = filled.form
    pictures = list(_pictures(filled))
    raw = in_our_words(form, filled.answers)
    told, doubts = read(form, raw, filled.area, {p.role for p in pictures})
    if "prohibited_found" not in form.questions():
        told.public.pop("prohibited_found", None)  # a form that does not ask for foods says nothing of them
    day, wrong = day_of(filled, told.public.get("surveyed_on"))
    if wrong:
        doubts.append(doubt("surveyed_on", lambda: _("手机上的日期不可信，按收到之日计。"), raw))
    told.public["surveyed_on"] = day.isoformat()
    told.public["village"] = filled.area if file is None or "village" in form.questions() else file.area
    if file is not None:
        known = {"shop_name": file.name, "operator_name": file.operator.name, "address": file.address}
        told.public = {k: v for k, v in known.items() if k not in form.questions()} | told.public
    intake.measure_school(told)
    sheet = intake.sheet_of(form, told, source="phone", pk=filled.id, kind=file.kind if file else None)
    sheet.place = filled.place
    if file is not None and not form.kind_id and not sheet.operator:
        sheet.operator = file.operator.name  # a revisit names the operator only where it found another one
    sheet.point_source = _source(filled, file) if sheet.lat is not None else ""
    sheet.doubts = [*doubts, *_made_up(filled, pictures, file)]
    return sheet, pictures


def read(form: Form, raw: Mapping[str, Any], area: str, has: set[str]) -> tuple[Answers, list[dict[str, str]]]:
    """The answers, and in both languages what is doubtful in them; what cannot be read is kept as it was said."""
    grounds = Area.objects.on().filter(level__in=("village", "community"))
    ground = reading.ground_for(form, {a.code: a.name for a in grounds}, area)
    with translation.override("zh-hans"):
        told = check(form, raw, ground, strict=False, has=tuple(has))
    found = {**told.warnings, **told.errors}
    if not found:
        return told, []
    ground.memo.clear()  # the choices are named in one language there
    with translation.override("en"):
        english = check(form, raw, ground, strict=False, has=tuple(has))
    said = {**english.warnings, **english.errors}
    for name in told.errors:
        _rescue(form, told, name, raw.get(name))
    doubts = [
        {"name": name, "text": text, "text_en": said.get(name, text), "said": _public(form, name, raw)}
        for name, text in found.items()
    ]
    return told, doubts


def _rescue(form: Form, told: Answers, name: str, value: Any) -> None:
    """A text that is too long is cut to what fits; the answers as they were sent are kept with the submission."""
    question = form.questions().get(name)
    if question and question["type"] == "text" and told.get(name) is None and isinstance(value, str):
        shelf = told.private if question["private"] else told.public
        shelf[name] = value.strip()[: reading.ROOM.get(name, reading.LONGEST)]


def _public(form: Form, name: str, raw: Mapping[str, Any]) -> str:
    question = form.questions().get(name)
    return "" if question is None or question["private"] else str(raw.get(name) or "")[:200]


def doubt(name: str, say: Any, raw: Mapping[str, Any]) -> dict[str, str]:
    """One doubt, in both languages."""
    with translation.override("zh-hans"):
        text = say()
    with translation.override("en"):
        return {"name": name, "text": text, "text_en": say(), "said": str(raw.get(name) or "")[:200]}


def _made_up(filled: Filled, pictures: list[Picture], file: Establishment | None) -> Iterator[dict[str, str]]:
    """Photos and positions that the phone itself calls made up; and positions of accuracy zero, unless the phone says
    that they were set by hand: Collect writes a zero for a made-up position, and no device is as good as that."""
    for picture in pictures:
        if picture.mock:
            yield doubt(picture.role, lambda: _("照片的定位来自模拟定位。"), {picture.role: picture.name})
    for name, question in filled.form.questions().items():
        said = filled.answers.get(name)
        if question["type"] != "geopoint" or not isinstance(said, str) or not merging.point(said):
            continue
        told = filled.told.get(name, {})
        if told.get("mock"):
            yield doubt(name, lambda: _("这个定位来自模拟定位，不能证明到过现场。"), filled.answers)
        elif not told.get("hand") and accuracy_of(said) is None and not _is_known(name, said, filled, file):
            yield doubt(name, lambda: _("这个位置没有误差值：不是在地图上点的，就是来自模拟定位。"), filled.answers)


def _source(filled: Filled, file: Establishment | None) -> str:
    """Whence the position of the place: as on file where it was not touched."""
    if file is not None and _is_known("location", str(filled.answers.get("location")), filled, file):
        return file.point_source
    told = filled.told.get("location")
    by_hand = told.get("hand") if told else accuracy_of(filled.answers.get("location")) is None
    return "map" if by_hand else "device"


def _is_known(name: str, said: str, filled: Filled, file: Establishment | None) -> bool:
    """Is it the position that the phone was given, untouched?"""
    held = [merging.point((filled.base or {}).get(name))]
    if file is not None and file.lat is not None and file.lng is not None:
        held.append((file.lat, file.lng))
    return merging.point(said) in held


def day_of(filled: Filled, said: str | None) -> tuple[date, bool]:
    """The day of the visit, and whether the phone's was not to be believed: in the future, or long gone."""
    day = date.fromisoformat(said) if said else filled.observed_on
    if day > today() or day < FIRST or filled.observed_on > today():
        return today(), True
    return day, False


def in_our_words(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers in the form's own language as the desk would type them; pictures are left out."""
    found: dict[str, Any] = {}
    for group in form.definition["groups"]:
        for question in group["questions"]:
            name, value = question["name"], answers.get(question["name"])
            if question["type"] == "repeat" and name != "photos" and isinstance(value, list):
                found[name] = [{q["name"]: _plain(q, line.get(q["name"])) for q in question["questions"]}
                               for line in value]  # fmt: skip
            elif question["type"] not in ("repeat", "image"):
                found[name] = _plain(question, value)
    return found


def _plain(question: reading.Question, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if question["type"] == "select_multiple":
        return value.split()
    if question["type"] == "time":
        return value[:5]  # 05:30:00.000+08:00
    return " ".join(value.split()[:2]) if question["type"] == "geopoint" else value


def _pictures(filled: Filled) -> Iterator[Picture]:
    """The pictures that are there; one that is named but never came is missed by the check."""
    for line in filled.answers.get("photos") or ():
        if (name := line.get("photo")) in filled.files:
            yield _picture("photos", name, filled, line)
    for role in ("signature", "process_photo"):
        name = filled.answers.get(role)
        if isinstance(name, str) and name in filled.files:
            yield _picture(role, name, filled, {})


def _picture(role: str, name: str, filled: Filled, line: Mapping[str, Any]) -> Picture:
    """What the phone told at once counts more than what stands in the answers."""
    said = filled.told.get(name, {})
    place = (said["lat"], said["lng"]) if said.get("lat") is not None and said.get("lng") is not None else None
    accuracy = said.get("accuracy") if place else accuracy_of(line.get("photo_location"))
    place = place or merging.point(line.get("photo_location"))
    moment = _moment(said.get("taken_at") or line.get("photo_taken_at"))
    return Picture(role, name, moment, place, accuracy, said.get("mock") is True)


def accuracy_of(said: Any) -> float | None:
    """The fourth number of a position in the form's own language; a zero is none."""
    try:
        return float(str(said or "").split()[3]) or None
    except (IndexError, ValueError):
        return None


def _moment(said: Any) -> datetime | None:
    """A moment, aware, not in the future; None where the phone said none that can be."""
    found = parse_datetime(said) if isinstance(said, str) and said else said
    if not isinstance(found, datetime):
        return None
    found = found if timezone.is_aware(found) else timezone.make_aware(found)
    return min(found, now())


def hang(sheet: Sheet, pictures: list[Picture], filled: Filled) -> None:
    """Attach the pictures to the sheet; they go to its file with it."""
    blobs = Blob.objects.in_bulk([filled.files[picture.name] for picture in pictures]) if pictures else {}
    for picture in pictures:
        files.keep(
            sheet, blobs[filled.files[picture.name]], picture.name, filled.by, role=intake.ROLES[picture.role],
            taken_at=picture.taken_at, place=picture.place, accuracy=picture.accuracy, mock=picture.mock,
        )  # fmt: skip
