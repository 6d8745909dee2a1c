"""Photos, good and bad."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def jpeg(size: tuple[int, int] = (800, 600), tone: int = 120) -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (tone, 140, 110)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photo() -> SimpleUploadedFile:
    """A photo of the front."""
    return SimpleUploadedFile("门头.jpg", jpeg(), "image/jpeg")
