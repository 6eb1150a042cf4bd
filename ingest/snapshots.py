"""States as bytes: what the daemon saves beside its packets, and reads at its next start."""

from collections.abc import Mapping

import msgspec
import numpy as np

from analysis.errors import StoreError


class _Array(msgspec.Struct, frozen=True, array_like=True):
    """An array on its way through msgspec."""

    kind: str
    shape: tuple[int, ...]
    values: bytes


def encode(states: Mapping[str, object]) -> bytes:
    """Return named states as bytes.

    Parameters
    ----------
    states
        Dataclasses of numbers, text, lists, maps, records and numpy arrays.

    Examples
    --------
    >>> from ingest.reorder import ReorderState
    >>> data = encode({"reorder": ReorderState(boot="7", next_seq=12)})
    >>> decode(data, {"reorder": ReorderState()})["reorder"].next_seq
    12
    """
    packed = {name: msgspec.msgpack.encode(state, enc_hook=_pack) for name, state in states.items()}
    return msgspec.msgpack.encode(packed)


def names(data: bytes) -> list[str]:
    """Return the names of the states in a snapshot.

    Raises
    ------
    StoreError
        If it is no snapshot.
    """
    return sorted(_packed(data))


def decode(data: bytes, states: Mapping[str, object]) -> dict[str, object]:
    """Return named states from bytes; each has the type of the present state of that name.

    Names that are only on one side are left out: a dog may have come or gone.

    Raises
    ------
    StoreError
        If it is no snapshot, or a state does not have the fields it has now.
    """
    packed = _packed(data)
    return {
        name: _decode_one(name, packed[name], state)
        for name, state in states.items()
        if name in packed
    }


def _packed(data: bytes) -> dict[str, msgspec.Raw]:
    try:
        return msgspec.msgpack.decode(data, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = f"snapshot cannot be read: {error}"
        raise StoreError(msg) from error


def _decode_one(name: str, raw: msgspec.Raw, state: object) -> object:
    try:
        body = msgspec.msgpack.decode(raw, type=bytes)
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
