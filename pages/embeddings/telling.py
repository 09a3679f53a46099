"""What the page about embeddings tells: its first line, the sum behind what was clicked, the lesson's numbers."""

from html import escape
from statistics import NormalDist

import numpy as np

from figures.labels import label
from pages.embeddings import twice
from pages.embeddings.words import BARS, Picture
from ui.controls import dimension, sides
from ui.controls.sides import Sentence
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures.arithmetic import DotProduct, double
from ui.measures.space import Space, nearest
from ui.show import prose, sums
from ui.show.numpy_lines import Redo
from ui.show.sums import Line
from ui.text import filled
from ui.text import translate as _


def chance(space: Space) -> float:
    """The cosine that one of so many random directions reaches: they are nearly normal, with the variance 1 / d_model."""
    return NormalDist().inv_cdf(1 - 1 / max(len(space.text), 2)) / float(np.sqrt(space.matrix.shape[1]))


def seen(rooms: Rooms, picture: Picture, session: Session, space: Space, sentence: Sentence) -> None:
    """The first line."""
    if picture == "twice":
        return twice.seen(rooms, session)
    id, who, size = sentence.ids[sentence.row], sentence.chip(sentence.row), space.matrix.shape
    if sentence.chosen is None:
        return rooms.seen(_("Choose a piece: which numbers stand for it?"))
    if picture == "rows":
        told = _("{piece} is row {id} of {rows}: {width} numbers, the same ones wherever it stands.")
        return rooms.seen(told, piece=who, id=id, rows=f"{size[0]:,}", width=size[1])
    if picture == "nearest":
        other, cosine = nearest(space, id, 1)[0]
        told = _("Nearest to {piece} is {other}: cosine {cosine}. By chance one of {count} would reach {chance}.")
        return rooms.seen(told, piece=who, other=label(space.pieces[other]), cosine=f"{cosine:.2f}", count=f"{len(space.text):,}",
                          chance=f"{chance(space):.2f}")  # fmt: skip
    count = 2 if picture == "plane" else 3
    at = ", ".join(sums.number(float(value), 2) for value in space.points[id, :count])
    told = _("{piece} lies at ({at}); this map shows only {share} of how the rows differ.")
    rooms.seen(told, piece=who, at=at, share=f"{100 * sum(space.shares[:count]):.1f} %")


def tell(picture: Picture, session: Session, space: Space, sentence: Sentence, clicked: sides.Cell | None) -> None:
    """The sum behind what was clicked."""
    if picture == "twice":
        return twice.tell(session)
    if sentence.chosen is None:
        return prose.nothing_chosen()
    if picture == "nearest":
        id, bar = sentence.ids[sentence.row], int(clicked[0] or 0) if clicked else 0
        return tell_pair(space, sentence, nearest(space, id, BARS)[bar][0])
    if picture == "rows":
        return tell_row(space, sentence)
    return tell_point(space, sentence, 2 if picture == "plane" else 3)


def column(space: Space, sentence: Sentence) -> int:
    """The chosen dimension, or else that of the row's largest number."""
    chosen = dimension.chosen(space.matrix.shape[1])
    return int(np.abs(space.matrix[sentence.ids[sentence.row]]).argmax()) if chosen is None else chosen


def tell_row(space: Space, sentence: Sentence) -> None:
    """Where the number of a cell comes from."""
    id, at, (rows, width) = sentence.ids[sentence.row], column(space, sentence), space.matrix.shape
    value = sums.number(float(space.matrix[id, at]), 4)
    title = filled(
        _("{piece} in dimension {dimension}: {value}"), piece=sentence.chip(sentence.row), dimension=at, value=value
    )
    note = _("The last layer multiplies by the same row to score this piece as the next one.")
    lines = [
        Line(escape(_("id")), filled("{id}", id=id)),
        Line(escape(_("table")), filled(_("{rows} rows of {width} numbers"), rows=f"{rows:,}", width=width)),
        Line(escape(_("row")), sums.vector(space.matrix[id].tolist()) + sums.why(note)),
        Line(f"E<sub>{id}, {at}</sub>", f"<b>{value}</b>", True),
    ]
    sums.show(title, lines, redo=Redo(numbers={"row": space.matrix[id]}, result=f"row[{at}]", shows=value))


