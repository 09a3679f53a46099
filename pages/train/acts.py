"""What may be done with a training: stop it, go on with it, delete it, open what it made."""

from collections.abc import Callable

import streamlit as st

from pages.train import systems
from systems import KINDS
from transformer import checkpoint, jobs
from transformer.jobs import Job, JobError, Limits
from ui.text import plain
from ui.text import translate as _
from ui.training import people, runs

SAID, STOPPING = (
    "_train_said",
    "_train_stopping",
)  # in session state: what went wrong; the training that was asked to end


def row(job: Job, limits: Limits) -> None:
    """The line of a training: how far it is, and its buttons, those that this person may press."""
    if job.phase in ("waiting", "running"):
        st.progress(runs.share(job), text=f"**{plain(job.name)}**: {runs.words(job)}")
    elif job.phase == "failed":
        st.error(_("**{name}** failed. {why}").format(name=plain(job.name), why=plain(job.said)))
    else:
        st.markdown(f"**{plain(job.name)}**: {runs.words(job)}")
    with st.container(key="atlas_controls_job", horizontal=True, vertical_alignment="center"):
        links(job)
        buttons(job, limits)
    if said := st.session_state.pop(SAID, ""):
        st.error(plain(said))


def links(job: Job) -> None:
    """To the pages that show what it made, if it has made anything."""
    steps = checkpoint.moments(job.folder)
    if kind := systems.kind_of(job):
        if (job.folder / checkpoint.CARD).exists():
            known = KINDS[kind]
            asked = {"to_view": "1", known.menu: job.name, **known.view}
            st.page_link(f"pages/{known.page}.py", label=_("Open the model →"), query_params=asked)
        return
    if steps and (job.folder / checkpoint.CARD).exists():
        asked = {"to_checkpoint": job.name}
        st.page_link("pages/90_cross_attention.py", label=_("Open the model →"), query_params=asked)
        if len(steps) > 1:
            st.page_link("pages/310_time_machine.py", label=_("Time machine →"), query_params=asked)


def buttons(job: Job, limits: Limits) -> None:
    """Stop, resume, delete."""
    person = people.known()
    if not jobs.may(job, person.token, person.teacher):
        return
    if job.phase in ("waiting", "running"):
        if st.session_state.get(STOPPING) == job.folder:
            st.caption(_("Stopping: it saves first."))
        elif button(_("Stop"), "train_stop_job", lambda: jobs.stop(job, person.token, person.teacher)):
            st.session_state[STOPPING] = job.folder
            st.rerun(scope="app")
        return
    st.session_state.pop(STOPPING, None)
    if job.phase in ("stopped", "failed") and limits.training:
        again = lambda: jobs.resume(job.folder.parent, job, person.token, limits, person.teacher)  # noqa: E731
        if button(_("Resume"), "train_resume", again):
            st.rerun(scope="app")
    with st.popover(_("Delete"), key="train_delete"):
        st.markdown(_("Delete **{name}** with all its snapshots?").format(name=plain(job.name)))
        if button(_("Delete it"), "train_delete_it", lambda: jobs.delete(job, person.token, person.teacher)):
            st.rerun(scope="app")


def button(label: str, key: str, act: Callable[[], None]) -> bool:
    """A button that does something to a training. True if it was pressed and done; why it could not be is said below."""
    if not st.button(label, key=key):
        return False
    runs.forget()
    try:
        act()
    except JobError as error:
        st.session_state[SAID] = str(error)
        return False
    return True
