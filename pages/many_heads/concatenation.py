"""Concatenation and W_O for one piece: the heads' outputs side by side, what each of them adds to the output, and the output."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from figures.labels import label
from figures.numbers import bands
from pages.many_heads import worth
from pages.many_heads.heads import Asked, asking
from pages.many_heads.weights import added
from transformer.what_if import Head
from ui.controls import dimension
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures import arithmetic
from ui.measures.mixing import Mixing, mixing
from ui.session import attentions, pointed
from ui.session.attentions import Attention, Cell, Shown
from ui.show import numpy_lines, proof, prose, sums
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _

BAND = "band"  # its key in the address


def chosen_query(session: Shown, view: Attention) -> int:
    """The piece pointed at, or else the first that is drawn."""
    query = attentions.chosen(session, view)[0]
    return view.origin[0] if query is None else query


def picture(session: Session, asked: Asked) -> Picture:
    """The bands: what the heads hand over, what each adds, and what comes out."""
    view = attentions.attention(session, asked.kind, asked.layer)
    mixed = mixing(view, chosen_query(session, view))
    heads = [_("head {head}").format(head=head + 1) for head in range(mixed.heads)]
    whole = np.concatenate([mixed.contributions, mixed.bias[None], mixed.output[None]])
    groups = (
        (_("Concatenation: {heads} heads of {d_head} numbers, side by side").format(heads=mixed.heads, d_head=mixed.d_head),
         [_("heads")], mixed.concatenation[None]),
        (_("times W_O: what each head adds"), [*heads, _("bias"), _("output")], whole),
    )  # fmt: skip
    band, column = chosen(session, view, mixed, asked.head or 0)
    title = _("{attention}, layer {layer}: the heads of {piece} become one vector").format(
        attention=attentions.words(asked.kind), layer=asked.layer + 1, piece=label(view.query_pieces[mixed.query])
    )
    sizes = lengths(mixed)
    told = _("{head} adds a vector of length {length}")
    alt = "; ".join(told.format(head=name, length=f"{size:.2f}") for name, size in zip(heads, sizes, strict=True))
    return Picture(
        title=title, alt=f"{title}. {alt}.", table=table(mixed, heads), on_click=lambda cell: choose(cell, mixed.d_head, mixed.heads),
        figure=bands.bands(
            groups, names=(_("vector"), _("dimension")), title=title, mode=session.mode, breaks=mixed.d_head, tall=22,
            framed=own(mixed, asked.head or 0), selected=None if band is None or column is None else (band, column),
        ),
        tell=lambda: tell(view, mixed, band, column),
    )  # fmt: skip


def own(mixed: Mixing, head: int) -> list[tuple[int, int, int]]:
    """What belongs to a head: its part of the concatenation, and the band of what it adds."""
    first = head * mixed.d_head
    return [(0, first, first + mixed.d_head - 1), (head + 1, 0, len(mixed.output) - 1)]


def chosen(session: Shown, view: Attention, mixed: Mixing, head: int) -> tuple[int | None, int | None]:
    """The band and the column that are told of: what was clicked, or else the largest number of the output; none if no piece is chosen.

    What belongs to one head is always that of the chosen `head`, which has the frame.
    """
    band, column = pointed.chosen(BAND, mixed.heads + 3), dimension.chosen(len(mixed.output))
    if band is None or column is None:
        if attentions.chosen(session, view)[0] is None:
            return None, None
        return mixed.heads + 2, int(np.abs(mixed.output).argmax())
    if band == 0:
        return 0, head * mixed.d_head + column % mixed.d_head
    return (head + 1 if band <= mixed.heads else band), column


def choose(cell: Cell, d_head: int, heads: int) -> None:
    """Point at `[band, 0, column]`, and at the head that it belongs to. Only in callbacks."""
    band, column = int(cell[0] or 0), int(cell[-1] or 0)
    pointed.choose(BAND, band)
    dimension.choose(column)
    if band <= heads:
        st.session_state["head"] = str(band or column // d_head + 1)


def lengths(mixed: Mixing) -> NDArray[np.float64]:
    """The length of what each head adds."""
    found: NDArray[np.float64] = np.linalg.norm(mixed.contributions, axis=1)
    return found


def elsewhere(mixed: Mixing, head: int) -> float:
    """The share of the squared length of what a head adds that lies outside the numbers which are its own in the concatenation."""
    squares = mixed.contributions[head] ** 2
    own = squares[head * mixed.d_head : (head + 1) * mixed.d_head].sum()
    return float(1 - own / max(squares.sum(), 1e-12))


def seen(rooms: Rooms, session: Shown, asked: Asked) -> None:
    """The first line: which head adds most, and how long their sum is."""
    view = attentions.attention(session, asked.kind, asked.layer)
    mixed = mixing(view, chosen_query(session, view))
    sizes = lengths(mixed)
    who, known = asking(session, view, mixed.query)
    told = _("{who}: head {most} adds most (length {longest}), head {least} least ({shortest}); all together: {whole}.")
    rooms.seen(
        told.replace("{who}", who), most=int(sizes.argmax()) + 1, longest=f"{sizes.max():.2f}",
        least=int(sizes.argmin()) + 1, shortest=f"{sizes.min():.2f}", whole=f"{np.linalg.norm(mixed.output):.2f}", **known,
    )  # fmt: skip


def why(session: Session, asked: Asked) -> None:
    """What W_O is for, with links to the switchboard, where the head's part is left out."""
    view, head = attentions.attention(session, asked.kind, asked.layer), asked.head or 0
    mixed = mixing(view, chosen_query(session, view))
    told = _(
        "Why W_O? Without it head {head} could only reach its own {d_head} of the {d_model} numbers; with it {share} of what it adds lies elsewhere."
    )
    proof.show(
        told, worth.link(_("Leave its part out"), [Head(asked.kind, asked.layer, head)]),
        head=head + 1, d_head=mixed.d_head, d_model=len(mixed.output), share=f"{100 * elsewhere(mixed, head):.0f} %",
    )  # fmt: skip


