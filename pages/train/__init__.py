"""What only the page that trains shows."""
