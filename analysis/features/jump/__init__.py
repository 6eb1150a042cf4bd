"""Jumps: light moments with a push and a landing, and how likely each is a jump."""
