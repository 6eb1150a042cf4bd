"""Words for people: alerts, plans and times."""
