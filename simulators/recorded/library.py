"""A library of recorded stretches: those of a folder, by what they are of."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from simulators.recorded.layouts import stretches
from simulators.recorded.manifest import Manifest, manifest_of
from simulators.recorded.stretch import Stretch


@dataclass(frozen=True, slots=True)
class Library:
    """Recorded stretches, in the order of the manifest."""

    stretches: tuple[Stretch, ...]

    def of(
        self,
        *labels: str,
        dog: str | None = None,
        species: str | None = None,
        half: str | None = None,
    ) -> tuple[Stretch, ...]:
        """Return the stretches of some labels, all if none is named, of one dog or half."""
        return tuple(
            each
            for each in self.stretches
            if (not labels or each.label in labels)
            and dog in {None, each.dog}
            and species in {None, each.species}
            and half in {None, each.half}
        )

    def dogs(self, *, species: str = "dog", half: str | None = None) -> list[str]:
        """Return the dogs that there is something of, in order."""
        return list(dict.fromkeys(each.dog for each in self.of(species=species, half=half)))


def load_library(folder: Path, *, species: str | None = None) -> Library:
    """Return what a folder holds by its manifest, or by the known one if it has none.

    Parameters
    ----------
    species
        Read files of this one only; of all if None.

    Raises
    ------
    SettingsError
        If the manifest is wrong.
    RecordingError
        If a file cannot be read, or does not hold what the manifest says.
    """
    files = manifest_of(folder).files
    chosen = [each for each in files if species in {None, each.species}]
    return Library(tuple(one for each in chosen for one in stretches(folder, each)))


def stamp_of(folder: Path) -> str:
    """Return a few letters that change with the manifest and with any file that it names."""
    manifest: Manifest = manifest_of(folder)
    known = sha256(manifest.model_dump_json().encode())
    for name in sorted({name for each in manifest.files for name in each.names()}):
        stat = (folder / name).stat()
        known.update(f"{name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return known.hexdigest()[:16]
