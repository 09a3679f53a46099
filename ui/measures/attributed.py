"""What each English word did for one French piece: gradients, and the words left out; known by what was asked, so that nobody waits twice."""

from dataclasses import dataclass

import streamlit as st

from transformer.analysis import attributions
from transformer.analysis.attributions import Gradients, LeftOut, Question
from ui.frame import Session
from ui.measures.words import Words, words_of
from ui.session import state
from ui.session.state import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What takes time. Not to be written to, because all sessions share it."""

    words: Words
    question: Question
    gradient: Gradients
    integrated: Gradients
    left: LeftOut


@st.cache_resource(max_entries=96, show_spinner=False)
def measured(origin: Origin, text: str, reference: tuple[int, ...], place: int) -> Measured:
    """Gradients, and the words left out, for the piece at `place` of `reference`."""
    checkpoint = state.opened(origin)
    ids = tuple(checkpoint.tokenizer.encode(text))
    question = Question(source=ids, target=reference, places=(place,))
    words = words_of(checkpoint.tokenizer, text, ids)
    gradient, integrated = attributions.gradients(checkpoint.model, question)
    left = attributions.leave_out(checkpoint.model, question, words.pieces)
    return Measured(words=words, question=question, gradient=gradient, integrated=integrated, left=left)


def found(session: Session, place: int) -> Measured:
    """The same for the page's sentence."""
    return measured(session.origin, session.walk.source_text, session.walk.written_ids, place)
