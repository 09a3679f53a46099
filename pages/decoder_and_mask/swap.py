"""A French sentence that parts from the model's own, for those who write none: one word of it swapped for another of its kind."""

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from ui.controls.offers import offered
from ui.session import choice, state
from ui.session.chips import chip
from ui.session.walk import Walk
from ui.text import Chip, plain
from ui.text import translate as _

TRIED = 40  # of the most probable pieces at the place
BEFORE = "_french_before"  # what the field of the French held


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """One word for another."""

    place: int  # in what is written
    word: Chip
    other: Chip
    chance: float  # that the model gives the other word at this place
    french: str  # the whole sentence with it


@st.cache_data(max_entries=256, show_spinner=False)
def swap(origin: state.Origin, text: str, written: tuple[int, ...], place: int, _walk: Walk) -> Swap | None:
    """The word at `place` for the most probable other one; `None` if there is no such word."""
    del text, written  # what the walk is known by
    checkpoint = state.opened(origin)
    if not choice.is_word(_walk.written, place):
        return None
    piece = checkpoint.tokenizer.piece
    chances = _walk.trace.logits[0, place].softmax(-1)
    ids = [id for id in chances.topk(min(TRIED, len(chances))).indices.tolist() if new(piece(id).piece, _walk, place)]
    if not (other := next(iter(ids), 0)):
        return None
    return Swap(
        place=place, word=chip(_walk.written[place], place), other=chip(piece(other).piece, place), chance=float(chances[other]),
        french=checkpoint.tokenizer.decode([*_walk.written_ids[:place], other, *_walk.written_ids[place + 1 :]]),
    )  # fmt: skip


def new(piece: str, walk: Walk, place: int) -> bool:
    """Whether a piece is a whole word and no other form of the one at the place, nor one of its neighbours."""
    word, own = piece[1:].casefold(), walk.written[place][1:].casefold()
    near = {walk.written[at] for at in (place - 1, place + 1) if 0 <= at < len(walk.written)}
    return choice.is_word((piece,), 0) and len(word) > 2 and piece not in near and word[:3] != own[:3]


def places(walk: Walk) -> Iterator[int]:
    """The places to swap at: the chosen one, then the longest whole words."""
    chosen = choice.piece(walk)
    if chosen is not None:
        yield chosen
    yield from sorted(range(len(walk.written)), key=lambda at: (-len(walk.written[at]), at))


def found(origin: state.Origin, walk: Walk) -> Swap | None:
    """The first swap that there is."""
    asked = origin, walk.source_text, walk.written_ids
    return next((one for place in places(walk) if (one := swap(*asked, place, walk))), None)


def offer(origin: state.Origin, walk: Walk) -> None:
    """One click to another French sentence; once there is one, the way back to the model's."""
    if walk.forced:
        return offered(_("Back to the model's French"), "swap_back", back)
    if one := found(origin, walk):
        says = _("Swap {word} for {other}").format(word=one.word, other=one.other)
        offered(plain(says), "swap", take, one.french)


def take(french: str) -> None:
    """Make it the learner's French. Only in callbacks."""
    st.session_state[BEFORE] = st.session_state.get("french", "")
    st.session_state["target"], st.session_state["french"] = "mine", french


def back() -> None:
    """The model's French again, and in the field what it held before the swap. Only in callbacks."""
    st.session_state["target"] = "model"
    if BEFORE in st.session_state:
        st.session_state["french"] = st.session_state.pop(BEFORE)
