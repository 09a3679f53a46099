"""Words as vectors: word2vec, GloVe, fastText; neighbours, analogies, a map, a word that was never read; and one word in two sentences."""

import streamlit as st

from pages.words_as_vectors import asked, views
from ui import frame
from ui.session import systems

shop = frame.workshop("490_words_as_vectors")


@st.fragment
def show() -> None:
    """One of five views; a click on a control runs only this."""
    rooms = frame.more_rooms()
    with rooms.picture:
        question = asked.ask()
    views.show(rooms, shop, question)
    if question.origin:
        with rooms.picture:
            st.caption(systems.about(question.origin))


show()
frame.bottom(shop)
