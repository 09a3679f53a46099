"""What the page about the stack computes, says and asks."""
