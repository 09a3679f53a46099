"""What the page about the class's own pairs reads, shows, keeps and starts."""
