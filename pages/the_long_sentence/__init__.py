"""What the page about the long sentence computes, draws and says."""
