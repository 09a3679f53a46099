"""All held-out pairs of a phenomenon, measured on demand and remembered."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from figures.theme import Mode
from pages.grammar_probes import heads, readings
from pages.grammar_probes.asked import ALL, HEAD, Asked, key_of
from pages.grammar_probes.testimonies import Survey, tell
from pages.grammar_probes.words import OWN, code, head_words
from transformer.analysis import probe_survey
from transformer.analysis.probe_pairs import held_out, slots, telling
from transformer.analysis.probe_survey import Look, Reading
from transformer.corpora.corpus import fold
from transformer.corpora.grammar_en_fr import MinimalPair, load
from transformer.what_if import Head, every_head
from ui.session import state
from ui.session.state import Origin
from ui.show import prose
from ui.show.live_plot import Cell
from ui.show.picture import Picture
from ui.text import translate as _


@st.cache_resource(max_entries=1, show_spinner=False)
def training_sentences() -> frozenset[str]:
    """The English of the corpus's training split, folded: two seconds, once."""
    return frozenset(fold(pair.source) for pair in load().split("train"))


@st.cache_data(max_entries=16, show_spinner=False)
def pairs_of(what: str) -> list[MinimalPair]:
    """The held-out pairs of a phenomenon, by its code."""
    return held_out(what.replace("_", " "), training_sentences())


@st.cache_resource(max_entries=1200, show_spinner=False)
def measured(origin: Origin, key: tuple[object, ...], _pair: MinimalPair) -> Reading | None:  # noqa: ARG001
    """One pair, at the word that is telling."""
    found = cut(origin, _pair)
    return None if found is None else probe_survey.read(found.passes.model, found.probe)


def cut(origin: Origin, pair: MinimalPair) -> readings.Read | None:
    """A pair at its telling word; not remembered, for there are many."""
    places = slots(pair)
    slot = places[telling(pair, places)]
    key = (*key_of(pair.first, pair.second), slot)
    return readings.of.__wrapped__(origin, key, pair, slot)  # type: ignore[attr-defined,no-any-return]


def survey(origin: Origin, what: str) -> Survey | None:
    """Measure all pairs, with a bar that tells how far it is; at once if that was done before."""
    pairs = pairs_of(what)
    bar, kept = st.progress(0.0, _("Measuring the pairs …")), []
    for number, pair in enumerate(pairs, 1):
        bar.progress(number / len(pairs) * 0.8, _("Pair {number} of {count}").format(number=number, count=len(pairs)))
        if reading := measured(origin, key_of(pair.first, pair.second), pair):
            kept.append((pair, reading))
    bar.progress(0.9, _("Reading the maps of the heads that carry it …"))
    found = summed(origin, what, len(pairs), kept) if kept else None
    bar.empty()
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def summed(origin: Origin, what: str, count: int, _kept: Sequence[tuple[MinimalPair, Reading]]) -> Survey:  # noqa: ARG001
    """The sums, and what the maps of the heads that carry most say."""
    model, each = state.opened(origin).model, [reading for _pair, reading in _kept]
    suspects = probe_survey.suspects(model, each)
    seen: dict[Head, list[Look]] = {head: [] for head in suspects}
    from_it: dict[Head, list[Look]] = {head: [] for head in every_head(model) if head.kind == "encoder"}
    for pair, _reading in _kept:
        if found := cut(origin, pair):
            for head in suspects:
                seen[head] += probe_survey.looks(found.passes, found.probe, head)
            for head in from_it:
                from_it[head] += probe_survey.from_it(found.passes, found.probe, head)
    return Survey(
        len(each), (sum(sum(one.right) for one in each), sum(all(one.right) for one in each)),
        float(np.mean([one.chances[which][which] for one in each for which in (0, 1)])),
        probe_survey.restored(each).double().numpy(), probe_survey.falls(each).double().numpy(),
        tuple(probe_survey.testimony(head, looks) for head, looks in seen.items()),
        tuple(probe_survey.testimony(head, looks) for head, looks in from_it.items() if looks),
    )  # fmt: skip


def ask(asked: Asked) -> Survey | None:
    """The button, or what it has brought."""
    if asked.what == OWN:
        st.info(_("Choose a phenomenon above: your own pair is only one."))
        return None
    if st.session_state.get(ALL) != asked.what:
        with st.spinner(_("Looking for pairs that no training has seen …")):
            count = len(pairs_of(asked.what))
        label = _("Measure {count} held-out pairs").format(count=count)
        st.button(label, key="gp_measure_all", type="primary", on_click=begin, args=(asked.what,), disabled=not count)
        prose.cell(_("Guess first: in how many of 100 sentences will the model prefer the right word?"))
        return None
    return survey(asked.question.origin, asked.what)


def begin(what: str) -> None:
    """Measure. Only in callbacks."""
    st.session_state[ALL] = what


def picture(asked: Asked, found: Survey, mode: Mode) -> Picture:
    """Heads by layers, over all pairs."""
    every = every_head(state.opened(asked.question.origin).model)
    ranks = heads.ranked(every, found.restored)
    title = _("{count} pairs: how much of the way to B each head brings").format(count=found.pairs)

    def take(cell: Cell) -> None:
        row, column = (int(each or 0) for each in cell[:2])
        st.session_state[HEAD] = code(every[row * heads.grid(every, found.restored)[0].shape[1] + column])

    rows = [[head_words(head), round(float(found.restored[place]), 4), round(float(found.falls[place]), 4)]
            for place, head in enumerate(every)]  # fmt: skip
    return Picture(
        title=title, alt=f"{title}. {heads.told_top(ranks)}.", on_click=take, tell=lambda: tell(found, every),
        table=([_("head"), _("share of the way, taken from B"), _("fall without it, logits")], rows),
        figure=heads.drawn(every, found.restored, asked.head, _("share of the way"), title, mode),
    )  # fmt: skip
