"""A packet on its way: as bytes with where it came from, and as what was understood of them."""

from dataclasses import dataclass

from ingest.packets.packet import Packet, decode


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPacket:
    """One packet as it came, or as it would have come, over the air.

    Attributes
    ----------
    collar
        The collar's id.
    arrival_s
        Unix time of its arrival, by the hub's clock; kept with it, so that a second run dates it
        the same. For files the end of its last sample.
    content_type
        ``application/cbor``, ``application/json`` or empty.
    payload
        The batch, in the bytes of the wire.
    """

    collar: str
    arrival_s: float
    content_type: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReceivedPacket:
    """A packet that was understood, and the bytes that it came in.

    Attributes
    ----------
    encoded
        As it came.
    packet
        What it says.
    """

    encoded: EncodedPacket
    packet: Packet

    @property
    def collar(self) -> str:
        """The id of the collar that sent it."""
        return self.encoded.collar

    @property
    def arrival_s(self) -> float:
        """When it came, by the hub's clock."""
        return self.encoded.arrival_s


def received(encoded: EncodedPacket) -> ReceivedPacket:
    """Return a packet with what its bytes say.

    Raises
    ------
    PacketError
        If they are no batch.
    """
    packet = decode(encoded.payload, encoded.content_type)
    return ReceivedPacket(encoded=encoded, packet=packet)
