"""What the page of the broken models computes, says and asks."""
