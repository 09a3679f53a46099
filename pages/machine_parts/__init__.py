"""What the page about the parts of the machine computes, says and asks."""
