"""What an operator sends from the public page: a sentence and photos for each problem. What is good is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from sanxiao.docket import files
from sanxiao.docket.models import Blob
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.answer_models import Answer, AnswerLink
from sanxiao.inspection.answering import Picture, send
from sanxiao.inspection.models import Problem

MOST_PHOTOS, MOST_LETTERS = 4, 500
KEPT_FOR = 24 * 3600  # seconds in which photos that came with a mistake beside them need not be chosen again
SALT = "answer"


@dataclass
class Said:
    """One problem as it was answered just now."""

    problem: Problem
    done: str = ""
    pictures: list[Picture] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    answer: Answer | None = None

    @property
    def held(self) -> str:
        """The photos that are here already, sealed, so that the page can name them again."""
        said = [[blob.pk, name] for blob, name in self.pictures]
        return signing.dumps([str(self.problem.pk), said], salt=SALT) if said else ""


def read(link: AnswerLink, problems: Sequence[Problem], data: Any, uploads: Any) -> list[Said]:
    """Take what was sent: every whole answer becomes one, beside each other one stands what is wrong with it."""
    found = []
    for problem in problems:
        said = _said(problem, data, uploads)
        if said.done or said.pictures or said.wrong:
            _check(said)
            if not said.wrong:
                _send(link, said, str(data.get("send") or "")[:64])
            found.append(said)
    return found


def _said(problem: Problem, data: Any, uploads: Any) -> Said:
    said = Said(problem, str(data.get(f"done-{problem.no}") or "").strip())
    said.pictures = _held(problem, str(data.get(f"held-{problem.no}") or ""))
    for upload in uploads.getlist(f"photo-{problem.no}"):
        if len(said.pictures) >= MOST_PHOTOS:
            said.wrong.append(_("每一项最多 %(n)d 张照片，多出来的没有收。") % {"n": MOST_PHOTOS})
            break
        _take(said, upload)
    return said


def _take(said: Said, upload: Any) -> None:
    name = upload.name or "photo"
    try:
        blob = files.put(files.bytes_of(upload, name), only_pictures=True)
    except Refused as refusal:
        said.wrong.append(f"{name}{_('：')}{refusal.reason}")
        return
    if blob.pk not in {kept.pk for kept, _name in said.pictures}:
        said.pictures.append((blob, name))


def _held(problem: Problem, sealed: str) -> list[Picture]:
    try:
        key, said = signing.loads(sealed, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return []
    blobs: Mapping[str, Blob] = Blob.objects.in_bulk([digest for digest, _name in said])
    return [(blobs[digest], name) for digest, name in said if digest in blobs] if key == str(problem.pk) else []


def _check(said: Said) -> None:
    if not said.done:
        said.wrong.append(_("请写一句怎么改的。"))
    elif len(said.done) > MOST_LETTERS:
        said.wrong.append(_("太长了，请写在 %(n)d 个字以内。") % {"n": MOST_LETTERS})
    if not said.pictures:
        said.wrong.append(_("请至少拍一张改好以后的照片。"))


def _send(link: AnswerLink, said: Said, token: str) -> None:
    try:
        said.answer = send(link, said.problem, said.done, said.pictures, token)
    except Refused as refusal:
        said.wrong.append(str(refusal.reason))
