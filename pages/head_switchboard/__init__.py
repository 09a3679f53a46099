"""What the page with the switchboard of heads computes, says and asks."""
