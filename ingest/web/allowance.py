"""How often somebody may do something: so many at once, and one more every so many seconds."""

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass

from ingest.ports import Clock

_MOST_KNOWN = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceSettings:
    """`most` at once, and one more after every `every_s` seconds."""

    most: int
    every_s: float


class Allowance:
    """Counts for each address, of any thread; the longest unheard address is forgotten first."""

    def __init__(self, settings: AllowanceSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """Return how long somebody has to wait; 0 if not at all."""
        with self._lock:
            spent = self._now_spent(network_of(address))
        over = spent - (self._settings.most - 1)
        return max(0.0, over * self._settings.every_s)

    def spend(self, address: str) -> None:
        """Note that it was done once more."""
        key = network_of(address)
        with self._lock:
            spent = self._now_spent(key)
            self._spent[key] = (min(spent + 1.0, self._settings.most), self._clock.monotonic_s())
            self._spent.move_to_end(key)
            if len(self._spent) > _MOST_KNOWN:
                self._spent.popitem(last=False)

    def _now_spent(self, key: str) -> float:
        spent, at_s = self._spent.get(key, (0.0, 0.0))
        given_back = (self._clock.monotonic_s() - at_s) / self._settings.every_s
        return max(0.0, spent - max(0.0, given_back))


def network_of(address: str) -> str:
    """Return whose an address is: of IPv6 the half that a household is given.

    Examples
    --------
    >>> network_of("2001:db8::1:2"), network_of("192.168.1.5")
    ('2001:db8::/64', '192.168.1.5')
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, 64), strict=False))
