"""A cache of what each piece of a long evaluation gave, keyed by the code it depends on."""

import ast
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Generic, Self, TypeVar, cast

import numpy as np
import scipy

from analysis.errors import InputError

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

_PACKAGES = ("analysis", "config", "ingest", "simulators")
_DATA = (".json", ".toml")
"""Kinds of files that results may depend on too."""


@dataclass(frozen=True, slots=True)
class CachedWork(Generic[TaskT, ResultT]):
    """Work of which each result is kept; a task that was done before is only read.

    Results are pickles: reading one runs what its writer wished, so the folder must be your own.

    Attributes
    ----------
    folder
        Where results are kept; there may be some of other code in it.
    work
        What is done; its name, the task's text and the code are what a result is found by.
    fingerprint
        Of the code that `work` depends on, when the evaluation began.
    """

    folder: Path
    work: Callable[[TaskT], ResultT]
    fingerprint: str

    @classmethod
    def of(cls, folder: Path, work: Callable[[TaskT], ResultT]) -> Self:
        """Return a cache of the code as it is now, and make its folder.

        Raises
        ------
        InputError
            If the folder cannot be made.
        """
        with _plainly(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return cls(folder, work, fingerprint_of(work))

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
        if self.fingerprint != fingerprint_of(self.work):
            msg = "the code was changed while it was evaluated; start the evaluation again"
            raise InputError(msg)
        _write(path, pickle.dumps(result))
        return result

    def name_of(self, task: TaskT) -> str:
        """Return the name of the file with a task's result."""
        what = f"{self.fingerprint} {self.work.__module__}.{self.work.__qualname__} {task!r}"
        return f"{sha256(what.encode()).hexdigest()[:32]}.pickle"


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


def fingerprint_of(work: Callable[..., object]) -> str:
    """Return a few letters that change with whatever may change a result of some work.

    That is what the work needs of its own module, and all modules of ours that this imports,
    directly or not, without their docstrings and comments; the data files that these read; and
    the versions of Python, numpy, scipy.
    """
    known = sha256(f"{sys.version} {np.__version__} {scipy.__version__}".encode())
    start = sys.modules[work.__module__].__file__
    modules = {} if start is None else dict(_closure(Path(start), work.__qualname__))
    for path in sorted(modules):
        known.update(modules[path].digest.encode())
    read = {data for path, code in modules.items() for data in _data_of(path, code)}
    for path in sorted(read):
        known.update(path.name.encode() + path.read_bytes())
    return known.hexdigest()[:16]


def _data_of(path: Path, code: "_Code") -> Iterator[Path]:
    """Yield the files that a module may read: beside it or one folder down, of a kind it names."""
    for suffix in code.reads:
        yield from path.parent.glob(f"*{suffix}")
        yield from path.parent.glob(f"*/*{suffix}")


def _closure(start: Path, name: str) -> Iterator[tuple[Path, "_Code"]]:
    """Yield the file of a module and those of all our modules that one of its functions needs."""
    seen, left = {start}, [start]
    while left:
        path = left.pop()
        stat = path.stat()
        code = _code_of(path, stat.st_mtime_ns, stat.st_size, name if path == start else "")
        yield path, code
        found = path.parent.glob("*.py") if code.finds_modules else ()
        for needed in (*code.needed, *found):
            if needed not in seen:
                seen.add(needed)
                left.append(needed)


@dataclass(frozen=True, slots=True)
class _Code:
    digest: str
    needed: tuple[Path, ...]
    finds_modules: bool
    """Whether it finds the modules beside it by itself, so that no import names them."""
    reads: tuple[str, ...]
    """Kinds of data files that it names."""


@cache
def _code_of(path: Path, mtime_ns: int, size: int, name: str) -> _Code:
    """Return what a file says, docstrings apart, and the files that it needs.

    Of a file whose function is named, that is what this function needs. It is read anew when its
    time or size has changed.
    """
    del mtime_ns, size
    tree = ast.parse(path.read_bytes())
    tree.body = _needed_by(name, tree.body)
    names = set(_imported(tree))
    needed = {each for name in names for each in _files_of(name)}
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not _is_text(each)]  # type: ignore[attr-defined]
    digest = sha256(ast.dump(tree).encode()).hexdigest()
    return _Code(
        digest=digest,
        needed=tuple(sorted(needed)),
        finds_modules="pkgutil" in names,
        reads=tuple(suffix for suffix in _DATA if _names(tree, suffix)),
    )


def _needed_by(name: str, statements: list[ast.stmt]) -> list[ast.stmt]:
    """Return those statements of a module that a function needs; all if it is none of them."""
    binding: dict[str, list[int]] = {}
    needed: set[int] = set()
    for number, statement in enumerate(statements):
        bound = list(_bound_by(statement))
        for each in bound:
            binding.setdefault(each, []).append(number)
        if not bound:
            needed.add(number)  # it does something
    if name not in binding:
        return statements
    left = [*needed, *binding[name]]
    while left:
        number = left.pop()
        needed.add(number)
        for node in ast.walk(statements[number]):
            used = node.id if isinstance(node, ast.Name) else getattr(node, "value", None)
            if isinstance(used, str):  # a name, or a type in quotes
                left += [each for each in binding.get(used, ()) if each not in needed]
    return [statement for number, statement in enumerate(statements) if number in needed]


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement of a module gives something to."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield from ((each.asname or each.name).split(".")[0] for each in statement.names)
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for node in (each for target in targets for each in ast.walk(target)):
            if isinstance(node, ast.Name):
                yield node.id


def _names(tree: ast.Module, suffix: str) -> bool:
    """Return whether some text in a module ends like the name of a file."""
    return any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.endswith(suffix)
        for node in ast.walk(tree)
    )


def _is_text(statement: ast.stmt) -> bool:
    """Return whether a statement is a docstring, or text after an assignment."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _files_of(name: str) -> Iterator[Path]:
    """Yield the files that are run when one of our modules is imported; none for others."""
    parts = name.split(".")
    if parts[0] not in _PACKAGES:
        return
    root = Path(str(files(parts[0]))).parent
    for n_parts in range(1, len(parts) + 1):
        place = root.joinpath(*parts[:n_parts])
        for path in (place / "__init__.py", place.with_suffix(".py")):
            if path.is_file():
                yield path
