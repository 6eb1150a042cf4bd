"""Loads Spryhound once and forks a daemon whenever it is asked to: ``python -m`` this.

To load the program takes seconds, and a fault run has many daemons. Each is a process of its own
that does what ``spryhound run`` does, so a signal hits it as it would hit any other.
Orders come as lines of JSON, answers go back as lines.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from analysis.detectors import specs
from ingest.app import container
from ingest.cli import main as spryhound
from tests.faults.harness.clock import step_by
from tests.faults.harness.disk import fail_when_told
from tests.faults.harness.zones import look_for_zones
from tests.faults.statements import stop_at


def begin(order: dict[str, Any]) -> None:
    """Become the daemon: its own output, environment, words and limits."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = order["words"]
    look_for_zones(Path(order["log"]).parent)
    fail_when_told()
    if order["most_bytes"]:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["most_bytes"], hard))
    if order["step"]:
        step_by(Path(order["step"]))
    if order["stop_at"]:
        stop_at(order["stop_at"], Path(order["stopped"]))


def main() -> None:
    """Fork and look after daemons until nobody asks any more."""
    assert callable(container.open_daemon)  # loaded here, so that no daemon has to
    specs()
    ended: dict[int, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "start":
            pid = os.fork()
            if not pid:
                begin(order)
                spryhound()
                sys.exit()
            # The system gives ids out again: this one may have been of a daemon long gone.
            ended.pop(pid, None)
            answer: int | None = pid
        else:
            pid = order["pid"]
            if pid not in ended:
                found, status = os.waitpid(pid, os.WNOHANG if order["do"] == "look" else 0)
                if found:
                    ended[pid] = os.waitstatus_to_exitcode(status)
            answer = ended.get(pid)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
