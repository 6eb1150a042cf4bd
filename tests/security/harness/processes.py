"""What everybody on a Linux machine can see of a process."""

import re
import socket
from pathlib import Path

PROC = Path("/proc")
_LISTENS = "0A"


def listening(pid: int) -> set[str]:
    """Return where a process listens, as ``address:port``."""
    own = {target for each in (PROC / str(pid) / "fd").iterdir() if (target := _socket(each))}
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in (PROC / "net" / table).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == _LISTENS and words[9] in own:
                address, _, port = words[1].partition(":")
                raw = b"".join(
                    bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8)
                )
                found.add(f"{socket.inet_ntop(family, raw)}:{int(port, 16)}")
    return found


def _socket(link: Path) -> str:
    try:
        found = re.fullmatch(r"socket:\[(\d+)\]", str(link.readlink()))
    except OSError:
        return ""
    return found[1] if found else ""


def command_lines() -> list[str]:
    """Return how each process of the machine was called."""
    found = []
    for each in PROC.glob("[0-9]*/cmdline"):
        try:
            found.append(each.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found
