"""Train: a new translator from nothing or from a checkpoint, and what becomes of it, second by second."""

import streamlit as st

from figures import describe
from figures.heads import attention
from figures.learning import training
from pages.train import page
from ui import frame
from ui.show import live_plot, prose
from ui.show.live_plot import Figure
from ui.text import translate as _

shop = frame.workshop("300_train")
lesson, mode = shop.lesson, shop.mode


def schedule(steps: list[int], rates: list[float], phases: list[tuple[str, int]]) -> Figure:
    """The learning rate before the first step."""
    curve, title = training.Curve(_("learning rate"), steps, rates), _("The learning rate over the run")
    figure: Figure = training.schedule(curve, phases, axis_title=_("step"), title=title, mode=mode)
    return figure


def curves(watched: page.Watched) -> None:
    """What was measured so far."""
    panels = [
        training.Panel(name, [training.Curve(*each) for each in told], span) for name, told, span in watched.panels
    ]
    figure = training.progress(panels, watched.until, axis_title=_("step"), title="", mode=mode)
    live_plot.show(figure, "train_progress", watched.alt, watched.name, height=640)


def attention_map(watched: page.Watched) -> None:
    """Where the newest snapshot looks."""
    if (seen := watched.forming) is None:
        return
    figure = attention.heatmap(**seen.drawing, title=seen.title, mode=mode)
    alt = f"{seen.title}. {describe.sentence(**seen.drawing)}"
    live_plot.show(figure, "train_forming", alt, watched.name)
    prose.look(lesson.look)


@st.fragment
def show() -> None:
    """The form, and below it the training; a change of the form runs this, the clock only the training."""
    frame.heading(lesson)
    page.show(shop.question, schedule, curves, attention_map)
    prose.depths(lesson, page.values())


show()
frame.bottom(shop)
