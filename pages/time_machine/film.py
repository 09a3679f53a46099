"""One sentence through the whole training: what each snapshot of the model sees in it, read once and remembered."""

from dataclasses import dataclass, replace
from typing import Any, NoReturn, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from transformer.analysis import forming, head_roles, snapshots
from transformer.analysis.forming import Formation
from transformer.analysis.snapshots import Moment, Moments
from ui import ROOT, frame
from ui.frame import Guest, Session
from ui.session import attentions, state
from ui.session.attentions import Attention, Kind
from ui.session.kept import address, hold
from ui.session.state import Origin, Search
from ui.show import prose
from ui.text import plain
from ui.text import translate as _

MOMENT, AT = "moment", "tm_at"  # in the address: the sidebar's step, and the moment that this page shows, from 1
THEN = "_time_machine_then"  # in session state: where the sidebar was when that moment was chosen
FEWEST = 2  # snapshots that can be compared
HEIGHT = 560  # pixels that the page keeps while the snapshots are read

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """A sentence and the snapshots of a model of any kind that have read it."""

    session: Guest  # the page's, with the French that all snapshots read as its walk
    moments: Moments
    now: int  # the place of the snapshot that the sidebar points at
    at: int  # that of the one at hand, which the page shows

    @property
    def last(self) -> int:
        """The place of the last snapshot."""
        return len(self.moments.moments) - 1


