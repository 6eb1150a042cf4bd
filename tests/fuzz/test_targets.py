"""Any bytes leave every reader of bytes unharmed: what was found before, and what is tried now."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import CORPUS, seeds
from tests.fuzz.targets import TARGETS

EVERY = pytest.mark.parametrize("name", TARGETS)
FOUND = sorted(CORPUS.glob("*/*"))
TRIES = settings(max_examples=150, suppress_health_check=list(HealthCheck))


@EVERY
def test_what_is_good_is_no_fault(name: str) -> None:
    for seed in seeds(name):
        TARGETS[name](seed)


@pytest.mark.parametrize("path", FOUND, ids=[f"{each.parent.name}-{each.name}" for each in FOUND])
def test_what_was_found_is_mended(path: str) -> None:
    folder, file = str(path).rsplit("/", 2)[-2:]

    TARGETS[folder]((CORPUS / folder / file).read_bytes())


@EVERY
@given(data=st.binary(max_size=600))
@TRIES
def test_any_bytes_are_taken_or_refused(name: str, data: bytes) -> None:
    TARGETS[name](data)


@EVERY
@given(draw=st.data())
@TRIES
def test_spoilt_bytes_are_taken_or_refused(name: str, draw: st.DataObject) -> None:
    """A good one with pieces overwritten, put in, taken out and doubled, as fuzzers do."""
    data = bytearray(draw.draw(st.sampled_from(seeds(name)))[:20_000])
    pieces = st.sampled_from([b"\0", b"\xff" * 4, b"9" * 20, b"-", b"[", b"%00", b'"', b"nan"])
    for _ in range(draw.draw(st.integers(1, 8))):
        place = draw.draw(st.integers(0, len(data)))
        length = draw.draw(st.integers(0, 12))
        with_what = draw.draw(st.binary(max_size=6) | pieces | st.just(bytes(data[place:][:64])))
        data[place : place + length] = with_what

    TARGETS[name](bytes(data))
