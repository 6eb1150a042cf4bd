"""What the formats of text tables share."""
