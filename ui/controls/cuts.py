"""How a piece is drawn: temperature, top-k and top-p, and the seed. In the sidebar while it draws, elsewhere above a picture."""

from typing import Literal

import streamlit as st

from transformer.decoding.sampling import Cuts
from ui.session.kept import hold, kept
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
    """A field for the seed, in the address, and a button that goes on to the next. Held apart from the field, as all codes are."""
    hint = _("The same seed draws the same translation again.")
    hold(SEED, 1)
    st.session_state[SEED] = st.session_state["pick_seed"] = held()

    def picked() -> None:
        st.session_state[SEED] = st.session_state["pick_seed"]

    with st.container(key="atlas_seed", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(_("Seed"), 1, MOST, step=1, key="pick_seed", on_change=picked, help=hint, width=110)
        st.button(_("Again"), key="draw_again", on_click=again, help=_("Draw with the next seed."))
    return held()


def held() -> int:
    """The seed that was chosen; 1 if there is none."""
    found = st.session_state.get(SEED)
    return found if isinstance(found, int) and 1 <= found <= MOST else 1


def again() -> None:
    """The next seed; the first one where no lots were drawn. Only in callbacks."""
    take(held() % MOST + 1 if st.session_state.get("search") == "sample" else held())


def take(seed: int) -> None:
    """Let the sidebar draw the model's own translation with this seed. Only in callbacks."""
    st.session_state.update({"target": "model", "search": "sample", SEED: seed})
