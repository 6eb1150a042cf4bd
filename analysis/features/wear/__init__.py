"""Whether the collar is worn and its sensor alive."""
