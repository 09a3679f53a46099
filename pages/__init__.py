"""One file a page, in the order of their numbers, and beside it the folder with what only that page shows."""
