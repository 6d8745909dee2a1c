"""Sealed fields: personal numbers are stored encrypted and found by a keyed index.

A plain hash of a telephone or ID number protects nothing (every number of a county is tried in a
minute), so look-ups go through an HMAC whose key lies outside the database. Each ciphertext is bound
to its model, row and field, so that it cannot be moved to another row.
"""

import hashlib
import hmac
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

SUITE = "a1"  # AES-256-GCM under key 1; stands at the head of every sealed value
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@cache
def _master() -> bytes:
    path = Path(settings.KEY_DIR) / "fields"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(b64encode(os.urandom(32)))
    if path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{path} can be read by others: chmod 600 it.")
    return b64decode(path.read_bytes())


@cache
def _key(purpose: str) -> bytes:
    return hmac.new(_master(), purpose.encode(), hashlib.sha256).digest()


def seal(value: str, place: str) -> str:
    """Encrypt `value` for one place ("model:pk:field"); empty stays empty."""
    if not value:
        return ""
    nonce = os.urandom(12)
    return SUITE + b64encode(nonce + AESGCM(_key("seal")).encrypt(nonce, value.encode(), place.encode())).decode()


def unseal(sealed: str, place: str) -> str:
    """Decrypt what `seal` made for the same place; raises InvalidTag when it was moved or altered."""
    if not sealed:
        return ""
    raw = b64decode(sealed.removeprefix(SUITE))
    return AESGCM(_key("seal")).decrypt(raw[:12], raw[12:], place.encode()).decode()


def index(field: str, value: str) -> str:
    """The keyed index of a normalised value: equal values, equal index; nothing can be read back."""
    return hmac.new(_key("index:" + field), value.encode(), hashlib.sha256).hexdigest()[:40] if value else ""


def plain_phone(value: str) -> str:
    """Digits alone, without +86."""
    digits = re.sub(r"\D", "", value or "")
    return digits[2:] if digits.startswith("86") and len(digits) == 13 else digits


def plain_id(value: str) -> str:
    """Upper case, half width, no spaces; an old 15-digit ID number becomes its 18-digit form."""
    text = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in value or "")
    text = re.sub(r"\s", "", text).upper()
    if re.fullmatch(r"\d{15}", text):
        text = text[:6] + "19" + text[6:]
        text += "10X98765432"[sum(int(d) * w for d, w in zip(text, ID_WEIGHTS, strict=True)) % 11]
    return text


def sealed(name: str, normalise: Callable[[str], str]) -> property:
    """A model property over the columns `<name>_sealed`, `<name>_index` and `<name>_tail` (last four)."""

    def place(obj: models.Model) -> str:
        return f"{obj._meta.label_lower}:{obj.pk}:{name}"

    def read(obj: models.Model) -> str:
        return unseal(getattr(obj, f"{name}_sealed"), place(obj))

    def write(obj: models.Model, value: str) -> None:
        plain = normalise(value)
        setattr(obj, f"{name}_sealed", seal(plain, place(obj)))
        setattr(obj, f"{name}_index", index(name, plain))
        setattr(obj, f"{name}_tail", index(f"{name}:tail", plain[-4:]) if len(plain) > 4 else "")

    return property(read, write, doc=f"{name}, in clear; stored sealed")
