"""A stopped evaluation goes on where it was, and other code never reads its results."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import InputError
from simulators.evaluation import result_cache
from simulators.evaluation.report import QUICK
from simulators.evaluation.result_cache import Kept, folder_of_this_code
from simulators.evaluation.run import SECTIONS
from simulators.evaluation.workers import Workers


def squaring(done: list[int], *, fails_at: int = -1) -> Callable[[int], int]:
    """Return work that notes what it does and fails at one task."""

    def square(task: int) -> int:
        if task == fails_at:
            raise RuntimeError
        done.append(task)
        return task * task

    return square


def test_what_was_done_before_it_stopped_is_not_done_again(tmp_path: Path) -> None:
    first: list[int] = []
    later: list[int] = []
    workers = Workers(kept=folder_of_this_code(tmp_path))

    with pytest.raises(RuntimeError):
        workers.map("squaring", squaring(first, fails_at=2), [0, 1, 2, 3])
    squares = workers.map("squaring", squaring(later), [0, 1, 2, 3])

    assert first == [0, 1]
    assert later == [2, 3]
    assert squares == [0, 1, 4, 9]


def test_a_result_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    kept = Kept(folder_of_this_code(tmp_path), squaring([]))
    kept(3)
    path = kept.folder / kept.name_of(3)
    for damage in (b"", path.read_bytes()[:-1], b"no pickle"):
        path.write_bytes(damage)

        assert kept(3) == 9
        assert pickle.loads(path.read_bytes()) == 9  # noqa: S301 (written above)


@pytest.mark.slow
def test_a_section_from_kept_results_is_the_same_in_other_processes(tmp_path: Path) -> None:
    """Names of results depend neither on the process nor on its order of sets."""
    folder = folder_of_this_code(tmp_path)
    fresh = SECTIONS["cadence"](QUICK, Workers(2, kept=folder))
    files = {path: path.stat().st_mtime_ns for path in folder.iterdir()}

    again = SECTIONS["cadence"](QUICK, Workers(kept=folder))

    assert again == fresh == SECTIONS["cadence"](QUICK, Workers())
    assert len(files) == 18
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == files


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that stands for all code."""
    rule = tmp_path / "code" / "rule.py"
    rule.parent.mkdir()
    rule.write_text("LIMIT = 1\n")
    monkeypatch.setattr(result_cache, "files", lambda _package: rule.parent)
    return rule


def test_other_code_has_a_folder_of_its_own(tmp_path: Path, code: Path) -> None:
    before = folder_of_this_code(tmp_path)
    assert folder_of_this_code(tmp_path) == before

    code.write_text("LIMIT = 2\n")

    assert folder_of_this_code(tmp_path) != before


def test_nothing_is_kept_of_code_that_changed_meanwhile(tmp_path: Path, code: Path) -> None:
    folder = folder_of_this_code(tmp_path)
    code.write_text("LIMIT = 2\n")

    with pytest.raises(InputError, match="changed"):
        Kept(folder, squaring([]))(3)

    assert not list(folder.iterdir())


def test_a_result_that_cannot_be_read_or_written_is_told_plainly(
    tmp_path: Path,
) -> None:
    kept = Kept(folder_of_this_code(tmp_path), squaring([]))
    (kept.folder / kept.name_of(3)).mkdir()

    with pytest.raises(InputError, match="cannot be kept"):
        kept(3)

    folder = folder_of_this_code(tmp_path / "other")
    folder.rmdir()
    with pytest.raises(InputError, match="No such file"):
        Kept(folder, squaring([]))(3)


@pytest.mark.slow
def test_a_folder_that_cannot_be_made_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    program = str(Path(sys.executable).with_name("spryhound"))

    done = subprocess.run(
        [program, "evaluate", "--quick", "--only", "cadence", "--keep", "file/results"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert "cannot be kept: file/results" in done.stderr
    assert "Traceback" not in done.stderr
