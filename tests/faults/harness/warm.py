"""Daemons that start in a tenth of a second, because the program is loaded already."""

import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

STEP = "clock_step_s.txt"
"""File in a home's folder with the seconds by which the daemon's clock is stepped."""
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is special about one life of a daemon.

    Attributes
    ----------
    stop_at
        The statement to SQLite before which it ends itself; 0 for none.
    most_bytes
        Longest file that it can write; 0 for any.
    stepping
        Whether its clock can be stepped while it runs: 1 for yes.
    """

    stop_at: int = 0
    most_bytes: int = 0
    stepping: int = 0


class Life:
    """One daemon, from its start to its end."""

    def __init__(self, warm: "Warm", pid: int) -> None:
        self._warm = warm
        self.pid = pid

    def exit_code(self) -> int | None:
        """Return how it ended; None while it lives."""
        return self._warm.ask(do="look", pid=self.pid)

    def wait(self) -> int:
        """Return how it ended, once it has."""
        code = self._warm.ask(do="wait", pid=self.pid)
        assert code is not None
        return code

    def give_room(self) -> None:
        """Let its files be of any length again."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard, hard))

    def fail_disk(self, number: signal.Signals) -> None:
        """Let no write of it succeed any more, with the error that the signal stands for."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would; nothing happens to one that is dead already."""
        # The dead one's id stays taken until it was asked for, so nobody else can be hit.
        if self.exit_code() is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()


class Warm:
    """The loaded program, ready to be forked inside ``with``."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.harness.warm_program"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            # A process is forked safely only while it has a single thread.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def ask(self, **order: Any) -> int | None:  # noqa: ANN401 (plain JSON)
        """Give one order and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: int | None = json.loads(self._process.stdout.readline())
        return answer

    def start(self, words: list[str], folder: Path, wanted: Wanted) -> Life:
        """Start a daemon that logs into a folder."""
        pid = self.ask(
            do="start",
            words=words,
            log=str(folder / "daemon.log"),
            stopped=str(folder / "stopped.txt"),
            stop_at=wanted.stop_at,
            most_bytes=wanted.most_bytes,
            step=str(folder / STEP) if wanted.stepping else "",
        )
        assert pid is not None
        return Life(self, pid)
