"""A day of a dog, as bouts of behaviour."""
