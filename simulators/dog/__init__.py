"""The dog: size, condition and collar, as records."""
