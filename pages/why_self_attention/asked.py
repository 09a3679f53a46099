"""Which view, which kind of layer at which size; and what the kinds are called."""

import streamlit as st

from relatives.measuring import LENGTHS, WIDTHS
from relatives.table_one import KINDS
from ui import controls
from ui.frame import Session
from ui.session.kept import hold
from ui.text import translate as _

VIEW, BY, KIND, N, D = "wsa_view", "wsa_by", "wsa_kind", "wsa_n", "wsa_d"  # in the address
LONG = 1024  # positions that are looked at first: there n x n hurts


def names() -> dict[str, str]:
    """The kinds, as they are called."""
    return dict(zip(KINDS, (_("self-attention"), _("recurrence"), _("convolution"), _("dilated")), strict=True))


def view() -> str:
    """Which of the views, in the row of controls that is open."""
    views = {"time": _("Time"), "memory": _("Memory"), "path": _("Path length"), "matrix": _("n × n")}
    return controls.one_of(_("View"), VIEW, views)


def width(session: Session) -> int:
    """The measured width nearest to the model's own."""
    return min(WIDTHS, key=lambda d: abs(d - session.checkpoint.model.config.d_model))


def point(session: Session) -> tuple[str, int, int]:
    """The chosen kind, n and d; an address can ask for any."""
    return (
        held(KIND, list(KINDS), KINDS[0]),
        int(held(N, [str(n) for n in LENGTHS], str(LONG))),
        int(held(D, [str(d) for d in sorted(WIDTHS)], str(width(session)))),
    )


def held(key: str, options: list[str], default: str) -> str:
    """What is held under a key, if it is one of the options."""
    hold(key, default)
    if st.session_state[key] not in options:
        st.session_state[key] = default
    return str(st.session_state[key])


def counted(session: Session) -> tuple[int, int, int, int]:
    """Pieces that the encoder reads, its heads, its layers, and d_model."""
    config = session.checkpoint.model.config
    return len(session.walk.source), config.heads, len(session.checkpoint.model.encoder_layers), config.d_model
