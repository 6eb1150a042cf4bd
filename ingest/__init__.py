"""The shell around the analysis: network, disk, screen, clock and threads."""
