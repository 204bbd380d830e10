"""How often a network of visitors may ask: generous for people, tight for loops.

It is kept in memory and forgotten with it: no row, no cookie, no numbers of a visitor.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from time import monotonic
from typing import Any

AT_ONCE, A_SECOND = 300, 5.0

# a proxy of this machine, or an onion service, brings everybody from one address
OF_LOOPBACK = 20

MOST_KEPT = 4096


class Limit:
    """A bucket for each network: it holds `AT_ONCE` requests and fills by `A_SECOND`."""

    def __init__(self, header: str = "", now: Callable[[], float] = monotonic) -> None:
        self._header = header.lower().encode("latin-1")
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, scope: Any) -> int:
        """Count a request; 0, or the seconds after which the next one is answered."""
        network, times = _network_of(self._visitor(scope))
        now = self._now()
        left, at = self._left.pop(network, (AT_ONCE * times, now))
        left = min(AT_ONCE * times, left + (now - at) * A_SECOND * times)
        waits = left < 1
        self._left[network] = (left if waits else left - 1, now)
        if len(self._left) > MOST_KEPT:
            self._left.popitem(last=False)
        return max(1, ceil((1 - left) / (A_SECOND * times))) if waits else 0

    def _visitor(self, scope: Any) -> str:
        if not self._header:
            return str((scope.get("client") or ("",))[0])
        written = [v for k, v in scope["headers"] if k.lower() == self._header]
        # what stands last was written by our own proxy, whatever the visitor sent before it
        return written[-1].decode("latin-1").split(",")[-1].strip() if written else ""


def _network_of(visitor: str) -> tuple[str, int]:
    """The /24 or /48 of a visitor, and how many times the limit is theirs."""
    try:
        found = ipaddress.ip_address(visitor)
    except ValueError:
        return "unknown", 1
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    prefix = 24 if found.version == 4 else 48
    network = str(ipaddress.ip_network((found, prefix), strict=False))
    return network, OF_LOOPBACK if found.is_loopback else 1
