"""The second sentence: typed, or made of the learner's own by one other word, or half of a minimal pair; the same model reads it."""

from dataclasses import replace

import numpy as np
import streamlit as st

from pages.compare.sides import Side, called
from transformer.checkpoint import Checkpoint
from transformer.corpora.grammar import lexicon
from transformer.corpora.grammar.minimal_pairs import PHENOMENA, minimal_pairs
from transformer.text import clean
from ui import frame
from ui.controls import offers
from ui.frame import sidebar
from ui.frame.sidebar import EXAMPLES
from ui.session import choice, state
from ui.session.kept import hold
from ui.session.state import Origin
from ui.session.walk import Walk, array
from ui.text import plain
from ui.text import translate as _

TEXT = "cmp_text"  # in the address; "" is the sentence that is suggested
PAIR, PICK = "_cmp_pair", "pick_cmp_text"
VOWELS = "aeiou"


def field(session: frame.Session) -> str:
    """Draw the field of the second sentence and the menu of minimal pairs; answer with the sentence.

    Whoever followed a link with the second sentence and comes back finds both, the other way round.
    """
    own, before = session.walk.source_text, st.session_state.get(PAIR)
    hold(TEXT, "")
    if before and before[1] == own != before[0] and clean(str(st.session_state[TEXT])) in ("", own):
        st.session_state[TEXT] = before[0]
    text = clean(str(st.session_state[TEXT])) or suggested(session.origin, own)
    st.session_state[PICK] = text

    def typed() -> None:
        st.session_state[TEXT] = str(st.session_state[PICK]).strip()

    st.text_input(
        _("B: the other sentence"), key=PICK, on_change=typed, placeholder=_("Empty: yours with one other word")
    )
    st.session_state[PAIR] = (own, text)
    hint = _("Minimal pairs: two sentences that differ in one word.")
    if st.menu_button(_("Pairs"), PHENOMENA, key="cmp_pairs", on_click=take, format_func=named, help=hint):
        st.rerun(scope="app")
    return text


def take() -> None:
    """A minimal pair: the first into the sidebar, the second here. Only in callbacks."""
    if chosen := st.session_state.get("cmp_pairs"):
        first, second = pair(str(chosen))
        offers.take(first)
        st.session_state[TEXT] = second
        st.session_state.pop(PAIR, None)


@st.cache_data(show_spinner=False)
def pair(phenomenon: str) -> tuple[str, str]:
    """The two sentences of the first minimal pair of a phenomenon."""
    found = minimal_pairs(phenomenon)[0]
    return found.first.source, found.second.source


def named(phenomenon: str) -> str:
    """The pair as the menu shows it."""
    return plain(" / ".join(pair(phenomenon)))


def read(session: frame.Session, text: str) -> tuple[Side, Side] | str:
    """Both sentences as the model reads them; or a sentence that says why it cannot read the second."""
    origin, checkpoint = session.origin, session.checkpoint
    if not checkpoint.tokenizer.encode(text):
        return _("The second sentence has no piece that the model knows. Type another.")
    found = frame.read(sidebar.Question(text, origin, session.search, None))
    if isinstance(found, str):
        return f"B: {found}"
    a = Side(
        letter="A", name=called(origin), origin=origin, checkpoint=checkpoint, own=session.walk, walk=session.walk,
        special=session.special,
    )  # fmt: skip
    return a, replace(a, letter="B", own=found, walk=found)


def alike(a: Walk, b: Walk) -> bool:
    """Whether both sentences and their translations are the same."""
    return a.source_ids == b.source_ids and a.written_ids == b.written_ids


@st.cache_data(max_entries=256, show_spinner=False)
def suggested(origin: Origin, text: str) -> str:
    """The sentence with one word of it changed: for the known word of its kind whose row of the embedding is nearest.

    Known are nouns and adjectives of this project's grammar. An example, if the model knows none of them as one piece.
    """
    checkpoint = state.opened(origin)
    ids = list(checkpoint.tokenizer.encode(text))
    other = next(each for each in EXAMPLES if each != text)
    if not ids:
        return other
    known, pieces = kinds(checkpoint), checkpoint.tokenizer.spelled(ids)
    mine = [place for place, id in enumerate(ids) if id in known and choice.is_word(pieces, place)]
    place = (
        max(mine, key=lambda at: (known[ids[at]] < ADJECTIVE, len(pieces[at]), at)) if mine else choice.telling(pieces)
    )
    kind, begins = known.get(ids[place], 0), vowel(pieces[place])
    among = [id for id, each in known.items() if each == kind and vowel(checkpoint.tokenizer.piece(id).piece) == begins]
    among = [id for id in among if id not in ids]
    if not among:
        return other
    ids[place] = nearest(array(checkpoint.model.matrix.detach()).astype(np.float64), ids[place], among)
    return checkpoint.tokenizer.decode(ids)


def nearest(matrix: np.ndarray, id: int, among: list[int]) -> int:
    """The one `among` some ids whose row of `matrix` (vocabulary d_model) has the largest cosine with that of `id`."""
    rows = matrix[among]
    cosines = rows @ matrix[id] / np.maximum(np.linalg.norm(rows, axis=1), 1e-12)
    return among[int(cosines.argmax())]


def vowel(piece: str) -> bool:
    """Whether a word begins with a vowel, so that it goes with `an`."""
    return piece.strip("▁")[:1].casefold() in VOWELS


ADJECTIVE = 2  # the kinds of known words: nouns are 0, their plurals 1


def kinds(checkpoint: Checkpoint) -> dict[int, int]:
    """The ids of known words that are one piece, and their kinds."""
    nouns = lexicon.NOUN.values()
    words = [[each.english for each in nouns], [each.english_plural for each in nouns], list(lexicon.ADJECTIVES)]
    found: dict[int, int] = {}
    for kind, each in enumerate(words):
        for word in each:
            ids = checkpoint.tokenizer.encode(word)
            if len(ids) == 1:
                found.setdefault(ids[0], kind)
    return found
