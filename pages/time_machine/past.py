"""One sentence through the training of a model that has no heads to follow: what each of its snapshots made of it."""

import math
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
import torch

from pages.time_machine import film as films
from pages.time_machine.film import Numbers, Reel
from relatives.recurrent import OneStateTrace
from transformer import checkpoint
from transformer.analysis.snapshots import Moment, Moments
from transformer.checkpoint import CheckpointError
from transformer.decoding.ways import found
from ui.frame import Guest
from ui.session import attentions, relatives, state
from ui.session.relatives import Recollection
from ui.session.state import Origin, Search
from ui.session.walk import Passage
from ui.text import translate as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """What one snapshot made of the sentence."""

    moment: Moment
    chance: float  # that it gives to what it writes itself
    given: float  # that it gives to the French that all snapshots read
    loss: float  # of that French, in nats a piece
    look: Numbers | None  # where it looked (written, source), if it looks
    states: Numbers | None  # the encoder's, then the decoder's (piece, dimension), if it has one hidden state


@dataclass(frozen=True, slots=True, kw_only=True)
class Past(Reel):
    """All of it, the earliest first."""

    thens: tuple[Then, ...]

    @property
    def then(self) -> Then:
        """The one at hand."""
        return self.thens[self.at]

    @property
    def maps(self) -> Numbers | None:
        """All maps (snapshot, written, source); `None` if the model does not look."""
        looks = [then.look for then in self.thens if then.look is not None]
        return np.stack(looks) if looks else None

    @property
    def shape(self) -> tuple[slice, slice]:
        """The rows and columns of a map that are drawn: the special pieces only where they are wanted."""
        walk, special = self.session.walk, self.session.special
        return attentions.drawn(walk.written, special), attentions.drawn(walk.source, special)


def begin(session: Guest) -> Past:
    """Read the sentence with every snapshot. A page without snapshots says so and ends here."""
    steps = state.moments(session.origin)
    if len(steps) < films.FEWEST:
        films.no_snapshots(session)
    model, walk = state.at(session.origin, None), session.walk
    if not walk.forced:  # the snapshots read what the finished model writes, whichever of them the sidebar points at
        walk = relatives.own(model, walk.source_text, session.search)
    told = _("Reading your sentence with {count} snapshots of the model …").format(count=len(steps))
    with st.spinner(told), st.skeleton(height=films.HEIGHT):
        origins = tuple(state.at(model, step) for step in steps)
        thens, troubles = read(origins, walk.source_text, walk.written_ids, session.search)
    moments = Moments(moments=tuple(then.moment for then in thens), troubles=troubles)
    now, session = films.found_now(session, moments), replace(session, walk=walk)
    return Past(session=session, moments=moments, thens=thens, now=now, at=films.at_hand(now, len(thens)))


@st.cache_resource(max_entries=24, show_spinner=False)
def read(
    origins: tuple[Origin, ...], text: str, ids: tuple[int, ...], search: Search
) -> tuple[tuple[Then, ...], tuple[str, ...]]:
    """What the snapshots make of `text` if all are given the French `ids`, and a sentence for each that cannot be used."""
    thens, troubles = [], []
    for origin in origins:
        try:
            thens.append(read_by(origin, text, ids, search))
        except CheckpointError as error:
            troubles.append(str(error))
    return tuple(thens), tuple(troubles)


def read_by(origin: Origin, text: str, ids: tuple[int, ...], search: Search) -> Then:
    """The same by one of them, which is not kept open. Raises `CheckpointError` with a sentence if it cannot be used."""
    opened = checkpoint.load_any(origin.folder, origin.moment)
    given = relatives.passage(opened, text, ids, forced=True)
    if not all(np.isfinite(given.chances)):
        raise CheckpointError(f"The snapshot {opened.name!r} holds numbers that overflow on this sentence.")
    with torch.inference_mode():
        written = found(opened.model, opened.tokenizer.encode(text), search, state.MOST_TARGET)
    own = relatives.passage(opened, text, written, forced=False)
    look = None if given.look is None else given.look.astype(np.float64)
    moment = Moment(step=int(origin.moment or 0), training=opened.card["training"], written=written, kept={})
    return Then(
        moment=moment, chance=chance(own), given=chance(given), loss=given.loss, look=look, states=states(given)
    )  # fmt: skip


def chance(walk: Passage) -> float:
    """The probability of the whole of it: the product of those of its pieces."""
    return math.exp(sum(math.log(max(each, 1e-45)) for each in walk.chances))


def states(walk: Passage) -> Numbers | None:
    """The hidden states, those of the encoder first, a row each."""
    if not (isinstance(walk, Recollection) and isinstance(walk.trace, OneStateTrace)):
        return None
    both = torch.cat((walk.trace.encoder.cell.states[0], walk.trace.decoder.cell.states[0]))
    return both.double().numpy()
