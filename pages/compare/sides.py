"""The two models of the comparison: A is the sidebar's, B is chosen on the page; and the French that both are made to read."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from transformer.analysis.compare import kinship
from transformer.checkpoint import Checkpoint, CheckpointError, Opened, pieces_of
from ui import controls, frame
from ui.session import relatives, state
from ui.session.kept import hold, kept
from ui.session.state import OTHER, Origin
from ui.session.walk import Passage, Walk, walk
from ui.text import plain
from ui.text import translate as _

MOMENT, READ = "cmp_moment", "cmp_read"  # keys in the address, beside `OTHER`
KIN = 0.2  # correlation of the weights: strangers have 0.0, the same beginning more than 0.5


class TooLong(ValueError):
    """A sentence that a model cannot read, or nobody could see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnySide:
    """One of the two models."""

    letter: str  # A or B
    name: str  # of the model, and of its moment
    origin: Origin
    checkpoint: Opened
    own: Passage  # its own translation
    walk: Passage  # what it is made to read
    special: bool

    @property
    def title(self) -> str:
        """`A: mine, step 120`."""
        return f"{self.letter}: {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side(AnySide):
    """One that is a Transformer: it has heads and layers."""

    checkpoint: Checkpoint
    own: Walk
    walk: Walk


def side(letter: str, origin: Origin, own: Passage, walk: Passage, special: bool) -> AnySide:
    """One of the two, as what it is."""
    opened = state.any_opened(origin)
    kind: type[AnySide] = Side if state.walks(origin) else AnySide
    return kind(
        letter=letter, name=called(origin), origin=origin, checkpoint=opened, own=own, walk=walk, special=special
    )


def ask(session: frame.Guest, switch: Callable[[], None]) -> tuple[AnySide, AnySide] | None:
    """Draw the `switch` of the view, the controls of B and of what both read. If B cannot be opened, or one of them cannot read it,
    say why: `None`.
    """
    still_there(session)
    with controls.row("atlas_controls_other"):
        switch()
        origin = other(session.origin)
        mine = session.walk.forced
        read = "a" if mine else controls.one_of(
            _("Both read"), READ, {"a": _("A’s French"), "b": _("B’s French")}
        )  # fmt: skip
    text = session.walk.source_text
    try:
        checkpoint = state.any_opened(origin)
        short_enough("B", _("the sentence"), checkpoint.tokenizer.encode(text), checkpoint, 2, state.MOST_SOURCE)
        own_a = own(session.origin, text, session.search) if mine else session.walk
        own_b = own(origin, text, session.search)
        a, b = (
            side("A", session.origin, own_a, session.walk, session.special),
            side("B", origin, own_b, own_b, session.special),
        )
        return (replace(a, walk=reading(a, b)), b) if read == "b" else (a, replace(b, walk=reading(b, a)))
    except (CheckpointError, TooLong) as error:
        st.info(plain(str(error)))
    return None


def still_there(session: frame.Guest) -> None:
    """Begin the whole page anew if A was deleted, renamed or trained on: a click runs only a part, which remembers the old one."""
    if state.at(session.origin, session.origin.moment) != session.origin:
        st.rerun(scope="app")


