"""Doing many independent things, in order, on as many processors as wanted."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar, cast

from ingest.processing.allocator import keep_freed_memory
from simulators.evaluation.result_cache import CachedWork

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")
SharedT = TypeVar("SharedT", bound=Hashable)
Tell = Callable[[str, int, int], None]
"""Hears what is being done, how many of it are done, and of how many."""


class Workers:
    """One or more processes that work on tasks; results come in the order of the tasks.

    A task holds its own seed and shares nothing, so the results do not depend on their number.

    Parameters
    ----------
    jobs
        How many.
    tell
        Who hears how far they are.
    kept
        Where results are kept and looked for; nowhere if None.
    """

    def __init__(
        self, jobs: int = 1, tell: Tell | None = None, *, kept: Path | None = None
    ) -> None:
        self._jobs = jobs
        self._tell = tell
        self._kept = kept
        self._done: dict[Callable[..., object], dict[Hashable, object]] = {}

    def map(
        self, what: str, work: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]
    ) -> list[ResultT]:
        """Return what the work makes of each task."""
        if self._kept is not None:
            work = CachedWork.of(self._kept, work)
        if self._jobs == 1 or len(tasks) < 2:
            keep_freed_memory()
            return self._counted(what, map(work, tasks), len(tasks))
        # A fresh interpreter each: a fork of a process with threads may hang.
        context = get_context("spawn")
        with ProcessPoolExecutor(
            self._jobs, mp_context=context, initializer=keep_freed_memory
        ) as pool:
            return self._counted(what, pool.map(work, tasks), len(tasks))

    def map_once(
        self, what: str, work: Callable[[SharedT], ResultT], tasks: Sequence[SharedT]
    ) -> list[ResultT]:
        """Return the same as `map`, but do nothing that was done before, by any section."""
        done = self._done.setdefault(work, {})
        left = [task for task in dict.fromkeys(tasks) if task not in done]
        done.update(zip(left, self.map(what, work, left), strict=True))
        return [cast("ResultT", done[task]) for task in tasks]

    def _counted(self, what: str, results: Iterable[ResultT], n_tasks: int) -> list[ResultT]:
        return list(self._telling(what, results, n_tasks))

    def _telling(self, what: str, results: Iterable[ResultT], n_tasks: int) -> Iterator[ResultT]:
        if self._tell is not None:
            self._tell(what, 0, n_tasks)
        for number, result in enumerate(results, start=1):
            if self._tell is not None:
                self._tell(what, number, n_tasks)
            yield result
