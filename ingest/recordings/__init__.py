"""Where packets come from: the broker, or a recording."""
