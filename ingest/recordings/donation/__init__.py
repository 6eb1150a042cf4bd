"""Recordings that owners give away: chosen stretches with their labels, and nobody's name."""
