"""From the bytes of a packet to gap-free samples."""
