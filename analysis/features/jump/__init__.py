"""Jumps: candidate moments, their features, and the model that judges them."""
