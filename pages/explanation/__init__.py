"""What the page that asks whether attention explains computes, says and asks."""
