"""The corpus `scenes`: drawn by lot from a seed, with captions that count and that tell how two shapes lie.

Shapes do not touch, and what a caption depends on is never close: of two shapes it is clear whether they lie rather side by side or one
above the other, of two groups of one number which begins further to the left.
"""

import random
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from systems.collection import Collection
from systems.scenes.captions import caption, groups
from systems.scenes.scene import COLOURS, KINDS, RADIUS, SIDE, SIZES, Scene, Shape, write

NAME = "scenes"
NUMBER = 24_000
LARGEST = 6  # shapes
MARGIN = 4  # pixels by which what decides a caption is clear
GAP = 1  # pixels between two shapes
REACH = {"circle": 1.0, "square": 1.25, "triangle": 1.55}  # from the middle to the furthest corner, in radii


@dataclass(frozen=True, slots=True)
class Example:
    """A scene. Its caption and the answers to questions about it follow from it."""

    scene: Scene


@cache
def load() -> Collection:
    """The corpus, the same each time."""
    chance = random.Random(1502_03044)
    scenes = dict.fromkeys(drawn(chance) for _ in range(NUMBER))
    return Collection(
        name=NAME, title="Scenes: coloured shapes, made by this project", licence="CC0", attribution="made by this project, from a seed",
        examples=tuple(Example(scene) for scene in scenes), line=line, key=lambda example: write(example.scene),
        columns=("scene", "caption"),
    )  # fmt: skip


def line(example: Example) -> str:
    """A scene and its caption, parted by a tab."""
    return f"{write(example.scene)}\t{caption(example.scene).text}"


def drawn(chance: random.Random) -> Scene:
    """A scene by lot: mostly of one to three groups, sometimes of one shape or two."""
    while True:
        scene = placed(chance, wanted(chance))
        if scene is not None and clear(scene):
            return scene


def wanted(chance: random.Random) -> list[tuple[str, str]]:
    """Colour and kind of each shape there is to be."""
    if chance.random() < 0.45:
        number = chance.choices((0, 1, 2), (1, 14, 30))[0]
        return [(chance.choice(COLOURS), chance.choice(KINDS)) for _ in range(number)]
    counts = chance.choice(
        ((3,), (4,), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1), (1, 1, 1), (2, 1, 1), (2, 2, 1), (3, 1, 1), (2, 2, 2))
    )
    chosen = chance.sample([(colour, kind) for colour in COLOURS for kind in KINDS], len(counts))
    found = [which for which, count in zip(chosen, counts, strict=True) for _ in range(count)]
    chance.shuffle(found)
    return found


def placed(chance: random.Random, shapes: list[tuple[str, str]]) -> Scene | None:
    """Shapes at places where they do not touch; `None` if no place was found in some tries."""
    scene: list[Shape] = []
    for colour, kind in shapes:
        size = chance.choice(SIZES)
        reach = RADIUS[size] * REACH[kind]
        edge = int(reach) + 1
        for _ in range(30):
            x, y = chance.randint(edge, SIDE - 1 - edge), chance.randint(edge, SIDE - 1 - edge)
            if all(apart(x, y, reach, other) for other in scene):
                scene.append(Shape(colour, kind, size, x, y))
                break
        else:
            return None
    return tuple(scene)


def apart(x: int, y: int, reach: float, other: Shape) -> bool:
    """Whether a shape there does not touch another, whichever way they are turned."""
    needed = reach + other.radius * REACH[other.kind] + GAP
    return (x - other.x) ** 2 + (y - other.y) ** 2 >= needed**2


def clear(scene: Scene) -> bool:
    """Whether what decides the caption is clear by `MARGIN`."""
    if len(scene) == 2:
        dx, dy = abs(scene[0].x - scene[1].x), abs(scene[0].y - scene[1].y)
        return abs(dx - dy) >= MARGIN
    found = groups(scene) if len(scene) > 2 else []
    begins = [(len(places), min(scene[place].x for place in places)) for places in found]
    return all(a[0] != b[0] or b[1] - a[1] >= MARGIN for a, b in pairwise(begins))


def varied(scene: Scene, chance: random.Random) -> Scene:
    """Another scene of the same make, by lot: other colours, moved as a whole, sometimes mirrored top to bottom.

    Who was left of whom still is, and what decides the caption is as clear as before: so pictures never run out in training.
    """
    if not scene:
        return scene
    paint = dict(zip(COLOURS, chance.sample(COLOURS, len(COLOURS)), strict=True))
    turned = chance.random() < 0.5
    lowest = [SIDE - 1 - shape.y if turned else shape.y for shape in scene]
    edges = [int(shape.radius * REACH[shape.kind]) + 1 for shape in scene]
    dx, dy = (moved(places, edges, chance) for places in ([shape.x for shape in scene], lowest))
    return tuple(
        Shape(paint[shape.colour], shape.kind, shape.size, shape.x + dx, y + dy)
        for shape, y in zip(scene, lowest, strict=True)
    )  # fmt: skip


def moved(places: list[int], edges: list[int], chance: random.Random) -> int:
    """How far all may be moved together, so that each stays its edge away from the border."""
    low = max(edge - place for place, edge in zip(places, edges, strict=True))
    high = min(SIDE - 1 - edge - place for place, edge in zip(places, edges, strict=True))
    return chance.randint(min(low, 0), max(high, 0))
