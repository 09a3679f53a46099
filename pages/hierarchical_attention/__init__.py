"""What the page about words and sentences asks, computes and says."""
