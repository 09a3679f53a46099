"""What the controls of the page say, all of it in the address: the view, the exam of the paper, the mark, and what is pointed at."""

from dataclasses import dataclass

import streamlit as st

from relatives.results.ablation import BASE
from relatives.results.paper import PAIRS
from ui import controls
from ui.session.kept import hold
from ui.text import translate as _

VIEW, PAIR, MARK, POINTED, ROW, DOTS = "rs_view", "rs_pair", "rs_mark", "rs_at", "rs_row", "rs_dots"
COST, MATTERS = "cost", "matters"
FIRST = "paper:Transformer (big)"
OURS, PAPER = "ours", "paper"  # before the colon in what is pointed at


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for."""

    view: str
    pair: str = PAIRS[0]  # of languages, in Table 2
    mark: str = "bleu"  # of our models: or "exact_match"; of the ablation also "loss"
    pointed: str = FIRST  # `paper:MODEL` or `ours:NAME`
    row: str = BASE  # of the ablation


def ask() -> Asked:
    """Draw the controls above the picture."""
    hold(POINTED, FIRST)
    hold(ROW, BASE)
    with controls.row():
        view = controls.one_of(_("View"), VIEW, {COST: _("Quality against cost"), MATTERS: _("What matters?")})
        if view == COST:
            pairs = {PAIRS[0]: "EN → DE", PAIRS[1]: "EN → FR"}
            pair = controls.one_of(_("The paper's exam"), PAIR, pairs)
            mark = controls.one_of(_("Our mark"), MARK, {"bleu": "BLEU", "exact_match": _("Exact")})
            return Asked(view=view, pair=pair, mark=mark, pointed=str(st.session_state[POINTED]))
        marks = {"exact_match": _("Exact match"), "bleu": "BLEU", "loss": _("Loss")}
        mark = controls.one_of(_("Our mark"), DOTS, marks)
    return Asked(view=view, mark=mark, row=str(st.session_state[ROW]))


def point(what: str) -> None:
    """Point at a model of the first view. Only in callbacks."""
    st.session_state[POINTED] = what


def choose(row: str) -> None:
    """Point at a row of the second view. Only in callbacks."""
    st.session_state[ROW] = row
