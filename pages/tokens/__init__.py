"""What the page about tokens computes, says and asks."""
