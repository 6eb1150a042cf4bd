"""Simulated dogs by the dozen, and what the alerts were."""
