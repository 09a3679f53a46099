"""Models: all there are, how large and how good; to open, download, rename, delete, and to bring along from elsewhere."""

import streamlit as st

from pages.models import actions, facts, found, pictures
from ui import frame
from ui.show import prose
from ui.training import teacher

shop = frame.workshop("340_models")


@st.fragment
def show() -> None:
    """The models and what can be done with them; a click runs only this."""
    frame.heading(shop.lesson)
    with st.container(key="atlas_beside_told"):
        found.told()
    models = facts.models()
    one = None
    if models:
        with st.container(key="atlas_beside_model"):
            one = pictures.choose(models, shop)
            pictures.tell(one)
            actions.row(one)
        pictures.show(models, one, shop)
        pictures.table(models)
    else:
        actions.none_yet()
    actions.uploads()
    teacher.field()
    prose.depths(shop.lesson, pictures.values(one))


show()
frame.bottom(shop)
