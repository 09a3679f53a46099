"""What the page about the decoder and its mask computes, says and asks."""
