"""Two kinds of model against each other: trained on the same text for as long, and which of them is ahead."""

from collections.abc import Mapping, Sequence

import streamlit as st

from transformer.family import TRANSFORMER
from transformer.jobs import Job, Limits
from transformer.jobs.limits import options
from transformer.training.history import Entry
from transformer.training.presets import STOPS, Number
from ui import controls
from ui.session import relatives
from ui.show import prose
from ui.text import translate as _
from ui.training import corpora, recipes, runs, start

BESIDE, RIVAL, NONE = (
    "train_beside",
    "train_rival",
    "none",
)  # in the address: whether there is a race, and the other training


def wanted() -> bool:
    """Whether a Transformer is to be trained after the relative, for comparison."""
    hint = _(
        "Puts a second training into the queue: a Transformer with about as many parameters, on the same text, for as long."
    )
    return st.toggle(_("then a Transformer, for comparison"), key=BESIDE, help=hint)


def enter(name: str, corpus: str, options: Mapping[str, Number], limits: Limits) -> str:
    """Put the Transformer into the queue behind the training `name`; a sentence if that cannot be."""
    stop = {each: options[each] for each in STOPS if each in options}
    usual = {each: value for each, value in corpora.suits(corpus).items() if each not in STOPS}
    shared = {each: options[each] for each in ("pairs", "vocabulary-size", "batch-tokens", "seed") if each in options}
    first = st.session_state[start.WATCHED]
    said = start.start(
        f"{name}-against", recipes.arguments(corpora.argument(corpus), "", {**stop, **usual, **shared}), limits
    )
    if not said:  # the first of them is watched, the other beside it
        st.session_state[RIVAL], st.session_state[start.WATCHED] = st.session_state[start.WATCHED], first
    return said


def rival(job: Job, found: Sequence[Job]) -> Job | None:
    """The training whose curves are drawn beside those of `job`; `None` if there is no other, or none is wanted."""
    others = {each.name: each for each in found if each.name != job.name}
    if not others:
        return None
    names = {NONE: _("nothing"), **{name: name for name in others}}
    return others.get(controls.menu(_("Compare with"), RIVAL, names, default=NONE, width=300))


def told(job: Job, other: Job | None) -> None:
    """Who is ahead, in a sentence with both figures at the same share of their runs."""
    if other is None:
        return
    ours, theirs = scored(job), scored(other)
    if not ours or not theirs:
        prose.cell(
            _("{name} has not been measured yet: {phase}."),
            name=(other if ours else job).name,
            phase=runs.words(other if ours else job),
        )
        return
    share = min(ours[-1].share, theirs[-1].share)
    mine, his = (
        max((each for each in side if each.share <= share + 1e-6), key=lambda each: each.step, default=side[0])
        for side in (ours, theirs)
    )
    sentence = _(
        "After {share} of each run: {name} ({kind}) {exact} exact match, loss {loss}; {other} ({rival}) {theirs}, loss {lost}."
    )
    prose.cell(
        sentence, share=f"{100 * share:.0f} %", kind=kind_of(job), name=job.name,
        exact=f"{mine.exact_match or 0:.0f} %", loss=loss(mine),
        rival=kind_of(other), other=other.name, theirs=f"{his.exact_match or 0:.0f} %", lost=loss(his),
    )  # fmt: skip


def kind_of(job: Job) -> str:
    """Which kind of model it trains, in a word or two."""
    kind = options(job.arguments).get("model", TRANSFORMER)
    return relatives.kinds().get(kind, kind)


def scored(job: Job) -> list[Entry]:
    """The moments at which held-out sentences were translated."""
    return [entry for entry in runs.entries(job) if entry.exact_match is not None]


def loss(entry: Entry) -> str:
    """On held-out sentences, or on those that were just read."""
    return f"{entry.loss if entry.validation_loss is None else entry.validation_loss:.2f}"
