"""The changed model, and what is asked and said of it beside every picture."""

import streamlit as st

from pages.head_switchboard.switches import Asked
from ui.changed import guess, telling
from ui.changed import outcome as outcomes
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.text import translate as _


def compared(session: Session, asked: Asked) -> Compared:
    """The model as it is, and with its heads switched."""
    if "mean" in asked.switched.values():
        with st.spinner(_("Measuring what the heads say on average …"), show_time=True):
            outcomes.means(session.origin)
    return outcomes.compared(session, asked.what_if)


def asked_first(asked: Asked, pair: Compared) -> bool:
    """The guess, and if it is made or nobody wants to guess, both translations; whether the outcome may be shown."""
    guessing = guess.wanted("sw")
    lifted = guess.lifted("sw", asked.code, guessing, pair)
    if lifted:
        telling.result(pair, "")
    return lifted
