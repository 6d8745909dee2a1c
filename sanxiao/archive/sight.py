"""What a person sees of the log, papers, pictures and terms on a file: those of the matters that he may see.

The file is one for everybody on its ground; a case, or what is handed to the police, hangs on it and is not.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import Q, QuerySet

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Recorded
from sanxiao.office.duties import may_read
from sanxiao.office.models import ScopedQuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any])


@cache
def _records() -> Mapping[str, Any]:
    """Every model that writes to the log, by the name under which it does."""
    found = [model for model in apps.get_models() if issubclass(model, Recorded)]
    return {model.flow.key if hasattr(model, "flow") else model._meta.label_lower: model for model in found}


def seen(rows: Rows, file: Establishment, user: Any, *, files: bool = False) -> Rows:
    """Rows with `kind` and `subject` (events, papers, attachments, deadlines) cut to what the person may see.

    `files`: the bytes are wanted, which some matters show to fewer people. Kinds with the plain rule of ground and
    family cost nothing; the others are asked for only where the file ever had one.
    """
    closed, hidden = [], Q()
    for kind, model in _records().items():
        act = getattr(model.objects, "files_seen_by", None) if files else None
        if act is None and type(model.objects.none()).seen_by is ScopedQuerySet.seen_by:
            if not may_read(user, model.family):
                closed.append(kind)
        elif kind in file.kinds_had:
            mine = (act or model.objects.seen_by)(user)
            if any(field.name == "file" for field in model._meta.concrete_fields):
                mine = mine.filter(file__in=file.pks)
            hidden |= Q(kind=kind) & ~Q(subject__in=mine.order_by().values("pk"))
        else:
            closed.append(kind)
    return rows.exclude(Q(kind__in=closed) | hidden if hidden else Q(kind__in=closed))
