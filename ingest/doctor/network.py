"""Checks of what is reached: the broker, InfluxDB, the notification services and the page."""

from analysis.errors import DeliveryError, RejectedError, SettingsError
from config.types import revealed
from ingest.doctor.base import DoctorContext, Finding, failed, ok, skipped, warning
from ingest.mqtt.probe import probe
from ingest.notifications.apprise_notifier import AppriseNotifier
from ingest.ports import Message, Point, Query
from ingest.storage.influx import InfluxStore
from ingest.storage.points import time_ns
from ingest.web.auth import SHORTEST_PASSWORD
from ingest.web.security import is_loopback


def check_broker(ward: DoctorContext) -> list[Finding]:
    """Return how far a message to ourselves came.

    A rule that forbids a topic is silent on many brokers: they confirm and throw away. So
    only a message that comes back shows that it is heard.
    """
    mqtt = ward.settings.mqtt
    place = mqtt.place
    result = probe(mqtt, timeout_s=ward.timeout_s)
    if result.refusals:
        advice = "check mqtt.user and its password, and the broker's rules (ACL) for that user"
        return [failed(f"{place} refuses: {'; '.join(result.refusals)}", advice)]
    if not result.connected:
        advice = (
            "is the broker running, and are mqtt.host, mqtt.port and mqtt.tls right?"
            " apt-get install mosquitto makes one"
        )
        said = result.fault or f"nothing that speaks MQTT 5 answers at {place}"
        return [failed(said, advice)]
    if not result.returned:
        advice = f"let the user read and write {mqtt.root}/# (see config/mosquitto/acl)"
        return [failed(f"{place} takes a message and does not deliver it", advice)]
    return [ok(f"{place}: a message to ourselves came back")]


_MEASUREMENT = "doctor"


def check_influxdb(ward: DoctorContext) -> list[Finding]:
    """Return whether a point that is written can be read.

    It goes to a measurement of its own, since only a write shows that token, bucket and rights
    are good; a few bytes a day of doctoring are nothing, and they disturb no other data.
    """
    influx = ward.settings.influx
    if not influx.enabled:
        return [skipped("not in use; everything is kept in the database here")]
    point = Point(
        measurement=_MEASUREMENT,
        dog="",
        kind="",
        run="doctor",
        time_ns=time_ns(ward.clock.now_s()),
        fields={"alive": True},
    )
    query = Query(measurement=_MEASUREMENT, run="doctor", start_ns=point.time_ns, newest=1)
    try:
        with InfluxStore(influx) as store:
            store.write([point])
            found = store.read(query)
    except RejectedError as error:
        advice = "check influx.token (or user and password), influx.org and influx.bucket"
        return [failed(str(error), advice)]
    except DeliveryError as error:
        return [failed(str(error), "nothing is lost meanwhile: what is due waits in the outbox")]
    if not found:
        advice = f"may the user read {influx.bucket!r} too?"
        return [failed(f"{influx.url} takes a point and does not give it back", advice)]
    return [ok(f"{influx.url}: a point was written to {influx.bucket!r} and read")]


_TEST = Message(
    title="Spryhound: a test",
    body="This is how an alert reaches you. Nothing is wrong with your dog.",
    severity="warning",
)


def check_notifications(ward: DoctorContext) -> list[Finding]:
    """Return how each notification service is; a message is sent only if asked for."""
    urls = ward.settings.notify.urls
    if not urls:
        advice = "add an Apprise URL to notify.urls: docs/notifications.md"
        return [warning("nobody is told of alerts: no notification URL", advice)]
    return [
        _finding(url.get_secret_value(), number, send=ward.notify)
        for number, url in enumerate(urls, start=1)
    ]


def _finding(url: str, number: int, *, send: bool) -> Finding:
    try:
        notifier = AppriseNotifier(url, number=number)
    except SettingsError as error:
        return failed(f"notify.urls, number {number}: {error}", "correct it: docs/notifications.md")
    if not send:
        return ok(f"{notifier.name}: the URL is complete; --notify sends a test message")
    try:
        notifier.send(_TEST)
    except DeliveryError as error:
        return failed(str(error), "check the URL, and whether this computer reaches the service")
    return ok(f"{notifier.name}: took a test message")


def check_page(ward: DoctorContext) -> list[Finding]:
    """Return who can reach the page, and what stands before it."""
    web = ward.settings.web
    if not web.enabled:
        return [skipped("not served")]
    password = revealed(web.password)
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
