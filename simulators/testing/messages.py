"""Talk with a broker as anybody could: the real ``mosquitto_pub`` and ``mosquitto_sub``."""

import subprocess

from ingest.mqtt.embedded_broker import HOST


class Messages:
    """What is said below one root at a broker on this machine."""

    def __init__(self, *, port: int, root: str) -> None:
        self.port = port
        self.root = root

    def heard(self, rest: str, wanted: str = "", within_s: float = 20.0) -> str:
        """Return the first message on a topic, or the first that reads as wanted.

        Raises
        ------
        TimeoutError
            If there is none in time.
        """
        address = ["-h", HOST, "-p", str(self.port)]
        listen = ["mosquitto_sub", *address, "-t", f"{self.root}/{rest}", "-W", f"{within_s:.0f}"]
        with subprocess.Popen(listen, stdout=subprocess.PIPE, text=True) as listener:  # noqa: S603  # our own words
            found = (line.rstrip("\n") for line in listener.stdout or ())
            text = next((line for line in found if wanted in {"", line}), None)
            listener.kill()
        if text is None:
            msg = f"{self.root}/{rest}: nothing came within {within_s:g} s"
            raise TimeoutError(msg)
        return text

    def say(self, rest: str, *messages: str | bytes) -> None:
        """Publish one message after the other, as anybody with ``mosquitto_pub`` would."""
        address = ["-h", HOST, "-p", str(self.port)]
        for message in messages:
            publish = ["mosquitto_pub", *address, "-q", "1", "-t", f"{self.root}/{rest}", "-s"]
            body = message if isinstance(message, bytes) else message.encode()
            subprocess.run(publish, input=body, timeout=20.0, check=True)  # noqa: S603  # our own words
