"""A sentence with gold links, offered where the learner's own has none."""

import streamlit as st

from ui.controls import offers
from ui.controls.offers import offered
from ui.measures import gold
from ui.measures.gold import Aligned
from ui.session.walk import Passage
from ui.text import translate as _


def offer(walk: Passage, found: Aligned | None) -> None:
    """If there are no gold links: say why in one line, with a button to a sentence that has some; after it, the way back."""
    offers.way_back(walk.source_text)
    if found and found.gold:
        return
    known = found.expected if found else None
    pair = known or gold.example()
    with st.container(key="atlas_offer", horizontal=True, vertical_alignment="center"):
        if known:
            st.caption(_("grammar-en-fr has gold links for this English sentence, but with another French one."))
            offered(_("Take its French"), "take_french", offers.take, pair.source, pair.target)
        else:
            st.caption(_("Nobody has linked the words of this sentence. Those of grammar-en-fr have gold links."))
            offered(_("Try one"), "take_gold", offers.take, pair.source)
