"""Runs that are done, kept in a file line by line, so that a matrix that was cut off goes on."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.faults.harness.verdict import Verdict
from tests.faults.runs import Run


class Done:
    """The runs in a file; without a file they are kept in memory alone.

    Attributes
    ----------
    runs
        All runs so far, in the order in which they were done.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.runs: list[Run] = []
        if path is not None and path.exists():
            self.runs = [_run(json.loads(line)) for line in path.read_text().splitlines()]

    def has(self, fault: str, seed: int) -> bool:
        """Return whether this was run already."""
        return any((each.fault, each.seed) == (fault, seed) for each in self.runs)

    def add(self, run: Run) -> None:
        """Keep one more run."""
        self.runs.append(run)
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(json.dumps(asdict(run), default=str) + "\n")


def _run(plain: dict[str, Any]) -> Run:
    """Return a run from what was written of it."""
    verdict = {**plain["verdict"], "differences": tuple(plain["verdict"]["differences"])}
    lists = {name: tuple(plain[name]) for name in ("moments", "stopped")}
    known = {**plain, **lists, "folder": Path(plain["folder"])}
    return Run(**{**known, "verdict": Verdict(**verdict)})
