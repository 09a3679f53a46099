"""The pairs that were kept on this server for training, and a way to remove those that are one's own."""

from pathlib import Path

import streamlit as st

from pages.class_corpus import keep, tuning
from transformer import checkpoint
from transformer.corpora import CorpusError
from transformer.shelf.archive import digest
from ui.text import plain
from ui.text import translate as _
from ui.training import people, runs

CHOSEN = "class_kept"


def show() -> None:
    """Which pairs are kept, and the buttons; nothing if there are none."""
    files = {file.stem: file for file in keep.kept(checkpoint.FOLDERS[-1])}
    if not files:
        return
    with st.expander(_("Pairs that are kept on this server ({count})").format(count=len(files))):
        st.caption(_("Everybody here can train on them. Who kept them, or the teacher, may remove them; models stay."))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.selectbox(_("Pairs"), list(files), key=CHOSEN, width=320)
            if name is None or not may(files[name]):
                st.button(
                    _("Remove"), disabled=True, help=_("Only who kept these pairs, or the teacher, may remove them.")
                )
            else:
                with st.popover(_("Remove")):
                    st.markdown(_("Remove the pairs of **{name}** for everybody?").format(name=plain(name)))
                    st.button(
                        _("Remove them"), key="class_remove", on_click=remove, args=(files[name],), type="primary"
                    )
    if said := st.session_state.pop(tuning.REMOVED, ""):
        st.error(plain(said))


def may(file: Path) -> bool:
    """Whether the person may remove it."""
    person = people.known()
    return keep.may(file, digest(person.token) if person.token else "-", person.teacher, people.here())


def remove(file: Path) -> None:
    """Before the page is drawn again; not while a training may still read it."""
    try:
        if any(keep.told(file) in job.arguments and job.active for job in runs.found()):
            raise CorpusError(_("A training on {name} is waiting or running. Stop it first.").format(name=file.stem))
        keep.remove(file)
    except CorpusError as error:
        st.session_state[tuning.REMOVED] = str(error)
