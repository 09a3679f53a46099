"""The three views: what stands in the first line, the picture, and the words beside it."""

import html
from collections import Counter

import streamlit as st

from pages.visual_attention import asked as asking
from pages.visual_attention import gradient, maps, right, telling
from pages.visual_attention.asked import Asked
from pages.visual_attention.looked import DRAWS
from systems.scenes.captions import told as captioned
from ui import controls, frame
from ui.frame import Workshop
from ui.scenes import editor
from ui.session import systems
from ui.show import prose
from ui.text import filled, plain
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
            asking.models()
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
    left, beside = st.columns([1.7, 1], gap="small")
    with left:
        editor.show()
    with beside:
        captions(asked)
    maps.show(session, asked)
    st.caption(f"{systems.about(asked.soft)} {systems.about(asked.hard)}")
    systems.way_to_train("captions-soft")


def captions(asked: Asked) -> None:
    """What each wrote, and whether it is right to the last word; draws that wrote the same are told together."""
    soft, draws = asked.panels[0], Counter((found.text, found.exact) for found in asked.panels[1:])
    told = [(_("soft"), soft.text, soft.exact)]
    told += [
        (_("hard, {number} of {all} draws").format(number=count, all=DRAWS), text, exact)
        for (text, exact), count in draws.items()
    ]
    marks = {True: _("right"), False: _("not right")}
    lines = [
        f"<p><small>{filled('{name}', name=name)}, {html.escape(marks[exact])}:</small><br>{html.escape(text or '…')}</p>"
        for name, text, exact in told
    ]
    st.html(f'<div class="atlas-cell">{"".join(lines)}</div>')
    if not soft.exact:
        st.caption(_("Right would be: {text}").format(text=plain(captioned(soft.right))))
    st.button(_("Draw again"), on_click=asking.again, icon=":material/casino:", key="va_again")
