"""What the page about positions says: its controls, its titles, the sentence about a cell, tables, the lesson's numbers."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from figures.labels import label
from pages.positions import numbers as positions
from pages.positions.numbers import Angle
from transformer.checkpoint import Checkpoint
from ui import controls
from ui.controls import dimension, sides
from ui.controls.sides import Cell, Sentence
from ui.session import choice
from ui.session.walk import Walk
from ui.show import prose
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
    names = {"own": _("This sentence"), "more": _("The first {count}").format(count=positions.REACH)}
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


def pointed(
    sentence: Sentence, clicked: tuple[int, int] | None, column: int
) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """The position and the dimension at hand, and the two numbers clicked, or else the chosen position and a neighbour, if any.

    A position beyond the end of the sentence can be clicked, but not be chosen like a piece.
    """
    row, count = sentence.row, len(sentence.pieces)
    if clicked:
        return (clicked[0] if clicked[0] >= count else row, column), clicked
    return (row, column), None if sentence.chosen is None else (row, row - 1 if 0 < row == count - 1 else row + 1)


def chooser(picture: Picture, sentence: Sentence) -> Callable[[Cell], None] | None:
    """What a click does: it points at a piece and a dimension; two positions are only read."""
    take = sides.chooser(sentence, dimension.choose)
    return None if picture == "similarity" else lambda cell: take(place(picture, cell) or (0, 0))


def tell(
    picture: Picture, walk: Walk, sentence: Sentence, place: tuple[int, int], pair: tuple[int, int] | None,
    width: int,
) -> None:  # fmt: skip
    """The arithmetic of the position and dimension `place`, or of the `pair` of positions; empty as long as that is `None`."""
    if pair is None:
        prose.nothing_chosen()
    elif picture == "similarity":
        tell_similarity(*pair, width)
    elif picture == "sum":
        tell_sum(walk, sentence, place)
    else:
        tell_wave(positions.angle(*place, width))


def tell_wave(told: Angle) -> None:
    """One number of the table, whole."""
    template = _(
        "PE({position}, {dimension}) = {wave}({position} / {divisor}) = {wave}({angle}) = {value}. Dimension "
        "{dimension} belongs to pair i = {pair}, so 10000^({twice}/{width}) = {divisor}; its wave comes round every "
        "2π × {divisor} = {wavelength} positions."
    )
    prose.cell(
        template, position=told.position, dimension=told.dimension, pair=told.pair, twice=2 * told.pair, width=told.width,
        divisor=f"{told.divisor:.6g}", angle=f"{told.angle:.6g}", wave=told.wave, wavelength=f"{told.wavelength:.6g}",
        value=f"{told.value:.4f}",
    )  # fmt: skip


def tell_similarity(one: int, other: int, width: int) -> None:
    """The cosine of two positions, which depends on their distance alone."""
    apart = abs(one - other)
    terms = positions.distances(width, apart)
    template = _(
        "Positions {one} and {other} are {apart} apart. Pair by pair, sin × sin + cos × cos = cos(angle between them): "
        "{terms} … adds up to {dot} over {pairs} pairs. Each position has length √{pairs}, so the cosine is {dot} / {pairs} = {cosine}."
    )
    shown = " + ".join(
        f"cos({positions.angle(apart, 2 * pair, width).angle:.3g})" for pair in range(min(3, len(terms)))
    )
    dot, pairs = sum(terms), len(terms)
    told = {"dot": f"{dot:.4f}", "pairs": pairs, "cosine": f"{dot / pairs:.4f}", "terms": f"{shown} +"}
    prose.cell(template, one=one, other=other, apart=apart, **told)


def tell_sum(walk: Walk, sentence: Sentence, place: tuple[int, int]) -> None:
    """One number of the input: a + b = c."""
    row, dimension = min(place[0], len(sentence.pieces) - 1), place[1]
    numbers, width = summed(walk, sentence, (row, dimension)), positions.embedded(walk, sentence).rows.size(-1)
    template = _(
        "{piece}, position {position}, dimension {dimension}: {row} × √{width} = {scaled}, and {scaled} + {shift} = {output}."
    )
    piece = label(sentence.pieces[row])
    prose.cell(template, piece=piece, position=row, dimension=dimension, width=width, **numbers)


def summed(walk: Walk, sentence: Sentence, place: tuple[int, int]) -> dict[str, str]:
    """The numbers of the sum at a position and a dimension, from the trace."""
    trace, (row, dimension) = positions.embedded(walk, sentence), place
    found = {
        "row": trace.rows[0, row, dimension], "scaled": trace.scaled[0, row, dimension],
        "shift": trace.positions[row, dimension], "output": trace.output[0, row, dimension],
    }  # fmt: skip
    told = {name: f"{float(number):.4f}" for name, number in found.items()}
    told["row"] = f"{float(found['row']):.6f}"
    return told | {"shift": f"({told['shift']})" if told["shift"].startswith("-") else told["shift"]}


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


def values(walk: Walk, sentence: Sentence, dimension: int, width: int) -> dict[str, str]:
    """The numbers of the lesson, for the chosen position and dimension or the first."""
    row = sentence.row
    told, apart = positions.angle(row, dimension, width), positions.distances(width, 1)
    return summed(walk, sentence, (row, dimension)) | {
        "piece": label(sentence.pieces[row]), "tex_piece": prose.tex(label(sentence.pieces[row])), "position": str(row),
        "dimension": str(dimension), "pair": str(told.pair), "twice": str(2 * told.pair), "width": str(width),
        "wave": told.wave, "angle": f"{told.angle:.6g}", "divisor": f"{told.divisor:.6g}", "value": f"{told.value:.4f}",
        "wavelength": f"{told.wavelength:.6g}", "odd": "+1" if dimension % 2 else "",
        "longest": f"{positions.angle(0, width - 1, width).wavelength:,.0f}", "near": f"{sum(apart) / len(apart):.3f}",
        "root": f"{np.sqrt(width):.4g}", "count": str(len(sentence.pieces)),
    }  # fmt: skip


def scope(walk: Walk, picture: Picture, sentence: Sentence) -> str:
    """What a click belongs to: a newly chosen piece outdates it."""
    return f"{choice.scope(walk)} {picture} {sentence.side} {sentence.chosen}"
