"""What the page about visual attention reads, draws and says."""
