"""What the page about many heads computes, says and asks."""
