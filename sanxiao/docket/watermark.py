"""Place and time written on the copy of a photo that people see. The original is never touched.

The words need no language: 2018-06-05 09:12 · 31.7200,119.5700 ±6 m · 后阳村. They stand in a dark band of their own
below the picture, in white, so that they are read over snow and over night alike.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from sanxiao.docket import files
from sanxiao.docket.models import Attachment
from sanxiao.office.models import Area

BAND, INK = (20, 24, 22), (255, 255, 255)
LEAST = 12  # points of the smallest type
FACES = ("NotoSansSC_400Regular.ttf",)


def words(attachment: Attachment) -> str:
    """When and where a photo was taken, as far as the phone said; '' when it said neither."""
    said = []
    if attachment.taken_at:
        said.append(f"{timezone.localtime(attachment.taken_at):%Y-%m-%d %H:%M}")
    if attachment.lat is not None and attachment.lng is not None:
        within = f" ±{attachment.accuracy:.0f} m" if attachment.accuracy is not None else ""
        said.append(f"{attachment.lat:.4f},{attachment.lng:.4f}{within}")
    if not said:
        return ""
    area = Area.objects.filter(code=attachment.area).order_by("since").last()
    return " · ".join([*said, *([area.name] if area else [])])


def path_of(attachment: Attachment) -> Path:
    """The viewing copy of a photo with its words; the plain copy where there is nothing to say."""
    plain, text = files.path_of(attachment.blob_id, "view"), words(attachment)
    if not text:
        return plain
    marked = files.path_of(attachment.blob_id, f"view.{attachment.pk}")
    if not marked.exists():
        files.write(marked, draw(plain, text))
    return marked


def draw(picture: Path, text: str) -> bytes:
    """The picture with a line of words in a band below it, broken in two where it is too long."""
    with Image.open(picture) as shown:
        size = max(LEAST, shown.width // 36)
        font = _font(size)
        lines = _lines(text, font, shown.width - size)
        height = round(size * 1.5) * len(lines) + size // 2
        whole = Image.new("RGB", (shown.width, shown.height + height), BAND)
        whole.paste(shown, (0, 0))
    pen = ImageDraw.Draw(whole)
    for at, line in enumerate(lines):
        pen.text((size // 2, whole.height - height + size // 4 + at * round(size * 1.5)), line, INK, font=font)
    return files.as_jpeg(whole)


def _lines(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> list[str]:
    """Whole parts on each line, as many as fit."""
    lines: list[str] = []
    for part in text.split(" · "):
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The shipped face; where it is not built yet Pillow's own, which has no Chinese."""
    for folder in settings.FONT_DIRS:
        for face in FACES:
            if (Path(folder) / face).exists():
                return ImageFont.truetype(str(Path(folder) / face), size)
    return ImageFont.load_default(size)
