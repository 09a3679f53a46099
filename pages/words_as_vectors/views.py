"""One of five views."""

from pages.words_as_vectors import analogy, context, maps, near, parts
from pages.words_as_vectors.asked import Asked
from ui.frame import Workshop
from ui.frame.rooms import Rooms


def show(rooms: Rooms, shop: Workshop, asked: Asked) -> None:
    """The view that is asked for."""
    if asked.view == "context":
        context.show(rooms, shop, asked)
    elif asked.origin is None:
        return  # the menu has said how to train one
    elif asked.view == "analogy":
        analogy.show(rooms, shop, asked)
    elif asked.view == "map":
        maps.show(rooms, shop, asked)
    elif asked.view == "parts":
        parts.show(rooms, shop, asked)
    else:
        near.show(rooms, shop, asked)
