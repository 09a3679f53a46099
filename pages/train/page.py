"""The train page, put together: the form, or why there is none; the training below it, drawn again every second while one moves."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from pages.train import acts, form, gradients, lesson, live, pictures, race, systems
from transformer.jobs import Job, Limits
from transformer.training.history import Entry
from ui import controls
from ui.frame import Workshop
from ui.session.kept import address
from ui.text import translate as _
from ui.training import runs, teacher

STYLE = Path(__file__).with_name("train.css").read_text("utf-8")
EVERY = 1  # seconds between two looks at a training that moves


def show(shop: Workshop) -> None:
    """The form and the training. One's own that moves comes first."""
    st.html(f"<style>{STYLE}</style>")
    if busy := bool(runs.mine()):
        watched("atlas_beside_first", shop)
    form_or_why_not(shop)
    if not busy:
        watched("atlas_training", shop)
    teacher.field()


def form_or_why_not(shop: Workshop) -> None:
    """The form; where training is switched off, a line."""
    limits = Limits.from_environment()
    if limits.training and systems.wanted():
        systems.form(limits)
    elif limits.training:
        form.show(limits, shop)
    else:
        st.info(_("Training is switched off here. What was trained before can still be used."))


def watched(head: str, shop: Workshop) -> None:
    """The trainings, drawn again every second while one moves. `head` is the key of what stands above the pictures."""
    ticking = bool(runs.moving())

    def watch() -> None:
        found = runs.found()
        if ticking and not runs.moving():
            st.rerun(scope="app")  # which ends the ticking, and shows the new model in the sidebar
        if found:
            with st.container(key=head):
                job = live.chosen(found)
                acts.row(job, Limits.from_environment())
            if entries := runs.entries(job):
                (systems.progress if systems.kind_of(job) else progress)(job, entries, shop)
        address("train_address")

    st.fragment(watch, run_every=EVERY if ticking else None)()


def progress(job: Job, entries: Sequence[Entry], shop: Workshop) -> None:
    """What a training has come to: on the left the map or its gradients, on the right the sentences and the curves."""
    origin, told = live.newest(job), live.watched(job, shop.question)
    left, right = st.columns(2, gap="medium")
    with left, controls.row("atlas_controls_view"):
        view = controls.one_of(_("Picture"), "train_view", {"map": _("Attention"), "gradients": _("Gradients")})
        place = mapped(len(told)) if origin and view == "map" else 0
    with left:
        if view == "gradients":
            gradients.show(shop, job, right)
        elif origin and (seen := live.forming(origin, *told[place])):
            pictures.attention_map(shop, job.name, seen)
    with right:
        if origin:
            st.html(live.sentences(origin, told, mine=True))
        other = race.rival(job, runs.found())
        race.told(job, other)
        pictures.curves(shop, job.name, entries, other.name if other else "", runs.entries(other) if other else [])


def mapped(count: int) -> int:
    """Which of the sentences the map shows, counted from 0."""
    names = {"mine": _("Yours")} | {str(place): str(place + 1) for place in range(1, count)}
    chosen = controls.one_of(_("Sentence of the map"), "train_map", names)
    return 0 if chosen == "mine" else int(chosen)


def values() -> dict[str, str]:
    """The numbers of the lesson: of the training that is looked at, or of the recipe that is usual."""
    return lesson.values(runs.found())
