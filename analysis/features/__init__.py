"""What is measured on the signal: minutes, gait windows, days."""
