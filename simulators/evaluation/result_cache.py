"""Keeping what each piece of a long evaluation gave, so that a stopped one can go on."""

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Generic, TypeVar, cast

import numpy as np
import scipy

from analysis.errors import InputError

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

_ENDINGS = (".py", ".json", ".toml")
"""What results depend on, beside the task itself."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[TaskT, ResultT]):
    """Work of which each result is kept; a task that was done before is only read.

    Results are pickles: reading one runs what its writer wished, so the folder must be your own.

    Attributes
    ----------
    folder
        Of this very code, from `folder_of_this_code`.
    work
        What is done; its name and the task's text are what a result is found by.
    """

    folder: Path
    work: Callable[[TaskT], ResultT]

    def __call__(self, task: TaskT) -> ResultT:
        """Return the result of a task, from the folder if it is there.

        Raises
        ------
        InputError
            If the folder cannot be read or written, or the code has changed since it was made:
            a process that started since then would mix what both give.
        """
        path = self.folder / self.name_of(task)
        try:
            return cast("ResultT", pickle.loads(_read(path)))  # noqa: S301 (one's own)
        except (EOFError, pickle.UnpicklingError):
            pass  # not done yet, or the power failed while it was written
        result = self.work(task)
        if self.folder.name != _fingerprint():
            msg = "the code was changed while it was evaluated; start the evaluation again"
            raise InputError(msg)
        _write(path, pickle.dumps(result))
        return result

    def name_of(self, task: TaskT) -> str:
        """Return the name of the file with a task's result."""
        told = f"{self.work.__module__}.{self.work.__qualname__} {task!r}"
        return f"{sha256(told.encode()).hexdigest()[:32]}.pickle"


def folder_of_this_code(folder: Path) -> Path:
    """Return where results of this code lie, and make it: other code never reads them.

    Raises
    ------
    InputError
        If it cannot be made.
    """
    place = folder / _fingerprint()
    with _plainly(place):
        place.mkdir(parents=True, exist_ok=True)
    return place


def _read(path: Path) -> bytes:
    """Return what a file holds, nothing if there is none."""
    with _plainly(path):
        return path.read_bytes() if path.exists() else b""


def _write(path: Path, content: bytes) -> None:
    """Write all of a file or nothing, beside other processes that write the same."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with _plainly(path):
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"results cannot be kept: {path}: {error.strerror}"
        raise InputError(msg) from error


def _fingerprint() -> str:
    """Return a few letters that change with whatever may change a result."""
    known = sha256(f"{sys.version} {np.__version__} {scipy.__version__}".encode())
    for package in ("analysis", "simulators"):
        _add(known.update, files(package))
    return known.hexdigest()[:16]


def _add(update: Callable[[bytes], None], place: Traversable) -> None:
    for each in sorted(place.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            _add(update, each)
        elif each.name.endswith(_ENDINGS):
            update(each.name.encode())
            update(each.read_bytes())
