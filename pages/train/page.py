"""The train page, put together: the form, or why there is none; the training below it, drawn again every second while one moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.train import acts, form, lesson
from pages.train import live as live_
from transformer.jobs import Job, Limits
from transformer.training.history import Entry
from ui import controls
from ui.frame import sidebar
from ui.text import translate as _
from ui.training import runs

STYLE = Path(__file__).with_name("train.css").read_text("utf-8")
EVERY = 1  # seconds between two looks at a training that moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A training that is looked at."""

    name: str
    entries: Sequence[Entry]
    forming: live_.Forming | None

    @property
    def panels(self) -> list[tuple[str, list[live_.Told], tuple[float, float] | None]]:
        """The curves: (name, curves, span) of each panel."""
        return live_.panels(self.entries)

    @property
    def until(self) -> int:
        """About how many steps it will have."""
        return live_.until(self.entries)

    @property
    def alt(self) -> str:
        """The curves in a sentence."""
        return live_.alt(self.entries)


Draw = Callable[[Watched], None]


def show(question: sidebar.Question | None, schedule: form.Draw, curves: Draw, attention_map: Draw) -> None:
    """The form and the training. One's own that moves comes first. The page draws the pictures."""
    st.html(f"<style>{STYLE}</style>")
    if busy := bool(runs.mine()):
        live("atlas_beside_first", question, curves, attention_map)
    form_or_why_not(schedule)
    if not busy:
        live("atlas_training", question, curves, attention_map)


def form_or_why_not(schedule: form.Draw) -> None:
    """The form; where training is switched off, a line."""
    limits = Limits.from_environment()
    if limits.training:
        form.show(limits, schedule)
    else:
        st.info(_("Training is switched off here. What was trained before can still be used."))


def live(head: str, question: sidebar.Question | None, curves: Draw, attention_map: Draw) -> None:
    """The trainings, drawn again every second while one moves. `head` is the key of what stands above the pictures."""
    ticking = bool(runs.moving())

    def watch() -> None:
        found = runs.found()
        if ticking and not runs.moving():
            st.rerun(scope="app")  # which ends the ticking, and shows the new model in the sidebar
        if found:
            with st.container(key=head):
                job = live_.chosen(found)
                acts.row(job, Limits.from_environment())
            if entries := runs.entries(job):
                pictures(job, entries, question, curves, attention_map)

    st.fragment(watch, run_every=EVERY if ticking else None)()


def pictures(
    job: Job, entries: Sequence[Entry], question: sidebar.Question | None, curves: Draw, attention_map: Draw
) -> None:
    """What a training has come to: the map on the left, the sentences and the curves on the right."""
    origin, told = live_.newest(job), live_.watched(job, question)
    left, right = st.columns(2, gap="medium")
    seen = None
    with left:
        if origin:
            seen = live_.forming(origin, *told[mapped(len(told))])
        shown = Watched(name=job.name, entries=entries, forming=seen)
        attention_map(shown)
    with right:
        if origin:
            st.html(live_.sentences(origin, told, mine=True))
        curves(shown)


def mapped(count: int) -> int:
    """Which of the sentences the map shows, counted from 0."""
    names = {"mine": _("Yours")} | {str(place): str(place + 1) for place in range(1, count)}
    chosen = controls.one_of(_("Sentence of the map"), "train_map", names)
    return 0 if chosen == "mine" else int(chosen)


def values() -> dict[str, str]:
    """The numbers of the lesson: of the training that is looked at, or of the recipe that is usual."""
    return lesson.values(runs.found())
