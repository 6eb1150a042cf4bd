"""The collar: how it sits, samples and sends."""
