"""Measurement the detectors against what is known to be true."""
