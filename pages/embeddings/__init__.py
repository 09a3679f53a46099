"""What the page about embeddings computes, says and asks."""
