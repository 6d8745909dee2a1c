"""What a person, and the camera of a telephone, read on a printed paper."""

from dataclasses import dataclass

import pypdfium2
import zxingcpp


@dataclass(frozen=True)
class Printed:
    """The words of all pages, and what their two-dimensional codes say."""

    pages: int
    text: str
    codes: list[str]


def read(pdf: bytes) -> Printed:
    """Read a PDF as it lies on the table, at 200 dots an inch."""
    assert pdf[:5] == b"%PDF-", pdf[:80]
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    pictures = [page.render(scale=200 / 72).to_pil().convert("L") for page in document]
    codes = [found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)]
    return Printed(len(document), text, codes)
