"""The controls of the page about positions, what they point at, its titles and tables."""

from collections.abc import Callable
from typing import Literal

from figures.labels import label
from pages.positions import numbers as positions
from transformer.checkpoint import Checkpoint
from ui import controls
from ui.controls import dimension, sides
from ui.controls.sides import Cell, Sentence
from ui.session import choice
from ui.session.walk import Walk
from ui.show.picture import Table
from ui.text import translate as _

Picture = Literal["waves", "curves", "similarity", "sum"]


def picture() -> Picture:
    """Which picture."""
    names = {
        "waves": _("Sinusoids"), "curves": _("Curves"), "similarity": _("Similarity"), "sum": _("Sum"),
    }  # fmt: skip
    return controls.one_of(_("Picture"), "positions", names)  # type: ignore[return-value]


def rows(picture: Picture, sentence: Sentence, checkpoint: Checkpoint) -> slice:
    """The positions that are drawn: the sentence's, or, if the learner wants, more; never more than the model has."""
    if picture not in ("waves", "similarity"):
        return sentence.rows
    names = {"own": _("Its own"), "more": _("First {count}").format(count=positions.REACH)}
    own = controls.one_of(_("Positions"), "reach", names) == "own"
    return sentence.rows if own else slice(0, most(sentence, checkpoint))


def most(sentence: Sentence, checkpoint: Checkpoint) -> int:
    """How many positions are drawn if there may be more than the sentence has."""
    return min(max(positions.REACH, len(sentence.pieces)), checkpoint.model.config.max_positions)


def title(picture: Picture, sentence: Sentence) -> str:
    """The title of the picture."""
    names = {
        "waves": _("Each position has its own pattern"),
        "curves": _("Each dimension is a wave"),
        "similarity": _("Near positions have similar patterns"),
        "sum": _("What the encoder reads") if sentence.side == "source" else _("What the decoder reads"),
    }
    return names[picture]


def names(sentence: Sentence, rows: slice) -> list[str]:
    """`3 dog` for each position; only the number where the sentence has ended."""
    count = len(sentence.pieces)
    return [f"{row} {label(sentence.pieces[row])}" if row < count else str(row) for row in range(rows.start, rows.stop)]


def part_names(width: int) -> list[str]:
    """The three parts of the sum."""
    return [
        _("embedding × √{width}").format(width=width), _("+ position"), _("= input of the first layer"),
    ]  # fmt: skip


def track_names(dimensions: list[int], width: int) -> list[str]:
    """A name for each curve."""
    waves = [positions.angle(0, dimension, width) for dimension in dimensions]
    return [f"{wave.dimension} ({wave.wave}, λ {short(wave.wavelength)})" for wave in waves]


def short(length: float) -> str:
    """A wavelength in a few digits."""
    return f"{length:,.0f}" if length >= 1000 else f"{length:.4g}"


def place(picture: Picture, cell: Cell | None) -> tuple[int, int] | None:
    """The position and the dimension, or the two positions, that a click tells; a curve's point tells its value after them."""
    if not cell or len(cell) < 2:
        return None
    row, column = cell[:2] if picture == "curves" else cell[-2:]
    return int(row or 0), int(column or 0)


def telling(row: int, width: int) -> int:
    """A dimension that shows something at a position: its angle there is about 1, so neither beginning nor end of a wave."""
    return min(range(0, width, 2), key=lambda place: abs(positions.angle(row, place, width).angle - 1))


def at_hand(sentence: Sentence, width: int) -> tuple[int, int]:
    """The chosen position and dimension, or such as show something: not the first position, where every sine is 0."""
    row = sentence.row
    if sentence.chosen is None:
        row = min(max(row, 1), len(sentence.pieces) - 1)
    column = dimension.chosen(width)
    return row, telling(row, width) if column is None else column


def pointed(
    sentence: Sentence, clicked: tuple[int, int] | None, place: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """The position and the dimension that are told of, `place` if they are the sentence's; and the two numbers clicked, or else
    the chosen position and a neighbour, if any.

    A position beyond the end of the sentence can be clicked, but not be chosen like a piece.
    """
    (row, column), count = place, len(sentence.pieces)
    if clicked:
        return (clicked[0] if clicked[0] >= count else row, column), clicked
    return (row, column), None if sentence.chosen is None else (row, row - 1 if 0 < row == count - 1 else row + 1)


def chooser(picture: Picture, sentence: Sentence) -> Callable[[Cell], None] | None:
    """What a click does: it points at a piece and a dimension; two positions are only read."""
    take = sides.chooser(sentence, dimension.choose)
    return None if picture == "similarity" else lambda cell: take(place(picture, cell) or (0, 0))


def table(picture: Picture, walk: Walk, sentence: Sentence, rows: slice, table: positions.Numbers) -> Table:
    """The numbers of the picture."""
    shown, across = names(sentence, rows), [str(place) for place in range(table.shape[1])]
    if picture == "similarity":
        cosines = positions.similarity(table[rows])
        return [_("Position"), *shown], [[name, *row] for name, row in zip(shown, cosines.tolist(), strict=True)]
    if picture == "sum":
        parts = zip(part_names(table.shape[1]), positions.parts(walk, sentence).tolist(), strict=True)
        found = [[part, name, *row] for part, each in parts for name, row in zip(shown, each, strict=True)]
        return [_("Part"), _("Position"), *across], found
    found = [[name, *row] for name, row in zip(shown, table[rows].tolist(), strict=True)]
    return [_("Position"), *across], found


def described(picture: Picture, place: tuple[int, int], width: int) -> str:
    """The picture without a picture."""
    if picture == "similarity":
        near, far = (sum(positions.distances(width, apart)) / (width // 2) for apart in (1, 10))
        return _("Cosine 1 on the diagonal, {near} one position apart, {far} ten apart.").format(
            near=f"{near:.3f}", far=f"{far:.3f}"
        )
    told = positions.angle(*place, width)
    template = _("Position {position}, dimension {dimension}: {value}; wavelength {wavelength}.")
    return template.format(
        position=told.position, dimension=told.dimension, value=f"{told.value:.4f}", wavelength=f"{told.wavelength:.4g}"
    )


def scope(walk: Walk, picture: Picture, sentence: Sentence) -> str:
    """What a click belongs to: a newly chosen piece outdates it."""
    return f"{choice.scope(walk)} {picture} {sentence.side} {sentence.chosen}"
