"""The lock of the page: one password, sessions that need no memory, and few wrong tries."""

import base64
import hashlib
import hmac

from ingest.ports import Clock
from ingest.web.allowance import Allowance, AllowanceSettings

SESSION_COOKIE = "spryhound_session"
SESSION_S = 30 * 86_400
SHORTEST_PASSWORD = 12
"""Characters; a judgement. With the tries below, eight digits would last some 30 years."""

_EACH = AllowanceSettings(most=10, every_s=30.0)
_ALL = AllowanceSettings(most=60, every_s=5.0)


class Door:
    """Knows who may come in.

    A session is the time of its end with a seal over it. The seal's key comes of the password, so
    sessions outlive a restart and end with a new password.

    Parameters
    ----------
    password
        What the owner types.
    clock
        The clock that sessions end by.
    """

    def __init__(self, password: str, clock: Clock) -> None:
        self._password = _digest(b"password", password)
        self._key = _digest(b"session", password)
        self._clock = clock
        self._each, self._all = Allowance(_EACH, clock), Allowance(_ALL, clock)

    def wait_s(self, address: str) -> float:
        """Return how long an address has to wait before it may try again; 0 if not at all."""
        return max(self._each.wait_s(address), self._all.wait_s(""))

    def opens(self, password: str, address: str) -> bool:
        """Return whether that is the password; a wrong one counts against the address."""
        is_right = hmac.compare_digest(self._password, _digest(b"password", password))
        if not is_right:
            self._each.spend(address)
            self._all.spend("")
        return is_right

    def opens_to(self, authorization: str, address: str) -> bool:
        """Return whether a header says the password, as Prometheus would (HTTP Basic)."""
        scheme, _, credentials = authorization.partition(" ")
        if scheme.casefold() != "basic" or self.wait_s(address) > 0.0:
            return False
        try:
            said = base64.b64decode(credentials, validate=True).decode()
        except ValueError:  # neither ASCII, nor base64, nor text
            return False
        return self.opens(said.partition(":")[2], address)

    def new_session(self) -> str:
        """Return what the browser shows from now on."""
        end = str(int(self._clock.now_s()) + SESSION_S)
        return f"{end}.{self._seal(end)}"

    def is_session(self, session: str) -> bool:
        """Return whether that is a session of ours that has not ended."""
        end, _, seal = session.partition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(end).encode()):
            return False
        return int(end) > self._clock.now_s()

    def _seal(self, end: str) -> str:
        return hmac.new(self._key, end.encode(), hashlib.sha256).hexdigest()


def _digest(purpose: bytes, password: str) -> bytes:
    return hashlib.sha256(purpose + b"\0" + password.encode(errors="surrogatepass")).digest()
