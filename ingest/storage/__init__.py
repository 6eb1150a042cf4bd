"""Where points are kept for review."""
