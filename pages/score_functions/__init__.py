"""What the page about score functions asks, computes and says."""