def tell(view: Attention, mixed: Mixing, band: int | None, column: int | None) -> None:
    """Room 4: where the clicked number comes from."""
    if band is None or column is None:
        return prose.nothing_chosen()
    piece = view.query_chip(mixed.query)
    if band == 0:
        head, place = divmod(column, mixed.d_head)
        dot = arithmetic.mixing(view.weights[head], view.values[head], mixed.query, place)
        title = filled(_("Number {column} of the concatenation is number {place} of head {head} for {piece}"),
                       column=column, place=place, head=head + 1, piece=piece)  # fmt: skip
        lines = [sums.Line("Σ α · v", sums.summed(dot, [label(each) for each in view.key_pieces]), True)]
        return sums.show(title, lines, redo=numpy_lines.product(dot, sums.number(dot.total), ("weights", "v")))
    if band <= mixed.heads:
        title = filled(_("What head {head} adds to dimension {column} of the output for {piece}"),
                       head=band, column=column, piece=piece)  # fmt: skip
        dot = mixed.contribution(band - 1, column)
        redo = numpy_lines.product(dot, sums.number(dot.total), ("head", "W_O"))
        return sums.show(title, [sums.Line("head · W_O", sums.summed(dot), True)], redo=redo)
    if band == mixed.heads + 1:
        title = filled(_("The bias of W_O in dimension {column}: learned, the same for every piece"), column=column)
        return sums.show(title, [sums.Line("b", f"<b>{sums.number(float(mixed.bias[column]))}</b>", True)])
    tell_output(mixed, column, piece)


def tell_output(mixed: Mixing, column: int, piece: str) -> None:
    """Room 4 for a number of the output: head by head, and term by term."""
    title = filled(_("Dimension {column} of the output for {piece}"), column=column, piece=piece)
    heads = [_("head {head}").format(head=head + 1) for head in range(mixed.heads)]
    parts = [*mixed.contributions[:, column].tolist(), float(mixed.bias[column])]
    total = f"{added(parts, [*heads, _('bias')])} = <b>{sums.number(mixed.cell(column).total)}</b>"
    places = [_("head {head}, number {place}").format(head=at // mixed.d_head + 1, place=at % mixed.d_head)
              for at in range(len(mixed.concatenation))]  # fmt: skip
    lines = [
        sums.Line(escape(_("head by head")), total, True),
        sums.Line(escape(_("term by term")), sums.summed(mixed.cell(column), places, bias=True)),
    ]
    redo = numpy_lines.product(mixed.cell(column), sums.number(mixed.cell(column).total), ("heads", "W_O"), bias=True)
    sums.show(title, lines, redo=redo)


def table(mixed: Mixing, heads: Sequence[str]) -> tuple[list[str], list[list[Any]]]:
    """A row for each dimension: the concatenation, what each head adds, the bias, the output."""
    columns = [_("dimension"), _("concatenation"), *heads, _("bias"), _("output")]
    rows = np.stack([mixed.concatenation, *mixed.contributions, mixed.bias, mixed.output], axis=1)
    return columns, [[place, *row] for place, row in enumerate(rows.tolist())]


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """For the lesson: one number of the output, that which is chosen or else the largest."""
    view = attentions.attention(session, asked.kind, asked.layer)
    mixed = mixing(view, chosen_query(session, view))
    column = dimension.chosen(len(mixed.output))
    column = int(np.abs(mixed.output).argmax()) if column is None else column
    parts, sizes = mixed.contributions[:, column], lengths(mixed)
    terms = " + ".join(rf"\underbrace{{({part:.3f})}}_{{\text{{{head}}}}}" for head, part in enumerate(parts, 1))
    return {
        "heads": str(mixed.heads), "d_head": str(mixed.d_head), "d_model": str(len(mixed.output)), "column": str(column),
        "piece": view.query_chip(mixed.query), "piece_tex": prose.tex(label(view.query_pieces[mixed.query])),
        "parts": terms, "bias": f"{mixed.bias[column]:.3f}", "total": f"{mixed.cell(column).total:.3f}",
        "largest_head": str(int(sizes.argmax()) + 1), "largest_length": f"{sizes.max():.2f}",
        "smallest_head": str(int(sizes.argmin()) + 1), "smallest_length": f"{sizes.min():.2f}",
        "output_length": f"{np.linalg.norm(mixed.output):.2f}", "all_lengths": f"{sizes.sum():.2f}",
    }  # fmt: skip
