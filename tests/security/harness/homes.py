"""A home as an installation makes it: users, passwords and rules of a real Mosquitto."""

import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from simulators.testing.servers import Mosquitto

ROOT = Path(__file__).resolve().parents[3]
CONFIG = ROOT / "config" / "mosquitto"
WITHIN_S = 10.0


def init(secrets: Path, *arguments: str) -> str:
    """Run the script that makes the secrets of an installation; return what it prints."""
    done = subprocess.run(
        ["sh", str(ROOT / "config" / "compose" / "init.sh"), *arguments],  # noqa: S607  # any sh
        env={
            "PATH": "/usr/bin:/bin",
            "SECRETS": str(secrets),
            # The broker under test runs as whoever runs the tests.
            "MOSQUITTO_UID": "0",
            "INFLUXDB_UID": "0",
            "SPRYHOUND_UID": "0",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


class Home:
    """A broker with the daemon, Home Assistant and two collars, as `init` sets it up."""

    def __init__(self, folder: Path) -> None:
        secrets = folder / "secrets"
        init(secrets)
        self.passwords = {"spryhound": (secrets / "spryhound" / "mqtt_password").read_text()}
        for name in ("red", "blue", "homeassistant"):
            printed = init(secrets, "user", name)
            self.passwords[name] = printed.split("password ")[1].split()[0]
        self.server = Mosquitto(
            folder=folder / "broker",
            password_file=secrets / "mosquitto" / "passwords",
            acl_file=CONFIG / "acl",
        )

    def client(self, user: str, client_id: str = "") -> Client:
        """Return a client of one user that is not connected yet."""
        client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTv5)
        client.username_pw_set(user, self.passwords.get(user, "wrong"))
        return client

    @contextmanager
    def connected(
        self,
        user: str,
        heard: "queue.Queue[str] | None" = None,
        *,
        listen: str | tuple[str, ...] = (),
    ) -> Iterator[Client]:
        """Give a client of one user, who hears `listen` once this returns."""
        client, granted = self.client(user), threading.Event()
        topics = (listen,) if isinstance(listen, str) else listen

        def keep(_client: Client, _userdata: object, message: MQTTMessage) -> None:
            if heard is not None:
                heard.put(message.topic)

        client.on_message = keep
        client.on_subscribe = lambda *_: granted.set()
        client.connect(self.server.host, self.server.port)
        client.loop_start()
        try:
            if topics:
                client.subscribe([(topic, 1) for topic in topics])
                assert granted.wait(WITHIN_S)
            yield client
        finally:
            client.disconnect()
            client.loop_stop()

    def last_heard(self, topic: str, *, most: int = 1, quiet_s: float = 1.0) -> str:
        """Return what the daemon may hear on a topic, retained messages first."""
        heard: queue.Queue[str] = queue.Queue()
        with self.connected("spryhound") as client:
            client.on_message = lambda *said: heard.put(f"{said[2].topic} {said[2].payload!r}")
            client.subscribe(topic, qos=1)
            lines = [heard.get(timeout=WITHIN_S)]
            while len(lines) < most:
                try:
                    lines.append(heard.get(timeout=quiet_s))
                except queue.Empty:
                    break
        return "\n".join(lines)
