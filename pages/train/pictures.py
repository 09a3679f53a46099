"""The pictures of the train page: the learning rate to come, the curves so far, and attention as it forms."""

from collections.abc import Sequence

import streamlit as st

from figures import describe
from figures.heads import attention
from figures.learning import training
from pages.train import live
from pages.train.live import Forming
from transformer.training.history import Entry
from ui.frame import Workshop
from ui.show import live_plot, prose
from ui.text import translate as _


def schedule(shop: Workshop, steps: list[int], rates: list[float], phases: list[tuple[str, int]]) -> None:
    """The learning rate before the first step."""
    alt = _("The learning rate rises to {peak:.4g} and ends at {end:.4g}.").format(peak=max(rates), end=rates[-1])
    curve, title = training.Curve(_("learning rate"), steps, rates), _("The learning rate over the run")
    figure = training.schedule(curve, phases, axis_title=_("step"), title=title, mode=shop.mode)
    live_plot.show(figure, "train_schedule", alt, height=240)


def curves(shop: Workshop, name: str, entries: Sequence[Entry], rival: str, theirs: Sequence[Entry]) -> None:
    """What was measured so far of the training `name`, and of a `rival`, if there is one."""
    last = max(live.until(each) for each in (entries, theirs) if each)
    figure = training.progress(
        live.panels(entries, rival, theirs), last, axis_title=_("step"), title="", mode=shop.mode
    )
    live_plot.show(figure, "train_progress", live.alt(entries), name, height=640)


def attention_map(shop: Workshop, name: str, seen: Forming) -> None:
    """Where the newest snapshot looks: the last layer, the mean of its heads."""
    weights = seen.walk.look
    if weights is None:
        told = _(
            "This model keeps one hidden state and looks nowhere: there is no map. Its states stand on *One hidden state*."
        )
        st.info(told)
        return
    pieces = seen.walk.written, seen.walk.source
    figure = attention.heatmap(weights, *pieces, title=seen.title, mode=shop.mode)
    live_plot.show(figure, "train_forming", f"{seen.title}. {describe.sentence(weights, *pieces)}", name)
    prose.look(shop.lesson.look)
