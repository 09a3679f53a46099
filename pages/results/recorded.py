"""What was recorded and shipped: the paper's tables; a sentence in its place if a file is missing or damaged."""

import streamlit as st

from relatives.results import ablation
from relatives.results import paper as facts
from relatives.results.ablation import Found
from relatives.results.paper import Paper


@st.cache_data(ttl=60, max_entries=1, show_spinner=False)
def paper() -> Paper | str:
    """The paper's tables."""
    try:
        return facts.load()
    except ValueError as error:
        return str(error)


def runs() -> list[Found] | str:
    """The runs of the ablation; the file may grow while somebody looks."""
    try:
        return ablation.read()
    except ValueError as error:
        return str(error)
