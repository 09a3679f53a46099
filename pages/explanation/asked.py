"""What the learner asks: which French piece, which attention, which cell; and the guess that comes first. All in the address."""

import re
from dataclasses import dataclass

import streamlit as st

from pages.explanation.methods import METHODS
from ui import controls
from ui.changed import guess
from ui.changed.undo import button
from ui.measures.words import Words
from ui.session import choice
from ui.session.attentions import Cell
from ui.session.kept import hold, put
from ui.session.walk import Walk
from ui.text import translate as _

METHOD, PAIR, GUESS, ASK, FOR = "ex_method", "ex_pair", "ex_guess", "ex_ask", "_ex_guess_for"
CODE = re.compile(r"([1-9][0-9]?)\.([1-9][0-9]?)")  # French piece, English word


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls and the address say."""

    place: int  # in `walk.written`
    layer: int
    head: int | None  # `None` is the mean
    method: str  # whose cell is told
    pair: tuple[str, str] | None  # two methods whose agreement is told
    guess: str  # `place.word`, from 1, or nothing
    view: str  # "methods", "ranks" or "general"
    guessing: bool  # whether the learner wants to guess first

    def guessed(self, words: Words) -> int | None:
        """The word that was guessed for this French piece, from 0."""
        found = CODE.fullmatch(self.guess)
        if not found or int(found[1]) - 1 != self.place or int(found[2]) > len(words):
            return None
        return int(found[2]) - 1

    def lifted(self, words: Words) -> bool:
        """Whether the methods may be shown."""
        return not self.guessing or self.guessed(words) is not None


def ask(walk: Walk) -> Asked:
    """Draw the controls and read them."""
    for key in (METHOD, PAIR, GUESS):
        hold(key, "")
    if st.session_state.setdefault(FOR, choice.scope(walk)) != choice.scope(walk):
        st.session_state[GUESS], st.session_state[FOR] = "", choice.scope(walk)
    with controls.row("atlas_controls_view"):
        view = controls.one_of(_("Picture"), "ex_view", views())
        guessing = guess.wanted("ex", True)
        button(_("Guess again"), "ex_again", forget, disabled=not st.session_state[GUESS])
    with controls.row():
        layer, head = controls.layer(walk.layers), controls.head(walk.heads)
    method, pair = str(st.session_state[METHOD]), tuple(str(st.session_state[PAIR]).split("-"))
    return Asked(
        place=place(walk), layer=layer, head=head, method=method if method in METHODS else METHODS[-1],
        pair=(pair[0], pair[1]) if len(pair) == 2 and set(pair) <= set(METHODS) else None,
        guess=str(st.session_state[GUESS]), guessing=guessing, view=view,
    )  # fmt: skip


def views() -> dict[str, str]:
    """The pictures there are."""
    return {"methods": _("Five answers"), "ranks": _("Agreement"), "general": _("In general")}


def place(walk: Walk) -> int:
    """The chosen French piece; until one is chosen, the longest."""
    chosen = choice.piece(walk)
    if chosen is not None:
        return chosen
    return max(
        range(len(walk.written)), key=lambda each: len(walk.written[each].strip("▁")) * (walk.written[each] != "</s>")
    )


def word(walk: Walk, words: Words) -> int | None:
    """The chosen English word, from 0; one more than the last for the end piece."""
    chosen = choice.looked_at(walk)
    return None if chosen is None else words.of(chosen)


def take_guess(asked: Asked, cell: Cell) -> None:
    """The word of `[word, column]` is the guess. Only in callbacks."""
    st.session_state[GUESS] = f"{asked.place + 1}.{int(cell[0] or 0) + 1}"
    choice.set_place(choice.WRITTEN, asked.place)


def take_cell(asked: Asked, words: Words, cell: Cell) -> None:
    """Point at `[word, method]`. Only in callbacks."""
    column, row = (int(each or 0) for each in cell[:2])
    places = [*(pieces[0] for pieces in words.pieces), sum(map(len, words.pieces))]
    if 0 <= row < len(METHODS) and 0 <= column < len(places):
        st.session_state[METHOD] = METHODS[row]
        choice.choose(asked.place, places[column])


def take_pair(cell: Cell) -> None:
    """Point at `[method, method]`. Only in callbacks."""
    row, column = (int(each or 0) for each in cell[:2])
    if 0 <= row < len(METHODS) and 0 <= column < len(METHODS):
        st.session_state[PAIR] = f"{METHODS[row]}-{METHODS[column]}"


def forget() -> None:
    """No guess. Only in callbacks."""
    st.session_state[GUESS] = ""
    put(ASK, True)


def show_me() -> None:
    """No guess is wanted. Only in callbacks."""
    put(ASK, False)
