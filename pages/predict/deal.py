"""Which question a learner gets: the same for the same number, another for another.

`pr_seed` is the learner's number, `pr_number` counts the questions, `pr_about` says what they are about, `pr_from` whose sentence they
are made from: all of it in the address, so a link shows the same question again.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import streamlit as st

from pages.predict.facts import Facts
from pages.predict.kinds import ALWAYS, KINDS, TOPICS
from ui import controls
from ui.asking.question import Question
from ui.changed.undo import button
from ui.frame import Session
from ui.session import dealt as sentences
from ui.session import state
from ui.session.kept import hold, hold_number
from ui.text import translate as _

SEED, NUMBER, ABOUT, FROM, SAID = "pr_seed", "pr_number", "pr_about", "pr_from", "pr_said"
ALL, MOST = "all", 999
ATTEMPTS = 3  # throws of the dice, before a kind counts as not permitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """A question, and what it was made from."""

    question: Question
    session: Session
    seed: int
    number: int
    about: str

    @property
    def key(self) -> str:
        """What an answer belongs to."""
        walk = self.session.walk
        origin = self.session.origin
        parts = (self.seed, self.number, self.about, origin.folder, origin.moment, walk.source_text, walk.target_text)
        return "/".join(map(str, parts))


def ask(session: Session) -> Dealt:
    """Draw the controls, and deal the question that they ask for."""
    for key in (NUMBER, SAID):
        hold(key, 1 if key == NUMBER else "")
    names = {
        ALL: _("Everything"), "input": _("Input"), "attention": _("Attention"), "decoder": _("Decoder"), "output": _("Output"),
        "change": _("Changes"), "learning": _("Learning"),
        "origins": _("Earlier translators"), "systems": _("Other systems"),
    }  # fmt: skip
    about = controls.menu(_("Questions about"), ABOUT, names, then=first, width=160)
    owner = controls.one_of(_("Sentence"), FROM, {"mine": _("From the sidebar"), "dealt": _("By my number")})
    hold_number(SEED, 1, 1, MOST)
    hint = _(
        "Each number gets other questions, and by its number another sentence: in a class, everybody takes their own."
    )
    seed = int(st.number_input(_("Your number"), 1, MOST, 1, key=SEED, help=hint, width=140, on_change=first))
    number = st.session_state[NUMBER]
    number = number if isinstance(number, int) and 1 <= number <= MOST else 1
    block, place = divmod(number - 1, len(order(seed, about, 0))) if owner == "dealt" else (0, number - 1)
    if owner == "dealt":
        session = with_dealt(session, seed, block)
    question = dealt(session, seed, place + 1, about, block)
    return Dealt(question=question, session=session, seed=seed, number=number, about=about)


def ways(now: Dealt) -> None:
    """Back and on."""
    button(_("← Back"), "pr_back", lambda: go(now.number - 1), disabled=now.number == 1)
    button(_("Next question →"), "pr_next", lambda: go(now.number + 1), disabled=now.number == MOST)


def go(number: int) -> None:
    """To another question. Only in callbacks, or before the question is dealt."""
    st.session_state[NUMBER], st.session_state[SAID] = number, ""


def first() -> None:
    """To the first question."""
    go(1)


def order(seed: int, about: str, turn: int) -> list[str]:
    """The kinds of a turn: all of them once, in an order of the learner's own."""
    names = [make.__name__ for topic, makes in TOPICS.items() if about in (ALL, topic) for make in makes]
    return random.Random(f"{seed}/{about}/{turn}").sample(names, len(names))


def dealt(session: Session, seed: int, number: int, about: str, block: int = 0) -> Question:
    """The `number`-th question, from 1, of a block of those about one sentence.

    Every kind that the sentence and the model permit comes once before any comes twice, and none twice in a row.
    """
    kind = next(itertools.islice(kinds(session, seed, about, block), number - 1, None))
    for dice in (*throws(f"{seed}/{block}/{number}/{kind}"), *throws(kind)):
        if (question := KINDS[kind](Facts(session=session, dice=dice))) is not None:
            return question
    raise AssertionError("unreachable: it was permitted with one of the last dice, or is always")


def throws(of: str) -> Iterator[random.Random]:
    """Dice, some kinds need several."""
    return (random.Random(f"{of}/{attempt}") for attempt in range(ATTEMPTS))


def kinds(session: Session, seed: int, about: str, block: int) -> Iterator[str]:
    """The kinds of the questions one after the other, without end; whether one is permitted is only asked when its turn comes."""
    last = ""
    for turn in itertools.count(block):
        names = order(seed, about, turn)
        if names[0] == last:
            names = [*names[1:], last]
        some = False
        for name in names:
            if permitted(session, name):
                some, last = True, name
                yield name
        if not some:
            yield from itertools.repeat(ALWAYS)


def permitted(session: Session, kind: str) -> bool:
    """Whether the sentence and the model permit questions of a kind."""
    walk = session.walk
    return asked_for(session.origin, walk.source_text, walk.written_ids, session.search, kind, session)


@st.cache_data(max_entries=4096, show_spinner=False)
def asked_for(
    origin: state.Origin, text: str, written: tuple[int, ...], search: state.Search, kind: str, _session: Session  # noqa: ARG001
) -> bool:  # fmt: skip
    """The same, known by what was asked."""
    return any(KINDS[kind](Facts(session=_session, dice=dice)) is not None for dice in throws(kind))


def with_dealt(session: Session, seed: int, turn: int) -> Session:
    """The same page with a held-out sentence, another for each number and turn; as it was if the model has none."""
    text = sentences.text_of(session.origin, seed, turn)
    if text is None:
        return session
    return replace(session, walk=state.own_walk(session.origin, text, session.search))
