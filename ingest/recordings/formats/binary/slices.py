"""Device files a slice at a time: the decoder takes whole files, so it is given small ones."""

import importlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from analysis.model import FloatArray
from ingest.recordings.formats.base import refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What the decoder found in a slice.

    Attributes
    ----------
    times_s
        Shape (n,): Unix times as the device spaced them.
    acceleration_g
        Shape (n, 3).
    page_times_s
        Shape (n_pages,): the device's own time stamps, one for each sector or page.
    metadata
        Sections of names and texts.
    warnings
        What the decoder had to leave out.
    """

    times_s: FloatArray
    acceleration_g: FloatArray
    page_times_s: FloatArray
    metadata: Mapping[str, Mapping[str, str]]
    warnings: tuple[str, ...]

    def text(self, section: str, name: str) -> str:
        """Return one text of the metadata, or nothing."""
        return self.metadata.get(section, {}).get(name, "")


def decoder(path: Path) -> ModuleType:
    """Return the decoder of device files.

    Raises
    ------
    RecordingError
        If it is not installed.
    """
    try:
        return importlib.import_module("actfast")
    except ImportError as error:
        cause = "needs the extra 'devices': pip install 'spryhound[devices]'"
        raise refuse(path, cause) from error


def decode(path: Path, data: bytes) -> Slice:
    """Return the samples in some bytes that form a small file of their own.

    Raises
    ------
    RecordingError
        If nothing can be read.
    """
    actfast = decoder(path)
    with tempfile.TemporaryDirectory(prefix="spryhound-") as folder:
        small = Path(folder) / f"slice{path.suffix}"
        small.write_bytes(data)
        try:
            found = actfast.read(small, lenient=True)
        except (ValueError, OSError) as error:
            cause = str(error).replace(str(small), "it").splitlines()[0]
            raise refuse(path, cause) from error
    series = found["timeseries"]
    fast, slow = series.get("high_frequency", {}), series.get("low_frequency", {})
    return Slice(
        times_s=_seconds(fast.get("datetime", np.empty(0, np.int64))),
        acceleration_g=fast.get("acceleration", np.empty((0, 3))).astype(np.float64),
        page_times_s=_seconds(slow.get("datetime", np.empty(0, np.int64))),
        metadata=found["metadata"],
        warnings=tuple(found["warnings"]),
    )


def _seconds(times_ns: NDArray[np.int64]) -> FloatArray:
    return times_ns.astype(np.float64) / 1e9
