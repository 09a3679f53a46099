"""How a piece is drawn: temperature, top-k and top-p, and the seed. In the sidebar while it draws, elsewhere above a picture."""

from typing import Literal

import streamlit as st

from transformer.decoding.sampling import Cuts
from ui.session.kept import hold_number, kept, last
from ui.text import translate as _

SEED, MOST = "seed", 9999  # key in the address, and the last seed


def sliders(width: int | Literal["stretch"] = "stretch") -> Cuts:
    """Three sliders, in the address, each so many pixels wide or as wide as the room."""
    hint = _("Below 1 the first becomes surer, above 1 the others get a chance.")
    with kept("temperature", 1.0):
        heat = st.slider(
            _("Temperature"), 0.2, 2.0, 1.0, 0.1, key="temperature", help=hint, bind="query-params", width=width
        )
    hint = _("Keep the k best only; 0 keeps all.")
    with kept("top_k", 0):
        top_k = st.slider(_("Top-k"), 0, 20, 0, key="top_k", help=hint, bind="query-params", width=width)
    hint = _("Keep the best that together reach this probability; 1 keeps all.")
    with kept("top_p", 1.0):
        top_p = st.slider(_("Top-p"), 0.05, 1.0, 1.0, 0.05, key="top_p", help=hint, bind="query-params", width=width)
    return Cuts(temperature=float(heat), top_k=int(top_k), top_p=float(top_p))


def asked() -> Cuts:
    """The same without drawing the sliders: the last that was chosen."""
    state = st.session_state
    return Cuts(
        temperature=float(state.get("temperature", 1.0)), top_k=int(state.get("top_k", 0)), top_p=float(state.get("top_p", 1.0))
    )  # fmt: skip


def seed() -> int:
    """A field for the seed, in the address, and a button that goes on to the next."""
    hint = _("The same seed draws the same translation again.")
    hold_number(SEED, 1, 1, MOST)
    with st.container(key="atlas_seed", horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = int(st.number_input(_("Seed"), 1, MOST, step=1, key=SEED, help=hint, width=110))
        st.button(_("Again"), key="draw_again", on_click=again, help=_("Draw with the next seed."))
    return chosen


def again() -> None:
    """The next seed. Only in callbacks."""
    before = last(SEED)
    take(before % MOST + 1 if isinstance(before, int) else 1)


def take(seed: int) -> None:
    """Let the sidebar draw the model's own translation with this seed. Only in callbacks."""
    st.session_state.update({"target": "model", "search": "sample", SEED: seed})
