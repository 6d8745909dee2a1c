"""How often one address may ask for a public page. Counted in the cache: it slows a flood, it proves nothing."""

import hashlib
from time import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def allowed(what: str, who: str, most: int, seconds: int = 60) -> bool:
    """Has `who` asked for `what` at most `most` times in this span of seconds? Counts this time as one."""
    mark = hashlib.sha256(f"{what} {who}".encode()).hexdigest()[:32]
    key = f"asked:{mark}:{int(time()) // seconds}"
    cache.add(key, 0, seconds * 2)
    try:
        return cache.incr(key) <= most
    except ValueError:  # pushed out of the cache between the two lines
        return True


def asker(request: HttpRequest) -> str:
    """The address that asks; behind the proxy of a real server the one that the proxy itself has seen."""
    seen = request.headers.get("X-Forwarded-For", "") if settings.REAL else ""
    return seen.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
