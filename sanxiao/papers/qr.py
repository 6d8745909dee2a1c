"""QR codes. Addresses that end in a code are printed in capitals: QR packs those tighter, the squares are larger."""

import io
import re
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    import segno

_CHECK = re.compile(r"https?://[^/]+/[vat]/[0-9A-Za-z-]+", re.IGNORECASE)


def svg(text: str) -> bytes:
    """The code as SVG, with its quiet zone of four squares, black on white."""
    out = io.BytesIO()
    _code(text).save(out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, light="#fff", border=4)
    return out.getvalue()


def scalable(text: str) -> SafeString:
    """The code as SVG that takes the size of its box, for a page."""
    drawn = svg(text).decode()
    return mark_safe(re.sub(r'width="(\d+)" height="(\d+)"', r'viewBox="0 0 \1 \2"', drawn, count=1))


def png(text: str, scale: int = 8) -> bytes:
    """The code as PNG; `scale` is pixels a square."""
    out = io.BytesIO()
    _code(text).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def short(text: str) -> str:
    """The text to be coded: /v/, /a/ and /t/<code> answer in capitals too, everything else stays as it is."""
    return text.upper() if _CHECK.fullmatch(text) else text


def _code(text: str) -> "segno.QRCode":
    import segno

    # Level M mends 15 %: enough for a card in a stall's grease, and still few squares.
    return segno.make(short(text), error="m", micro=False, boost_error=False)
