"""What the page that edits attention computes, says and asks."""
