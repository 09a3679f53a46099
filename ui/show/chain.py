"""The chain of a clicked weight goes on: one step at a time, each from the number in which the one before ended, to the next layer.

Which step is in the address, as are the dimensions that are followed; Back and Next have keys of their own.
"""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from figures.labels import label
from ui import controls
from ui.controls import dimension, in_head
from ui.measures.chain import Chain, Fed, Norm, Sum, chain
from ui.session import attentions, choice, pointed
from ui.session.attentions import Attention, Kind, Shown
from ui.show import sums
from ui.show.sums import Line, bracketed, number
from ui.text import filled
from ui.text import translate as _

STEP = "chain"  # its key in the address: 0 is the sum of the weight itself
BACK, NEXT = "b", "n"  # keys
Page = tuple[str, list[Line]]  # what is done (HTML), and how
Cell = tuple[int, int, int]  # head, query, key


def remember() -> None:
    """First in the fragment, before anything asks for them."""
    pointed.remember(STEP)
    in_head.remember()
    dimension.remember()


def rest() -> None:
    """Back to the sum of the weight. Only in callbacks."""
    pointed.choose(STEP, None)


def names() -> list[str]:
    """The steps; a decoder's self-attention ends after the sixth, because cross-attention comes before the feed-forward network."""
    return [
        "α × v", _("Σ over the pieces"), _("concatenation"), "× W_O", _("+ what came in"), "LayerNorm", "× W_1, ReLU", "× W_2",
        _("+ what came in"), "LayerNorm",
    ]  # fmt: skip


def count(view: Attention) -> int:
    """How many steps there are."""
    return 6 if view.kind == "decoder" else 10


def show(session: Shown, view: Attention, cell: Cell, weight: Callable[[], None], kinds: bool) -> bool:
    """Room 4 for a cell: the sum of its weight, told by `weight`, or the step of the chain, and then True; and the buttons on and back.

    With `kinds` the page shows all three attentions, so the chain can lead from one to another.
    """
    step = pointed.chosen(STEP, count(view) + 1) or 0
    found = followed(session, view, cell) if step else None
    if found:
        title, lines = page(view, cell, found, step)
        sums.show(f"<b>{step}/{count(view)}</b> {title}", lines)
    else:
        weight()
    with controls.row("atlas_controls_chain"):
        if found:
            st.button(_("Back"), key="chain_back", on_click=pointed.choose, args=(STEP, step - 1), shortcut=BACK)
        if step < count(view):
            says = _("Next: {step}").format(step=names()[step]) if step else _("Where does it go from here?")
            st.button(says, key="chain_next", on_click=pointed.choose, args=(STEP, step + 1), shortcut=NEXT)
        elif found:
            onward(session, view, cell, found.column, kinds)
    return found is not None


def followed(session: Shown, view: Attention, cell: Cell) -> Chain:
    """The chain of a cell, by the dimensions that are pointed at."""
    return chain(session, view, *cell, in_head.dimension(view.d_head), dimension.chosen(view.asking.shape[-1]))


def page(view: Attention, cell: Cell, found: Chain, step: int) -> Page:
    """One step, from 1."""
    make: list[Callable[[], Page]] = [
        lambda: value(view, cell, found.value, found), lambda: keys(view, cell, found.keys, found),
        lambda: concatenation(view, cell, found.mix, found), lambda: mixed(view, found.mix, found),
        lambda: added(view, cell, found.norm), lambda: normed(found.norm, view, False),
    ]  # fmt: skip
    if fed := found.fed:
        make += [
            lambda: hidden(fed),
            lambda: out(fed),
            lambda: added(view, cell, fed.norm),
            lambda: normed(fed.norm, view, True),
        ]
    return make[step - 1]()


def begin(step: Sum | Norm) -> Line:
    """The number with which a step begins."""
    return Line(escape(_("so far")), number(step.begins))


def dims(places: Sequence[int]) -> list[str]:
    """The names of dimensions."""
    return [_("dim {place}").format(place=place) for place in places]


def value(view: Attention, cell: Cell, step: Sum, found: Chain) -> Page:
    """Weight times value."""
    share, numbers = step.begins, step.dot.right.tolist()
    told = _("The value of {key}, as much of it as the weight says. We follow dimension {dim} of {count}.")
    title = filled(told, key=view.key_chip(cell[2]), dim=found.dimension, count=len(numbers))
    rows = [
        (name, f"{number(share, 4)} × {bracketed(one)}", number(share * one))
        for name, one in zip(dims(step.places), numbers, strict=True)
    ]
    every = sums.folded(sums.term("…", _("all {count}").format(count=len(rows))), rows)
    product = sums.term(f"{number(share, 4)} × {bracketed(numbers[step.place])}", dims(step.places)[step.place])
    return title, [
        Line(escape(_("so far")), number(share, 4)),
        Line("α × v", f"{product} = <b>{number(step.ends)}</b> {every}", True),
    ]


def keys(view: Attention, cell: Cell, step: Sum, found: Chain) -> Page:
    """The sum over the keys."""
    told = _("Every piece gives its share: their sum is dimension {dim} of what head {head} brings to {query}.")
    title = filled(told, dim=found.dimension, head=cell[0] + 1, query=view.asking_chip(cell[1]))
    named = [label(piece) for piece in view.key_pieces]
    return title, [begin(step), Line("Σ α × v", sums.summed(step.dot, named, first=step.place), True)]


