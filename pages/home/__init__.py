"""What only Home (`home.py`) shows."""
