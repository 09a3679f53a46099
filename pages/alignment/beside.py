"""Other models on the same pieces: the same English and the same French, looked at by each of them."""

import streamlit as st

from pages.alignment.looks import Looks, looked
from ui.frame import Seen, Visit
from ui.session import relatives, state
from ui.session.state import Origin
from ui.session.walk import Passage


def alike(origin: Origin, walk: Passage) -> bool:
    """Whether a model cuts both sentences into the same pieces with the same numbers."""
    tokenizer = state.any_opened(origin).tokenizer
    return (
        tokenizer.encode(walk.source_text) == list(walk.source_ids[:-1])
        and max(walk.written_ids) < len(tokenizer)
        and tokenizer.spelled(walk.written_ids) == walk.written
    )


def transformer(visit: Visit, seen: Seen) -> tuple[str, Origin] | None:
    """The Transformer that learned from the same corpus, with its name: the sidebar's if it is one."""
    usable = state.usable()
    same = {
        name: origin for name, origin in usable.items() if relatives.learned(origin) == relatives.learned(seen.origin)
    }
    here = visit.question.origin.folder
    return next(
        ((name, origin) for name, origin in same.items() if origin.folder == here), next(iter(same.items()), None)
    )


def of_kind(seen: Seen, kind: str) -> Origin | None:
    """A model of a kind that learned the same corpus with the same pieces: the chosen one if it is of this kind."""
    if seen.checkpoint.kind == kind:
        return seen.origin
    for origin in relatives.models([kind]).values():
        if relatives.learned(origin) == relatives.learned(seen.origin) and alike(origin, seen.walk):
            return origin
    return None


@st.cache_resource(max_entries=32, show_spinner=False)
def looks_of(origin: Origin, text: str, ids: tuple[int, ...]) -> Looks:
    """What a model looks at while it reads `text` and is given the pieces `ids`."""
    opened = state.any_opened(origin)
    return looked(relatives.passage(opened, text, ids, forced=True), opened.model, opened.kind)


def command(seen: Seen, kind: str) -> str:
    """How to train a model of a kind on what the chosen one learned from."""
    return f"python -m transformer train {relatives.learned(seen.origin) or 'grammar-en-fr'} --model {kind}"
