"""Papers as PDF/A-2b, set by Typst from the templates in `typst/`.

Facts go in as JSON, pictures as SVG text, both through `sys.inputs`: nothing a person typed ever becomes
template source. A thread keeps its own compiler (one compiler refuses a second caller); the fonts are loaded once.
"""

import base64
import functools
import io
import json
import logging
import re
import threading
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from PIL import Image, ImageOps

from sanxiao.office.now import now
from sanxiao.papers import cn, qr
from sanxiao.papers.facts import Facts, PaperError, ready

__all__ = ["PaperError", "preview", "render", "render_many"]

TEMPLATES = Path(__file__).parent / "typst"
MAX_PAPERS = 300  # in one file; a certificate takes 1.6 MB of memory until the file is written
LONGEST_SIDE = 1280  # pixels; 13 cm at 250 dpi, more only makes the file heavy
# The faces of GB/T 9704, best first. Those an office may drop into var/fonts stand before the open ones shipped.
FACES = {
    "song": ("SimSun", "Noto Serif SC"),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "Noto Serif SC"),
    "fang": ("FangSong_GB2312", "FangSong", "FandolFang R", "Noto Serif SC"),
    "kai": ("KaiTi_GB2312", "KaiTi", "LXGW WenKai", "Noto Serif SC"),
    "hei": ("SimHei", "Noto Sans SC"),
}
_own = threading.local()
_log = logging.getLogger(__name__)


def render(
    template: str, facts: Mapping[str, Any], images: Mapping[str, bytes] | None = None, at: datetime | None = None
) -> bytes:
    """One paper as PDF. `template` is a name in `typst/`, its head tells the facts; `images` are JPEG or PNG by name.

    `at` is the PDF's date of making (now when left out): the same facts at the same moment give the same bytes.
    Raises PaperError.
    """
    return render_many(template, [facts], images, at)


def render_many(
    template: str,
    papers: Iterable[Mapping[str, Any]],
    images: Mapping[str, bytes] | None = None,
    at: datetime | None = None,
) -> bytes:
    """Up to 300 papers of one template as a single PDF, each on its own pages from page 1. Raises PaperError."""
    at = (at or now()).replace(microsecond=0)
    made = _typeset(template, papers, images, format="pdf", pdf_standards=["a-2b"], timestamp=int(at.timestamp()))
    return made if isinstance(made, bytes) else b"".join(made)


def preview(
    template: str, facts: Mapping[str, Any], images: Mapping[str, bytes] | None = None, ppi: float = 96
) -> list[bytes]:
    """The pages of one paper as PNG, for looking at. Raises PaperError."""
    made = _typeset(template, [facts], images, format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made)


def _typeset(
    template: str, papers: Iterable[Mapping[str, Any]], images: Mapping[str, bytes] | None, **how: Any
) -> bytes | list[bytes]:
    data = {
        "papers": [_with_code(ready(template, facts)) for facts in papers],
        "images": {name: _picture(template, name, raw) for name, raw in (images or {}).items()} | _ground(template),
        "faces": _faces(),
    }
    if not 0 < len(data["papers"]) <= MAX_PAPERS:
        raise PaperError(template, f"one file holds 1 to {MAX_PAPERS} papers, not {len(data['papers'])}")
    how["sys_inputs"] = {"data": json.dumps(data, ensure_ascii=False, default=_plain)}
    try:
        return _compiled(template, how)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message or not how.pop("pdf_standards", None):
            raise _explained(template, error) from error
    # An archive copy may not hold a sign that no face has (an emoji in a shop's name): better a plain PDF than none.
    _log.warning("%s: a sign without a face, set as plain PDF instead of PDF/A", template)
    return _compiled(template, how)


def _compiled(template: str, how: Mapping[str, Any]) -> bytes | list[bytes]:
    made, warnings = _compiler().compile_with_warnings(TEMPLATES / f"{template}.typ", **how)
    for warning in warnings:
        _log.warning("%s: %s", template, warning.message)
    return made or b""


def _explained(template: str, error: typst.TypstError) -> PaperError:
    missing = re.search(r'dictionary does not contain key "(.+?)"', error.message)
    if missing:
        return PaperError(template, "a fact is missing", missing[1])
    return PaperError(template, error.diagnostic or error.message)


def _with_code(facts: Facts) -> Facts:
    """The facts with the text under `qr` drawn as an SVG under `qr_svg`, cards within a sheet too."""
    if facts.get("cards"):
        facts = {**facts, "cards": [_with_code(card) for card in facts["cards"]]}
    return {**facts, "qr_svg": qr.svg(facts["qr"]).decode()} if facts.get("qr") else facts


def _picture(template: str, name: str, raw: bytes) -> str:
    """A photo as SVG text around a JPEG, upright and no larger than it prints: sys.inputs carries text alone."""
    try:
        with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP")) as opened:
            photo = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise PaperError(template, "this picture cannot be read", name) from error
    photo.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=82)
    size = f'width="{photo.width}" height="{photo.height}"'
    data = base64.b64encode(out.getvalue()).decode()
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/jpeg;base64,{data}"/></svg>'


def _ground(template: str) -> dict[str, str]:
    return {"ornament": _ornament()} if template == "certificate" else {}


@functools.cache
def _ornament() -> str:
    """The border of a certificate as SVG, drawn once: its lines take half of a certificate's time."""
    made, _ = _compiler().compile_with_warnings(TEMPLATES / "ornament.typ", format="svg")
    return made.decode() if isinstance(made, bytes) else ""


def _plain(value: object) -> str:
    """Days, moments (on the town's clock) and numbers that JSON does not know, as text."""
    return cn.minute_table(value) if isinstance(value, date) else str(value)


@functools.cache
def _fonts() -> typst.Fonts:
    folders = [str(folder) for folder in settings.FONT_DIRS if Path(folder).is_dir()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@functools.cache
def _faces() -> dict[str, list[str]]:
    """For each face the families at hand, best first; naming absent ones would warn on every page."""
    held = {family.lower(): family for family in _fonts().families()}
    faces = {use: [held[name.lower()] for name in names if name.lower() in held] for use, names in FACES.items()}
    if not all(faces.values()):
        lacking = ", ".join(use for use, names in faces.items() if not names)
        raise PaperError("fonts", f"no font for {lacking} in {', '.join(map(str, settings.FONT_DIRS))}; run ./run")
    return faces


def _compiler() -> typst.Compiler:
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(root=TEMPLATES, font_paths=_fonts())
    return _own.compiler
