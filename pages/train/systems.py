"""Training a system that is no translator: its short form, and what a training of one has come to."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from figures.learning import training
from figures.learning.training import Curve, Panel
from pages.train import live
from pages.train.form import WIDTH
from systems import ENGLISH, KINDS
from systems.training.recipe import TYPES, suited, written
from transformer.corpora.tatoeba_en_fr import cached_file
from transformer.jobs import Job, Limits
from transformer.jobs.limits import options
from transformer.jobs.names import safe
from transformer.training.history import Entry
from ui import controls
from ui.frame import Workshop
from ui.session import systems
from ui.session.kept import hold_number
from ui.show import live_plot, prose
from ui.text import Lesson, plain
from ui.text import translate as _
from ui.training import recipes, start

WHAT, KIND, CORPUS, BASE = "train_what", "train_system", "train_system_corpus", "train_system_from"  # in the address
NOTHING = "nothing"
SAID = "_train_system_refused"  # in session state: why the queue did not take it
BOUNDS: Mapping[str, tuple[float, float, float]] = {  # lowest, highest, step
    "epochs": (0.1, 500.0, 1.0), "minutes": (0.1, 60.0, 0.5), "examples": (0, 1_000_000, 500), "batch": (1, 4096, 16),
    "peak-rate": (0.0001, 0.5, 0.0005), "seed": (0, 1_000_000, 1),
}  # fmt: skip
USUAL = {"examples": 0, "seed": 1, "batch": 64}


def wanted() -> bool:
    """Whether a system is to be trained rather than a translator."""
    names = {"translator": _("a translator"), "system": _("another system")}
    return bool(KINDS) and controls.one_of(_("Train"), WHAT, names) == "system"


def form(limits: Limits) -> None:
    """Which, on what, how long; and the button."""
    with controls.row():
        kind = controls.menu(_("System"), KIND, systems.called(), width=330)
        corpus = controls.menu(_("Learn from"), CORPUS, {name: corpus_words(name) for name in corpora(kind)}, width=300)
        base = beginning(kind)
    usual = suited(kind, corpus)
    stop = next(name for name in ("epochs", "minutes") if name in usual)
    with controls.row("atlas_beside_start"):
        asked = {name: number(name, kind, corpus, usual) for name in (stop, "examples", "batch", "peak-rate", "seed")}
        name = st.text_input(
            _("Name of the model"), key="train_name", placeholder=f"my-{kind}", max_chars=60, width=200
        )
        if st.button(_("Train"), key="train_start_system", type="primary"):
            arguments = told(kind, corpus, base, usual, asked)
            st.session_state[SAID] = start.start((name or "").strip() or f"my-{kind}", arguments, limits)
            if not st.session_state[SAID]:
                st.rerun(scope="app")
    st.caption(_("As it stands, this ends within about two minutes on two quiet cores. The same from a terminal:"))
    st.code(
        recipes.command(told(kind, corpus, base, usual, asked), safe((name or "").strip() or f"my-{kind}")),
        language="bash",
        wrap_lines=True,
    )
    if said := st.session_state.pop(SAID, ""):
        st.warning(plain(said))


def corpora(kind: str) -> list[str]:
    """What a kind can learn from here: everyday sentences only where their text is on this machine."""
    return [name for name in KINDS[kind].corpora if name != ENGLISH[1] or cached_file().is_file()]


def corpus_words(name: str) -> str:
    """A corpus in a menu."""
    known = {
        "stories": _("Stories: who is where, who has what"), "scenes": _("Scenes: coloured shapes"), "reviews": _("Reviews, made up"),
        "entities": _("Sentences with persons, dates and places"), ENGLISH[0]: _("Grammar: its English sentences"),
        ENGLISH[1]: _("Tatoeba: its English sentences"),
    }  # fmt: skip
    return known.get(name, name)


def beginning(kind: str) -> str:
    """What it begins with: random numbers, or another system; "" for the first."""
    bases = systems.models((*KINDS[kind].begins, kind))
    if not bases:
        return ""
    names = {name: _("{name} (fine-tune it)").format(name=name) for name in bases} | {
        NOTHING: _("nothing (random numbers)")
    }
    usual = next(iter(bases)) if KINDS[kind].begins else NOTHING
    found = controls.menu(_("Begin with"), BASE, names, default=usual, width=260)
    return "" if found == NOTHING else found


def number(name: str, kind: str, corpus: str, usual: Mapping[str, Any]) -> float:
    """A field for a number; another system or corpus brings its own."""
    low, high, step = (TYPES[name](bound) for bound in BOUNDS[name])
    value = TYPES[name](usual.get(name.replace("-", "_"), USUAL.get(name)))
    key = f"train_system_{name.replace('-', '_')}"
    if st.session_state.get(owner := f"_{key}_of") != (kind, corpus):
        if owner in st.session_state:
            st.session_state[key] = value
        st.session_state[owner] = (kind, corpus)
    hold_number(key, value, low, high)
    labels = {
        "epochs": _("Epochs"), "minutes": _("Minutes"), "examples": _("Examples, 0: all"), "batch": _("Batch, examples"),
        "peak-rate": _("Peak learning rate"), "seed": _("Seed"),
    }  # fmt: skip
    form = {"peak-rate": "%.4f", "epochs": "%.1f", "minutes": "%.1f"}.get(name)
    found = st.number_input(labels[name], low, high, value, step, format=form, key=key, width=WIDTH)
    return float(value if found is None else found)


def told(kind: str, corpus: str, base: str, usual: Mapping[str, Any], asked: Mapping[str, float]) -> tuple[str, ...]:
    """The arguments of `train`: the recipe that suits, with what was changed."""
    changed = {name.replace("-", "_"): TYPES[name](value) for name, value in asked.items()}
    if not changed["examples"]:
        del changed["examples"]
    line = written({**usual, **changed}).split()
    return (corpus, "--model", kind, *(["--from", base] if base else []), *line)


def lesson(shop: Workshop) -> Lesson:
    """The page's lesson, as it is told of what is to be trained."""
    return shop.lesson.of("system") if st.session_state.get(WHAT) == "system" else shop.lesson


