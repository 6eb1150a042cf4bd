"""A disk that takes no more writes, as one that fails or that became read-only after an error."""

import ctypes
import errno
import os
import platform
import signal
import struct
from types import FrameType

FAILS = "the disk fails from here on"
"""What the process says when it begins."""

FAILS_ON = {signal.SIGUSR1: errno.EROFS, signal.SIGUSR2: errno.EIO}
"""What a write is answered with from a signal on, until the process ends."""

_WRITES = {
    # pwrite64, fsync, fdatasync, ftruncate: what SQLite writes with; logs and sockets use others.
    "x86_64": (18, 74, 75, 77),
    "aarch64": (68, 82, 83, 46),
}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_LOAD_NUMBER, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ANSWER = 0x7FFF0000, 0x00050000
_NO_NEW_PRIVILEGES, _SET_FILTER, _ALL_THREADS = 38, 1, 1


class _Program(ctypes.Structure):
    _fields_ = (("n_steps", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def fail_when_told() -> None:
    """Let the disk of this process fail from one of the signals on."""

    def begin(number: int, _frame: FrameType | None) -> None:
        refuse_writes(FAILS_ON[signal.Signals(number)])
        # Not through `sys.stdout`, in the midst of whose writing the signal may have come.
        os.write(1, f"{FAILS}\n".encode())

    for number in FAILS_ON:
        signal.signal(number, begin)


def refuse_writes(error: int) -> None:
    """Let the kernel answer every write to a file, by any thread, with an error; for good.

    Raises
    ------
    OSError
        If the kernel does not filter system calls.
    """
    machine = platform.machine()
    writes = _WRITES[machine]
    steps = _step(_LOAD_NUMBER)
    for place, number in enumerate(writes):
        steps += _step(_JUMP_IF_EQUAL, number, then=len(writes) - place)
    steps += _step(_RETURN, _ALLOW) + _step(_RETURN, _ANSWER | error)
    held = ctypes.create_string_buffer(steps, len(steps))
    program = _Program(len(writes) + 3, ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.syscall(
        _SECCOMP[machine], _SET_FILTER, _ALL_THREADS, ctypes.byref(program)
    ):
        raise OSError(ctypes.get_errno(), "the kernel does not filter system calls")


def _step(code: int, value: int = 0, *, then: int = 0) -> bytes:
    """Return one instruction of the kernel's filter; `then` steps are jumped over if it holds."""
    return struct.pack("HBBI", code, then, 0, value)
