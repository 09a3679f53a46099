"""What the page about cross-attention computes, says and asks."""
