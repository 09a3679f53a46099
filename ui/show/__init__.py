"""What comes on the screen on every page: pictures, the sum behind a number, tables, prose, code."""
