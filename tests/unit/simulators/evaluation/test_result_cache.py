"""A stopped evaluation goes on where it was, and other code never reads its results."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from analysis.errors import InputError
from simulators.evaluation import result_cache
from simulators.evaluation.cohorts.run import drawn, heard
from simulators.evaluation.report import QUICK
from simulators.evaluation.result_cache import CachedWork, fingerprint_of
from simulators.evaluation.run import SECTIONS
from simulators.evaluation.sections import cadence
from simulators.evaluation.surrogate.stretches import drawn_days, sampled_days
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
    workers = Workers(kept=tmp_path)

    with pytest.raises(RuntimeError):
        workers.map("squaring", squaring(first, fails_at=2), [0, 1, 2, 3])
    squares = workers.map("squaring", squaring(later), [0, 1, 2, 3])

    assert first == [0, 1]
    assert later == [2, 3]
    assert squares == [0, 1, 4, 9]


def test_a_result_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    kept = CachedWork.of(tmp_path, squaring([]))
    kept(3)
    path = kept.folder / kept.name_of(3)
    for damage in (b"", path.read_bytes()[:-1], b"no pickle"):
        path.write_bytes(damage)

        assert kept(3) == 9
        assert pickle.loads(path.read_bytes()) == 9  # noqa: S301 (written above)


@pytest.mark.slow
def test_a_section_from_kept_results_is_the_same_in_other_processes(tmp_path: Path) -> None:
    """Names of results depend neither on the process nor on its order of sets."""
    folder = tmp_path
    fresh = SECTIONS["cadence"](QUICK, Workers(2, kept=folder))
    files = {path: path.stat().st_mtime_ns for path in folder.iterdir()}

    again = SECTIONS["cadence"](QUICK, Workers(kept=folder))

    assert again == fresh == SECTIONS["cadence"](QUICK, Workers())
    assert len(files) == 18
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == files


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of packages with work that needs one module, data, and found modules."""
    root = tmp_path / "code"
    texts = {
        "analysis/__init__.py": '"""All rules."""\n',
        "analysis/rule.py": '"""A rule."""\n\nFILE = "table.json"\nLIMIT = 1\n"""How much."""\n',
        "analysis/other.py": "LIMIT = 7\n",
        "analysis/found/__init__.py": "import pkgutil\n",
        "analysis/found/one.py": "VALUE = 1\n",
        "analysis/table.json": "{}",
        "analysis/unread.toml": "",
        "work.py": "import analysis.found\nfrom analysis.rule import LIMIT\n\n"
        "def work(task):\n    return task * LIMIT\n",
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(result_cache, "files", lambda package: root / package)
    return root


@pytest.fixture
def work(code: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], int]:
    """Return the work of that code."""
    module = ModuleType("work_of_a_test")
    module.__file__ = str(code / "work.py")

    def square(task: int) -> int:
        return task * task

    square.__module__ = module.__name__
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return square


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("analysis/rule.py", "LIMIT = 2\n"),
        ("analysis/found/one.py", "VALUE = 2\n"),
        ("analysis/found/two.py", "VALUE = 2\n"),
        ("analysis/table.json", '{"more": 1}'),
        ("work.py", "import analysis.found\nfrom analysis.other import LIMIT\n"),
    ],
)
def test_code_that_work_depends_on_has_a_key_of_its_own(
    code: Path, work: Callable[[int], int], name: str, text: str
) -> None:
    before = fingerprint_of(work)
    assert fingerprint_of(work) == before

    (code / name).write_text(text)

    assert fingerprint_of(work) != before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("analysis/rule.py", '"""Said better."""\n\nFILE = "table.json"\nLIMIT = 1  # as before\n'),
        ("analysis/other.py", "LIMIT = 8\n"),
        ("analysis/new.py", "LIMIT = 9\n"),
        ("analysis/unread.toml", "limit = 9\n"),
    ],
)
def test_other_words_and_other_code_leave_the_key(
    code: Path, work: Callable[[int], int], name: str, text: str
) -> None:
    before = fingerprint_of(work)

    (code / name).write_text(text)

    assert fingerprint_of(work) == before


def test_a_section_depends_on_its_detectors_and_not_on_the_page() -> None:
    """The real code: detectors are found by themselves, so no import names them."""
    needed = needed_by(cadence.windows)

    assert {"stiff_gait.py", "periodicity.py", "moments.py"} <= needed
    assert not {"service.py", "views.py", "subscriber.py", "report.py", "workers.py"} & needed


def needed_by(work: Callable[..., object]) -> set[str]:
    """Return the names of the files that some real work depends on, data apart."""
    place = Path(str(sys.modules[work.__module__].__file__))
    return {path.name for path, _ in result_cache._closure(place, work.__qualname__)}


def test_days_from_samples_and_by_the_shortcut_do_not_depend_on_each_other() -> None:
    for work in (heard, sampled_days):
        assert "sensor.py" in needed_by(work)
        assert not {"tables.py", "report.py"} & needed_by(work)
    for work in (drawn, drawn_days):
        assert "tables.py" in needed_by(work)
        assert not {"sensor.py", "report.py"} & needed_by(work)


_TWO_WORKS = """
import analysis.other
from analysis.rule import LIMIT

NOTE = "about both"


class Task:
    pass


def double(task: "Task"):
    return LIMIT * 2


def triple(task):
    return analysis.other.LIMIT * 3
"""


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("about both", "said better", False),
        ("* 3", "* 4", False),
        ("* 2", "* 4", True),
        ("    pass", "    n = 1", True),
    ],
)
def test_of_its_own_module_work_depends_on_what_it_needs(
    code: Path, before: str, after: str, *, changes: bool
) -> None:
    """Not on a table's text beside it, nor on other work."""
    path = code / "two.py"

    def needed() -> dict[Path, str]:
        found = result_cache._closure(path, "double")
        return {each: part.digest for each, part in found}

    path.write_text(_TWO_WORKS)
    first = needed()
    path.write_text(_TWO_WORKS.replace(before, after))

    assert (needed() != first) == changes
    assert code / "analysis/rule.py" in first
    assert code / "analysis/other.py" not in first


def test_nothing_is_kept_of_code_that_changed_meanwhile(
    tmp_path: Path, code: Path, work: Callable[[int], int]
) -> None:
    kept = CachedWork.of(tmp_path / "kept", work)
    (code / "analysis/rule.py").write_text("LIMIT = 2\n")

    with pytest.raises(InputError, match="changed"):
        kept(3)

    assert not list(kept.folder.iterdir())


def test_a_result_that_cannot_be_read_or_written_is_told_plainly(
    tmp_path: Path,
) -> None:
    kept = CachedWork.of(tmp_path, squaring([]))
    (kept.folder / kept.name_of(3)).mkdir()

    with pytest.raises(InputError, match="cannot be kept"):
        kept(3)

    gone = CachedWork.of(tmp_path / "other", squaring([]))
    gone.folder.rmdir()
    with pytest.raises(InputError, match="No such file"):
        gone(3)


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
