"""What the page is asked, all of it in the address: the view, the word, the panel and the place in it, the seed of the draws."""

from dataclasses import dataclass

import streamlit as st

from pages.visual_attention.looked import DRAWS, SIDE, Written, written
from systems.scenes.scene import COLOURS, write
from ui import controls
from ui.scenes import editor
from ui.session import systems
from ui.session.kept import hold
from ui.session.state import Origin
from ui.text import translate as _

SOFT, HARD = ("captions-soft",), ("captions-hard",)
VIEW, WORD, PANEL, PLACE, SEED = "va_view", "va_word", "va_panel", "va_place", "va_seed"
SOFT_KEY, HARD_KEY = "va_soft", "va_hard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be seen."""

    scene: str
    soft: Origin
    hard: Origin
    panels: tuple[Written, ...]  # soft, then the draws of hard
    word: int  # counted from 0
    panel: int
    place: int
    seed: int

    @property
    def shown(self) -> Written:
        """The caption whose cell is chosen."""
        return self.panels[self.panel]

    @property
    def origin(self) -> Origin:
        """Its model."""
        return self.hard if self.panel else self.soft


def view() -> str:
    """Which of the views."""
    views = {"looks": _("Word by word"), "share": _("On the right object?"), "gradient": _("The gradient")}
    return controls.one_of(_("View"), VIEW, views)


def models() -> None:
    """The menus of the captioners, where there is more than one to choose from."""
    for kinds, key, name in ((SOFT, SOFT_KEY, _("Soft")), (HARD, HARD_KEY, _("Hard"))):
        if len(systems.models(kinds)) > 1:
            systems.choose(kinds, key, name, 130)


def ask() -> Asked | None:
    """What is asked; `None` if one of the captioners is missing."""
    found = editor.scene()
    scene = write(found)
    soft, hard = systems.chosen(SOFT, SOFT_KEY), systems.chosen(HARD, HARD_KEY)
    if soft is None or hard is None:
        systems.missing(SOFT if soft is None else HARD)
        return None
    hold(SEED, 1)
    seed = max(0, int(st.session_state[SEED] or 0))
    panels = written(soft, scene) + written(hard, scene, seed)
    for key in (WORD, PANEL, PLACE):
        hold(key)
    longest = max(len(each.words) for each in panels)
    word = within(WORD, longest, first_colour(panels[0]))
    panel = within(PANEL, 1 + DRAWS, 0)
    shown = panels[panel]
    surest = int(shown.weights[min(word, len(shown.words) - 1)].argmax())
    place = within(PLACE, SIDE * SIDE, surest)
    return Asked(scene=scene, soft=soft, hard=hard, panels=panels, word=word, panel=panel, place=place, seed=seed)


def within(key: str, count: int, default: int) -> int:
    """The number held under a key, if there is such a one."""
    value = st.session_state[key]
    return value if isinstance(value, int) and 0 <= value < count else default


def first_colour(found: Written) -> int:
    """The first word that is a colour: there the look is to be seen best."""
    return next((at for at, word in enumerate(found.words) if word in COLOURS), 0)


def again() -> None:
    """Draw other places."""
    st.session_state[SEED] = int(st.session_state[SEED] or 0) + 1
