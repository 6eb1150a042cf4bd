"""From delivered packets to committed results."""
