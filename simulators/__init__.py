"""A made-up world to test against: dogs, collars, days and faults."""
