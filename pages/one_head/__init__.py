"""What the pages about queries, keys and values and about one head computes, says and asks."""