def other(first: Origin) -> Origin:
    """B: a model, and a moment of it if it has several."""
    readable = state.readable()
    names, default = list(readable), likely(first, readable)
    with kept(OTHER, default):
        if st.session_state.get(OTHER, default) not in readable:
            del st.session_state[OTHER]
        name = st.selectbox(_("B: the other model"), names, index=names.index(default), key=OTHER, bind="query-params",
                            width=200)  # fmt: skip
    chosen = readable[name if name in readable else default]
    steps = state.moments(chosen)
    hold(MOMENT, None)
    if len(steps) < 2:
        return chosen
    usual = steps[len(steps) // 3] if chosen.folder == first.folder and first.moment in (None, steps[-1]) else steps[-1]
    asked = st.session_state[MOMENT]
    st.session_state["pick_cmp_moment"] = asked if asked in steps else usual

    def picked() -> None:
        st.session_state[MOMENT] = st.session_state["pick_cmp_moment"]

    step = st.select_slider(
        _("B: moment of training"), steps, key="pick_cmp_moment", on_change=picked, width=210,
        format_func=lambda step: _("step {step}").format(step=f"{step:,}"),
    )  # fmt: skip
    return chosen if step == steps[-1] else state.at(chosen, step)


def likely(first: Origin, usable: dict[str, Origin]) -> str:
    """The model to begin with: the same one if it has moments, else one with the same tokenizer, else any other."""
    own = next((name for name, each in usable.items() if each.folder == first.folder), next(iter(usable)))
    if len(state.moments(first)) > 1:
        return own
    others = [name for name in usable if name != own]
    alike = [name for name in others if fingerprint(usable[name]) == fingerprint(usable[own])]
    return next(iter([*alike, *others, own]))


@st.cache_data(max_entries=256, show_spinner=False)
def fingerprint(origin: Origin) -> str:
    """What its tokenizer is known by."""
    return hashlib.sha256(pieces_of(origin.folder).read_bytes()).hexdigest()


def called(origin: Origin) -> str:
    """The name of the model, with the moment if it is not the last."""
    if origin.moment is None:
        return origin.folder.name
    return _("{model}, step {step}").format(model=origin.folder.name, step=f"{origin.moment:,}")


def short_enough(letter: str, what: str, ids: Sequence[int], checkpoint: Opened, spare: int, shown: int) -> None:
    """Raise `TooLong` if `ids` and `spare` special pieces are more than the model can read, or more than can be `shown`."""
    most = min(shown, checkpoint.model.config.max_positions - spare)
    if len(ids) > most:
        raise TooLong(frame.too_long(_("For model {letter}, {what}").format(letter=letter, what=what), len(ids), most))


def same_tokenizer(one: AnySide, other: AnySide) -> bool:
    """Whether both cut every text alike."""
    return one.checkpoint.tokenizer.model == other.checkpoint.tokenizer.model


def reading(reader: AnySide, writer: AnySide) -> Passage:
    """The model `reader` is given the French of `writer`: the very same pieces if it has them, else the same text."""
    ids = writer.walk.written_ids
    if not same_tokenizer(reader, writer):
        ids = (*reader.checkpoint.tokenizer.encode(writer.walk.target_text), reader.checkpoint.model.config.end_id)
    if writer.walk.forced:  # the learner's own, which can be shortened
        short_enough(reader.letter, _("the French"), ids, reader.checkpoint, 0, state.MOST_TARGET + 1)
    most = min(state.MOST_TARGET + 1, reader.checkpoint.model.config.max_positions)
    if len(ids) > most:
        template = _(
            "Model {writer} wrote {pieces} pieces, and model {reader} can read {most}. Let each read its own, or take another sentence."
        )
        raise TooLong(template.format(writer=writer.letter, reader=reader.letter, pieces=len(ids), most=most))
    return given(reader.origin, reader.own.source_text, ids)


@st.cache_resource(max_entries=64, show_spinner=False)
def given(origin: Origin, text: str, ids: tuple[int, ...]) -> Passage:
    """The model reads `text` and is given the French `ids`, piece by piece."""
    if not state.walks(origin):
        return relatives.passage(state.any_opened(origin), text, ids, forced=True)
    return walk(state.opened(origin), text, ids, forced=True, encoder=state.encoder(origin, text))


def own(origin: Origin, text: str, search: state.Search) -> Passage:
    """The model's own translation, whatever its kind."""
    return state.own_walk(origin, text, search) if state.walks(origin) else relatives.own(origin, text, search)


def related(a: AnySide, b: AnySide) -> bool:
    """Whether the heads of the two grew out of the same beginning, so that head 3 of one is head 3 of the other."""
    return a.origin.folder == b.origin.folder or kin(a.origin, b.origin) > KIN


@st.cache_data(max_entries=256, show_spinner=False)
def kin(one: Origin, other: Origin) -> float:
    """How alike their weights are."""
    return kinship(state.opened(one).model, state.opened(other).model)
