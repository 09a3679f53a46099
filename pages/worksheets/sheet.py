"""A sheet: exercises made from one sentence. The same number, sentence and choices make the same sheet again."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.worksheets.exercise import Exercise
from pages.worksheets.facts import Facts
from pages.worksheets.kinds import KINDS
from ui import text
from ui.frame import Session
from ui.session import dealt, state

ATTEMPTS = 3  # throws of the dice, before a kind counts as not permitted
ALWAYS = "parameters"  # what every model and sentence permits


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One worksheet."""

    number: int
    sentence: str
    translation: str
    model: str
    moment: int | None
    exercises: tuple[Exercise, ...]

    @property
    def given(self) -> tuple[tuple[str, ...], ...]:
        """All that is printed: what makes one sheet differ from another."""
        return tuple(each.given for each in self.exercises)


def sheet(session: Session, number: int, kinds: Sequence[str]) -> Sheet:
    """The sheet of a number: an exercise of each of the `kinds`, those that the sentence and the model permit."""
    walk, origin = session.walk, session.origin
    made = exercises(
        origin, walk.source_text, walk.written_ids, session.search, number, tuple(kinds), text.language(), session
    )
    return Sheet(
        number=number, sentence=walk.source_text, translation=walk.target_text, model=origin.folder.name, moment=origin.moment, exercises=made
    )  # fmt: skip


@st.cache_data(max_entries=512, show_spinner=False)
def exercises(
    origin: state.Origin, text: str, written: tuple[int, ...], search: state.Search, number: int, kinds: tuple[str, ...],  # noqa: ARG001
    language: str, _session: Session,  # noqa: ARG001
) -> tuple[Exercise, ...]:  # fmt: skip
    """The exercises of a sheet, known by what was asked."""
    found = [
        each
        for place, kind in enumerate(kinds)
        if (each := exercise(_session, f"{number}/{place}", kind, number)) is not None
    ]
    always = exercise(_session, f"{number}", ALWAYS, number)
    return tuple(found) or ((always,) if always else ())


def exercise(session: Session, seed: str, kind: str, number: int = 1) -> Exercise | None:
    """One exercise; `None` if the sentence or the model does not permit it."""
    return next(
        (
            found
            for dice in throws(f"{seed}/{kind}")
            if (found := KINDS[kind](Facts(session=session, dice=dice, number=number))) is not None
        ),
        None,
    )


def throws(of: str) -> Iterator[random.Random]:
    """Dice, some kinds need several."""
    return (random.Random(f"{of}/{attempt}") for attempt in range(ATTEMPTS))


def with_sentence(session: Session, number: int) -> Session:
    """The same with the held-out sentence of a number; as it was if the model has none."""
    found = dealt.text_of(session.origin, number)
    if found is None:
        return session
    return replace(session, walk=state.own_walk(session.origin, found, session.search))
