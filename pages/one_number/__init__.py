"""What the page about one number asks, computes and says."""
