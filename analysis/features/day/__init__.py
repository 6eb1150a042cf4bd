"""What a day is made of: minutes, hours, nights and their sums."""
