"""The command line: parse, call, print."""

from ingest.cli.app import main

__all__ = ["main"]
