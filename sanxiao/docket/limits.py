"""How often one address may ask for a public page. Counted in the cache: it slows a flood, it proves nothing."""

import hashlib
from ipaddress import ip_address
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
    """The address that asks, to be counted and nowhere kept.

    What a header says of it counts only when the line comes from a proxy that the setting names (SANXIAO_PROXIES):
    anybody may write that header. It is read from the right, where our own proxies have written.
    """
    here = str(request.META.get("REMOTE_ADDR", ""))
    said = request.headers.get("X-Forwarded-For", "").split(",")
    while _is_ours(here) and said:
        here = said.pop().strip() or here
    return here


def _is_ours(address: str) -> bool:
    """Does this address belong to a proxy of ours? Nothing that is no address does."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in net for net in settings.PROXIES)
