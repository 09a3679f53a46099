"""The learner's desk: which map is edited, what a click does, the slider for one cell, and the changed model."""

from dataclasses import dataclass

import streamlit as st

from figures.labels import label
from pages.attention_editor import elsewhere
from ui import controls
from ui.changed import edits as editing
from ui.changed import guess, pictures, undo
from ui.changed import outcome as outcomes
from ui.changed.edits import Edits, Place
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.session import attentions
from ui.session.attentions import Attention, Cell, Kind, Numbers
from ui.session.kept import hold
from ui.text import plain
from ui.text import translate as _

KEY, SCOPE, SLIDER = "ed_rows", "_ed_scope", "_ed_share"
CASE, ELSEWHERE = "ed_case", "elsewhere"  # in the address: the proof of what values are for


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is being edited, and what comes of it."""

    kind: Kind
    layer: int
    head: int | None  # `None` is every head of the layer
    click: str  # "pin", "share" or "point"
    view: str  # "maps" or "out"
    edits: Edits
    pair: Compared
    views: tuple[Attention, Attention]  # of the model as it is, and of the changed one
    query: int | None  # the row that the learner points at
    key: int | None

    @property
    def code(self) -> str:
        """The edits as they stand in the address."""
        return editing.codes(self.edits)

    @property
    def unchanged(self) -> Compared:
        """The model as it is, twice: what is shown while the learner guesses."""
        return Compared(self.pair.before, self.pair.before)

    @property
    def place(self) -> Place | None:
        """The row that the learner points at."""
        return None if self.query is None else Place(self.kind, self.layer, self.head, self.query)

    def weights(self, side: int) -> Numbers:
        """The map that is shown (query, key), of the model as it is (0) or changed (1)."""
        weights = self.views[side].weights
        found: Numbers = weights.mean(0) if self.head is None else weights[self.head]
        return found


def ask(session: Session) -> Desk:
    """Draw the controls and read them."""
    rows, heads = read(session), session.walk.heads
    kinds: dict[Kind, str] = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    with controls.row():
        kind: Kind = controls.one_of(_("Attention"), "kind", kinds, default="cross")  # type: ignore[assignment,arg-type]
        layer = controls.layer(attentions.layers(session, kind))
        code = controls.one_of(_("Head"), "head", {controls.MEAN: _("All")} | controls.numbers(heads))
    clicks = {"pin": _("looks only there"), "share": _("adds or removes"), "point": _("only points")}
    with controls.row("atlas_controls_click"):
        click = controls.menu(_("A click"), "ed_click", clicks, width=180)
        view = controls.one_of(_("Picture"), "ed_view", {"maps": _("Maps"), "out": _("Chances")})
        undo.buttons(KEY)
    pair = outcomes.compared(session, editing.what_if(rows, heads))
    views = pictures.both(session, pair, kind, layer)
    query, key = attentions.chosen(session, views[0])
    head = None if code == controls.MEAN else int(code) - 1
    return Desk(
        kind=kind, layer=layer, head=head, click=click, view=view, edits=rows, pair=pair, views=views, query=query, key=key
    )  # fmt: skip


def read(session: Session) -> Edits:
    """The edited rows. They belong to the English sentence: with another one they are forgotten."""
    scope = " ".join(session.walk.source)
    guess.told_before("ed", KEY)
    hold(CASE, "")
    code = undo.hold_code(KEY)
    if st.session_state.setdefault(SCOPE, scope) != scope:
        undo.forget(KEY)
        st.session_state[SCOPE], code = scope, ""
    if st.session_state[CASE] == ELSEWHERE:
        look_elsewhere(session)
        code = str(st.session_state[KEY])
    return editing.read(code, session)


def look_elsewhere(session: Session) -> None:
    """Make the chosen piece look at another word, in all heads of all layers of cross-attention."""
    undo.change(KEY, editing.codes(elsewhere.edits(session)))
    st.session_state.update({CASE: "", "kind": "cross", "head": controls.MEAN})


def take(desk: Desk, cell: Cell) -> None:
    """What a click on `[side, query, key]` does. Only in callbacks."""
    query, key = int(cell[1] or 0), int(cell[2] or 0)
    attentions.chooser(desk.views[0])([query, key])
    place = Place(desk.kind, desk.layer, desk.head, query)
    if desk.click != "point":
        act = editing.pinned if desk.click == "pin" else editing.shared
        undo.change(KEY, editing.codes(act(desk.edits, place, key)))


def slider(desk: Desk) -> None:
    """How much the chosen row looks at the chosen key; the other keys keep their proportions."""
    place, key, keys = desk.place, desk.key, desk.views[0].key_pieces
    ready = place is not None and key is not None and len(keys) > 1
    st.session_state[SLIDER] = round(100 * float(desk.weights(1)[desk.query, key])) if ready else 0
    name = _("Click a cell, then set its weight here")
    if ready:
        asks = label(desk.views[0].query_pieces[desk.query or 0])
        name = _("How much {query} looks at {key}").format(query=asks, key=label(keys[key or 0]))

    def moved() -> None:
        if place is not None and key is not None:
            now, own = desk.weights(1)[place.query].tolist(), desk.weights(0)[place.query].tolist()
            share = float(st.session_state[SLIDER]) / 100
            undo.change(KEY, editing.codes(editing.weighted(desk.edits, place, key, share, now, own)))

    def free() -> None:
        undo.change(KEY, editing.codes({each: shares for each, shares in desk.edits.items() if each != place}))

    st.slider(plain(name), 0, 100, key=SLIDER, format="%d %%", on_change=moved, disabled=not ready, width=300)
    undo.button(_("This row as it was"), "ed_free", free, disabled=place not in desk.edits)


def edited(desk: Desk) -> set[int]:
    """The rows of the shown map that are set by hand."""
    return {
        place.query for place in desk.edits
        if place[:2] == (desk.kind, desk.layer) and (desk.head is None or place.head in (None, desk.head))
    }  # fmt: skip
