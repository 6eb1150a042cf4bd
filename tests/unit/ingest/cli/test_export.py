"""The journal as a recording that plays again."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result

from ingest.packets.envelope import EncodedPacket, ReceivedPacket
from ingest.packets.packet import Packet, encode_cbor
from ingest.storage.journal import Journal, Transaction
from simulators.testing.fakes import ManualClock

Type = Callable[..., Result]
START_S = 1_780_315_200.0


@pytest.fixture
def journal(home: Path) -> Path:
    """Return a journal with two minutes of two still collars."""
    path = home / "store" / "spryhound.sqlite"
    with Journal(path, ManualClock()) as opened, opened.transaction() as tx:
        for collar in ("red", "blue"):
            for seq in range(12):
                _append(tx, collar, seq)
    return path


def _append(tx: Transaction, collar: str, seq: int) -> None:
    packet = Packet(
        seq=seq,
        boot="1",
        t_ms=(START_S + 10 * seq) * 1000.0,
        rate_hz=50.0,
        acceleration_g=np.tile([0.0, 0.0, 1.0], (500, 1)),
    )
    arrival_s = START_S + 10 * seq + 10
    encoded = EncodedPacket(
        collar=collar,
        arrival_s=arrival_s,
        content_type="application/cbor",
        payload=encode_cbor(packet),
    )
    tx.append(ReceivedPacket(encoded=encoded, packet=packet))


@pytest.mark.usefixtures("journal")
def test_what_was_exported_plays_again(spryhound: Type, home: Path) -> None:
    """Two minutes of one collar come back as two minutes."""
    exported = spryhound("export", "out.cborseq", "--collar", "red")
    assert (exported.exit_code, exported.stdout) == (0, "out.cborseq: 12 packets\n")

    replayed = spryhound("replay", "out.cborseq", "--json", "out.json")

    assert replayed.exit_code == 0
    (recording,) = json.loads((home / "out.json").read_text())["recordings"]
    assert recording["duration_s"] == pytest.approx(120.0)
    assert recording["quality"]["gap_s"] == 0.0
