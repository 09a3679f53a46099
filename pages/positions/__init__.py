"""What the page about positions computes, says and asks."""
