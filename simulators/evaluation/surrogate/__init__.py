"""Days drawn from measured tables instead of samples."""
