"""How the dog steps: periodicity, variability and asymmetry of steady walking."""
