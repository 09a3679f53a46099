"""The looks of a word over the picture, soft and hard side by side; the browser turns over the words."""

import numpy as np
import streamlit as st

from figures.scenes import over
from pages.visual_attention import asked as asking
from pages.visual_attention.asked import Asked
from pages.visual_attention.looked import DRAWS, SIDE, Written, named, picture
from systems.scenes.captions import told
from ui import text
from ui.frame import Workshop
from ui.scenes import editor
from ui.scenes.words import lies, twin
from ui.show import live_plot, tables
from ui.show.live_plot import Step
from ui.text import translate as _


def names() -> list[str]:
    """Of the panels."""
    return [_("soft"), *(_("hard, draw {number}").format(number=number + 1) for number in range(DRAWS))]


def show(session: Workshop, asked: Asked) -> None:
    """One picture for each word."""
    longest = max(len(each.words) for each in asked.panels)
    scope = f"{asked.scene} {asked.soft} {asked.hard} {asked.seed}"
    chosen = (asked.panel, *divmod(asked.place, SIDE))
    steps = [
        step(session, asked, (scope, session.mode, text.language()), word, chosen if word == asked.word else None)
        for word in range(longest)
    ]
    live_plot.show_steps(steps, "va_looks", scope, take, start=asked.word, pace=1200, on_step=stepped, height=330)
    rows = [
        [name, at + 1, word, lies(place), float(found.weights[at, place]), float(found.chosen[at, place])]
        for name, found in zip(names(), asked.panels, strict=True) for at, word in enumerate(found.words) for place in range(SIDE * SIDE)
    ]  # fmt: skip
    columns = [_("caption"), _("word"), _("which"), _("place"), _("weight"), _("mixed by")]
    tables.twin(columns, rows, "va_looks")


@st.cache_resource(max_entries=512, show_spinner=False)
def step(
    _session: Workshop,
    _asked: Asked,
    what: tuple[str, ...],  # noqa: ARG001, what tells one picture from another
    word: int,
    chosen: tuple[int, int, int] | None,
) -> Step:
    """The looks before one word; drawn once for all who look at `what`, for a click changes one word's picture alone."""
    session, asked = _session, _asked
    titles = [f"{name}: {at(found, word)}" for name, found in zip(names(), asked.panels, strict=True)]
    shown = np.stack([row(found, word) for found in asked.panels])
    soft = asked.panels[0]
    marked = named(asked.scene, soft.names[word]) if word < len(soft.names) else []
    figure = over.looks(
        picture(asked.scene), shown, titles, columns=1 + DRAWS, value_name=_("weight"), title=_("Where each caption looks"),
        mode=session.mode, selected=chosen, marked=marked, cell=27,
    )  # fmt: skip
    return Step(at(soft, word), figure, alt(asked, word), look(soft, word, bool(marked)))


def row(found: Written, word: int) -> np.ndarray:
    """What the context mixed by, as rows and columns; behind the end of a caption nothing."""
    given = found.chosen[word] if word < len(found.words) else np.zeros(SIDE * SIDE)
    return given.reshape(SIDE, SIDE)


def at(found: Written, word: int) -> str:
    """A word of a caption; behind its end a dash."""
    return found.words[word] if word < len(found.words) else "—"


def look(soft: Written, word: int, marked: bool) -> str:
    """The line above the picture."""
    said = told(soft.words[:word]) or "…"
    if marked:
        return _("“{said}” → {word}. Light is weight; dots outline what the word names.").format(
            said=said, word=at(soft, word)
        )
    return _("“{said}” → {word}. Light is weight: the more, the brighter.").format(said=said, word=at(soft, word))


def alt(asked: Asked, word: int) -> str:
    """In words: where each looks most."""
    told = [
        _("{name}, {word}: most at {place}").format(name=name, word=at(found, word), place=lies(int(row(found, word).argmax())))
        for name, found in zip(names(), asked.panels, strict=True)
    ]  # fmt: skip
    return _("The scene: {scene}. {looks}.").format(scene=twin(editor.scene()), looks="; ".join(told))


def take(cell: live_plot.Cell) -> None:
    """A click chooses a place of a panel."""
    panel, row, column = (int(each or 0) for each in cell)
    st.session_state[asking.PANEL], st.session_state[asking.PLACE] = panel, SIDE * row + column


def stepped(word: int) -> None:
    """The browser came to rest at a word: its surest place is looked at."""
    st.session_state[asking.WORD], st.session_state[asking.PLACE] = word, None