def tell_point(space: Space, sentence: Sentence, count: int) -> None:
    """Where the coordinates of the map come from."""
    id = sentence.ids[sentence.row]
    title = filled(
        _("Where {piece} lies: its row minus the mean row, along each direction"), piece=sentence.chip(sentence.row)
    )
    moved = double(space.matrix[id]) - space.mean
    lines = [
        Line(escape(_("along {number}").format(number=number + 1)), sums.summed(DotProduct(moved, space.directions[:, number])))
        for number in range(count)
    ]  # fmt: skip
    names = [f"along_{number + 1}" for number in range(count)]
    along = dict(zip(names, space.directions.T[:count], strict=True))
    redo = Redo(
        numbers={"row": space.matrix[id], "mean": space.mean, **along},
        result=f"np.array([{', '.join(names)}]) @ (row - mean)", shows=sums.vector((moved @ space.directions[:, :count]).tolist()),
    )  # fmt: skip
    sums.show(title, lines, redo=redo)


def tell_pair(space: Space, sentence: Sentence, other: int) -> None:
    """Where a cosine comes from."""
    id = sentence.ids[sentence.row]
    title = filled(_("{piece} and {other}: cosine {cosine}"), piece=sentence.chip(sentence.row), other=label(space.pieces[other]),
                   cosine=pair(space, id, other)["cosine"])  # fmt: skip
    sums.cosine(title, space.matrix[id].tolist(), space.matrix[other].tolist())


def pair(space: Space, id: int, other: int) -> dict[str, str]:
    """The dot product, the lengths and the cosine of two rows."""
    dot = float(space.matrix[id].astype(np.float64) @ space.matrix[other].astype(np.float64))
    lengths = float(space.lengths[id]), float(space.lengths[other])
    found = {
        "dot": dot,
        "length": lengths[0],
        "other_length": lengths[1],
        "cosine": dot / max(lengths[0] * lengths[1], 1e-12),
    }
    return {name: f"{value:.4f}".replace("-", "−") for name, value in found.items()}


def values(session: Session, space: Space, sentence: Sentence) -> dict[str, str]:
    """The numbers of the lesson, for the chosen piece or the first one."""
    id, (rows, width), who = sentence.ids[sentence.row], space.matrix.shape, sentence.chip(sentence.row)
    near = nearest(space, id, BARS)
    other, first = near[0][0], [f"{value:.3f}" for value in space.matrix[id, :4]]
    return pair(space, id, other) | twice.values(session) | {
        "piece": who, "other": label(space.pieces[other]), "id": str(id), "other_id": str(other),
        "rows": f"{rows:,}", "count": str(rows), "width": str(width), "numbers": ", ".join(first).replace("-", "−"),
        "tex_numbers": r",\ ".join(first), "tex_piece": prose.tex(who),
        "tex_other": prose.tex(label(space.pieces[other])), "total": f"{rows * width:,}",
        "share": f"{100 * sum(space.shares[:2]):.1f}", "share3": f"{100 * sum(space.shares):.1f}",
        "text": f"{len(space.text):,}", "apart": f"{rows - len(space.text):,}", "times": times(sentence, id),
        "chance": f"{chance(space):.2f}", "bars": str(BARS), "beyond": str(sum(cosine > chance(space) for _id, cosine in near)),
    }  # fmt: skip


def times(sentence: Sentence, id: int) -> str:
    """How often the sentence uses a row."""
    count = sentence.ids.count(id)
    return _("once") if count == 1 else _("{count} times").format(count=count)
