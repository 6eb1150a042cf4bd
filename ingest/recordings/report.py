"""The JSON document of a replay, written without holding a long recording's results in memory."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from types import TracebackType
from typing import IO, Any, Self

import msgspec

from analysis.model import AlertChange, Results
from ingest.processing.stream_processor import StreamProcessor
from ingest.recordings.quality import QualitySums
from ingest.recordings.reader import Recording
from ingest.recordings.replay import Replayed
from ingest.text.alerts import advice, describe, owner_note_text

_LISTS = ("minutes", "gait", "events", "days")
_SPOOL_BYTES = 1 << 20


class RecordingPart:
    """One recording's entry: lists are spooled to disk, the rest is written at the end.

    The spools are there inside ``with``.

    Attributes
    ----------
    quality
        What is known of the signal.
    event_counts
        How many events there were of each kind.
    """

    def __init__(self) -> None:
        self._spools: dict[str, IO[bytes]] = {
            name: tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 (closed by __exit__)
            for name in _LISTS
        }
        self._counts = dict.fromkeys(_LISTS, 0)
        self._alerts: dict[str, AlertChange] = {}
        self.quality = QualitySums()
        self.event_counts = Counter[str]()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for spool in self._spools.values():
            spool.close()

    def add(self, results: Results) -> None:
        """Append what one step of the pipeline gave; of each alert the newest change counts."""
        for name in _LISTS:
            self._append(name, getattr(results, name))
        self._alerts |= {change.id: change for change in results.alerts}
        self.quality.add(results.minutes)
        self.event_counts.update(event.kind for event in results.events)

    def alerts(self) -> list[AlertChange]:
        """Return every alert as it stands, by onset."""
        return sorted(self._alerts.values(), key=lambda change: (change.onset_s, change.kind))

    def count(self, name: str) -> int:
        """Return how many records one of the lists holds."""
        return self._counts[name]

    def write(self, to: IO[bytes], head: Mapping[str, Any], dog_name: str, zone: str) -> None:
        """Write the entry as JSON, `head` first."""
        to.write(json.dumps(head).encode()[:-1])
        for name, spool in self._spools.items():
            to.write(f', "{name}": ['.encode())
            spool.seek(0)
            while chunk := spool.read(_SPOOL_BYTES):
                to.write(chunk)
            to.write(b"]")
        alerts = [alert_entry(change, dog_name, zone) for change in self.alerts()]
        to.write(b', "alerts": ' + json.dumps(alerts).encode() + b"}")

    def _append(self, name: str, records: Iterable[Any]) -> None:
        spool = self._spools[name]
        for record in records:
            spool.write(b",\n" if self._counts[name] else b"\n")
            spool.write(msgspec.json.encode(record))
            self._counts[name] += 1


class Document:
    """The whole document: open it, write each recording's entry, close it."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to = to
        self._n_entries = 0
        to.write(f'{{"spryhound": "{version("spryhound")}", "recordings": ['.encode())

    def entry(self, part: RecordingPart, head: Mapping[str, Any], dog_name: str, zone: str) -> None:
        """Write one recording."""
        self._to.write(b",\n" if self._n_entries else b"\n")
        self._n_entries += 1
        part.write(self._to, head, dog_name, zone)

    def close(self) -> None:
        """End the document."""
        self._to.write(b"]}\n")
        self._to.flush()


def recording_head(
    recording: Recording,
    processor: StreamProcessor,
    part: RecordingPart,
    replayed: Replayed,
    dog: str,
) -> dict[str, Any]:
    """Return what the document says of a recording before its lists."""
    routing, quality = processor.state, part.quality
    start_s = routing.since_s.get(dog, 0.0)
    left_out = [f"{count} left out: {cause}" for cause, count in sorted(replayed.drops.items())]
    fault = [] if recording.fault is None else [recording.fault]
    return {
        "path": str(recording.path),
        "dog": dog,
        "start_s": start_s,
        "rate_hz": recording.rate_hz,
        "duration_s": routing.until_s.get(dog, start_s) - start_s,
        "quality": {
            "worn_s": quality.worn_s,
            "gap_s": routing.gap_s.get(dog, 0.0),
            "clipped": quality.clipped,
            "notes": [
                *recording.notes,
                *quality.notes(processor.pipelines[dog].correction),
                *left_out,
                *fault,
            ],
        },
    }


def alert_entry(change: AlertChange, dog_name: str, zone: str) -> dict[str, Any]:
    """Return an alert as the document and the command line show it."""
    message = describe(change, dog_name, zone)
    entry = asdict(change)
    del entry["notify"]
    return entry | {
        "title": message.title,
        "text": message.body,
        "do": advice(change, dog_name),
        "noted": owner_note_text(change),
    }
