"""Keeping what each piece of a long evaluation gave, so that a stopped one can go on."""

import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Generic, TypeVar, cast

import numpy as np
import scipy

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
        Of this very code, as `folder_of_this_code` names it.
    work
        What is done; its name and the task's text are what a result is found by.
    """

    folder: Path
    work: Callable[[TaskT], ResultT]

    def __call__(self, task: TaskT) -> ResultT:
        """Return the result of a task, from the folder if it is there."""
        path = self.folder / self.name_of(task)
        try:
            return cast("ResultT", pickle.loads(path.read_bytes()))  # noqa: S301 (one's own)
        except (FileNotFoundError, EOFError, pickle.UnpicklingError):
            pass  # not done yet, or the power failed while it was written
        result = self.work(task)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.write_bytes(pickle.dumps(result))
        part.replace(path)
        return result

    def name_of(self, task: TaskT) -> str:
        """Return the name of the file with a task's result."""
        told = f"{self.work.__module__}.{self.work.__qualname__} {task!r}"
        return f"{sha256(told.encode()).hexdigest()[:32]}.pickle"


def folder_of_this_code(folder: Path) -> Path:
    """Return where results of this code lie, and make it: other code never reads them."""
    place = folder / _fingerprint()
    place.mkdir(parents=True, exist_ok=True)
    return place


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
