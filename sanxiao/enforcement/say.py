"""Facts of a case in words, for its timeline."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.enforcement.handing import PAPERS
from sanxiao.enforcement.measure_rules import FATES
from sanxiao.enforcement.rules import PENALTIES, RECORDS, ROLES, SIGNED
from sanxiao.office.models import User

Rows = Iterable[Mapping[str, Any]]


def penalties(keys: Iterable[str]) -> str:
    """'罚款、没收违法财物'."""
    names = dict(PENALTIES)
    return _("、").join(str(names.get(key, key)) for key in keys)


def clauses(rows: Rows) -> str:
    """'《食品安全法》第三十四条；…'."""
    return _("；").join(str(row["law"]) for row in rows)


def record(key: str) -> str:
    """The kind of a record; that of the scene has a move of its own by now."""
    return str({**dict(RECORDS), "scene": _("现场笔录")}.get(key, key))


def signed(key: str) -> str:
    """Whether the party signed."""
    return str(dict(SIGNED).get(key, key))


def role(key: str) -> str:
    """What a person is in a case."""
    return str(dict(ROLES).get(key, key))


def person(pk: Any) -> str:
    """The name of a person by key."""
    return User.objects.filter(pk=pk).values_list("name", flat=True).first() or ""


def goods(rows: Rows) -> str:
    """'豆腐 20 公斤；…'."""
    return _("；").join(f"{row['name']} {row['quantity']} {row['unit']}" for row in rows)


def fates(rows: Mapping[str, str]) -> str:
    """'1. 没收；2. 退还'."""
    names = dict(FATES)
    return _("；").join(f"{no}. {names.get(fate, fate)}" for no, fate in rows.items())


def papers(keys: Iterable[str]) -> str:
    """'移送书、调查报告'."""
    names = dict(PAPERS)
    return _("、").join(str(names.get(key, key)) for key in keys)


def rates(rows: Rows) -> str:
    """'1. 2026-06-15 2000 元；2. …'."""
    said = (_("%(no)d. %(day)s %(sum)s 元") % {"no": no, "day": row["due_on"], "sum": row["amount"]}
            for no, row in enumerate(rows, 1))  # fmt: skip
    return _("；").join(said)
