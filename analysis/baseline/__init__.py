"""The dog's own normal: learned per quantity, per weekday and per fit of the collar."""
