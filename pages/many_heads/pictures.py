"""The six pictures of many heads, by their name in the address, what is told with each, and the numbers of their lesson."""

import streamlit as st

from pages.many_heads import chosen_heads, concatenation, cost, mean, roles, rollout, word, worth
from pages.many_heads import maps as head_maps
from pages.many_heads.heads import Asked
from ui.controls import dimension
from ui.frame import Session
from ui.session import attentions, choice, pointed
from ui.show import proof, tables
from ui.show.picture import Picture
from ui.text import translate as _

PICTURES = {
    "word": word.picture,
    "maps": head_maps.picture,
    "mean": mean.picture,
    "mix": concatenation.picture,
    "roles": roles.picture,
    "rollout": rollout.picture,
}
SEEN = {
    "word": word.seen,
    "maps": head_maps.seen,
    "mean": mean.seen,
    "mix": concatenation.seen,
    "roles": roles.seen,
    "rollout": rollout.seen,
}


def remember() -> None:
    """Draw the hidden fields of what is clicked; first in the fragment."""
    dimension.remember()
    pointed.remember(concatenation.BAND, roles.MEASURE)


def picture(session: Session, asked: Asked) -> Picture | None:
    """What the controls ask for; `None` if no head is chosen."""
    return PICTURES[asked.picture](session, asked)


def plot(session: Session, asked: Asked, picture: Picture | None, look: str) -> None:
    """It with its table, and what stands above and below it."""
    if asked.picture == "mean":
        layers, heads = attentions.layers(session, asked.kind), session.walk.heads
        with st.container(key="atlas_controls_board"):
            chosen_heads.board(asked.kind, asked.among, layers, heads, session.mode)
    if picture is None:
        st.info(_("No head is chosen: check one above, or press All."))
        return
    key = "heads_lines" if asked.drawn == "lines" else "heads_picture"
    picture.plot(key, choice.scope(session.walk), picture.title if asked.picture == "mean" else look)
    below(session, asked)
    tables.twin(*picture.table, f"heads_{asked.picture}")


def below(session: Session, asked: Asked) -> None:
    """The second picture, where there is one."""
    if asked.picture == "maps":
        head_maps.below(session, asked)


def why(session: Session, asked: Asked) -> None:
    """What it is for, or what it costs."""
    if asked.picture == "mix":
        concatenation.why(session, asked)
    elif asked.picture == "maps":
        cost.tell(session, asked)
        proof.ways(proof.another_sentence(asked.kind, asked.layer, asked.head))
    elif asked.picture == "mean":
        worth.why_these(session, asked)
    else:
        worth.why(session, asked)


def values(session: Session, asked: Asked) -> dict[str, str]:
    """The numbers in the lesson."""
    mixed, rolled = concatenation.values(session, asked), rollout.values(session, asked)
    return (
        roles.values(session, asked)
        | mixed
        | rolled
        | word.values(session, asked)
        | mean.values(session, asked)
        | cost.values(session, asked)
    )
