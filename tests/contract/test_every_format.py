"""Every file format, found by itself: it reads its example, and nothing else gets out of it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import RecordingError
from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import decode
from ingest.recordings.formats import specs
from ingest.recordings.formats.base import Block, FormatSpec, ReadOptions
from ingest.recordings.reader import open_recording

EVERY = pytest.mark.parametrize("spec", specs().values(), ids=specs().keys())
WITH_EXAMPLE = [spec for spec in specs().values() if spec.example is not None]
EXAMPLES = pytest.mark.parametrize("spec", WITH_EXAMPLE, ids=[spec.name for spec in WITH_EXAMPLE])
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
DEVICE_FILES = {
    "axivity_cwa": "ax6_sample.cwa",
    "geneactiv_bin": "gnactv_sample.bin",
}


def read_or_refuse(spec: FormatSpec, path: Path) -> int:
    """Return the number of pieces read; any error but `RecordingError` fails the test."""
    n_pieces, refusal = 0, ""
    try:
        for piece in spec.read(path, ReadOptions()):
            n_pieces += 1
            if isinstance(piece, Block):
                assert piece.acceleration_g.shape == (len(piece.times_s), 3)
                assert np.isfinite(piece.acceleration_g).all()
                assert np.isfinite(piece.times_s).all()
            else:
                assert isinstance(piece, EncodedPacket)
    except RecordingError as error:
        refusal = str(error)
    assert refusal == "" or refusal.startswith(str(path))
    assert "\n" not in refusal
    return n_pieces


def damaged(data: bytes, draw: st.DataObject) -> bytes:
    """Return bytes with some overwritten and perhaps the end missing."""
    spoilt = bytearray(data)
    spots = st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255))
    for place, value in draw.draw(st.lists(spots, max_size=20)):
        spoilt[place] = value
    return bytes(spoilt[: draw.draw(st.integers(0, len(data)))])


@EVERY
def test_the_name_is_the_files_name_and_fits_the_command_line(spec: FormatSpec) -> None:
    assert spec.read.__module__ in {
        f"ingest.recordings.formats.{spec.name}",
        f"ingest.recordings.formats.plain_{spec.name}",
    }
    assert spec.title


@EXAMPLES
def test_the_example_is_recognised_and_read(spec: FormatSpec, tmp_path: Path) -> None:
    path = tmp_path / f"example{spec.suffixes[0]}"
    path.write_bytes(spec.example or b"")

    recording = open_recording(path)
    packets = list(recording.packets())

    assert recording.format == spec.name
    assert recording.rate_hz == pytest.approx(50.0)
    assert sum(decode(each.payload, each.content_type).n_samples for each in packets) > 20
    assert recording.fault is None


@EXAMPLES
def test_the_example_publishes_the_same_bytes_twice(spec: FormatSpec, tmp_path: Path) -> None:
    path = tmp_path / f"example{spec.suffixes[0]}"
    path.write_bytes(spec.example or b"")

    recording = open_recording(path)

    assert list(recording.packets()) == list(recording.packets())


@EVERY
@given(data=st.binary(max_size=2000))
@FUZZ
def test_any_bytes_are_read_or_refused(spec: FormatSpec, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / f"any{spec.suffixes[0]}"
    path.write_bytes(data)

    read_or_refuse(spec, path)


@EXAMPLES
@given(draw=st.data())
@FUZZ
def test_a_damaged_example_is_read_or_refused(
    spec: FormatSpec, tmp_path: Path, draw: st.DataObject
) -> None:
    path = tmp_path / f"damaged{spec.suffixes[0]}"
    path.write_bytes(damaged(spec.example or b"", draw))

    read_or_refuse(spec, path)


@pytest.mark.parametrize("name", DEVICE_FILES)
@given(draw=st.data())
@FUZZ
def test_a_damaged_device_file_is_read_or_refused(
    name: str, recordings: Path, tmp_path: Path, draw: st.DataObject
) -> None:
    spec = specs()[name]
    path = tmp_path / f"damaged{spec.suffixes[0]}"
    whole = (recordings / "device-files" / DEVICE_FILES[name]).read_bytes()
    path.write_bytes(damaged(whole[:20_000], draw))

    read_or_refuse(spec, path)


@EVERY
def test_a_missing_file_is_refused(spec: FormatSpec, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"cannot be read|gt3x is not read"):
        list(spec.read(tmp_path / "missing", ReadOptions()))
