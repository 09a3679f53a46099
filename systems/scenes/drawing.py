"""A scene as pixels: each shape by its distance from its edge, so that edges are soft, and the later over the earlier.

The signed distance of a pixel's middle from the edge, negative inside, says how much of the pixel is covered: half of it where the
distance is 0 (see Quilez, 2D distance functions). No drawing library, so the same scene has the same pixels everywhere.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from systems.scenes.scene import COLOURS, KINDS, SIDE, Scene, Shape

GROUND = (0.93, 0.93, 0.90)  # the paper that shapes lie on
PAINT = {
    "red": (0.86, 0.15, 0.15),
    "blue": (0.13, 0.33, 0.85),
    "green": (0.10, 0.60, 0.25),
    "yellow": (0.96, 0.78, 0.10),
}
SQUARE = 0.886  # half a side of the square that is as large as the circle of radius 1: sqrt(pi) / 2
TRIANGLE = 0.778  # from the middle to a side of the equilateral triangle that is as large: sqrt(pi / (3 sqrt(3)))
LEAN = (0.866025, 0.5)  # which way the right side of a triangle looks: up to the right


def numbers(scenes: Sequence[Scene]) -> Tensor:
    """What there is to draw, `(batch, shape, 5)`: colour, kind, radius (0: no shape), x, y."""
    longest = max((len(scene) for scene in scenes), default=0)
    nothing = [(0.0, 0.0, 0.0, 0.0, 0.0)]
    return torch.tensor([[*map(row, scene), *nothing * (longest - len(scene))] for scene in scenes]).reshape(
        len(scenes), longest, 5
    )


def row(shape: Shape) -> tuple[float, ...]:
    """A shape's line of `numbers`."""
    return COLOURS.index(shape.colour), KINDS.index(shape.kind), shape.radius, float(shape.x), float(shape.y)


def coverage(rows: Tensor) -> Tensor:
    """How much of each pixel each shape covers, from 0 to 1: `rows (batch, shape, 5)` to `(batch, shape, SIDE, SIDE)`."""
    middles = torch.arange(SIDE, device=rows.device) + 0.5
    across = (middles - rows[..., 3, None] - 0.5)[..., None, :]  # from the shape's middle to the right; batch shape 1 x
    down = (middles - rows[..., 4, None] - 0.5)[..., None]  # and downwards; batch shape y 1
    radius, kind = rows[..., 2, None, None], rows[..., 1, None, None]
    circle = (across**2 + down**2).sqrt() - radius
    square = torch.maximum(across.abs(), down.abs()) - SQUARE * radius
    triangle = torch.maximum(down, LEAN[0] * across.abs() - LEAN[1] * down) - TRIANGLE * radius
    distance = torch.where(kind == 0, circle, torch.where(kind == 1, square, triangle))
    return (0.5 - distance).clamp(0, 1) * (radius > 0)


def paint(rows: Tensor) -> Tensor:
    """The pictures of `rows (batch, shape, 5)`: `(batch, 3, SIDE, SIDE)`, red, green and blue from 0 to 1."""
    colours = torch.tensor([PAINT[colour] for colour in COLOURS], device=rows.device)[rows[..., 0].long()]
    picture = torch.tensor(GROUND, device=rows.device)[:, None, None].expand(len(rows), 3, SIDE, SIDE)
    covered = coverage(rows)
    for order in range(rows.size(1)):
        share = covered[:, order, None]  # batch 1 y x
        picture = picture * (1 - share) + colours[:, order, :, None, None] * share
    return picture


def pictures(scenes: Sequence[Scene]) -> Tensor:
    """The pictures of scenes, `(batch, 3, SIDE, SIDE)`, from 0 to 1."""
    return paint(numbers(scenes))


def seen(scene: Scene) -> Tensor:
    """How much of each pixel belongs to each shape, where it is not covered by a later one: `(shape, SIDE, SIDE)`."""
    covered = coverage(numbers([scene]))[0]
    for order in range(len(scene)):
        covered[:order] = covered[:order] * (1 - covered[order])
    return covered


def cells(scene: Scene, side: int) -> Tensor:
    """Of each square cell, `side` pixels wide, the share that each shape covers: `(shape, cell)`, row by row from the top."""
    found: Tensor = (
        torch.nn.functional.avg_pool2d(seen(scene)[None], side)[0].flatten(1)
        if scene
        else torch.zeros(0, (SIDE // side) ** 2)
    )
    return found
