"""A scene: a few coloured shapes on a square picture, and how one is written in a line of text.

`rcl1230-bts3110` is a large red circle whose middle is 12 pixels from the left and 30 from the top, and a small blue triangle. Of two
shapes in one place the later covers the earlier. Everything that a learner can put together is a scene: from none to ten shapes.
"""

import re
from dataclasses import dataclass

SIDE = 48  # pixels of a picture, each way
MOST = 10  # shapes that a scene can have; the corpus has up to six
KINDS = ("circle", "square", "triangle")
COLOURS = ("red", "blue", "green", "yellow")
SIZES = ("small", "large")
RADIUS = {
    "small": 4.0,
    "large": 7.0,
}  # pixels: of a circle, and of the circle that a square or a triangle is as large as

WRITTEN = re.compile(r"([rbgy])([cst])([sl])(\d\d)(\d\d)")


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """A shape and where its middle is, in pixels from the left and from the top."""

    colour: str
    kind: str
    size: str
    x: int
    y: int

    def __post_init__(self) -> None:
        """Raises `ValueError` with a sentence."""
        for value, known in ((self.colour, COLOURS), (self.kind, KINDS), (self.size, SIZES)):
            if value not in known:
                raise ValueError(f"{value!r} is none of {', '.join(known)}.")
        if not (0 <= self.x < SIDE and 0 <= self.y < SIDE):
            raise ValueError(
                f"A shape at {self.x}, {self.y} has its middle outside the picture of {SIDE} x {SIDE} pixels."
            )

    @property
    def radius(self) -> float:
        """In pixels."""
        return RADIUS[self.size]

    @property
    def told(self) -> str:
        """In words: `large red circle`."""
        return f"{self.size} {self.colour} {self.kind}"

    @property
    def written(self) -> str:
        """As text that `scene` reads: `rcl1230`."""
        return f"{self.colour[0]}{self.kind[0]}{self.size[0]}{self.x:02d}{self.y:02d}"


Scene = tuple[Shape, ...]  # from the one at the back to the one in front


def write(scene: Scene) -> str:
    """A scene as text: `rcl1230-bts3110`; that without shapes is `empty`."""
    return "-".join(shape.written for shape in scene) or "empty"


def read(text: str) -> Scene:
    """The scene that `write` wrote. Raises `ValueError` with a sentence about the first shape that is none."""
    if text.strip() in ("", "empty"):
        return ()
    parts = text.strip().split("-")
    if len(parts) > MOST:
        raise ValueError(f"A scene has at most {MOST} shapes; this one has {len(parts)}.")
    return tuple(shape(part) for part in parts)


def shape(text: str) -> Shape:
    """The shape of `rcl1230`. Raises `ValueError` with a sentence."""
    found = WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(
            f"{text[:20]!r} is no shape; one is written like rcl1230: red circle, large, 12 from the left, 30 from the top."
        )
    colour, kind, size, x, y = found.groups()
    return Shape(of(colour, COLOURS), of(kind, KINDS), of(size, SIZES), int(x), int(y))


def of(letter: str, known: tuple[str, ...]) -> str:
    """The word that begins with a letter."""
    return next(word for word in known if word.startswith(letter))
