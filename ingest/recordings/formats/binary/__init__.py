"""What the binary formats share."""
