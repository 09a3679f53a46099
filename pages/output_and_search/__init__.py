"""What the page about output and search computes, says and asks."""
