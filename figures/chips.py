"""How a piece looks wherever it is a chip: its label and its colour."""

from figures import theme
from figures.labels import label


def chip(piece: str, place: int) -> tuple[str, str]:
    """The label and the colour of the piece at `place`, the same in encoder and decoder."""
    return label(piece), theme.token_colour(place)
