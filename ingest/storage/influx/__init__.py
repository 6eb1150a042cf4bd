"""Points in InfluxDB 1.x, 2.x or 3: a projection of the embedded database, for graphs."""

from ingest.storage.influx.store import InfluxStore

__all__ = ["InfluxStore"]
