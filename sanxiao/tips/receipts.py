"""The receipt of a letter: sixteen digits that only the informer holds, and what is kept so as to know them again.

Nothing here can be read back from the database alone: receipts, telephones and their last digits are kept as keyed
hashes. The hash of a telephone is slow and cut short, so that even with the key a list of all numbers is dear and
fits many; see docs/decisions/0033-tips.md for what that protects and what not.
"""

import hashlib
import re
import secrets

from sanxiao.office import seal

DIGITS = 16
COST, BLOCK_SIZE = 2**14, 8  # scrypt: 16 MB, some 40 ms


def new() -> str:
    """Sixteen random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def from_once(once: str) -> str:
    """The receipt of one opened form: sent twice, the form gives the same receipt and not two letters."""
    return f"{int(seal.index('tips.once', once), 16) % 10**DIGITS:0{DIGITS}d}"


def plain(typed: str) -> str:
    """The digits of what somebody typed (full-width ones too), or '' when they are not sixteen."""
    digits = re.sub(r"\D", "", (typed or "")[:60].translate({0xFF10 + n: str(n) for n in range(10)}))
    return digits if len(digits) == DIGITS else ""


def shown(receipt: str) -> str:
    """In four groups of four."""
    return " ".join(receipt[n : n + 4] for n in range(0, DIGITS, 4))


def index(receipt: str) -> str:
    """What is stored of a receipt."""
    return seal.index("tips.receipt", receipt)


def contact_index(phone: str) -> str:
    """By what letters with the same telephone are told: 24 bits of a slow keyed hash."""
    digits = seal.plain_phone(phone)
    if len(digits) < 7:
        return ""
    salt = bytes.fromhex(seal.index("tips.contact", "salt"))
    return hashlib.scrypt(digits.encode(), salt=salt, n=COST, r=BLOCK_SIZE, p=1, dklen=16).hex()[:6]


def tail_index(phone: str) -> str:
    """By what a telephone's last four digits are looked up: one of 256 drawers, each of which fits forty endings."""
    digits = seal.plain_phone(phone)[-4:]
    return seal.index("tips.tail", digits)[:2] if len(digits) == 4 else ""
