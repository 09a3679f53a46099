"""What the controls of the page say: a view, a head, a picture, and the point that is pointed at; all of it in the address."""

from dataclasses import dataclass

import streamlit as st

from pages.score_functions import chosen
from pages.score_functions.three import FUNCTIONS, Function
from ui import controls
from ui.frame import Session, Visit
from ui.session import attentions
from ui.session.attentions import Attention, Kind
from ui.session.kept import hold
from ui.text import translate as _

VIEW, PICTURE, FUNCTION, POINT = "sf_view", "sf_picture", "sf_function", "sf_point"
MEASURE, SERIES, SIZE, SEED = "sf_measure", "sf_series", "sf_size", "sf_seed"
COST, LINE, LENGTH = "sf_cost", "sf_line", "sf_length"
MOST_SEED = 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be seen. Layers and heads count from 0."""

    view: str  # functions, scaling, cost
    picture: str = "row"  # of the functions: or length, angle
    measure: str = "spread"  # of the scaling: or entropy, gradient, learned
    cost: str = "time"  # or memory
    kind: Kind = "encoder"
    layer: int = 0
    head: int = 0


def ask(visit: Visit, session: Session) -> Asked:
    """Draw the controls and answer with what they say."""
    for key in (FUNCTION, SERIES, LINE):
        hold(key, "")
    for key in (POINT, SIZE, LENGTH, SEED):
        hold(key)
    views = {"functions": _("Three scores"), "scaling": _("Why √d_k"), "cost": _("Cost")}
    with controls.row("atlas_controls_lab"):
        view = controls.one_of(_("View"), VIEW, views)
        if view == "functions":
            pictures = {"row": _("A row"), "length": _("By length"), "angle": _("By angle")}
            picture = controls.menu(_("Picture"), PICTURE, pictures, width=120)
            visit.choose(_("Model"), chosen.KEY, width=200)
        elif view == "scaling":
            measures = {
                "spread": _("Spread"),
                "entropy": _("Entropy"),
                "gradient": _("Gradient"),
                "learned": _("Learned"),
            }
            measure = controls.one_of(_("Measure"), MEASURE, measures)
        else:
            return Asked(
                view=view, cost=controls.one_of(_("Measure"), COST, {"time": _("Time"), "memory": _("Memory")})
            )
    if view == "scaling":
        return Asked(view=view, measure=measure)
    with controls.row():
        kind, layer, head = controls.attention(session)
    return Asked(view=view, picture=picture, kind=kind, layer=layer, head=head)


def cell(session: Session, view: Attention, weights: object) -> tuple[int, int]:
    """The query and the key that the learner points at; until then the first query that is drawn, and the key that it looks at most."""
    query, key = attentions.chosen(session, view)
    query = view.rows.start if query is None else query
    row = weights[query]  # type: ignore[index]
    return int(query), int(row.argmax()) if key is None or not view.mask[query, key] else key


def function(default: Function) -> Function:
    """The score function that the learner points at."""
    chosen = st.session_state.get(FUNCTION)
    return next((each for each in FUNCTIONS if each == chosen), default)


def number(key: str, count: int) -> int | None:
    """The held number, if it is one of `count` from 0: an address can ask for any."""
    found = st.session_state.get(key)
    return found if isinstance(found, int) and 0 <= found < count else None
