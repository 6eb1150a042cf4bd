"""A disk that cannot be written: every command says so in plain words."""

import json
import os
import subprocess
from collections.abc import Callable

import pytest

from simulators.testing.daemon_harness import DaemonHarness

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(90)]
LESS_THAN_A_PAGE = "ulimit -f 3"
"""In units of 512 or 1024 bytes, as the shell has them."""

OF_HIS_OWN = ("unshare", "--user", "--map-root-user", "--mount")
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


def done(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; it is not measured, since what measures it writes files too."""
    environ = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    return subprocess.run(
        words, capture_output=True, text=True, timeout=60.0, check=False, env=environ
    )


def read_only(home: DaemonHarness, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command for which the home's folder is read-only, with mounts of its own."""
    if done(*OF_HIS_OWN, "true").returncode:
        pytest.skip("this machine lets nobody have mounts of his own")
    return done(*OF_HIS_OWN, "/bin/sh", "-c", READ_ONLY, str(home.database.parent), *words)


def full(_: DaemonHarness, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command that cannot write a page of the store anywhere."""
    return done("/bin/sh", "-c", f'{LESS_THAN_A_PAGE} && exec "$@"', "sh", *words)


@pytest.fixture
def home(make_home: Callable[..., DaemonHarness]) -> DaemonHarness:
    """Return a home whose daemon has run once."""
    made = make_home()
    made.start()
    assert made.terminate(within_s=10.0) == 0
    return made


@pytest.mark.parametrize("on_a_disk", [read_only, full])
def test_the_daemon_refuses_to_start_without_a_traceback(
    home: DaemonHarness, on_a_disk: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    ended = on_a_disk(home, *home.command("run"))

    assert ended.returncode == 1, ended.stdout
    (error,) = ended.stderr.strip().splitlines()
    assert error.startswith("error: ")
    assert str(home.database.parent) in error


def test_the_doctor_names_a_read_only_disk_and_lets_the_database_be(home: DaemonHarness) -> None:
    ended = read_only(home, *home.command("doctor", "--json"))

    advice = {each["subject"]: each["advice"] for each in failures(ended.stdout)}
    assert "restart the computer" in advice["disk"]
    assert "see to the disk first" in advice["database"]


def test_the_doctor_does_not_call_a_database_bad_whose_disk_is(home: DaemonHarness) -> None:
    ended = full(home, *home.command("doctor", "--json"))

    advice = {each["subject"]: each["advice"] for each in failures(ended.stdout)}
    assert "see to the disk first" in advice["database"]
    assert "move" not in advice["database"]


def failures(printed: str) -> list[dict[str, str]]:
    """Return the failed findings of the doctor."""
    found: list[dict[str, str]] = json.loads(printed)
    return [each for each in found if each["outcome"] == "failed"]
