"""Are these numbers possible? ID numbers, credit codes, telephones; pure."""

import re
from datetime import date

from sanxiao.office.now import today
from sanxiao.office.seal import ID_WEIGHTS

_ID = re.compile(r"[1-9]\d{16}[\dX]")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?[2-9]\d{6,7}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def id_card_fault(number: str) -> str:
    """'' for a possible ID number (GB 11643), else what is wrong: 'shape', 'date' or 'check'.

    `number` as `seal.plain_id` gives it. The place is not checked: codes of old counties live on in cards.
    """
    if not _ID.fullmatch(number):
        return "shape"
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "date"
    if not date(1880, 1, 1) <= born <= today():
        return "date"
    total = sum(int(digit) * weight for digit, weight in zip(number, ID_WEIGHTS, strict=False))
    return "" if "10X98765432"[total % 11] == number[17] else "check"


def is_credit_code(code: str) -> bool:
    """GB 32100 with its check sign, and the check sign of the organisation code within (GB 11714)."""
    from stdnum.cn import uscc

    if not uscc.is_valid(code):
        return False
    inner = code[8:17]
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(inner, _ORGANISATION_WEIGHTS, strict=False))
    return "0123456789X0"[(11 - total % 11) % 11] == inner[8]


def is_phone(number: str) -> bool:
    """A mobile number, or a landline with area code."""
    return _PHONE.fullmatch(number) is not None
