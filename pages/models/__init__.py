"""What the page about the models there are computes, says and asks."""
