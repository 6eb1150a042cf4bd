"""The child process in which an embedded broker runs; it never outlives its parent.

Started as ``python -m ingest.mqtt.broker_process NAME CONFIG`` with a pipe as standard input.
The parent holds the other end: when that closes, even because the parent was killed, the
broker ends.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence


def run_iotcore(config_path: str) -> int:
    """Run rumqttd in this process until standard input closes.

    It has no way to be stopped from inside, so the watching thread ends the whole process.
    """
    # Only this child needs the broker's library; the parent must start without it.
    from iotcore import IotCoreBroker  # noqa: PLC0415  # see the line above

    def end_with_parent() -> None:
        _wait_for_parent()
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    IotCoreBroker(config_path=config_path).run_forever()
    return 1


def run_program(command: Sequence[str]) -> int:
    """Run a broker program until it ends or standard input closes; return its exit code."""
    with subprocess.Popen(  # noqa: S603  # the command is built by EmbeddedBroker, not by a user
        list(command), stdin=subprocess.DEVNULL
    ) as broker:

        def end_with_parent() -> None:
            _wait_for_parent()
            broker.terminate()

        threading.Thread(target=end_with_parent, daemon=True).start()
        return broker.wait()


def main(arguments: Sequence[str]) -> int:
    """Run the broker that the arguments name: ``iotcore CONFIG`` or ``PROGRAM -c CONFIG``."""
    if arguments[0] == "iotcore":
        return run_iotcore(arguments[1])
    return run_program(arguments)


def _wait_for_parent() -> None:
    # Not sys.stdin: a thread that waits in it would break the end of the interpreter.
    while os.read(0, 1):
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
