"""What the learner points at: a piece of the translation, one of the source, and what it looks at; for every picture and in the address.

Before anything was chosen that is a word with a meaning of its own, and the piece of the translation that looks at it most.
Session state holds the places, counted from 1 as people do; 0 is the start piece, which stands before the first French piece.
"""

from collections.abc import Sequence

import streamlit as st

from ui.session.kept import hold
from ui.session.walk import Passage

WRITTEN, LOOKED_AT, KEY = "piece", "source", "key"  # keys in the address
START = -1  # the place of the start piece


def remember(walk: Passage) -> None:
    """Before anything asks what is chosen. A choice in another sentence is forgotten, unless a link that brought the sentence made it."""
    first = beginning(walk)
    if st.session_state.setdefault("_scope", scope(walk)) != scope(walk):
        st.session_state.update({key: place for key, place in first.items() if key in st.session_state})
        st.session_state["_scope"] = scope(walk)
    for key, place in first.items():
        hold(key, place)


def beginning(walk: Passage) -> dict[str, int | None]:
    """What is pointed at before the learner chooses: a word worth looking at, and the piece that looks at it most before it is written."""
    source = telling(walk.source)
    words = [place for place in range(len(walk.written)) if is_word(walk.written, place)] or [0]
    look = walk.look
    most = 0 if look is None else int(look[words, source].argmax())
    return {WRITTEN: words[most] + 1, LOOKED_AT: source + 1, KEY: None}


def telling(pieces: Sequence[str]) -> int:
    """The place of the longest whole word, the last of several: words with a meaning of their own are seldom short, whatever the language.

    The first piece only if there is no other, because its capital makes it special.
    """
    words = [place for place in range(1, len(pieces)) if is_word(pieces, place)]
    words = words or [place for place, piece in enumerate(pieces) if piece.strip("▁").isalnum()] or [0]
    return max(words, key=lambda place: (len(pieces[place]), place))


def is_word(pieces: Sequence[str], place: int) -> bool:
    """Whether the piece is a word that is not cut: it begins one, and no other goes on with it."""
    piece, after = pieces[place], pieces[place + 1 : place + 2]
    goes_on = bool(after) and after[0][:1].isalnum()
    return piece.startswith("▁") and piece[1:].isalpha() and not goes_on


def choose(written: int | None, looked_at: int | None = None) -> None:
    """Point at a place (or a cell) counted from 0, or at nothing. In callbacks, before the page is drawn."""
    set_place(WRITTEN, written)
    set_place(LOOKED_AT, looked_at)


def take(walk: Passage, key: str, place: int | None) -> None:
    """Point at one place, counted from 0; at what was pointed at in the beginning if the learner takes the choice back. Only in callbacks."""
    if place is None:
        st.session_state[key] = beginning(walk)[key]
    else:
        set_place(key, place)


def set_place(key: str, place: int | None) -> None:
    """Point at one place, counted from 0, or at none; the others stay. Only in callbacks."""
    st.session_state[key] = None if place is None else place + 1


def piece(walk: Passage) -> int | None:
    """The place in `walk.written` that is chosen, from 0."""
    return place(WRITTEN, len(walk.written))


def target_place(walk: Passage) -> int | None:
    """The same, but `START` if the start piece is chosen."""
    return START if st.session_state.get(WRITTEN) == 0 else piece(walk)


def looked_at(walk: Passage) -> int | None:
    """The place in `walk.source` that is chosen, from 0."""
    return place(LOOKED_AT, len(walk.source))


def place(key: str, length: int) -> int | None:
    """The chosen place if it exists: an address can ask for any."""
    number = st.session_state.get(key)
    return number - 1 if isinstance(number, int) and 1 <= number <= length else None


def scope(walk: Passage) -> str:
    """What a choice belongs to: the same pieces."""
    return " ".join((*walk.source, "→", *walk.written))
