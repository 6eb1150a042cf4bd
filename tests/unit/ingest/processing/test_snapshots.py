"""States as bytes and back."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from analysis.errors import StoreError
from analysis.model import FloatArray, Minute
from ingest.processing import snapshots


@dataclass(slots=True, kw_only=True)
class Memory:
    """A state with one of each kind."""

    count: int = 0
    mean_g: float = 0.0
    name: str | None = None
    window_g: FloatArray = field(default_factory=lambda: np.zeros((0, 3)))
    minutes: list[Minute] = field(default_factory=list)
    by_cause: dict[str, int] = field(default_factory=dict)


FULL = Memory(
    count=3,
    mean_g=0.1 + 0.2,
    name="rex",
    window_g=np.array([[0.1, -0.0, 1e-300]]),
    minutes=[
        Minute(start_s=60.0, worn_s=60, vedba_g=0.1, rest_s=0, light_s=0, walk_s=60, vigorous_s=0)
    ],
    by_cause={"late": 2},
)


def test_states_come_back_to_the_last_bit() -> None:
    data = snapshots.encode({"one": FULL, "two": Memory()})

    back = snapshots.decode(data, {"one": Memory(), "two": Memory()}).states

    one, two = back["one"], back["two"]
    assert isinstance(one, Memory)
    assert isinstance(two, Memory)
    assert one.window_g.tobytes() == FULL.window_g.tobytes()
    assert (one.count, one.mean_g, one.name) == (FULL.count, FULL.mean_g, FULL.name)
    assert (one.minutes, one.by_cause) == (FULL.minutes, FULL.by_cause)
    assert two.window_g.shape == (0, 3)


def test_an_array_that_came_back_can_be_changed_in_place() -> None:
    back = snapshots.decode(snapshots.encode({"one": FULL}), {"one": Memory()}).states["one"]

    assert isinstance(back, Memory)
    back.window_g[0, 0] = 5.0
    assert back.window_g[0, 0] == 5.0


def test_names_on_one_side_only_do_no_harm() -> None:
    """A dog that came has no state yet; one that went is kept for when it comes back."""
    data = snapshots.encode({"one": Memory(), "gone": FULL})

    saved = snapshots.decode(data, {"one": Memory(), "new": Memory()})
    again = snapshots.encode(saved.states, saved.unknown_parts)

    assert set(saved.states) == {"one"}
    assert snapshots.names(again) == ["gone", "one"]
    assert snapshots.decode(again, {"gone": Memory()}).states["gone"] is not None


def test_a_state_of_another_shape_is_refused_by_name() -> None:
    data = snapshots.encode({"one": {"count": "three"}})

    saved = snapshots.decode(data, {"one": Memory()})

    assert saved.states == {}
    assert [each[:35] for each in saved.unreadable] == ["snapshot of one does not fit Memory"]


@pytest.mark.parametrize(
    "window",
    [["<f8", [2, 3], b"short"], ["object", [1], b"12345678"], ["no such kind", [0], b""], "text"],
    ids=["short", "object", "kind", "text"],
)
def test_a_broken_array_is_refused(window: object) -> None:
    data = snapshots.encode({"one": {"window_g": window}})

    assert snapshots.decode(data, {"one": Memory()}).states == {}


@pytest.mark.parametrize("cut", [0, 1, 20])
def test_torn_bytes_are_refused(cut: int) -> None:
    data = snapshots.encode({"one": FULL})

    with pytest.raises(StoreError, match="snapshot"):
        snapshots.decode(data[:cut], {"one": Memory()})


def test_a_state_that_holds_an_object_with_behaviour_cannot_be_saved() -> None:
    with pytest.raises(TypeError, match="a state holds Generator"):
        snapshots.encode({"one": {"dice": np.random.default_rng(1)}})
