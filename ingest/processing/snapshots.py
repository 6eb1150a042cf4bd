"""States as bytes: what the daemon saves beside its packets, and reads at its next start."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import msgspec
import numpy as np

from analysis.errors import StoreError

_NOBODY: Mapping[str, bytes] = MappingProxyType({})


class _Array(msgspec.Struct, frozen=True, array_like=True):
    """An array on its way through msgspec."""

    kind: str
    shape: tuple[int, ...]
    values: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a snapshot holds.

    Attributes
    ----------
    states
        States that fit, by name.
    unknown_parts
        Names that nobody has now, as bytes to be saved again.
    unreadable
        Why other states do not fit, a sentence each.
    """

    states: dict[str, object]
    unknown_parts: dict[str, bytes]
    unreadable: list[str]


def encode(states: Mapping[str, object], unknown_parts: Mapping[str, bytes] = _NOBODY) -> bytes:
    """Return named states as bytes, with those of `unknown_parts` as they were read.

    Parameters
    ----------
    states
        Dataclasses of numbers, text, lists, maps, records and numpy arrays.

    Examples
    --------
    >>> from ingest.packets.reorder import ReorderState
    >>> data = encode({"reorder": ReorderState(boot="7", next_seq=12)})
    >>> decode(data, {"reorder": ReorderState()}).states["reorder"].next_seq
    12
    """
    packed = {name: msgspec.msgpack.encode(state, enc_hook=_pack) for name, state in states.items()}
    return msgspec.msgpack.encode({**unknown_parts, **packed})


def names(data: bytes) -> list[str]:
    """Return the names of the states in a snapshot.

    Raises
    ------
    StoreError
        If it is no snapshot.
    """
    return sorted(_packed(data))


def decode(data: bytes, states: Mapping[str, object]) -> Saved:
    """Return what a snapshot holds; each state has the type of the present one of that name.

    Raises
    ------
    StoreError
        If it is no snapshot.
    """
    packed = _packed(data)
    fitting: dict[str, object] = {}
    unreadable: list[str] = []
    for name, state in states.items():
        if name in packed:
            try:
                fitting[name] = _decode_one(name, packed[name], state)
            except StoreError as error:
                unreadable.append(str(error))
    unknown_parts = {name: body for name, body in packed.items() if name not in states}
    return Saved(states=fitting, unknown_parts=unknown_parts, unreadable=unreadable)


def _packed(data: bytes) -> dict[str, bytes]:
    try:
        return msgspec.msgpack.decode(data, type=dict[str, bytes])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = f"snapshot cannot be read: {error}"
        raise StoreError(msg) from error


def _decode_one(name: str, body: bytes, state: object) -> object:
    try:
        return msgspec.msgpack.decode(body, type=type(state), dec_hook=_unpack)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        msg = f"snapshot of {name} does not fit {type(state).__name__}: {error}"
        raise StoreError(msg) from error


def _pack(value: object) -> object:
    if isinstance(value, np.ndarray):
        return _Array(kind=value.dtype.str, shape=value.shape, values=value.tobytes())
    if isinstance(value, np.generic):
        return value.item()
    msg = f"a state holds {type(value).__name__}, expected plain numbers, text and arrays"
    raise TypeError(msg)


def _unpack(_: object, value: object) -> object:
    packed = msgspec.convert(value, _Array)
    array = np.frombuffer(packed.values, dtype=np.dtype(packed.kind)).reshape(packed.shape)
    # A copy, since what comes from a buffer is read-only and states are changed in place.
    return array.copy()
