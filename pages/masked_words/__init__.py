"""What the page about masked words asks, computes, draws and says."""
