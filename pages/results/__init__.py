"""What the page about what the Transformer won and what it cost computes, says and asks."""
