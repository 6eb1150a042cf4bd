"""Recorded jumps are told at any rate, whatever is around, and more than by a fixed rule."""

from pathlib import Path

import numpy as np
import pytest

from simulators.evaluation import fixed_rule
from simulators.evaluation.report import Section
from simulators.evaluation.sections.recorded_jumps import (
    AROUND,
    RATES_HZ,
    Surroundings,
    pieces,
    resampled,
    section,
)


@pytest.fixture(scope="module")
def found(recordings: Path) -> Section:
    """Return the section, once."""
    return section(recordings)


def test_nine_of_ten_clear_jumps_are_told_at_every_rate_between_everything(found: Section) -> None:
    """A sixth of them is cut off before the landing or after the push, so not all can be."""
    clear = [row for row in found.rows if str(row[0]).startswith("clear")]
    told = {(row[0], row[1]): int(row[3] or 0) for row in clear}
    by_rule = {(row[0], row[1]): int(row[5] or 0) for row in clear}

    assert len(clear) == len(RATES_HZ) * len(AROUND)
    assert min(told.values()) >= 0.85 * 46
    assert found.figures["told"] >= 0.90
    assert all(told[each] > by_rule[each] for each in told)


def test_what_lies_around_hardly_matters(found: Section) -> None:
    """Between the best and the worst of four surroundings and four rates lie four jumps of 46."""
    told = [int(row[3] or 0) for row in found.rows if str(row[0]).startswith("clear")]

    assert max(told) - min(told) <= 4


def test_few_weak_pieces_are_told(found: Section) -> None:
    """Hops, rearing and pieces of jumps: 56."""
    weak = [int(row[3] or 0) for row in found.rows if str(row[0]).startswith("weak")]

    assert max(weak) <= 10


def test_a_piece_lies_where_it_is_said_to(recordings: Path) -> None:
    """Between six seconds on either side, at the piece's own rate unchanged."""
    surroundings, piece = Surroundings(recordings), pieces(recordings)[1]

    for around in ("walk", "run", "stand"):
        stream_g, begin_s = surroundings.stream(piece, RATES_HZ[1], around)
        first = round(begin_s * RATES_HZ[1])
        inside_g = stream_g[first : first + len(piece.acceleration_g)]
        assert inside_g.tolist() == piece.acceleration_g.tolist()
        assert begin_s == pytest.approx(6.0, abs=0.02)


@pytest.mark.parametrize("to_hz", [25.0, 100.0 / 3.0, 100.0])
def test_a_slow_wave_survives_another_rate(to_hz: float) -> None:
    wave_g = np.sin(2.0 * np.pi * 2.0 * np.arange(200) / 50.0)[:, None] * np.ones(3)

    there_g = resampled(wave_g, 50.0, to_hz)

    expected = np.sin(2.0 * np.pi * 2.0 * np.arange(len(there_g)) / to_hz)
    inner = slice(len(there_g) // 10, -len(there_g) // 10)
    assert len(there_g) == round(4.0 * to_hz)
    assert there_g[inner, 0] == pytest.approx(expected[inner], abs=0.03)


def test_without_recordings_it_says_so(tmp_path: Path) -> None:
    assert str(tmp_path) in section(tmp_path).skipped
    assert section(None).skipped


def test_the_fixed_rule_wants_all_of_its_parts() -> None:
    """A push of 3.5 g, a light moment and a landing of 5 g; and nothing in a stand."""
    level_g = np.concatenate(
        [np.ones(100), np.full(6, 3.5), np.full(16, 0.4), np.full(6, 5.0), np.ones(100)]
    )

    def told(jump_g: np.ndarray) -> list[float]:
        return fixed_rule.jumps_s(np.outer(jump_g, [0.0, 0.0, 1.0]), 50.0)

    assert [round(at_s, 1) for at_s in told(level_g)] == [2.1]
    assert told(np.minimum(level_g, 2.4)) == told(np.maximum(level_g, 0.9)) == []
    assert told(np.ones(10)) == []
