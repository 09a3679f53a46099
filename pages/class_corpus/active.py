"""What goes on and what came of it: this person's trainings, looked at every second, and the table of before and after."""

import streamlit as st

from pages.class_corpus import results, tuning
from transformer import checkpoint, jobs


def watch() -> list[jobs.Job]:
    """The trainings, drawn anew every second while one is on its way; those that are."""
    busy = [job for job in tuning.mine(checkpoint.FOLDERS[-1]) if job.active]

    def look() -> None:
        found = tuning.mine(checkpoint.FOLDERS[-1])
        if busy and not any(job.active for job in found):
            st.rerun(scope="app")  # the last one has ended: stop looking, and offer the new model everywhere
        tuning.progress(found)

    st.fragment(look, run_every=1 if busy else None)()
    return busy


def results_of(busy: list[jobs.Job]) -> None:
    """What came of the trainings before those that are on their way."""
    results.show(results.tuned(checkpoint.FOLDERS[-1], [job.folder for job in busy]))
