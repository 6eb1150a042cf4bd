"""What each page shows, and the charts in it."""
