"""Where the teacher types the code, on the pages where it opens something: every training and every model is theirs then."""

import streamlit as st

from ui.text import translate as _
from ui.training import people


def field() -> None:
    """The field, where whoever serves the app has set a code; nothing for others, and nothing for a teacher who is known already."""
    if not people.has_teacher() or people.known().teacher:
        return
    with st.popover(_("Teacher"), key="teacher"), st.form("teacher_form", border=False):
        typed = st.text_input(_("The teacher's code"), type="password", key="teacher_code", max_chars=200)
        if not st.form_submit_button(_("Open"), key="teacher_open"):
            return
        if minutes := people.wait():
            st.warning(_("Too many wrong codes. Try again in {minutes} minutes.").format(minutes=minutes))
        elif people.become_teacher(typed):
            st.rerun(scope="app")
        else:
            st.warning(_("That is not the code."))
