"""What the page about the Vision Transformer reads, draws and says."""
