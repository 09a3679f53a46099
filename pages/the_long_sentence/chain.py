"""The pulls on the learner's sentence, computed once for everybody: bounded, and known by the model and the texts."""

from dataclasses import dataclass

import streamlit as st

from relatives.long import way_back
from relatives.long.way_back import Case
from relatives.recurrent import OneState
from transformer.text import clean
from transformer.translator import Translator
from ui.session import relatives, state
from ui.session.state import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """One model that reads a sentence and its French; the loss is that of the last word."""

    source: tuple[str, ...]  # pieces, the end piece last
    word: str  # the piece that has the loss
    steps: tuple[int, ...]  # of a single state, from each piece to the loss
    pulls: tuple[float, ...]
    states: tuple[float, ...]  # of a model with one state: the gradient at each state, the encoder's first
    readers: tuple[str, ...]  # what was read to come to each of these states
    looks: tuple[float, ...]  # of a model that looks back: its shares of the pieces as it wrote the word


@st.cache_resource(max_entries=16, show_spinner=False)
def bare(origin: Origin) -> Translator:
    """The model before its first step."""
    return way_back.untrained(state.any_opened(origin))


@st.cache_data(max_entries=256, show_spinner=False)
def pulled(origin: Origin, text: str, french: str, untrained: bool) -> Pulled:
    """All of it, of the trained or the untrained model."""
    opened = state.any_opened(origin)
    model = bare(origin) if untrained else opened.model
    ids = tuple(opened.tokenizer.encode(clean(french)))
    written = opened.tokenizer.spelled((*ids, model.config.end_id))
    source = tuple(opened.tokenizer.encode(text))
    case = Case(source=source, target=(*ids, model.config.end_id), at=way_back.last_word(written))
    read = (
        opened.tokenizer.spelled((*source, model.config.end_id)),
        opened.tokenizer.spelled((model.config.start_id, *ids[: case.at])),
    )
    states = way_back.chain(model, case).tolist() if isinstance(model, OneState) else []
    look = None if untrained else relatives.passage(opened, text, case.target, forced=True).look
    return Pulled(
        source=tuple(read[0]), word=written[case.at], steps=tuple(way_back.steps_between(len(read[0]), case.at)),
        pulls=tuple(way_back.pulls(model, case).tolist()), states=tuple(states), readers=(*read[0], *read[1]),
        looks=() if look is None else tuple(look[case.at].tolist()),
    )  # fmt: skip
