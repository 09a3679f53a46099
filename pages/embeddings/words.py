"""The pictures of the page about embeddings by name, what a click on them does, their titles, alternatives and tables."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from figures.labels import label
from figures.numbers.scatter import Mark
from pages.embeddings import twice
from ui import controls
from ui.controls import dimension, sides
from ui.controls.sides import Sentence
from ui.measures.space import Space, nearest
from ui.session import choice
from ui.session.walk import Walk
from ui.show.picture import Table
from ui.text import translate as _

Picture = Literal["rows", "plane", "space", "nearest", "twice"]
BARS, ROWS = 8, 50  # nearest pieces: drawn, and in the table


def picture() -> Picture:
    """Which picture."""
    names = {
        "rows": _("Rows"), "plane": _("Map"), "space": _("3-D"), "nearest": _("Nearest"), "twice": _("The same word twice"),
    }  # fmt: skip
    return controls.one_of(_("Picture"), "embeddings", names)  # type: ignore[return-value]


def language(side: str) -> str:
    """The language of a side."""
    return _("English") if side == "source" else _("French")


def title(picture: Picture, space: Space, sentence: Sentence) -> str:
    """The title of the picture."""
    if picture == "rows":
        told = _("{width} numbers for each {language} piece")
        return told.format(width=space.matrix.shape[1], language=language(sentence.side))
    if picture == "nearest":
        return _("Rows most like that of {piece}").format(piece=label(sentence.pieces[sentence.row]))
    return _("English and French in one space")


def described(picture: Picture, space: Space, sentence: Sentence) -> str:
    """The picture without a picture."""
    if picture == "nearest":
        return "; ".join(f"{name}: {cosine:.3f}" for name, cosine in zip(*neighbours(space, sentence), strict=True))
    if picture == "rows":
        shown = zip(sentence.shown, sentence.ids[sentence.rows], strict=True)
        return "; ".join(f"{label(piece)}: {_('row')} {id}" for piece, id in shown)
    pieces = dict(zip(sentence.ids[sentence.rows], sentence.shown, strict=True)).items()
    count = 2 if picture == "plane" else 3
    return "; ".join(
        f"{label(piece)}: {', '.join(f'{at:.2f}' for at in space.points[id, :count])}" for id, piece in pieces
    )


def groups(space: Space, shown: int) -> list[str]:
    """The legend of a map."""
    rest = _("other pieces: {shown} of {all}").format(shown=f"{shown:,}", all=f"{len(space.text):,}")
    return [_("English"), _("French"), _("in both"), rest]


def axes(space: Space, count: int) -> list[str]:
    """The first `count` axes of a map, with their shares of the variance."""
    full, short = _("direction {number} ({share:.1f} % of the variance)"), _("{number} ({share:.1f} %)")
    template = full if count == 2 else short  # in space there is little room
    return [template.format(number=number, share=100 * share) for number, share in enumerate(space.shares[:count], 1)]


def framed(space: Space, sentence: Sentence) -> NDArray[np.float32]:
    """The rows that are drawn."""
    return space.matrix[list(sentence.ids[sentence.rows])]


def marks(walk: Walk, sentence: Sentence) -> tuple[list[int], list[Mark]]:
    """The ids of both sentences, each once, and how to mark them. A mark reports the side (0, 1) and the row."""
    both = two(walk, sentence)
    ids = [each.ids[each.rows] for each in both]
    chosen = None if sentence.chosen is None else sentence.ids[sentence.chosen]
    found: dict[int, Mark] = {}
    for number, each in enumerate(both):
        for row, id in enumerate(ids[number], each.first):
            group = 2 if id in ids[1 - number] else number
            found.setdefault(id, Mark(each.pieces[row], group, row - number, (number, row), id == chosen))
    return list(found), list(found.values())


def two(walk: Walk, sentence: Sentence) -> tuple[Sentence, Sentence]:
    """Both sentences, of which one is at hand."""
    special = sentence.special
    other: sides.Side = "target" if sentence.side == "source" else "source"
    found = sides.sentence(walk, other, special, read_only=False)
    return (sentence, found) if other == "target" else (found, sentence)


def chooser(picture: Picture, walk: Walk, sentence: Sentence) -> Callable[[sides.Cell], None] | None:
    """What a click does: it points at a piece, and in the rows at a dimension too; in a map it turns to the piece's side."""
    if picture == "rows":
        return sides.chooser(sentence, dimension.choose)
    if picture == "nearest":
        return None
    if picture == "twice":
        return twice.choose

    def take(cell: sides.Cell) -> None:
        number, row = (int(value or 0) for value in cell)
        asked = two(walk, sentence)[number]
        st.session_state["side"] = asked.side
        sides.choose(asked, row)

    return take


def neighbours(space: Space, sentence: Sentence) -> tuple[list[str], list[float]]:
    """The names and the cosines of the nearest pieces that are drawn."""
    near = nearest(space, sentence.ids[sentence.row], BARS)
    return [label(space.pieces[id]) for id, _cosine in near], [cosine for _id, cosine in near]


def table(picture: Picture, space: Space, walk: Walk, sentence: Sentence) -> Table:
    """The numbers of the picture: the sentence's rows, its coordinates in all three directions, or the nearest pieces."""
    if picture == "rows":
        shown = zip(sentence.shown, sentence.ids[sentence.rows], strict=True)
        rows = [[label(piece), id, *space.matrix[id].tolist()] for piece, id in shown]
        return [_("Piece"), _("Id"), *map(str, range(space.matrix.shape[1]))], rows
    if picture == "nearest":
        near = nearest(space, sentence.ids[sentence.row], ROWS)
        rows = [[rank, label(space.pieces[id]), id, cosine] for rank, (id, cosine) in enumerate(near, 1)]
        return [_("Rank"), _("Piece"), _("Id"), _("Cosine")], rows
    names, found = groups(space, 0), zip(*marks(walk, sentence), strict=True)
    rows = [[label(mark.piece), id, names[mark.group], *space.points[id].tolist()] for id, mark in found]
    return [_("Piece"), _("Id"), _("Language"), *(_("Direction {n}").format(n=n) for n in (1, 2, 3))], rows


def scope(walk: Walk, picture: Picture, sentence: Sentence) -> str:
    """What a click belongs to."""
    of = {"rows": sentence.side, "nearest": str(sentence.ids[sentence.row])}.get(picture, "")
    return f"{choice.scope(walk)} {picture} {of}"
