"""Certificates for trials, made by the real ``openssl``."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Somebody who signs certificates."""

    folder: Path
    name: str

    def __post_init__(self) -> None:
        """Make its own certificate."""
        self.folder.mkdir(parents=True, exist_ok=True)
        subject = ("-subj", f"/CN={self.name}", "-days", "2")
        _openssl("req", "-x509", *_KEY, "-keyout", self._key, "-out", self.file, *subject)

    @property
    def file(self) -> Path:
        """Its certificate, for those who trust it."""
        return self.folder / f"{self.name}.pem"

    @property
    def _key(self) -> Path:
        return self.folder / f"{self.name}.key"

    def sign(self, kind: str, names: str, days: int = 2) -> dict[str, str]:
        """Return Mosquitto's settings for a certificate with some names, valid for some days."""
        base = self.folder / kind
        key, request, made, names_file = (
            base.with_suffix(suffix) for suffix in (".key", ".csr", ".crt", ".names")
        )
        names_file.write_text(f"subjectAltName={names}\n")
        _openssl("req", *_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={kind}")
        signing = ("-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-days", days)
        _openssl("x509", "-req", "-in", request, "-out", made, *signing, "-extfile", names_file)
        return {"certfile": str(made), "keyfile": str(key)}


def _openssl(*words: str | Path | int) -> None:
    command = ["openssl", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
