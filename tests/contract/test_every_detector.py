"""What every detector promises, for each one that is found in the folder."""

import copy
import dataclasses
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.detectors import specs
from analysis.detectors.base import DaySpec, DetectorContext, HourSpec, SignalDetector, SignalSpec
from analysis.model import Day, Event, Hour, Level, Signal, Verdict
from ingest.text.templates import fill

TESTS = Path(__file__).parents[1] / "unit" / "analysis" / "detectors"
CONTEXT = DetectorContext(withers_m=0.52)
SIGNAL_SPECS = [spec for spec in specs().values() if isinstance(spec, SignalSpec)]
DAY_SPECS = [spec for spec in specs().values() if isinstance(spec, DaySpec)]
HOUR_SPECS = [spec for spec in specs().values() if isinstance(spec, HourSpec)]
JUDGES: list[DaySpec[Any] | HourSpec[Any]] = [*DAY_SPECS, *HOUR_SPECS]
EVERY = [*SIGNAL_SPECS, *JUDGES]
SPEAKS = {Level.WATCH, Level.WARNING, Level.URGENT}
CUTS = st.lists(st.integers(0, 400), max_size=8)


def name_of(spec: Any) -> str:  # noqa: ANN401 (either kind of spec)
    """Return what a test of this detector is called."""
    return str(spec.name)


def test_file(spec: Any) -> ModuleType:  # noqa: ANN401 (either kind of spec)
    """Return a detector's own test file, which must exist and hold an EXAMPLE."""
    path = TESTS / f"test_{spec.name}.py"
    assert path.exists(), f"{spec.name} has no test file"
    loader = importlib.util.spec_from_file_location(f"example_of_{spec.name}", path)
    assert loader is not None
    assert loader.loader is not None
    module = importlib.util.module_from_spec(loader)
    loader.loader.exec_module(module)
    return module


test_file.__test__ = False  # type: ignore[attr-defined]  # a helper, whatever its name begins with


def part(signal: Signal, start: int, end: int) -> Signal:
    """Return some ticks of a signal."""
    return Signal(
        first_tick=signal.first_tick + start,
        acceleration_g=signal.acceleration_g[:, start:end],
        magnitude_g=signal.magnitude_g[start:end],
        vedba_g=signal.vedba_g[start:end],
        clipped=signal.clipped[start:end],
    )


def pieces(signal: Signal, cuts: list[int]) -> list[Signal]:
    """Return a signal in pieces of the given lengths, empty ones included."""
    found, at = [], 0
    for length in [*cuts, signal.n_ticks]:
        found.append(part(signal, at, at + length))
        at = min(signal.n_ticks, at + length)
    return found


def events(detector: SignalDetector, heard: list[Signal]) -> list[Event]:
    """Return all that a detector finds."""
    return [event for signal in heard for event in detector.update(signal)] + detector.finish()


@pytest.mark.parametrize("spec", SIGNAL_SPECS, ids=name_of)
def test_it_fires_on_its_own_example(spec: SignalSpec[Any]) -> None:
    """So that the promises below do not hold by silence."""
    found = events(spec.build(spec.settings(), CONTEXT), [test_file(spec).EXAMPLE])

    assert found
    assert {event.kind for event in found} <= set(spec.emits)


@pytest.mark.parametrize("spec", SIGNAL_SPECS, ids=name_of)
def test_any_cut_of_the_stream_finds_the_same(spec: SignalSpec[Any]) -> None:
    """Empty pieces included, to the last digit."""
    example = test_file(spec).EXAMPLE
    expected = events(spec.build(spec.settings(), CONTEXT), [example])

    @settings(max_examples=30)
    @given(CUTS)
    def check(cuts: list[int]) -> None:
        detector = spec.build(spec.settings(), CONTEXT)
        assert events(detector, pieces(example, cuts)) == expected

    check()


