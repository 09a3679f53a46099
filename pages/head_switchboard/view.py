"""The rooms of the page below its picture, and the changed model itself."""

import streamlit as st

from pages.head_switchboard.switches import Asked
from ui.changed import outcome as outcomes
from ui.changed import telling
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.text import translate as _


def compared(session: Session, asked: Asked) -> Compared:
    """The model as it is, and with its heads switched."""
    if "mean" in asked.switched.values():
        with st.spinner(_("Measuring what the heads say on average …"), show_time=True):
            outcomes.means(session.origin)
    return outcomes.compared(session, asked.what_if)


def tell(session: Session, pair: Compared) -> None:
    """Both translations."""
    telling.result(
        session, pair, _("All heads are on. Guess which head this sentence can least do without, and click it.")
    )
