"""The caption of a scene, which the scene determines, and which of its words names which shapes.

One shape is told: "a large red circle". Of two it is told how they lie: "a large red circle left of a small blue square", or "above" if
they lie further apart that way. More are counted, those of one colour and kind together: "two green circles and a yellow triangle";
the largest number first, of equal numbers the one that begins further to the left.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from systems.scenes.scene import COLOURS, KINDS, SIZES, Scene, Shape

NUMBERS = ("no", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WORDS = (
    "a",
    *NUMBERS[2:7],
    *SIZES,
    *COLOURS,
    *KINDS,
    *(f"{kind}s" for kind in KINDS),
    "left",
    "of",
    "above",
    "and",
    ",",
    "nothing",
)


@dataclass(frozen=True, slots=True)
class Caption:
    """The words, and for each the places in the scene of the shapes that it names; none for "a", "left", "and"."""

    words: tuple[str, ...]
    names: tuple[tuple[int, ...], ...]

    @property
    def text(self) -> str:
        """As a sentence is written, without its point."""
        return told(self.words)


def told(words: Iterable[str]) -> str:
    """Words as they are written: a comma stands close."""
    return " ".join(words).replace(" ,", ",")


def caption(scene: Scene) -> Caption:
    """The caption that a scene determines."""
    if not scene:
        return Caption(("nothing",), ((),))
    if len(scene) == 1:
        return joined([one(scene, 0)])
    return related(scene) if len(scene) == 2 else counted(scene)


Part = list[tuple[str, tuple[int, ...]]]  # words with what they name


def one(scene: Scene, place: int) -> Part:
    """A shape of a scene: "a large red circle"."""
    shape = scene[place]
    return [("a", ()), *((word, (place,)) for word in (shape.size, shape.colour, shape.kind))]


def related(scene: Scene) -> Caption:
    """Two shapes, and how they lie; of those on one spot the later one is the second."""
    dx, dy = scene[1].x - scene[0].x, scene[1].y - scene[0].y
    across = abs(dx) >= abs(dy)
    first = 0 if (dx if across else dy) >= 0 else 1
    between: Part = [("left", ()), ("of", ())] if across else [("above", ())]
    return joined([one(scene, first), between, one(scene, 1 - first)])


def counted(scene: Scene) -> Caption:
    """How many there are of each colour and kind."""
    parts = [several(group, scene) for group in groups(scene)]
    between = [[(",", ())] for _ in parts[:-2]] + [[("and", ())] for _ in parts[1:][:1]]
    joints: list[Part] = [*between, []]  # type: ignore[list-item]
    return joined([each for pair in zip(parts, joints, strict=True) for each in pair])


def groups(scene: Scene) -> list[tuple[int, ...]]:
    """The places of shapes of one colour and kind, in the order in which a caption counts them."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, shape in enumerate(scene):
        found.setdefault((shape.colour, shape.kind), []).append(place)
    order = sorted(found.values(), key=lambda places: (-len(places), min(scene[place].x for place in places), places))
    return [tuple(places) for places in order]


def several(places: tuple[int, ...], scene: Scene) -> Part:
    """A group: "two green circles"; the number, the colour and the kind name all of it."""
    shape: Shape = scene[places[0]]
    kind = shape.kind if len(places) == 1 else f"{shape.kind}s"
    return [(NUMBERS[len(places)], places if len(places) > 1 else ()), (shape.colour, places), (kind, places)]


def joined(parts: list[Part]) -> Caption:
    """Parts one after the other."""
    pairs = [pair for part in parts for pair in part]
    return Caption(tuple(word for word, _ in pairs), tuple(names for _, names in pairs))


def twin(scene: Scene) -> str:
    """The whole scene in words, whatever its caption leaves out: what somebody needs who cannot see it."""
    if not scene:
        return "nothing"
    return ", ".join(f"a {shape.told} at {shape.x}, {shape.y}" for shape in scene)