@pytest.mark.parametrize("spec", SIGNAL_SPECS, ids=name_of)
def test_after_a_gap_it_behaves_like_a_new_one(spec: SignalSpec[Any]) -> None:
    """Half an example before a gap does not help the whole one after it."""
    example = test_file(spec).EXAMPLE
    used = spec.build(spec.settings(), CONTEXT)
    used.update(part(example, 0, example.n_ticks // 2))
    used.finish()
    used.start_segment()
    later = dataclasses.replace(example, first_tick=example.first_tick + 50 * 86_400)

    fresh = spec.build(spec.settings(), CONTEXT)

    assert events(used, [later]) == events(fresh, [later])


@pytest.mark.parametrize("spec", SIGNAL_SPECS, ids=name_of)
def test_it_survives_a_restart_anywhere(spec: SignalSpec[Any]) -> None:
    """A new detector with the old one's state after each piece finds the same."""
    example = test_file(spec).EXAMPLE
    expected = events(spec.build(spec.settings(), CONTEXT), [example])
    detector = spec.build(spec.settings(), CONTEXT)
    found: list[Event] = []
    for piece in pieces(example, [50] * (example.n_ticks // 50)):
        found += detector.update(piece)
        successor = spec.build(spec.settings(), CONTEXT)
        for name, stateful in successor.parts().items():
            stateful.state = copy.deepcopy(detector.parts()[name].state)
        detector = successor

    assert found + detector.finish() == expected


@pytest.mark.parametrize("spec", SIGNAL_SPECS, ids=name_of)
def test_silence_finds_nothing(spec: SignalSpec[Any]) -> None:
    """A minute of a still collar."""
    example = test_file(spec).EXAMPLE
    still = dataclasses.replace(
        example,
        acceleration_g=np.zeros((3, 3000)),
        magnitude_g=np.ones(3000),
        vedba_g=np.zeros(3000),
        clipped=np.zeros(3000, bool),
    )

    assert events(spec.build(spec.settings(), CONTEXT), [still]) == []


@pytest.mark.parametrize("spec", EVERY, ids=name_of)
def test_settings_are_frozen_and_complete(spec: Any) -> None:  # noqa: ANN401 (either kind)
    """Every field has a default and a description."""
    chosen = spec.settings()
    described = "".join(each.__doc__ or "" for each in spec.settings.__mro__)

    for field in dataclasses.fields(chosen):
        assert field.name in described, field.name
        with pytest.raises(dataclasses.FrozenInstanceError, match=field.name):
            setattr(chosen, field.name, 0)


@pytest.mark.parametrize("spec", SIGNAL_SPECS, ids=name_of)
def test_events_hold_plain_numbers(spec: SignalSpec[Any]) -> None:
    """A numpy scalar passes as a float until somebody prints it."""
    for event in events(spec.build(spec.settings(), CONTEXT), [test_file(spec).EXAMPLE]):
        assert type(event.start_s) is type(event.end_s) is float
        assert {type(value) for value in event.evidence.values()} == {float}
        assert event.confidence in {"low", "medium", "high"}


def heard_by(detector: Any, example: list[Hour | Day]) -> list[Verdict]:  # noqa: ANN401 (either kind of judge)
    """Return a judge's verdicts on hours and days; one that hears hours learns from days."""
    found: list[Verdict] = []
    for each in example:
        if isinstance(each, Day) and hasattr(detector, "learn"):
            detector.learn(each)
        else:
            found += detector.update(each)
    return found


def verdicts(spec: DaySpec[Any] | HourSpec[Any]) -> list[Verdict]:
    """Return all verdicts of a judge on its example."""
    return heard_by(spec.build(spec.settings()), test_file(spec).EXAMPLE)


@pytest.mark.parametrize("spec", JUDGES, ids=name_of)
def test_a_judge_speaks_up_on_its_own_example(spec: DaySpec[Any] | HourSpec[Any]) -> None:
    """And calls its verdicts by its own name."""
    found = verdicts(spec)

    assert {verdict.kind for verdict in found} == {spec.name}
    assert {verdict.level for verdict in found} & SPEAKS


@pytest.mark.parametrize("spec", JUDGES, ids=name_of)
def test_a_judge_survives_a_restart_after_every_piece(spec: DaySpec[Any] | HourSpec[Any]) -> None:
    """A new detector with the old one's state each time comes to the same verdicts."""
    detector = spec.build(spec.settings())
    found: list[Verdict] = []
    for each in test_file(spec).EXAMPLE:
        found += heard_by(detector, [each])
        successor = spec.build(spec.settings())
        successor.state = copy.deepcopy(detector.state)
        detector = successor

    assert found == verdicts(spec)


@pytest.mark.parametrize("spec", JUDGES, ids=name_of)
def test_the_owners_sentence_can_be_filled(spec: DaySpec[Any] | HourSpec[Any]) -> None:
    """From the evidence of the worst verdict, which holds plain floats."""
    worst = max(
        (verdict for verdict in verdicts(spec) if verdict.level in SPEAKS),
        key=lambda verdict: list(Level).index(verdict.level),
    )

    assert {type(value) for value in worst.evidence.values()} <= {float}
    sentence = fill(spec.kind.seen[:1], {"dog": "Rex", **worst.evidence})
    assert "Rex" in sentence
    assert "{" not in sentence
    assert "nan" not in sentence
