"""The page from above to below: which case, the exhibits, the answer. Without the models it says how to make them."""

import streamlit as st

from figures.theme import Mode
from pages.detective import cases, exhibits, verdict
from pages.detective.cases import Case
from pages.detective.measures import measured
from ui import controls
from ui.changed import broken
from ui.changed.broken import NOTHING
from ui.frame.rooms import Rooms
from ui.show.sums import number
from ui.text import Lesson
from ui.text import translate as _

TRAIN = "python -m transformer train grammar-en-fr --epochs 5 --d-model 48 --layers 2 --heads 4 --d-ff 96{part} --out runs/broken/{letter}"


def show(rooms: Rooms, lesson: Lesson, mode: Mode) -> dict[str, str]:
    """Draw everything; answers with the lesson's numbers."""
    found = broken.shelf()
    if NOTHING not in found or len(found) < 2:
        rooms.seen(lesson.title)
        with rooms.picture:
            return missing()
    verdict.remember()
    with rooms.picture:
        with controls.row("atlas_controls_case"):
            case = cases.case(found, verdict.forget)
            verdict.ways(case)
        exhibits.display(case, lesson, mode)
    seen(rooms, case)
    with rooms.words:
        st.caption(_("Each case is a model of its own: what the sidebar holds plays no part here."))
        verdict.ask(case, lesson)
    return verdict.values(case)


def seen(rooms: Rooms, case: Case) -> None:
    """The first line: how this model does beside the intact one."""
    mine, intact = measured(case.model), measured(case.intact)
    told = _(
        "Case {number}: {right} of {count} sentences right (intact: {intact}), loss {loss} (intact: {intact_loss}). What was missing?"
    )
    rooms.seen(
        told, number=case.number, right=mine.right, count=mine.count, intact=intact.right, loss=number(mine.loss, 2),
        intact_loss=number(intact.loss, 2),
    )  # fmt: skip


def missing() -> dict[str, str]:
    """How to make the models of the cases."""
    st.info(_("The broken models are not here. Train some, each without one part, and one that is whole:"))
    lines = [TRAIN.format(part="", letter="a"), TRAIN.format(part=" --without positions", letter="b")]
    st.code("\n".join(lines), language="bash")
    return verdict.no_values()
