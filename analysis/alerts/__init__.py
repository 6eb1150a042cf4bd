"""What an alert is, and how one verdict changes it."""
