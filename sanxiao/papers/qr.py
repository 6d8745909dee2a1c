"""QR codes. A check address is printed in capitals: QR packs those tighter, so the squares are larger."""

import io
import re

import segno

_CHECK = re.compile(r"https?://[^/]+/v/[0-9A-Za-z-]+", re.IGNORECASE)


def svg(text: str) -> bytes:
    """The code as SVG, with its quiet zone of four squares, black on white."""
    out = io.BytesIO()
    _code(text).save(out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, light="#fff", border=4)
    return out.getvalue()


def png(text: str, scale: int = 8) -> bytes:
    """The code as PNG; `scale` is pixels a square."""
    out = io.BytesIO()
    _code(text).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def short(text: str) -> str:
    """The text to be coded: /v/<code> addresses answer in capitals too, everything else stays as it is."""
    return text.upper() if _CHECK.fullmatch(text) else text


def _code(text: str) -> segno.QRCode:
    # Level M mends 15 %: enough for a card in a stall's grease, and still few squares.
    return segno.make(short(text), error="m", micro=False, boost_error=False)
