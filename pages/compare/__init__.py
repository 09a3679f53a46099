"""What the page that compares two models computes, says and asks."""
