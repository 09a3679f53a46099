"""The three views of the page: by length, the learner's own sentence prolonged, and the way back."""

from collections.abc import Sequence

import streamlit as st

from pages.the_long_sentence import by_length, known, way_back, yours
from pages.the_long_sentence.known import Model
from relatives.long.record import KINDS
from ui import controls, frame
from ui.frame import Visit
from ui.session.kept import address, hold
from ui.text import translate as _

VIEW = "ls_view"  # in the address
SHOWN = ("gru", *(kind for kind in KINDS if kind != "gru"))  # the first is the one to train if there is none at all


def show(visit: Visit) -> None:
    """The chosen view."""
    record = known.of_visit(visit)
    models = [] if isinstance(record, str) else known.models(visit, record)
    seen = visit.read_by(stands(visit, models)) if models else visit.seen()
    names = {"length": _("By length"), "yours": _("Your sentence"), "back": _("The way back")}
    if isinstance(seen, str) or isinstance(record, str):
        frame.heading(visit.lesson)
        st.info(seen if isinstance(seen, str) else str(record))
        address()
        return
    view = asked(names)
    if view == "yours":
        return yours.show(visit, record, names, VIEW)
    visit.say_doubts(seen)
    rooms = frame.rooms(seen, sides=("source",) if view == "back" else ())
    with rooms.picture, controls.row():
        controls.one_of(_("View"), VIEW, names)
        if view == "length":
            what = by_length.measure_asked(record)
        else:
            whose, weights = way_back.ask()
    with rooms.picture:
        drawn = known.with_new(models, record)
        if told := known.missing(models, record.corpus):
            st.caption(told)
    if not drawn:
        rooms.seen(_("No model here has learned the corpus of this exam."))
        address()
    elif view == "back":
        way_back.show(visit, seen, rooms, record, drawn, whose, weights)
    else:
        by_length.show(visit, seen, rooms, record, drawn, what)
    return None


def stands(visit: Visit, models: Sequence[Model]) -> str:
    """The name of the model whose pieces stand above the picture: the sidebar's if it is one of these, otherwise the Transformer."""
    own = [each.name for each in models if each.origin.folder == visit.question.origin.folder]
    paper = [each.name for each in models if each.kind == "transformer"]
    return (own or paper or [models[0].name])[0]


def asked(names: dict[str, str]) -> str:
    """Which view, before its control is drawn."""
    hold(VIEW, next(iter(names)))
    return str(st.session_state[VIEW]) if st.session_state[VIEW] in names else next(iter(names))
