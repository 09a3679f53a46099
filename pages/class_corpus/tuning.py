"""Starting a fine-tuning on the class's pairs, and how far it is."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.class_corpus import keep, recipe
from transformer import checkpoint, jobs
from transformer.corpora import Corpus, CorpusError
from transformer.shelf.archive import digest
from ui import text
from ui.session import state
from ui.session.kept import kept
from ui.text import plain
from ui.text import translate as _
from ui.training import people, runs
from ui.training.start import start as queue

SAID, REMOVED = (
    "_class_said",
    "_class_removed",
)  # in session state: why the last attempt to train, or to remove pairs, failed
LIVE = "300_train"  # the page with the live view


@dataclass(frozen=True, slots=True)
class Base:
    """The checkpoint to start from."""

    name: str
    origin: state.Origin


def base(chosen: state.Origin | None) -> Base | None:
    """Which checkpoint to start from; the sidebar's unless another is chosen. `None` if there is none."""
    usable = state.usable()
    if not usable:
        return None
    names = list(usable)
    first = next((name for name in names if chosen and usable[name].folder == chosen.folder), names[0])
    with kept("class_base", first):
        if st.session_state.get("class_base", first) not in usable:
            del st.session_state["class_base"]
        name = st.selectbox(
            _("Start from"), names, index=names.index(first), key="class_base", bind="query-params", width=260
        )
    name = name if name in usable else first
    return Base(name, usable[name])


def form(corpus: Corpus | None, begin: Base) -> None:
    """A name and the button: above all whose height depends on the pairs, so that it is where it was when they have changed."""
    allowed = jobs.Limits.from_environment().training
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with kept("class_name", _("our-class")):
            name = st.text_input(
                _("Name of the new model"),
                _("our-class"),
                max_chars=60,
                key="class_name",
                bind="query-params",
                width=320,
            )
        ready = allowed and corpus is not None and bool(corpus.split("train"))
        label = _("Fine-tune")
        pressed = st.button(label, type="primary", key="class_start", disabled=not ready)
    if not allowed:
        st.caption(_("Training is switched off on this server. All else on this page works."))
    if pressed and corpus:
        st.session_state[SAID] = start(checkpoint.FOLDERS[-1], str(name or ""), corpus, begin)
        st.rerun(scope="app")
    if said := st.session_state.get(SAID):
        st.error(plain(said))


def start(shelf: Path, name: str, corpus: Corpus, begin: Base) -> str:
    """Keep the pairs and queue the training; answers with what went wrong, or nothing. What the queue refuses is not kept."""
    card, before = state.opened(begin.origin).card, keep.kept(shelf)
    try:
        file = keep.keep(shelf, name or _("our-class"), corpus, digest(people.me().token))
    except CorpusError as error:
        return str(error)
    options = recipe.arguments(keep.told(file), begin.name, card, len(corpus.split("train")))
    said = queue(name or file.stem, tuple(options), jobs.Limits.from_environment())
    if said and file not in [each.absolute() for each in before]:
        keep.remove(file)
    return said


def mine(shelf: Path) -> list[jobs.Job]:
    """The fine-tunings on kept pairs that this person started, the newest first."""
    person = people.known()
    if not person.token:
        return []
    return [job for job in runs.found() if of_class(job, shelf) and jobs.may(job, person.token, teacher=False)]


def of_class(job: jobs.Job, shelf: Path) -> bool:
    """Whether a job is a fine-tuning on pairs that this page kept."""
    return "--from" in job.arguments and any(keep.is_kept(part, shelf) for part in job.arguments[:1])


def progress(found: list[jobs.Job]) -> None:
    """How far this person's trainings are: a bar for each that is on its way, a sentence for the last if it failed."""
    active = [job for job in found if job.active]
    for job in active:
        st.progress(runs.share(job), plain(f"{job.name}: {runs.words(job)}"))
    if active and text.has_lesson(LIVE):
        st.page_link(f"pages/{LIVE}.py", label=_("Watch it live"))
    if found and found[0].phase == "failed":
        st.error(plain(f"{found[0].name}: {found[0].said}"))
