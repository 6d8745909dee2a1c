"""How often one address may post, without an address being kept: counts live in this process's memory alone.

An address is known by an HMAC under a random key that changes with every span and is never written anywhere.
"""

import hashlib
import hmac
import os
import threading
from collections import Counter
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.http import HttpRequest

from sanxiao.docket.limits import asker
from sanxiao.docket.models import Rule

SPAN, POSTS, LOOKS = 600, 12, 40  # seconds; postings and typed receipts of one address in it


@dataclass
class _Span:
    begins: float = 0.0
    key: bytes = b""
    seen: Counter = field(default_factory=Counter)


_span = _Span()
_door = threading.Lock()


def too_many(request: HttpRequest, what: str) -> bool:
    """Count one more try of this address; True when it was one too many. `what`: 'posts' or 'looks'."""
    said: dict[str, Any] = {"posts": POSTS, "looks": LOOKS} | Rule.objects.value("tips.rate", default={})
    with _door:
        if monotonic() - _span.begins > SPAN:
            _span.begins, _span.key, _span.seen = monotonic(), os.urandom(32), Counter()
        who = hmac.new(_span.key, f"{what} {asker(request)}".encode(), hashlib.sha256).digest()[:8]
        _span.seen[who] += 1
        return _span.seen[who] > said[what]


def forget() -> None:
    """Begin a new span (for tests that post a lot)."""
    with _door:
        _span.begins = 0.0 - SPAN * 2
