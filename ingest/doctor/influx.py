"""Whether InfluxDB takes what we write and gives it back."""

from analysis.errors import DeliveryError, RejectedError
from ingest.app.bootstrap import influx_store
from ingest.doctor.base import Finding, Ward, failed, ok, skipped
from ingest.ports import Point, Query
from ingest.storage.points import time_ns

_MEASUREMENT = "doctor"


def check(ward: Ward) -> list[Finding]:
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
        with influx_store(ward.settings) as store:
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
