"""Why a beam: greedy search beside beam search on this sentence, or on an example where greedy search loses."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from pages.output_and_search.beam import Tree
from pages.output_and_search.greedy import Ids, decoded, path
from transformer.decoding.search import best
from transformer.text import clean
from ui.controls import offers
from ui.frame import Session
from ui.frame.sidebar import EXAMPLES
from ui.measures.search import searched
from ui.session.state import MOST_SOURCE, Origin, opened
from ui.show import proof
from ui.show.sums import number
from ui.text import plain
from ui.text import translate as _

LEAST = 1e-4  # a smaller difference of log-probabilities is rounding
WANTED = "_loser_wanted"  # whether the learner asked for an example: the search over all of them takes seconds
TIMES = 3  # so often in a row is a repetition
LONGEST = 4  # pieces of what is repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class Loser:
    """A sentence on which greedy search finds a less probable translation than beam search."""

    text: str
    greedy: Ids
    greedy_total: float
    beam: Ids
    beam_total: float


def compared(origin: Origin, text: str, width: int, alpha: float) -> Loser:
    """Both searches on one text, with the log-probabilities of what they found."""
    free, winner = path(origin, text, ()), best(searched(origin, text, width, alpha))
    total = free.total if winner.ids != free.ids else winner.total  # one search added in single precision
    return Loser(text=text, greedy=free.ids, greedy_total=total, beam=tuple(winner.ids), beam_total=winner.total)


@st.cache_data(max_entries=64, show_spinner=False)
def loser(origin: Origin, width: int, alpha: float) -> Loser | None:
    """The first of the sidebar's examples on which greedy search loses, if there is one."""
    checkpoint = opened(origin)
    most = min(MOST_SOURCE, checkpoint.model.config.max_positions - 2)
    texts = [text for text in map(clean, EXAMPLES) if len(checkpoint.tokenizer.encode(text)) <= most]
    tried = (compared(origin, text, width, alpha) for text in texts)
    return next((each for each in tried if each.beam_total > each.greedy_total + LEAST), None)


def show(session: Session, found: Tree) -> None:
    """The line for this sentence; where both searches write the same, the way to one where they do not."""
    mine = compared(session.origin, clean(session.walk.source_text), found.width, found.alpha)
    if mine.greedy != mine.beam:
        differ(session, mine)
        return offers.way_back(session.walk.source_text)
    told = _(
        "Why a beam? Here greedy search writes the same: the most probable piece of every step led to the best whole."
    )
    proof.show(told, control=partial(find, session, found))
    offers.way_back(session.walk.source_text)


def differ(session: Session, mine: Loser) -> None:
    """Both translations, with the sum of log-probabilities of each."""
    told = (
        _("Why a beam? Greedy search writes {greedy}, log p {low}; the beam finds {beam}, log p {high}.")
        if mine.beam_total > mine.greedy_total
        else _("Greedy search writes {greedy}, log p {low}; the beam prefers {beam}, log p {high}, by its length.")
    )
    proof.show(
        told, greedy=noted(session, mine.greedy), low=number(mine.greedy_total, 2), beam=noted(session, mine.beam),
        high=number(mine.beam_total, 2),
    )  # fmt: skip


def find(session: Session, found: Tree) -> None:
    """A press looks through the examples; then another one takes the sentence that was found."""
    if not st.session_state.get(WANTED):
        st.button(_("Find one where greedy loses"), key="find_loser", on_click=want)
        return
    with st.spinner(_("Both searches on every example …")):
        other = loser(session.origin, found.width, found.alpha)
    if other is None:
        st.caption(_("Both searches write the same for every example, too."))
    else:
        offers.offered(plain(_("Take: {sentence}").format(sentence=other.text)), "take_loser", offers.take, other.text)


def want() -> None:
    """Look through the examples. Only in callbacks."""
    st.session_state[WANTED] = True


def noted(session: Session, ids: Sequence[int]) -> str:
    """A translation, and in brackets what is wrong with it, if it is seen at once."""
    note = doubt(ids, session.checkpoint.model.config.end_id)
    return f"“{decoded(session, ids)}”" + (f" ({note})" if note else "")


def doubt(ids: Sequence[int], end: int) -> str:
    """That a translation is empty, cut off, or repeats itself; nothing if none of it."""
    whole = bool(ids) and ids[-1] == end
    if not len(ids) - whole:
        return _("empty")
    if repeats(ids):
        return _("it repeats itself")
    return "" if whole else _("cut off: it came to no end")


def repeats(ids: Sequence[int]) -> bool:
    """Whether some pieces stand there at least `TIMES` times in a row."""
    row = np.array(ids)
    for length in range(1, LONGEST + 1):
        same = row[length:] == row[:-length]
        run = length * (TIMES - 1)
        if len(same) >= run and any(same[start : start + run].all() for start in range(len(same) - run + 1)):
            return True
    return False
