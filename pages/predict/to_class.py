"""The question on the screen, put to the class: the same numbers for all, or for each the same kind of question with their own."""

import random

import streamlit as st

from classroom import Refused, rooms, store
from pages.predict.deal import Dealt, throws, with_dealt
from pages.predict.facts import Facts
from pages.predict.kinds import KINDS
from ui.asking.question import Question
from ui.changed.undo import button
from ui.classroom import putting, who
from ui.frame import Session
from ui.text import translate as _

TROUBLE = "_pr_class_trouble"


def buttons(session: Session, now: Dealt) -> None:
    """For whoever leads a room; nothing for others."""
    if not putting.leads():
        return
    button(_("Put it to the class"), "pr_put", lambda: put(now))
    if st.button(
        _("One each, by number"),
        key="pr_put_each",
        help=_("Everybody gets the same kind of question about another sentence."),
    ):
        each(session, now)
    if trouble := st.session_state.pop(TROUBLE, None):
        st.warning(trouble)


def there(session: Session) -> dict[str, str]:
    """The sentence and the model, for the link to the view that shows the same."""
    return {"to_text": session.walk.source_text, "to_checkpoint": session.origin.folder.name, "target": "model"}


def put(now: Dealt, dealt: dict[int, putting.Put] | None = None) -> None:
    """Before the class with it."""
    if trouble := putting.put(now.question, there(now.session), dealt):
        st.session_state[TROUBLE] = trouble


def each(session: Session, now: Dealt) -> None:
    """Deal to everybody who is in the room, with a sign of how far that is, and put it."""
    try:
        members = rooms.members(store.opened(), who.teacher())
    except Refused:
        return
    bar = st.progress(0.0, text=_("Dealing the questions …"))
    dealt: dict[int, putting.Put] = {}
    for place, member in enumerate(members, 1):
        mine = with_dealt(session, member.number, 0)
        if (question := own(mine, now.question.kind, member.number)) is not None:
            dealt[member.number] = (question, there(mine))
        bar.progress(place / len(members))
    bar.empty()
    put(now, dealt)


def own(mine: Session, kind: str, number: int) -> Question | None:
    """A question of this kind for a learner's number; `None` if their sentence does not permit it, so that they are asked what all are."""
    for dice in (random.Random(f"{number}/{kind}"), *throws(f"class/{number}")):
        if (question := KINDS[kind](Facts(session=mine, dice=dice))) is not None:
            return question
    return None
