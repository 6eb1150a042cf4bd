"""Whether the page is open to others, and then safely so."""

from ingest.doctor.base import Finding, Ward, failed, ok, skipped, warning
from ingest.web.auth import SHORTEST_PASSWORD
from ingest.web.security import is_loopback


def check(ward: Ward) -> list[Finding]:
    """Return who can reach the page, and what stands before it."""
    web = ward.settings.web
    if not web.enabled:
        return [skipped("not served")]
    password = "" if web.password is None else web.password.get_secret_value()
    if is_loopback(web.host):
        return [ok(f"listens on {web.host} only" + (", with a password" if password else ""))]
    if len(password) < SHORTEST_PASSWORD:
        return [
            failed(
                f"would be open to others (web.host = {web.host}) without a good password",
                "run `spryhound secret web.password` and set web.password_file to it",
            )
        ]
    if web.cert_file is None:
        return [
            warning(
                f"is open to others (web.host = {web.host}), and the password crosses the network"
                " in the clear",
                "set web.cert_file and web.key_file, or publish it on 127.0.0.1 only",
            )
        ]
    return [ok(f"is open to others (web.host = {web.host}), with a password and HTTPS")]
