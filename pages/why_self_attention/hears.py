"""Path length, by experiment: the first word is nudged; after how many layers does the last hear of it?"""

from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from figures.numbers import table_one
from pages.why_self_attention import asked as asking
from pages.why_self_attention import beside
from relatives.table_one import KERNEL, KINDS, carried, heard, path
from ui import controls
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session.kept import hold, hold_number, unchosen
from ui.show import live_plot, proof, sums, tables
from ui.show.live_plot import Cell
from ui.text import filled
from ui.text import translate as _

LEAST, MOST = 2, 40  # positions
KERNELS = ("2", "3", "5")
LENGTH, WIDE, PANEL, LAYER, POSITION = "wsa_length", "wsa_kernel", "wsa_panel", "wsa_layer", "wsa_position"


@st.cache_data(max_entries=128, show_spinner=False)
def sizes(kind: str, n: int, kernel: int) -> NDArray[np.float64]:
    """`(layer, position)`: see `relatives.table_one.heard`."""
    found: NDArray[np.float64] = heard(kind, n, kernel=kernel).numpy()
    return found


def length(session: Session) -> int:
    """The sentence's own, as far as it can be drawn."""
    return max(LEAST, min(MOST, len(session.walk.source)))


def show(rooms: Rooms, session: Session, bench: AbstractContextManager[Any]) -> None:
    """All of the view."""
    with bench:
        if unchosen(LENGTH):
            st.session_state[LENGTH] = length(session)  # of another sentence
        hold_number(LENGTH, length(session), LEAST, MOST)
        n = int(st.slider(_("n, positions"), LEAST, MOST, key=LENGTH, width=150))
        kernel = int(controls.one_of(_("Kernel k"), WIDE, {each: each for each in KERNELS}, default=str(KERNEL)))
    found = {kind: sizes(kind, n, kernel) for kind in KINDS}
    taken = {kind: len(each) - 1 for kind, each in found.items()}
    rooms.seen(
        _("Layers until word {n} hears of word 1: attention {one}, recurrence {steps} (steps), convolution {layers}, dilated {few}."),
        n=n, one=taken["attention"], steps=taken["recurrence"], layers=taken["convolution"], few=taken["dilated"],
    )  # fmt: skip
    at = chosen(found)
    with rooms.picture:
        picture(session, found, at)
    with rooms.words:
        tell(found, at, n, kernel)


def chosen(found: dict[str, NDArray[np.float64]]) -> tuple[int, int, int]:
    """The chosen cell, if there is one that has heard; otherwise the last position of the recurrence, when it hears at last."""
    for key in (PANEL, LAYER, POSITION):
        hold(key)
    places = [st.session_state[key] for key in (PANEL, LAYER, POSITION)]
    if all(isinstance(place, int) for place in places) and 0 <= places[0] < len(KINDS):
        each = found[KINDS[places[0]]]
        if 0 <= places[1] < len(each) and 0 <= places[2] < each.shape[1] and each[places[1], places[2]]:
            return places[0], places[1], places[2]
    each = found["recurrence"]
    return KINDS.index("recurrence"), len(each) - 1, each.shape[1] - 1


def take(cell: Cell) -> None:
    """A click on a cell."""
    for key, place in zip((PANEL, LAYER, POSITION), cell, strict=True):
        st.session_state[key] = int(place or 0)


def picture(session: Session, found: dict[str, NDArray[np.float64]], at: tuple[int, int, int]) -> None:
    """The four kinds side by side."""
    names = asking.names()
    panels = [(names[kind], each) for kind, each in found.items()]
    figure = table_one.hearing(
        panels, names=(_("layers (recurrence: steps)"), _("position")), value_name=_("change, power of ten"), title="", mode=session.mode,
        selected=at,
    )  # fmt: skip
    told = "; ".join(_("{kind}: {count}").format(kind=names[kind], count=len(each) - 1) for kind, each in found.items())
    alt = _("Layers until the last position hears of the first. {told}.").format(told=told)
    live_plot.show(figure, "wsa_path", alt, on_click=take, look=session.lesson.sections["Look at path"])
    rows = [
        [names[kind], layer, place + 1, float(size)]
        for kind, each in found.items()
        for layer, line in enumerate(each)
        for place, size in enumerate(line)
    ]
    tables.twin([_("kind"), _("layer"), _("position"), _("change")], rows, "wsa_path")


def tell(found: dict[str, NDArray[np.float64]], at: tuple[int, int, int], n: int, kernel: int) -> None:
    """The chosen cell, and for each kind theory's number beside the experiment's."""
    panel, layer, place = at
    size = float(found[KINDS[panel]][layer, place])
    after = _("{kind}, after {layer}: position {place} changes by {size} for each unit of the nudge")
    title = filled(after, kind=asking.names()[KINDS[panel]], layer=layer, place=place + 1, size=sums.number(size))
    rows = [(name, theory(kind, n, kernel), f"<b>{len(found[kind]) - 1}</b>") for kind, name in asking.names().items()]
    sums.show(title, [], beside.table(("", _("theory"), _("seen")), rows, panel))
    told = _(
        "With 1,000 words: {one} layer, {steps} steps, {layers} layers, {few} dilated. A change that passes many stages comes out weak."
    )
    one, steps, layers, few = (f"{path(kind, 1000, kernel):,}" for kind in KINDS)
    link = proof.Link("70_the_stack", _("Who hears of whom in the model"))
    proof.show(told, link, one=one, steps=steps, layers=layers, few=few)


def theory(kind: str, n: int, kernel: int) -> str:
    """HTML: how the path of a kind is reckoned."""
    layers = path(kind, n, kernel)
    if kind == "attention":
        return f"<b>{layers}</b>"
    if kind == "recurrence":
        return f"n − 1 = <b>{layers}</b>"
    if kind == "convolution":
        return f"⌈(n−1)/(k−1)⌉ = <b>{layers}</b>"
    return f"⌈log<sub>k</sub> n⌉ = <b>{layers}</b>{sums.why(reach(kernel, layers))}"


def reach(kernel: int, layers: int) -> str:
    """Why so few layers are enough."""
    told = _("The filters of layer l look {kernel}^(l−1) apart: {layers} layers carry {reach} positions on.")
    return told.format(kernel=kernel, layers=layers, reach=carried("dilated", layers, kernel))
