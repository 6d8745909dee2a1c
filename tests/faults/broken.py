"""The program with one of its virtues switched off, to see that the model notices: `SANXIAO_BREAK=idempotency` (what
arrives again is an answer of its own) or `merge` (the last received wins, as in other servers)."""

import os
import uuid
from dataclasses import replace
from typing import Any


def break_it(what: str) -> None:
    """Switch it off in this process."""
    if what == "idempotency":
        from sanxiao.field import inbox
        from sanxiao.field.models import Submission

        store = inbox.store

        def anew(sent: Any, *rest: Any, **more: Any) -> Any:
            if Submission.objects.filter(instance=sent.instance).exists():
                sent = replace(sent, instance=f"uuid:{uuid.uuid4()}")
            return store(sent, *rest, **more)

        inbox.store = anew
    elif what == "merge":
        from sanxiao.survey import merging

        merging._one = lambda _name, _new, _now, _base, _touched: merging.TAKE
    elif what:
        raise ValueError(what)


def __getattr__(name: str) -> Any:
    """`application`, for the server that imports this module to serve it."""
    if name != "application":
        raise AttributeError(name)
    from sanxiao.web.wsgi import application  # it sets Django up

    break_it(os.environ.get("SANXIAO_BREAK", ""))
    return application
