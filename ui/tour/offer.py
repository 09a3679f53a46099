"""The offer of the tour, in the line over Home: a question at the first visit, later a button."""

import streamlit as st

from ui import ASSETS
from ui.text import translate as _
from ui.tour import stops

_component = st.components.v2.component(
    "atlas_tour",
    html='<div class="atlas-tour-offer"></div>',
    js=(ASSETS / "tour.js").read_text("utf-8"),
    isolate_styles=False,  # its style is the frame's: what it shows lies over the page
)


def show() -> None:
    """Draw it. Whether this is a first visit the browser knows; with `?tour=1` in the address it begins at once."""
    words = {
        "new": _("New here? A tour of {count} stops."), "start": _("Start"), "no": _("No, thanks"), "tour": _("Tour"),
        "of": _("{number} of {count}"), "next": _("Next"), "back": _("Back"), "skip": _("Skip the tour"), "done": _("Done"),
    }  # fmt: skip
    with st.container(key="atlas_tour", width="content"):
        _component(key="tour_offer", data={"stops": stops.as_data(), "words": words}, width="content")
