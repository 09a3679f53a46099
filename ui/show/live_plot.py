"""The one way a Plotly figure comes to the screen: it stays mounted, is walked with the arrow keys and reports clicks.

`st.plotly_chart` builds a new chart at every change, which costs 240 ms for eight maps and loses clicks, and it cannot report a
click on a heatmap cell at all. Here the browser keeps the chart and only draws it again (`Plotly.react`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st

from ui import ASSETS
from ui.show import plotly_file
from ui.text import Chip
from ui.text import translate as _

Cell = Sequence[int | float | None]  # the `customdata` of what was clicked, as `figures` documents it

_component = st.components.v2.component(
    "atlas_live_plot",
    html=(ASSETS / "live_plot.html").read_text("utf-8"),
    css=(ASSETS / "live_plot.css").read_text("utf-8"),
    js=(ASSETS / "live_plot.js").read_text("utf-8"),
    isolate_styles=False,  # in a shadow tree Plotly never hears a click
)


class Figure(Protocol):
    """What is asked of a picture: a Plotly figure as JSON."""

    def to_json(self, *, validate: bool) -> str:
        """The figure's data and layout."""


@dataclass(frozen=True, slots=True)
class Step:
    """One picture of several that the browser turns over."""

    name: str  # on its button
    figure: Figure
    alt: str
    look: str = ""  # the line above it, in place of its title
    chips: Sequence[Chip] = ()  # pieces in that line, the last of them just come


def show(
    figure: Figure, key: str, alt: str, scope: str = "", height: int = 420, on_click: Callable[[Cell], None] | None = None,
    look: str = "",
) -> Cell | None:  # fmt: skip
    """Draw `figure` with `alt` as its text alternative; answer with the cell clicked last, if any.

    A click belongs to its `scope` (such as the sentence): once that changes, it is forgotten. `on_click` runs before the
    page is drawn again, so it may set the session state of widgets. `height` holds the place of a figure without its own.
    A `look`, what to look for, stands over the picture in place of its title.
    """
    return show_steps([Step("", figure, alt, look)], key, scope, on_click, height=height)


def show_steps(
    steps: Sequence[Step], key: str, scope: str = "", on_click: Callable[[Cell], None] | None = None, start: int = 0,
    height: int = 420, pace: int = 1600, on_step: Callable[[int], None] | None = None, speed: bool = False,
) -> Cell | None:  # fmt: skip
    """Several pictures in one place, of which one is shown: back, play and on work in the browser alone, by mouse or keys.

    `start` is the step shown first (again whenever it changes), `pace` the milliseconds for each while playing, `speed` whether a
    button changes it. Where the browser
    comes to rest at another step, `on_step` is told which, so that the address can say it. The rest is as for `show`.
    """

    def clicked() -> None:
        if on_click and (cell := read(st.session_state.get(key), scope)):
            on_click(cell)

    def stepped() -> None:
        told = (st.session_state.get(key) or {}).get("step") or {}
        if on_step and told.get("scope") == scope:
            on_step(int(told["step"]))

    data = {
        "steps": [
            {"name": step.name, "figure": step.figure.to_json(validate=False), "alt": step.alt, "look": step.look,
             "chips": [{"text": chip, "colour": chip.colour} for chip in step.chips]}
            for step in steps
        ],
        "start": start, "pace": pace, "scope": scope, "height": height, "name": key, "plotly": plotly_file.address(),
        "tells": on_step is not None, "speed": speed,
        "words": {"back": _("Step back"), "on": _("Step on"), "play": _("Play"), "pause": _("Pause"), "speed": _("Speed")},
        "keys": _("Chart. Arrow keys move from cell to cell, Enter chooses."),
        "trouble": _("The picture cannot be drawn, because the file plotly.min.js did not arrive. Reload the page."),
    }  # fmt: skip
    return read(_component(key=key, data=data, on_cell_change=clicked, on_step_change=stepped), scope)


def read(state: Any, scope: str) -> Cell | None:
    """The clicked cell out of the component's state, if it belongs to `scope`."""
    cell = state.get("cell") if state else None
    return cell["customdata"] if cell and cell.get("scope") == scope else None
