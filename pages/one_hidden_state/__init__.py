"""What the page about one hidden state computes, draws and says."""
