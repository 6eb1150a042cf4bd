"""The pictures of docs/simulator.md: `python -m simulators.pictures docs/pictures`."""
