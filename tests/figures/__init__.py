"""The contract of every picture."""
