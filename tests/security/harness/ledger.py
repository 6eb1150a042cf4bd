"""What must have become of every message that was sent, written down before it leaves."""

from collections import Counter
from string import ascii_lowercase, digits

from analysis.errors import PacketError
from ingest.packets.packet import decode
from tests.security.harness.hostile import Message

_IN_IDS = frozenset(ascii_lowercase + digits + "_-")


class Ledger:
    """A book of messages by where they have to end.

    Attributes
    ----------
    aside
        Messages that must be set aside, by the cause that must be counted.
    kept
        Packets that the journal must hold.
    repeats
        Packets that must be dropped since the journal holds them.
    """

    def __init__(self) -> None:
        self.aside = Counter[str]()
        self.repeats = 0
        self._keys: set[tuple[str, str, int, float]] = set()

    @property
    def kept(self) -> int:
        """How many packets the journal must hold."""
        return len(self._keys)

    @property
    def n_messages(self) -> int:
        """How many messages are in the book."""
        return self.aside.total() + self.kept + self.repeats

    def write(self, message: Message) -> None:
        """Write a message down."""
        _, name, what = message.topic.split("/")
        if what != "acceleration":
            self.aside[what] += 1
        elif not set(name) <= _IN_IDS or len(name) > 32:
            self.aside["collar"] += 1
        else:
            self._packet(name, message)

    def _packet(self, collar: str, message: Message) -> None:
        try:
            packet = decode(message.payload, message.content_type)
        except PacketError as error:
            self.aside[error.cause] += 1
            return
        key = (collar, packet.boot, packet.seq, packet.t_ms / 1000.0)
        self.repeats += key in self._keys
        self._keys.add(key)
