"""A server that refuses everything and repeats what it was told, secrets and all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Echo(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        said = f"{self.path} {self.headers} {self.rfile.read(length)!r}"
        body = f'{{"error": "unauthorized", "code": "unauthorized", "message": {said!r}}}'.encode()
        self.send_response(401, self.path)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Influxdb-Error", self.path)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST  # noqa: N815  # the names are http.server's

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@contextmanager
def echo() -> Iterator[int]:
    """Serve for the time of the block; give the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
