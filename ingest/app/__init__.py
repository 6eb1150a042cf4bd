"""The daemon: the composition root, its threads and the service manager."""
