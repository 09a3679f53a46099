"""What the page of grammar probes computes, says and asks."""
