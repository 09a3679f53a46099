"""What the page about alignment computes, draws and says."""
