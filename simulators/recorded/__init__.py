"""Days and weeks spliced from recordings of real dogs, with the truth known."""
