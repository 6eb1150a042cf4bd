"""Whether, when and how the owner is told of an alert."""
