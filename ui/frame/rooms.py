"""The rooms of a page: the sentence, one line that says what is to be seen, the picture on the left, the words on the right.

Rooms are made before what stands in them, so that nothing moves when it arrives. Narrow windows have the words below the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.frame import token_strip
from ui.session.walk import Passage
from ui.show import terms


class Shown(Protocol):
    """What is asked of a page's session."""

    @property
    def walk(self) -> Passage:
        """The sentence."""

    @property
    def special(self) -> bool:
        """Whether `<s>` and `</s>` are drawn."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Where the parts of a page stand; `with rooms.picture: ...`."""

    line: DeltaGenerator
    picture: DeltaGenerator
    words: DeltaGenerator

    def seen(self, template: str, **values: object) -> None:
        """The first line: what is to be seen, in one sentence with the learner's own numbers; pieces are `ui.text.Chip`s."""
        with self.line:
            first_line(template, **values)


def first_line(template: str, **values: object) -> None:
    """The first line alone, on a page whose pictures need its whole width."""
    st.html(f'<p class="atlas-seen" role="status">{terms.filled(template, **values)}</p>')


def rooms(session: Shown, name: str = "", special: bool = True, sides: Sequence[str] = token_strip.BOTH) -> Rooms:
    """The sentence as chips, without the `special` ones if not wanted, and below it the rooms: the first thing in the fragment of the picture.

    Only pieces of `sides` can be chosen: those that the picture can show.
    """
    token_strip.show(session.walk, session.special and special, sides=sides)
    return more_rooms(name)


def more_rooms(name: str = "") -> Rooms:
    """Rooms without the sentence: for a page without one, or for the second picture of a page, whose `name` is in their keys."""
    line = st.container(key=f"atlas_seen{name}")
    with st.container(key=f"atlas_rooms{name}"):
        return Rooms(line, st.container(key=f"atlas_picture{name}"), st.container(key=f"atlas_words{name}"))
