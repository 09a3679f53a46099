"""What is in a scene, in the reader's words."""

from systems.scenes.scene import Scene, Shape
from ui.text import translate as _


def names() -> dict[str, str]:
    """The words of the grammar of scenes, as the interface says them."""
    return {
        "red": _("red"), "blue": _("blue"), "green": _("green"), "yellow": _("yellow"), "small": _("small"), "large": _("large"),
        "circle": _("circle"), "square": _("square"), "triangle": _("triangle"), "nothing": _("nothing"),
    }  # fmt: skip


def told(shape: Shape) -> str:
    """A shape in words: `large red circle`."""
    named = names()
    return _("{size} {colour} {kind}").format(
        size=named[shape.size], colour=named[shape.colour], kind=named[shape.kind]
    )


def twin(scene: Scene) -> str:
    """The whole scene in words: the text alternative of every picture of it."""
    listed = (_("a {shape} at {x}, {y}").format(shape=told(shape), x=shape.x, y=shape.y) for shape in scene)
    return ", ".join(listed) or names()["nothing"]


def lies(place: int) -> str:
    """Where a cell of the 6 x 6 is: `row 2, column 5`."""
    return _("row {row}, column {column}").format(row=place // 6 + 1, column=place % 6 + 1)
