"""Rows of an order's acts in one line each, for its timeline."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.inspection.rules import RESULTS

Rows = Iterable[Mapping[str, Any]]


def items(rows: Rows) -> str:
    """'1. 生熟未分开（2018-06-12）；2. …'."""
    return _("；").join(f"{no}. {row['text']}{_('（')}{row['until']}{_('）')}" for no, row in enumerate(rows, 1))


def answers(rows: Rows) -> str:
    """'1. 已装纱窗；3. …'."""
    return _("；").join(f"{row['no']}. {row.get('done', '')}" for row in rows)


def results(rows: Rows) -> str:
    """'1. 合格；2. 再次责令，期限至 2018-06-20：仍有苍蝇'."""
    return _("；").join(_result(row) for row in rows)


def _result(row: Mapping[str, Any]) -> str:
    until = _("，期限至 %(day)s") % {"day": row["until"]} if row.get("until") else ""
    note = f"{_('：')}{row['note']}" if row.get("note") else ""
    return f"{row['no']}. {dict(RESULTS)[row['result']]}{until}{note}"
