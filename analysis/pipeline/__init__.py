"""The one pipeline: samples to measurements, measurements to alerts."""
