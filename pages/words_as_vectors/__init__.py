"""What the page about words as vectors asks, computes, draws and says."""
