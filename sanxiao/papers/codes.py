"""Codes that stand behind a printed QR: unguessable, in capitals, forgiving to who types them.

A code is sixteen signs of Crockford's base 32 (0-9 and A-Z without I L O U): 80 random bits. It is read
without regard to case, spaces and hyphens, and the letters that eyes confuse (I L O) count as 1 1 0.
What stands behind the sixteen signs is left alone: when codes are signed later, a signed one is its sixteen signs
*followed by* the signed part (security.md, Design 6), so that every code ever printed is found.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
LONGEST = 2048  # a longer one is nonsense
_READ_AS = str.maketrans("OIL", "011")


def new() -> str:
    """A code of 80 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plain(text: str) -> str:
    """The look-up part of what somebody scanned or typed; '' when it cannot be a code."""
    if len(text) > LONGEST:
        return ""
    head = re.sub(r"[\s\-–—_.]", "", text).upper()[:LENGTH].translate(_READ_AS)
    return head if len(head) == LENGTH and set(head) <= set(ALPHABET) else ""


def shown(code: str) -> str:
    """In groups of four, to be read aloud or typed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
