"""Which heads of one attention are averaged: any of any layers; in the address as `mean_encoder=1.2-3.8`, layer and head."""

import re
from collections.abc import Callable, Collection, Sequence

import numpy as np
import streamlit as st

from figures.heads import checks
from ui.frame import Mode
from ui.session import attentions
from ui.session.attentions import Cell, Kind
from ui.session.kept import hold
from ui.show import live_plot
from ui.text import translate as _

Place = tuple[int, int]  # layer and head, from 0
ALL, NONE, BUT = "all", "none", "but-"
FEW = 3  # heads that are left out are named in place of the others
PART = re.compile(r"([1-9][0-9]?)\.([1-9][0-9]?)")


def every(layers: int, heads: int) -> tuple[Place, ...]:
    """All heads there are, layer by layer."""
    return tuple((layer, head) for layer in range(layers) for head in range(heads))


def spelled(chosen: Collection[Place], known: Sequence[Place]) -> str:
    """Chosen heads as they stand in the address: `1.2-3.8`, `but-1.2` if most are chosen, `all`, `none`."""
    there, left = [place for place in known if place in chosen], [place for place in known if place not in chosen]
    if not there or not left:
        return ALL if there else NONE
    shorter = there if len(there) <= len(left) else left
    return ("" if shorter is there else BUT) + "-".join(map(numbered, shorter))


def read(text: str, known: Sequence[Place]) -> tuple[Place, ...]:
    """What `spelled` wrote, in the order of `known`; what is no head of this model is left out, and nonsense counts as all."""
    if text in (ALL, NONE):
        return tuple(known) if text == ALL else ()
    parts = [PART.fullmatch(part) for part in text[:2000].removeprefix(BUT).split("-")]
    named = {(int(part[1]) - 1, int(part[2]) - 1) for part in parts if part} & set(known)
    if not named:
        return tuple(known)
    return tuple(place for place in known if (place in named) is not text.startswith(BUT))


def key(kind: Kind) -> str:
    """Where the heads of an attention are held."""
    return f"mean_{kind}"


def ask(kind: Kind, layers: int, heads: int) -> tuple[Place, ...]:
    """The chosen heads, and buttons for all, none, and the others."""
    known = every(layers, heads)
    hold(key(kind), ALL)
    chosen = read(str(st.session_state[key(kind)]), known)
    for code, word, then in (
        ("all", _("All"), known),
        ("none", _("None"), ()),
        ("invert", _("Invert"), tuple(place for place in known if place not in chosen)),
    ):
        st.button(word, key=f"mean_{code}", on_click=put, args=(kind, spelled(then, known)))
    return chosen


def put(kind: Kind, code: str) -> None:
    """Choose the heads that a code stands for. Only in callbacks."""
    st.session_state[key(kind)] = code


def board(kind: Kind, chosen: Collection[Place], layers: int, heads: int, mode: Mode) -> None:
    """The heads to be checked; before them one check for each whole layer."""
    known = every(layers, heads)
    flags = np.array([[(layer, head) in chosen for head in range(heads)] for layer in range(layers)])
    figure = checks.checks(
        flags, title="", mode=mode, names=(_("layer"), _("head")), all_name=_("all"),
        words=(_("not chosen"), _("some are chosen"), _("chosen")),
    )  # fmt: skip
    alt = _("Heads to be checked: rows are layers, columns heads. Chosen: {heads}.")
    live_plot.show(
        figure, "mean_heads", alt.format(heads=named(chosen, layers, heads)), kind, 120, taker(kind, set(chosen), known)
    )


def taker(kind: Kind, chosen: set[Place], known: Sequence[Place]) -> Callable[[Cell], None]:
    """What a click on `[layer, column]` does: column 0 checks the whole layer, or takes it out if it is there whole."""

    def take(cell: Cell) -> None:
        layer, column = (int(number or 0) for number in cell[:2])
        own = {place for place in known if place[0] == layer and column in (0, place[1] + 1)}
        put(kind, spelled(chosen - own if own <= chosen else chosen | own, known))

    return take


def named(chosen: Collection[Place], layers: int, heads: int) -> str:
    """`layer 1, 3.2, 3.5`: whole layers, and heads with their layer; `all but 2.1`, `all 24 heads`, or `none`."""
    known = every(layers, heads)
    left = [place for place in known if place not in chosen]
    if not chosen or not left:
        return _("none") if left else _("all {count} heads").format(count=len(known))
    if len(left) <= FEW < len(chosen):
        return _("all but {heads}").format(heads=", ".join(map(numbered, left)))
    parts: list[str] = []
    for layer in range(layers):
        own = [place for place in known if place[0] == layer and place in chosen]
        whole = _("layer {layer}").format(layer=layer + 1)
        parts += [whole] if len(own) == heads > 1 else map(numbered, own)
    return ", ".join(parts)


def numbered(place: Place) -> str:
    """`3.2`: the second head of layer 3."""
    return f"{place[0] + 1}.{place[1] + 1}"


def of(kind: Kind, chosen: Collection[Place], layers: int, heads: int) -> str:
    """What a mean is a mean of: `Cross-attention, mean of 3 heads: 1.2, 1.5, 3.1`."""
    told, who = _("{attention}, mean of {count} heads: {heads}"), attentions.words(kind)
    if len(chosen) == 1:
        [(layer, head)] = chosen
        return _("{attention}, layer {layer}, head {head}").format(attention=who, layer=layer + 1, head=head + 1)
    if len(chosen) == layers * heads:
        told = _("{attention}, mean of all {count} heads")
    return told.format(attention=who, count=len(chosen), heads=named(chosen, layers, heads))
