"""All held-out pairs of a phenomenon, measured on demand and remembered."""

import numpy as np
import streamlit as st

from figures.theme import Mode
from pages.grammar_probes import heads, readings
from pages.grammar_probes.asked import ALL, HEAD, Asked, key_of
from pages.grammar_probes.testimonies import Survey, table, tell
from pages.grammar_probes.words import OWN, code, head_words
from transformer.analysis import probe_survey
from transformer.analysis.probe_pairs import held_out, slots, telling
from transformer.analysis.probe_survey import Look, Reading
from transformer.corpora.corpus import fold
from transformer.corpora.grammar_en_fr import MinimalPair, load
from transformer.what_if import Head, every_head
from ui import controls
from ui.changed import measure
from ui.changed.measure import Work
from ui.frame.rooms import Rooms
from ui.session import state
from ui.session.state import Origin
from ui.show import prose
from ui.show.live_plot import Cell
from ui.show.picture import Picture
from ui.text import translate as _

PACE = "probes"  # under which the pace of one pair is known
SCORE = "gp_score"  # in the address: the guess


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


def work(origin: Origin, what: str) -> Work[Reading | list[tuple[Head, tuple[Look, ...]]] | None]:
    """All pairs, each read twice: what it restores, and then what the maps of the heads that carry most say of it."""
    pairs = pairs_of(what)

    def one(place: int) -> Reading | list[tuple[Head, tuple[Look, ...]]] | None:
        pair = pairs[place % len(pairs)]
        with measure.timed((PACE, origin)):
            if place < len(pairs):
                return measured(origin, key_of(pair.first, pair.second), pair)
            return looked(origin, what, key_of(pair.first, pair.second), pair)

    label = _("Measure {count} held-out pairs").format(count=len(pairs))
    return Work(
        key=ALL, code=what, label=label, count=2 * len(pairs), one=one, pace=(PACE, origin), scope=(origin, what)
    )


def kept(origin: Origin, what: str) -> list[Reading]:
    """The readings of the pairs that can be read, measured before."""
    every = (measured(origin, key_of(pair.first, pair.second), pair) for pair in pairs_of(what))
    return [each for each in every if each is not None]


@st.cache_resource(max_entries=64, show_spinner=False)
def suspects(origin: Origin, what: str) -> list[Head]:
    """The heads that carry most over all pairs."""
    return probe_survey.suspects(state.opened(origin).model, kept(origin, what))


@st.cache_resource(max_entries=1200, show_spinner=False)
def looked(
    origin: Origin, what: str, key: tuple[object, ...], _pair: MinimalPair  # noqa: ARG001
) -> list[tuple[Head, tuple[Look, ...]]] | None:  # fmt: skip
    """What the maps of one pair say: of the suspects, and after them of all heads of the encoder, from the word that is translated."""
    found = cut(origin, _pair)
    if found is None:
        return None
    encoder = [head for head in every_head(found.passes.model) if head.kind == "encoder"]
    carriers = [(head, tuple(probe_survey.looks(found.passes, found.probe, head))) for head in suspects(origin, what)]
    return carriers + [(head, tuple(probe_survey.from_it(found.passes, found.probe, head))) for head in encoder]


@st.cache_resource(max_entries=64, show_spinner=False)
def summed(origin: Origin, what: str) -> Survey | None:
    """The sums over all pairs, measured before; nothing if none can be read."""
    each, carriers = kept(origin, what), suspects(origin, what)
    if not each:
        return None
    maps = [found for pair in pairs_of(what) if (found := looked(origin, what, key_of(pair.first, pair.second), pair))]
    seen = [(head, [look for lines in maps for look in lines[place][1]]) for place, head in enumerate(carriers)]
    encoder = [head for head, _looks in maps[0][len(carriers) :]]
    from_it = [
        (head, [look for lines in maps for look in lines[len(carriers) + place][1]])
        for place, head in enumerate(encoder)
    ]
    return Survey(
        len(each), (sum(sum(one.right) for one in each), sum(all(one.right) for one in each)),
        float(np.mean([one.chances[which][which] for one in each for which in (0, 1)])),
        probe_survey.restored(each).double().numpy(), probe_survey.falls(each).double().numpy(),
        tuple(probe_survey.testimony(head, looks) for head, looks in seen),
        tuple(probe_survey.testimony(head, looks) for head, looks in from_it if looks),
    )  # fmt: skip


def ask(asked: Asked) -> Survey | None:
    """The guess, the button, how far it is, or what it has brought."""
    if asked.what == OWN:
        st.info(_("Choose a phenomenon above: your own pair is only one."))
        return None
    with st.spinner(_("Looking for pairs that no training has seen …")):
        todo = work(asked.question.origin, asked.what)
    names = {"none": "?"} | scores()
    guess = controls.one_of(
        _("Guess first: in how many of 100 sentences will the right word be preferred?"), SCORE, names
    )
    if measure.done(todo) is None:
        return None
    found = summed(asked.question.origin, asked.what)
    if found and guess != "none":
        prose.cell(answer(guess, found.right[0] / (2 * found.pairs)))
    return found


def scores() -> dict[str, str]:
    """What can be guessed: so many of 100."""
    return {"50": _("about 50"), "75": _("about 75"), "100": _("about 100")}


def answer(guess: str, share: float) -> str:
    """What became of the guess."""
    nearest = min(scores(), key=lambda code: abs(int(code) - 100 * share))
    told = (
        _("✓ You guessed {guess}: it is {share}.") if guess == nearest else _("✗ You guessed {guess}: it is {share}.")
    )
    return told.format(guess=scores()[guess], share=f"{100 * share:.0f}")


def tables_of(rooms: Rooms, asked: Asked, found: Survey) -> None:
    """The heads that carry it, one a row, below their picture."""
    with rooms.picture:
        table(found, every_head(state.opened(asked.question.origin).model))


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