def together(view: Attention, places: Sequence[int]) -> list[str]:
    """The names of the places of the concatenation."""
    told = _("head {head}, dim {place}")
    return [told.format(head=place // view.d_head + 1, place=place % view.d_head) for place in places]


def concatenation(view: Attention, cell: Cell, step: Sum, found: Chain) -> Page:
    """Its place in the concatenation."""
    told = _("The heads are laid side by side: dimension {dim} of head {head} becomes number {place} of {count}.")
    title = filled(told, dim=found.dimension, head=cell[0] + 1, place=found.place, count=len(step.places))
    rows = [(name, number(one)) for name, one in zip(together(view, step.places), step.dot.left.tolist(), strict=True)]
    every = sums.folded(sums.term("…", _("all {count}").format(count=len(rows))), rows)
    return title, [
        begin(step),
        Line(escape(_("number {place}").format(place=found.place)), f"<b>{number(step.begins)}</b> {every}", True),
    ]


def mixed(view: Attention, step: Sum, found: Chain) -> Page:
    """W_O."""
    title = filled(
        _("W_O mixes all {count} numbers. We follow dimension {dim} of the result."),
        count=len(step.places),
        dim=found.column,
    )
    terms = sums.summed(step.dot, together(view, step.places), bias=True, first=step.place)
    return title, [begin(step), Line("× W_O", terms, True)]


def added(view: Attention, cell: Cell, step: Norm) -> Page:
    """The residual connection."""
    told = _("The residual connection: dimension {dim} of what came in for {query} is added to it.")
    title = filled(told, dim=step.column, query=view.asking_chip(cell[1]))
    total = f"{number(step.begins)} + {bracketed(step.came)} = <b>{number(float(step.added[step.column]))}</b>"
    return title, [begin(step), Line("+ x", total, True)]


def normed(step: Norm, view: Attention, last: bool) -> Page:
    """LayerNorm."""
    start = float(step.added[step.column])
    title = escape(
        _("LayerNorm: less the mean of all dimensions, divided by their spread, times the gain, plus the bias.")
    )
    if last:
        title += " " + filled(_("So layer {layer} hands dimension {dim} on."), layer=view.layer + 1, dim=step.column)
    rows = [(name, number(one)) for name, one in zip(dims(range(len(step.added))), step.added.tolist(), strict=True)]
    every = sums.folded(sums.term("…", _("all {count}").format(count=len(rows))), rows)
    scaled = (start - step.mean) / step.deviation
    return title, [
        Line(escape(_("so far")), number(start)),
        Line(escape(_("scale")), f"({number(start)} − {bracketed(step.mean)}) / {number(step.deviation)} = {number(scaled)} {every}"),
        Line(escape(_("gain, bias")), f"{number(scaled)} × {bracketed(step.gain)} + {bracketed(step.bias)} = <b>{number(step.ends)}</b>", True),
    ]  # fmt: skip


def hidden(fed: Fed) -> Page:
    """A unit of the feed-forward network."""
    step = fed.hidden
    title = filled(
        _("Unit {unit} of the feed-forward network reads the whole vector; below zero it is silent."), unit=fed.unit
    )
    terms = sums.summed(step.dot, dims(step.places), bias=True, first=step.place)
    relu = f"max(0, {number(step.dot.total)}) = <b>{number(step.ends)}</b>"
    return title, [begin(step), Line("× W_1", terms), Line("ReLU", relu, True)]


def out(fed: Fed) -> Page:
    """The way back from the units that fire."""
    step = fed.out
    told = _("The {count} units that fire write into dimension {dim}; the silent ones add nothing.")
    title = filled(told, count=int((step.dot.left > 0).sum()), dim=fed.norm.column)
    units = [_("unit {unit}").format(unit=unit) for unit in step.places]
    return title, [begin(step), Line("× W_2", sums.summed(step.dot, units, bias=True, first=step.place), True)]


def onward(session: Shown, view: Attention, cell: Cell, column: int, kinds: bool) -> None:
    """At the end: to what reads this number next, with the same piece."""
    layers, after = attentions.layers(session, view.kind), view.layer + 1
    kind: Kind = view.kind
    if view.kind == "decoder" or (view.kind == "encoder" and after == layers):
        kind, after = "cross", view.layer if view.kind == "decoder" else 0
    elif view.kind == "cross" and kinds:
        kind = "decoder"
    if view.kind == "cross" and after == layers:
        st.page_link("pages/100_output_and_search.py", label=_("To the output →"))
        return
    told = _("To layer {layer} →") if kind == view.kind else _("To {attention}, layer {layer} →")
    says = told.format(layer=after + 1, attention=attentions.words(kind).lower())
    st.button(says, key="chain_onward", on_click=go, args=(view, kind, after, cell[1], column), shortcut=NEXT)


def go(view: Attention, kind: Kind, layer: int, query: int, column: int) -> None:
    """To another attention, with the piece that asked here, or, out of the encoder, that answers there. Only in callbacks."""
    st.session_state["kind"], st.session_state["layer"] = kind, str(layer + 1)
    if view.kind == "encoder":
        choice.set_place(choice.LOOKED_AT, query)
    else:
        choice.set_place(
            choice.WRITTEN, query - int(kind == "decoder")
        )  # the row is the piece that was read, or is about to be written
    choice.set_place(choice.KEY, None)
    in_head.choose(None, 1)
    dimension.choose(column)
    rest()
