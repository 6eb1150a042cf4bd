"""Training of what is learned; run by hand, the result is kept in the repository."""
