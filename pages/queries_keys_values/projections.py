"""Queries, keys and values of one head: which x and which columns of which W they are made of, and which cell is chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from figures.labels import label
from figures.numbers import products
from ui import controls
from ui.controls import in_head
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct
from ui.session import attentions, choice
from ui.session.attentions import Attention, Cell, Numbers, Shown
from ui.show import live_plot, prose, sums, tables
from ui.text import Chip
from ui.text import translate as _

Letter = Literal["Q", "K", "V"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """`product = x @ matrix + bias` for one head; all positions, of which `rows` are drawn."""

    letter: Letter
    head: int  # from 0
    x: Numbers  # position d_model
    matrix: Numbers  # d_model d_head: the head's columns of W
    bias: Numbers  # d_head
    product: Numbers  # position d_head, as in the trace
    pieces: tuple[str, ...]
    rows: slice
    chip: Callable[[int], Chip]  # the piece of a row, as prose shows it
    name: str  # the title of the pieces' axis
    made_of: str  # a sentence: what x is here

    @property
    def shown(self) -> tuple[Numbers, tuple[str, ...]]:
        """The part of the product that is drawn, and its pieces."""
        return self.product[self.rows], self.pieces[self.rows]

    @property
    def factors(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and W as they are drawn: with five decimals, which halves what goes to the browser at every click."""
        return np.round(arithmetic.double(self.x[self.rows]), 5), np.round(arithmetic.double(self.matrix), 5)

    def cell(self, row: int, column: int) -> DotProduct:
        """The sum behind one cell of the product."""
        return arithmetic.projection(self.x[row], self.matrix[:, column], float(self.bias[column]))


def show(rooms: Rooms, session: Session, view: Attention, head: int, letter: Letter) -> dict[str, str]:
    """Queries, keys or values of all pieces, as the product that they are; answers with the values for the lesson."""
    made, scope = projection(view, head, letter), choice.scope(session.walk)
    row, column = chosen(session, view, made)
    equation = f"{letter} = x W_{letter} + b"
    title = _("{letter} · layer {layer}, head {head}").format(letter=letter, layer=view.layer + 1, head=head + 1)
    panels = products.Panels(
        result=letter, left="x", right=f"W_{letter}", equation=equation, rows=made.name,
        inner=_("dimension of x"), columns=_("dimension of {letter}").format(letter=letter),
    )  # fmt: skip
    (product, pieces), (x, matrix) = made.shown, made.factors
    figure = products.product(
        product, x, matrix, pieces, panels=panels, title=title, mode=session.mode, bias=made.bias, selected=(row, column),
        origin=(made.rows.start, 0),
    )  # fmt: skip
    alt = f"{equation}. {attentions.words(view.kind)}, {title}. {described(made)}"
    seen(rooms, made, row, column)
    with rooms.picture:
        live_plot.show(figure, "qkv", alt, scope, on_click=chooser(session, view, letter))
        prose.look(f"{made.made_of} {session.lesson.sections[f'Look at {letter}']}")
        tables.twin(*table(made), "qkv")
        terms(made, row, column)
    with rooms.words:
        tell(made, row, column)
    return values(made, row, column)


def letter() -> Letter | None:
    """Which of the three is drawn for all pieces, `None` if all three for two of them; the address has q, k, v or three."""
    words = {"three": _("Q, K, V"), "q": "Q", "k": "K", "v": "V"}
    chosen = controls.one_of(_("Show"), "matrix", words)
    return None if chosen == "three" else chosen.upper()  # type: ignore[return-value]


def projection(view: Attention, head: int, letter: Letter) -> Projection:
    """Q, K or V of `head`, counted from 0."""
    linear = {"Q": view.module.W_Q, "K": view.module.W_K, "V": view.module.W_V}[letter]
    product = {"Q": view.queries, "K": view.keys, "V": view.values}[letter][head]
    own = slice(head * view.d_head, (head + 1) * view.d_head)
    asks = letter == "Q"
    return Projection(
        letter=letter, head=head, x=view.asking if asks else view.answering, product=product,
        matrix=linear.weight[own].numpy(force=True).T, bias=linear.bias[own].numpy(force=True),
        pieces=view.query_pieces if asks else view.key_pieces, rows=view.rows if asks else view.columns,
        chip=view.query_chip if asks else view.key_chip, name=view.names[0 if asks else 1], made_of=made_of(view, asks),
    )  # fmt: skip


def made_of(view: Attention, asks: bool) -> str:
    """What x is: the output of what came before in Figure 1."""
    if view.kind == "cross":
        asking = _(
            "Cross-attention: the **French** side asks, so here x comes from the decoder, after its self-attention."
        )
        answering = _("Cross-attention: the **English** side answers, so here x is the encoder's output.")
        return asking if asks else answering
    if view.layer == 0:
        return _("x is the embedding plus the position, because this is the first layer.")
    return _("x is the output of layer {layer}.").format(layer=view.layer)


