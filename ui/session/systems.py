"""Which systems there are, of the kinds that a page shows; opened once, whoever asks."""

from collections.abc import Collection

import streamlit as st

from systems import shelf
from transformer.checkpoint import CheckpointError
from ui.session.state import Origin, origin


def models(kinds: Collection[str]) -> dict[str, Origin]:
    """The systems of some kinds that can be opened, by name; in the order of `kinds`, shipped ones first."""
    found = {name: origin(folder) for name, folder in shelf.of_kinds(kinds).items()}
    order = {kind: place for place, kind in enumerate(kinds)}
    usable = {name: each for name, each in found.items() if not problem(each)}
    return dict(sorted(usable.items(), key=lambda each: order[opened(each[1]).kind]))


@st.cache_resource(max_entries=32, show_spinner=False)
def opened(found: Origin) -> shelf.Opened:
    """One of them. Raises `CheckpointError` with a sentence."""
    return shelf.load(found.folder, found.moment)


@st.cache_data(max_entries=512, show_spinner=False)
def problem(found: Origin) -> str:
    """Why one cannot be opened; nothing if it can."""
    try:
        opened(found)
    except CheckpointError as error:
        return str(error)
    return ""
