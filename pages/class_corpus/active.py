"""What goes on and what came of it: this person's trainings, looked at every second, then the table of before and after."""

import streamlit as st

from pages.class_corpus import results, tuning
from transformer import checkpoint


def show() -> None:
    """The trainings and the results. Only the trainings are drawn anew every second, while one is on its way."""
    shelf = checkpoint.FOLDERS[-1]
    busy = [job for job in tuning.mine(shelf) if job.active]

    def watch() -> None:
        found = tuning.mine(shelf)
        if busy and not any(job.active for job in found):
            st.rerun(scope="app")  # the last one has ended: stop looking, and offer the new model everywhere
        tuning.progress(found)

    st.fragment(watch, run_every=1 if busy else None)()
    results.show(results.tuned(shelf, [job.folder for job in busy]))
