"""The end of the sidebar, on every page: a short way to train, and how far one's own training is. Folded, it is one element."""

import streamlit as st

from transformer.jobs import Limits
from ui.session.kept import PAGE
from ui.text import plain
from ui.text import translate as _
from ui.training import people, recipes, runs, start

HERE = "300_train"  # the page that has all of this at large
LENGTHS = (0, 2, 5, 10)  # minutes; 0 is what is usual


def show() -> None:
    """Draw it, but where training is switched off."""
    people.remember()
    if st.session_state.get(PAGE) == HERE or not Limits.from_environment().training:
        return
    fold()
    if runs.mine():
        line()


@st.fragment
def fold() -> None:
    """Corpus, time and button; made only when it is unfolded."""
    folded = st.expander(_("Train"), key="train_fold", on_change="rerun")
    if not folded.open:
        return
    from ui.training import corpora

    with folded:
        names = corpora.choices()
        corpus = st.selectbox(_("Learn from"), list(names), format_func=names.__getitem__, key="train_fold_corpus")
        minutes = st.select_slider(_("How long"), LENGTHS, format_func=minutes_words, key="train_fold_minutes")
        if st.button(_("Train"), key="train_fold_start", type="primary"):
            options = corpora.suits(corpus, minutes=minutes or None)
            arguments = recipes.arguments(corpora.argument(corpus), "", options)
            if said := start.start(start.usual_name(corpus, ""), arguments, Limits.from_environment()):
                st.error(plain(said))
            else:
                st.rerun(scope="app")
        st.page_link("pages/300_train.py", label=_("All choices"))


def minutes_words(minutes: int) -> str:
    """The words of a length."""
    return _("{count} minutes").format(count=minutes) if minutes else _("usual")


@st.fragment(run_every=2)
def line() -> None:
    """How far one's own training is. When it is over, the whole page is drawn again, with the new model in its menu."""
    if not (mine := runs.mine()):
        st.rerun(scope="app")
    job = mine[-1]
    st.progress(runs.share(job), text=f"{plain(job.name)}: {runs.words(job)}")
