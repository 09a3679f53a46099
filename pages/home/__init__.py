"""What only Home (`app.py`) shows."""
