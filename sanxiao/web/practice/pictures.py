"""Pictures for practice data, drawn with a few shapes: nobody takes them for photographs of a real place."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from sanxiao.docket import files
from sanxiao.docket.models import Blob

SIZE = (800, 600)
MARK = "练习图片 · 手绘示意"
FONT = "NotoSansSC_700Bold.ttf"
WALLS = ("#e9dcc3", "#d9e3da", "#e6d3cc", "#d5dde6", "#efe6d2")
SIGNS = ("#9e2b20", "#1f4e79", "#2f6b3a", "#7a4a12", "#5b2a6b")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The Chinese face of the documents; Pillow's own where it has not been built yet."""
    for folder in settings.FONT_DIRS:
        if (Path(folder) / FONT).exists():
            return ImageFont.truetype(str(Path(folder) / FONT), size)
    return ImageFont.load_default(size)


def _text(draw: ImageDraw.ImageDraw, at: tuple[int, int], said: str, size: int, fill: str, anchor: str = "mm") -> None:
    face = _font(size)
    if not isinstance(face, ImageFont.FreeTypeFont) or face.getname()[0].startswith("Aileron"):  # type: ignore[union-attr]
        said = said.encode("ascii", "replace").decode()  # a face without Chinese would draw boxes
    draw.text(at, said, font=face, fill=fill, anchor=anchor)


def _finished(picture: Image.Image) -> bytes:
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, SIZE[1] - 34, *SIZE), fill="#ffffff")
    _text(draw, (SIZE[0] // 2, SIZE[1] - 17), MARK, 18, "#8a5a00")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()


def shop_front(name: str, rng: Random) -> bytes:
    """A wall, a door, two windows, a sign with the name."""
    picture = Image.new("RGB", SIZE, "#cfe3ef")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 470, *SIZE), fill="#b9b4a7")
    draw.rectangle((70, 130, 730, 480), fill=rng.choice(WALLS), outline="#6b6154", width=3)
    draw.rectangle((110, 60, 690, 150), fill=rng.choice(SIGNS))
    _text(draw, (400, 105), name, 46 if len(name) < 9 else 34, "#fff7e0")
    draw.rectangle((350, 250, 470, 480), fill="#7b5a3a", outline="#4d3824", width=3)
    for left in (130, 520):
        draw.rectangle((left, 230, left + 160, 380), fill="#f6fbff", outline="#6b6154", width=4)
        draw.line((left + 80, 230, left + 80, 380), fill="#6b6154", width=4)
    for _n in range(rng.randint(1, 4)):
        x = rng.randint(80, 700)
        draw.ellipse((x, 430, x + 46, 486), fill=rng.choice(("#c65d3b", "#6d8f3f", "#d6b34a")))
    return _finished(picture)


def stall(name: str, rng: Random) -> bytes:
    """A cart under an umbrella."""
    picture = Image.new("RGB", SIZE, "#dbe9d8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 470, *SIZE), fill="#c2bdb0")
    draw.polygon(((150, 220), (650, 220), (400, 90)), fill=rng.choice(SIGNS))
    draw.line((400, 220, 400, 330), fill="#555555", width=8)
    draw.rectangle((230, 330, 570, 450), fill=rng.choice(WALLS), outline="#6b6154", width=4)
    _text(draw, (400, 390), name, 38, "#5b2a16")
    for left in (260, 480):
        draw.ellipse((left, 430, left + 70, 500), fill="#444444", outline="#222222", width=4)
    return _finished(picture)


def problem(title: str, *, after: bool) -> bytes:
    """The pair of an order: the same corner, red and crossed before, tidy and ticked after."""
    tone, ground = ("#2f6b3a", "#eef6ee") if after else ("#9e2b20", "#f7ecea")
    picture = Image.new("RGB", SIZE, ground)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((90, 210, 710, 480), fill="#ffffff", outline="#8c8577", width=4)
    for n in range(4):
        x, lean = 150 + n * 140, 0 if after else (-26, 18, -12, 30)[n]
        box = ((x, 250), (x + 80, 250), (x + 80 + lean, 440), (x + lean, 440))
        draw.polygon(box, fill="#cfd8dc" if after else "#b99a86")
    if after:
        draw.line(((560, 380), (610, 430), (700, 300)), fill=tone, width=22, joint="curve")
    else:
        draw.line(((570, 310), (690, 430)), fill=tone, width=22)
        draw.line(((690, 310), (570, 430)), fill=tone, width=22)
    _text(draw, (400, 60), "整改后" if after else "整改前", 50, tone)
    _text(draw, (400, 140), title[:20], 30, "#333333")
    return _finished(picture)


def paper(title: str) -> bytes:
    """A signed slip: a receipt of service, a signature."""
    picture = Image.new("RGB", SIZE, "#e8e4da")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((140, 40, 660, 540), fill="#ffffff", outline="#b5ad9c", width=3)
    _text(draw, (400, 100), title, 36, "#222222")
    for y in range(170, 400, 46):
        draw.line((190, y, 610, y), fill="#c9c4b8", width=3)
    draw.line(((440, 470), (470, 440), (490, 480), (520, 445), (550, 475), (590, 450)), fill="#1f3a6b", width=6)
    return _finished(picture)


class Album:
    """Every picture is drawn and stored once."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._held: dict[tuple[str, str], Blob] = {}

    def front(self, kind: str, name: str) -> Blob:
        """The shop or the cart."""
        draw = stall if kind == "vendor" else shop_front
        return self._once(("front", f"{kind}{name}"), lambda: draw(name, self.rng))

    def problem(self, title: str, *, after: bool) -> Blob:
        """Before or after."""
        return self._once(("after" if after else "before", title), lambda: problem(title, after=after))

    def paper(self, title: str) -> Blob:
        """A signed slip."""
        return self._once(("paper", title), lambda: paper(title))

    def _once(self, key: tuple[str, str], draw: Callable[[], bytes]) -> Blob:
        if key not in self._held:
            self._held[key] = files.put(draw())
        return self._held[key]
