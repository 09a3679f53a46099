"""What only the page about queries, keys and values shows."""
