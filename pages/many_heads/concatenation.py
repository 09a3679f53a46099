"""Concatenation and W_O for one piece: the heads' outputs side by side, what each of them adds to the output, and the output."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from figures.labels import label
from figures.numbers import bands
from pages.many_heads.heads import Asked
from ui.controls import dimension
from ui.frame import Session
from ui.measures import arithmetic
from ui.measures.mixing import Mixing, mixing
from ui.session import attentions, pointed
from ui.session.attentions import Attention, Cell, Shown
from ui.show import prose, sums
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
    names = [_("head {head}").format(head=head + 1) for head in range(mixed.heads)]
    whole = np.concatenate([mixed.contributions, mixed.bias[None], mixed.output[None]])
    groups = (
        (_("Concatenation: {heads} heads of {d_head} numbers, side by side").format(heads=mixed.heads, d_head=mixed.d_head),
         [_("heads")], mixed.concatenation[None]),
        (_("times W_O: what each head adds"), [*names, _("bias"), _("output")], whole),
    )  # fmt: skip
    band, column = pointed.chosen(BAND, mixed.heads + 3), dimension.chosen(len(mixed.output))
    title = _("{attention}, layer {layer}: the heads of {piece} become one vector").format(
        attention=attentions.words(asked.kind), layer=asked.layer + 1, piece=label(view.query_pieces[mixed.query])
    )
    sizes = np.linalg.norm(mixed.contributions, axis=1)
    told = _("{head} adds a vector of length {length}")
    alt = "; ".join(told.format(head=name, length=f"{size:.2f}") for name, size in zip(names, sizes, strict=True))
    return Picture(
        title=title, alt=f"{title}. {alt}.", table=table(mixed, names), on_click=choose,
        figure=bands.bands(
            groups, names=(_("vector"), _("dimension")), title=title, mode=session.mode, breaks=mixed.d_head,
            framed=own(mixed, asked.head or 0), selected=None if band is None or column is None else (band, column),
        ),
        tell=lambda: tell(view, mixed, band, column),
    )  # fmt: skip


def own(mixed: Mixing, head: int) -> list[tuple[int, int, int]]:
    """What belongs to a head: its part of the concatenation, and the band of what it adds."""
    first = head * mixed.d_head
    return [(0, first, first + mixed.d_head - 1), (head + 1, 0, len(mixed.output) - 1)]


def choose(cell: Cell) -> None:
    """Point at `[band, 0, column]`. Only in callbacks."""
    pointed.choose(BAND, int(cell[0] or 0))
    dimension.choose(int(cell[-1] or 0))


def tell(view: Attention, mixed: Mixing, band: int | None, column: int | None) -> None:
    """Room 4: where the clicked number comes from."""
    if band is None or column is None:
        return prose.cell(_("Click a cell to see where its number comes from."))
    piece = label(view.query_pieces[mixed.query])
    if band == 0:
        head, place = divmod(column, mixed.d_head)
        dot = arithmetic.mixing(view.weights[head], view.values[head], mixed.query, place)
        title = filled(_("Number {column} of the concatenation is number {place} of head {head} for {piece}"),
                       column=column, place=place, head=head + 1, piece=piece)  # fmt: skip
        return sums.show(
            title, [sums.Line("Σ α · v", sums.summed(dot, [label(each) for each in view.key_pieces]), True)]
        )
    if band <= mixed.heads:
        title = filled(_("What head {head} adds to dimension {column} of the output for {piece}"),
                       head=band, column=column, piece=piece)  # fmt: skip
        return sums.show(title, [sums.Line("head · W_O", sums.summed(mixed.contribution(band - 1, column)), True)])
    if band == mixed.heads + 1:
        title = filled(_("The bias of W_O in dimension {column}: learned, the same for every piece"), column=column)
        return sums.show(title, [sums.Line("b", f"<b>{sums.number(float(mixed.bias[column]))}</b>", True)])
    tell_output(mixed, column, piece)


def tell_output(mixed: Mixing, column: int, piece: str) -> None:
    """Room 4 for a number of the output: head by head, and term by term."""
    title = filled(_("Dimension {column} of the output for {piece}: the concatenation times column {column} of W_O, plus bias"),
                   column=column, piece=piece)  # fmt: skip
    names = [_("head {head}").format(head=head + 1) for head in range(mixed.heads)]
    parts = [*mixed.contributions[:, column], mixed.bias[column]]
    total = f"{added(parts, [*names, _('bias')])} = <b>{sums.number(mixed.cell(column).total)}</b>"
    places = [_("head {head}, number {place}").format(head=at // mixed.d_head + 1, place=at % mixed.d_head)
              for at in range(len(mixed.concatenation))]  # fmt: skip
    lines = [
        sums.Line(escape(_("head by head")), total, True),
        sums.Line(escape(_("term by term")), sums.summed(mixed.cell(column), places, bias=True)),
    ]
    sums.show(title, lines)


def added(values: Sequence[float], names: Sequence[str]) -> str:
    """Numbers with their names, to be added, as HTML."""
    return " + ".join(
        f'<span class="term">{sums.bracketed(float(value))}<small>{escape(name)}</small></span>'
        for value, name in zip(values, names, strict=True)
    )


def table(mixed: Mixing, names: Sequence[str]) -> tuple[list[str], list[list[Any]]]:
    """A row for each dimension: the concatenation, what each head adds, the bias, the output."""
    columns = [_("dimension"), _("concatenation"), *names, _("bias"), _("output")]
    rows = np.stack([mixed.concatenation, *mixed.contributions, mixed.bias, mixed.output], axis=1)
    return columns, [[place, *row] for place, row in enumerate(rows.tolist())]


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """For the lesson: one number of the output, that which is chosen or else the largest."""
    view = attentions.attention(session, asked.kind, asked.layer)
    mixed = mixing(view, chosen_query(session, view))
    column = dimension.chosen(len(mixed.output))
    column = int(np.abs(mixed.output).argmax()) if column is None else column
    parts, sizes = mixed.contributions[:, column], np.linalg.norm(mixed.contributions, axis=1)
    terms = " + ".join(rf"\underbrace{{({part:.3f})}}_{{\text{{{head}}}}}" for head, part in enumerate(parts, 1))
    return {
        "heads": str(mixed.heads), "d_head": str(mixed.d_head), "d_model": str(len(mixed.output)), "column": str(column),
        "piece": label(view.query_pieces[mixed.query]), "piece_tex": prose.tex(label(view.query_pieces[mixed.query])),
        "parts": terms, "bias": f"{mixed.bias[column]:.3f}", "total": f"{mixed.cell(column).total:.3f}",
        "largest_head": str(int(sizes.argmax()) + 1), "largest_length": f"{sizes.max():.2f}",
        "smallest_head": str(int(sizes.argmin()) + 1), "smallest_length": f"{sizes.min():.2f}",
        "output_length": f"{np.linalg.norm(mixed.output):.2f}",
    }  # fmt: skip