def chosen(session: Shown, view: Attention, made: Projection) -> tuple[int | None, int | None]:
    """The row and the column pointed at: without a key, the one that is looked at most; without a column, that of the largest number."""
    query, row = attentions.chosen(session, view)
    if made.letter == "Q":
        row = query
    elif row is None and query is not None:
        row = int(view.weights[made.head, query].argmax())
    column = in_head.dimension(view.d_head)
    if row is not None and column is None:
        column = int(np.abs(made.product[row]).argmax())
    return row, column


def chooser(session: Shown, view: Attention, letter: Letter) -> Callable[[Cell], None]:
    """For clicks `[panel, row, column]` on the product (0), on x (1) and on W (2)."""
    query, key = attentions.chosen(session, view)

    def choose(cell: Cell) -> None:
        panel, row, column = (int(number or 0) for number in cell)
        if panel in (0, 1):
            attentions.chooser(view)([row, key] if letter == "Q" else [query, row])
        if panel in (0, 2):
            in_head.choose(column)

    return choose


def seen(rooms: Rooms, made: Projection, row: int | None, column: int | None) -> None:
    """The first line: the chosen number of the chosen piece."""
    if row is None or column is None:
        return rooms.seen(_("Choose a piece: what does the head make of it?"))
    told = _(
        "The head turns the {width} numbers of {piece} into {count}: dimension {column} of its {letter} is {value}."
    )
    rooms.seen(
        told, width=made.x.shape[1], piece=made.chip(row), count=made.product.shape[1], column=column, letter=made.letter,
        value=sums.number(float(made.product[row, column]), 2),
    )  # fmt: skip


def tell(made: Projection, row: int | None, column: int | None) -> None:
    """The dot product behind the chosen cell."""
    if row is None or column is None:
        return prose.nothing_chosen()
    sums.projection(made.cell(row, column), made.letter, made.chip(row), column)


def terms(made: Projection, row: int | None, column: int | None) -> None:
    """Every term of it in a folded table."""
    if row is None or column is None:
        return
    dot = made.cell(row, column)
    columns = (_("dimension of x"), "x", f"W_{made.letter}", _("product"))
    terms = zip(range(len(dot.left)), dot.left.tolist(), dot.right.tolist(), dot.products.tolist(), strict=True)
    rows: list[tuple[Any, ...]] = [*terms, (_("bias"), None, None, dot.bias), (_("total"), None, None, dot.total)]
    rows = [(str(first), *rest) for first, *rest in rows]
    tables.folded(_("Every term of this sum"), columns, rows, "terms")


def table(made: Projection) -> tuple[list[str], list[list[Any]]]:
    """The product as a table: a row for each piece."""
    product, pieces = made.shown
    columns = [_("piece"), *(str(place) for place in range(product.shape[1]))]
    return columns, [[label(piece), *row] for piece, row in zip(pieces, product.tolist(), strict=True)]


def described(made: Projection) -> str:
    """For the alt text: each piece's largest number."""
    product, pieces = made.shown
    told = _("{piece}: largest in dimension {place} ({value})")
    best = np.abs(product).argmax(1)
    each = [
        told.format(piece=label(piece), place=place, value=sums.number(product[row, place], 2))
        for row, (piece, place) in enumerate(zip(pieces, best, strict=True))
    ]
    return "; ".join(each[:12])


def values(made: Projection, row: int | None, column: int | None) -> dict[str, str]:
    """For the lesson: the numbers of the chosen cell, or of the first piece's largest number."""
    row = made.rows.start if row is None else row
    column = int(np.abs(made.product[row]).argmax()) if column is None else column
    dot = made.cell(row, column)
    first, second = (*dot.largest(2), *dot.largest(1))[:2]
    d_model, d_head = made.matrix.shape
    return {
        "letter": made.letter, "piece": made.chip(row), "piece_tex": prose.tex(label(made.pieces[row])),
        "dimension": str(column), "d_model": str(d_model), "d_head": str(d_head), "last": str(d_model - 1),
        "pieces": str(len(made.pieces)), "weights": f"{d_model * d_head:,}", "heads": str(d_model // d_head),
        "total": f"{dot.total:.4f}", "bias": f"{dot.bias:+.4f}", "sum": f"{dot.total - dot.bias:.4f}",
        "i": str(first.place), "x_i": f"{first.left:.3f}", "w_i": f"{first.right:.3f}", "p_i": f"{first.product:.3f}",
        "j": str(second.place), "x_j": f"{second.left:.3f}", "w_j": f"{second.right:.3f}",
        "length": f"{np.linalg.norm(made.product[row]):.2f}",
    }  # fmt: skip
