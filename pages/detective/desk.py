"""The page from above to below: which case, the exhibits, the answer. Without the models it says how to make them."""

import streamlit as st

from figures.theme import Mode
from pages.detective import cases, exhibits, verdict
from pages.detective.cases import NOTHING
from ui import controls
from ui.text import Lesson
from ui.text import translate as _

TRAIN = "python -m transformer train grammar-en-fr --epochs 5 --d-model 48 --layers 2 --heads 4 --d-ff 96{part} --out runs/broken/{letter}"


def show(lesson: Lesson, mode: Mode) -> dict[str, str]:
    """Draw everything; answers with the lesson's numbers."""
    found = cases.shelf()
    if NOTHING not in found or len(found) < 2:
        return missing()
    verdict.remember()
    with controls.row("atlas_controls_case"):
        case = cases.case(found, verdict.forget)
        st.markdown(f"**{_('Case {number}').format(number=case.number)}**", width="content")
        verdict.ways(case)
    exhibits.display(case, lesson, mode)
    verdict.ask(case, lesson)
    return verdict.values(case)


def missing() -> dict[str, str]:
    """How to make the models of the cases."""
    st.info(_("The broken models are not here. Train some, each without one part, and one that is whole:"))
    lines = [TRAIN.format(part="", letter="a"), TRAIN.format(part=" --without positions", letter="b")]
    st.code("\n".join(lines), language="bash")
    return verdict.no_values()
