"""Which picture is asked for."""

import streamlit as st

from figures.theme import Mode
from pages.grammar_probes import heads, pictures, survey
from pages.grammar_probes.asked import Asked
from pages.grammar_probes.lines import alone
from pages.grammar_probes.readings import Read
from ui.show.picture import Picture
from ui.text import plain
from ui.text import translate as _

FLOWS = ("differ", "matter")  # pictures of pieces by stages; the others are of heads


def picture(asked: Asked, found: Read, mode: Mode) -> Picture | None:
    """The chosen picture; `None` until the learner has guessed, or has asked for what takes a while."""
    if asked.view in FLOWS:
        return (pictures.differ if asked.view == "differ" else pictures.matter)(found, mode)
    if asked.view == "heads":
        return heads.picture(asked, found, alone(found), mode) if heads.guessed() else None
    whole = survey.ask(asked)
    return survey.picture(asked, whole, mode) if whole else None


def inside(asked: Asked, found: Read, mode: Mode) -> Picture | None:
    """The chosen head, below the picture of all."""
    return heads.inside(found, asked.head, mode) if asked.view not in FLOWS and asked.head else None


def nothing(asked: Asked | str) -> None:
    """Say why there is no picture."""
    st.info(
        plain(asked)
        if isinstance(asked, str)
        else _("In this model's pieces the two French words cannot be told apart. Try another word or another pair.")
    )
