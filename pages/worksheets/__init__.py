"""What only the page Worksheets shows: exercises from a trace, sheets of them, the printable page."""