def kind_of(job: Job) -> str:
    """The kind of system that a training trains; "" if it is a translator."""
    kind = options(job.arguments).get("model", "")
    return kind if kind in KINDS else ""


def progress(job: Job, entries: Sequence[Entry], shop: Workshop) -> None:
    """What it has come to: its figures on held-out examples in a sentence, and the curves."""
    measured = [entry for entry in entries if entry.measured]
    if measured and (found := measured[-1].measured):
        figures = "; ".join(f"{name.replace('_', ' ')} {value:.1f}" for name, value in found.items())
        prose.cell(
            _("After {steps} steps, on held-out examples: {figures}."), steps=f"{measured[-1].step:,}", figures=figures
        )
    alt = _("After {step:,} steps the training loss is {loss:.2f} nats.").format(
        step=entries[-1].step, loss=entries[-1].loss
    )
    figure = training.progress(panels(entries), live.until(entries), axis_title=_("step"), title="", mode=shop.mode)
    live_plot.show(figure, "train_progress", alt, job.name, height=640)


def panels(entries: Sequence[Entry]) -> list[Panel]:
    """The curves: the loss, what was measured, the learning rate, the gradient."""
    thin = [*entries[:: max(1, len(entries) // live.MOST)], *entries[-1:]]
    measured = [entry for entry in entries if entry.measured]
    names = list(dict.fromkeys(name for entry in measured for name in entry.measured or {}))[:3]
    figures = [
        Curve(
            name.replace("_", " "),
            [entry.step for entry in measured],
            [(entry.measured or {}).get(name, 0.0) for entry in measured],
            True,
        )
        for name in names
    ]
    steps = [entry.step for entry in thin]
    return [
        Panel(_("Loss, nats"), [Curve(_("training"), steps, [entry.loss for entry in thin])]),
        Panel(_("Held-out examples, per cent"), figures, (0.0, 102.0)),
        Panel(_("Learning rate"), [Curve(_("learning rate"), steps, [entry.learning_rate for entry in thin])]),
        Panel(_("Gradient norm"), [Curve(_("gradient norm"), steps, [entry.gradient_norm for entry in thin])]),
    ]
