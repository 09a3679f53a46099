"""The three views: what stands in the first line, the picture, and the words beside it."""

import streamlit as st

from pages.visual_attention import asked as asking
from pages.visual_attention import gradient, maps, right, telling
from pages.visual_attention.asked import Asked
from ui import controls, frame
from ui.frame import Workshop
from ui.scenes import editor
from ui.session import systems
from ui.show import prose
from ui.text import filled
from ui.text import translate as _


def show(session: Workshop) -> None:
    """The chosen view."""
    asked = asking.ask()
    if asked is None:
        return
    rooms = frame.more_rooms()
    with rooms.picture:
        with controls.row():
            view = asking.view()
            systems.choose(asking.SOFT, asking.SOFT_KEY, _("Soft"), 170)
            systems.choose(asking.HARD, asking.HARD_KEY, _("Hard"), 170)
        if view == "looks":
            looks(session, asked)
        elif view == "share":
            right.picture(session, asked)
        else:
            gradient.picture(session, asked)
    with rooms.line:
        {"looks": telling.first, "share": right.first, "gradient": gradient.first}[view](asked)
    with rooms.words:
        {"looks": telling.tell, "share": right.tell, "gradient": gradient.tell}[view](asked)
        prose.depths(session.lesson if view == "looks" else session.lesson.of(view), telling.values(asked))


def looks(session: Workshop, asked: Asked) -> None:
    """The scene, what is written about it, and the looks."""
    left, beside = st.columns([1, 1.05], gap="medium")
    with left:
        editor.show(session.mode)
    with beside:
        captions(asked)
        with controls.row("atlas_controls_draws"):
            st.button(_("Draw again"), on_click=asking.again, icon=":material/casino:", key="va_again")
        st.caption(systems.about(asked.soft))
        st.caption(systems.about(asked.hard))
    maps.show(session, asked)


def captions(asked: Asked) -> None:
    """What each wrote, and whether it is right to the last word."""
    names = maps.names()
    lines = []
    for name, found in zip(names, asked.panels, strict=True):
        mark = _("right") if found.exact else _("not right")
        lines.append(
            filled("{name}: ", name=name) + filled("{text}", text=found.text) + f" <small>({filled(mark)})</small>"
        )
    scene = filled(_("The caption of this scene is {text}."), text=" ".join(asked.panels[0].right).replace(" ,", ","))
    st.html(f'<div class="atlas-cell"><p>{scene}</p><p>{"<br>".join(lines)}</p></div>')