AnyReel = TypeVar("AnyReel", bound=Reel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Film(Reel):
    """That of a Transformer, which has heads."""

    session: Session
    key: tuple[object, ...]  # what the caches know it by


def begin(session: Session) -> Film:
    """Read the sentence with every snapshot. A page without snapshots says so and ends here."""
    model, found = state.at(session.origin, None), state.moments(session.origin)
    if len(found) < FEWEST:
        no_snapshots(session)
    text = session.walk.source_text
    shown = session.walk if session.walk.forced else state.own_walk(model, text, session.search)
    origins = tuple(state.at(model, step) for step in found)
    told = _("Reading your sentence with {count} snapshots of the model …").format(count=len(found))
    with st.spinner(told), st.skeleton(height=HEIGHT):
        moments = read(origins, text, shown.written_ids, session.search)
    now = found_now(session, moments)
    return Film(
        session=replace(session, walk=shown), moments=moments, key=(origins, text, shown.written_ids), now=now,
        at=at_hand(now, len(moments.steps)),
    )  # fmt: skip


def found_now(session: Guest, moments: Moments) -> int:
    """The place of the snapshot that the sidebar points at. Says what could not be read; if too little is left, the page ends here."""
    for trouble in moments.troubles:
        st.warning(plain(trouble))
    if len(moments.moments) < FEWEST:
        no_snapshots(session)
    here, last = session.origin.moment, len(moments.steps) - 1
    return last if here is None else min(last, sum(step < here for step in moments.steps))


def at_hand(now: int, count: int) -> int:
    """The place of the moment that was chosen on this page, of `count`; that of the sidebar as soon as another one is chosen there."""
    hold(AT)
    if st.session_state.setdefault(THEN, now) != now:
        st.session_state[AT], st.session_state[THEN] = None, now
    place = st.session_state[AT]
    return place - 1 if isinstance(place, int) and 1 <= place <= count else now


def standing(film: AnyReel) -> AnyReel:
    """The film at the moment that was chosen last: a click within the fragment draws only the picture again."""
    return replace(film, at=at_hand(film.now, len(film.moments.steps)))


def stand_at(place: int) -> None:
    """Look at another moment, on this page alone. Only in callbacks."""
    st.session_state[AT] = place + 1


@st.cache_resource(max_entries=24, show_spinner=False)
def read(origins: tuple[Origin, ...], text: str, target: tuple[int, ...], search: Search) -> Moments:
    """What the snapshots `origins` of one model see in `text` if they are given the French `target`.

    About half a megabyte for a sentence of ten pieces and a small model.
    """
    source = state.opened(state.at(origins[-1], None)).tokenizer.encode(text)
    return snapshots.read(origins[0].folder, source, target, search, state.MOST_TARGET)


def formations(film: Film, view: Attention) -> list[Formation]:
    """How every head of a layer came to be."""
    return remembered(film, film.key, view.kind, view.layer, view)


@st.cache_data(max_entries=128, show_spinner=False)
def remembered(_film: Film, key: tuple[object, ...], kind: Kind, layer: int, _view: Attention) -> list[Formation]:  # noqa: ARG001
    """The same, measured once for a sentence and the snapshots of a model."""
    flags, crossing = head_roles.delimiters(_view.key_pieces), kind == "cross"
    weights = _film.moments.weights(kind, layer)  # snapshot head query key
    return [
        forming.formation(weights[:, head], _view.mask, flags, crossing) for head in range(weights.shape[1])
    ]  # fmt: skip


def stacked(film: Film, kind: Kind) -> list[Attention]:
    """The attention of every layer, for its pieces and its mask."""
    return [attentions.attention(film.session, kind, layer) for layer in range(attentions.layers(film.session, kind))]


def choose(film: Reel, place: int) -> None:
    """Send every page to a snapshot. Only in callbacks."""
    step = film.moments.steps[place]
    st.session_state[MOMENT] = None if step == state.moments(film.session.origin)[-1] else step


def everywhere(film: Reel) -> None:
    """Which moment all the other pages show, and a button that takes them to the one at hand."""
    moments = film.moments.moments
    st.caption(_("All other pages show the model at {moment}.").format(moment=named(moments[film.now])))
    if film.at != film.now:
        label = _("Take them to {moment}").format(moment=named(moments[film.at]))
        if st.button(label, key="tm_take", on_click=choose, args=(film, film.at)):
            st.rerun()


def named(moment: Moment) -> str:
    """`step 1,234`."""
    return _("step {step}").format(step=f"{moment.step:,}")


def fact(moment: Moment, *names: str) -> float | None:
    """A number of what the snapshot says of itself, such as `("validation", "bleu")`; None if it does not say."""
    value: Any = moment.training
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return float(value) if isinstance(value, int | float) and np.isfinite(value) else None


def facts(moment: Moment) -> list[str]:
    """`loss 1.63`, `BLEU 68.5 on held-out sentences`, as far as they are known."""
    loss, bleu = fact(moment, "loss"), fact(moment, "validation", "bleu")
    told = [] if loss is None else [_("loss {loss}").format(loss=f"{loss:.2f}")]
    return told if bleu is None else [*told, _("BLEU {bleu} on held-out sentences").format(bleu=f"{bleu:.1f}")]


def wrote(film: Reel, moment: Moment) -> str:
    """What the snapshot would have written itself; a sign for nothing at all, and for what came to no end."""
    tokenizer, config = film.session.checkpoint.tokenizer, film.session.checkpoint.model.config
    text = tokenizer.decode(moment.written).strip()
    if not text:
        return _("(nothing)")
    return text if moment.written[-1] == config.end_id else f"{text} …"


def no_snapshots(session: Guest) -> NoReturn:
    """The page for a model without a past: which models have one."""
    frame.top(session)
    names = [name for name, model in state.readable().items() if len(state.moments(model)) >= FEWEST]
    told = _("This model has kept no snapshots of its training, so there is no past to look at.")
    way = _("Choose one that has:") if names else _("Train one, and it keeps about 20 of them:")
    with st.container(key="atlas_controls"):  # beside the little map
        st.info(f"{told} {way}")
        with st.container(horizontal=True, vertical_alignment="center"):
            for name in names:
                st.button(plain(name), key=f"past_{name}", on_click=take, args=(name,))
            if (ROOT / "pages" / "300_train.py").exists():
                st.page_link("pages/300_train.py", label=_("Train a model"))
    prose.look(session.lesson.sections["Without"])
    address()
    frame.bottom(session)
    st.stop()


def take(name: str) -> None:
    """Choose a model. Only in callbacks."""
    st.session_state["checkpoint"] = name
