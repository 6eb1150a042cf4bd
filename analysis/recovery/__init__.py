"""Recovery plans: what a dog may do today."""
