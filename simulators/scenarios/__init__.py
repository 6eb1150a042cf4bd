"""Stories of a dog over days, and what they become."""
