"""What the page about the memory network asks, computes and says."""
