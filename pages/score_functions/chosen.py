"""The model that the page shows: a Transformer of any score, as the pages of the walk are given theirs."""

import streamlit as st

from transformer.checkpoint import Checkpoint, Opened
from transformer.family import TRANSFORMER
from transformer.model import Transformer
from ui import frame
from ui.frame import Session, Visit
from ui.session.kept import address
from ui.session.walk import Walk
from ui.text import translate as _

KEY = "sf_model"  # in the address
BESIDE = "_sf_beside"  # the sidebar's model when the page was drawn last
KINDS = (TRANSFORMER, "additive", "unscaled")


def session(visit: Visit) -> Session | None:
    """The sentence as the chosen model reads it. If it cannot, a sentence says why, and the menu offers another."""
    follow(visit)
    seen = visit.seen(KEY)
    if isinstance(seen, str) or not isinstance(seen.walk, Walk):
        frame.heading(visit.lesson)
        visit.choose(_("Model"), KEY)
        st.info(str(seen))
        address()
        return None
    visit.say_doubts(seen)
    return Session(
        name=visit.name, lesson=visit.lesson, origin=seen.origin, checkpoint=as_checkpoint(seen.checkpoint), walk=seen.walk, mode=visit.mode,
        special=seen.special, search=visit.question.search,
    )  # fmt: skip


def follow(visit: Visit) -> None:
    """Whoever takes another model in the sidebar sees that one here."""
    beside = visit.question.origin.folder
    if st.session_state.setdefault(BESIDE, beside) != beside:
        st.session_state[BESIDE] = beside
        name = next((name for name, origin in visit.models.items() if origin.folder == beside), None)
        if name is not None:
            st.session_state[KEY] = name


def as_checkpoint(opened: Opened) -> Checkpoint:
    """A Transformer with another score as a checkpoint like that of the paper's: it has the same parts."""
    if isinstance(opened, Checkpoint):
        return opened
    if not isinstance(opened.model, Transformer):
        raise TypeError(f"{opened.name!r} is no Transformer, but {opened.kind}.")
    return Checkpoint(name=opened.name, model=opened.model, tokenizer=opened.tokenizer, card=opened.card)
