"""What the page shows, from above to below. The page brings the drawing functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from figures.labels import label
from pages.machine_parts import asked as controls
from pages.machine_parts import order, sharpness, words
from pages.machine_parts.asked import Asked
from transformer.what_if import WhatIf
from ui.changed import guess, machine, masks, outcome, pictures, telling
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.session import attentions, choice
from ui.session.attentions import Attention
from ui.session.state import MOST_TARGET
from ui.show import live_plot, prose, tables
from ui.show.picture import Picture
from ui.text import plain
from ui.text import translate as _

Draw = Callable[..., Any]
Views = tuple[Attention, Attention]
WIDE = 20  # pieces beyond which the mask needs the whole width


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawers:
    """The functions of `figures` that the page needs."""

    mask: Draw
    maps: Draw
    chances: Draw
    reordered: Draw


def show(session: Session, asked: Asked, draw: Drawers) -> Compared:
    """All of it; answers with the models compared, as the lesson's numbers need them."""
    pair = outcome.compared(session, what_if(session, asked))
    if asked.lab == "mask":
        beside = len(session.walk.read) <= WIDE
        left, right = st.columns(2, gap="medium") if beside else (st.container(), st.container())
        with left:
            paint(session, asked, draw)
        with right:
            seen = answer(session, asked, pair)
    else:
        seen = answer(session, asked, pair)
    if seen:
        reveal(session, asked, pair, draw)
    if asked.lab == "positions":
        reorder(session, draw)
    return pair


def answer(session: Session, asked: Asked, pair: Compared) -> bool:
    """What is changed, the guess, and if that is made what came out; whether it was."""
    words.changed(asked, session.checkpoint.card)
    guessed = guess.asked(controls.PREFIX, asked.code, asked.guessing)
    if guessed:
        guess.told(guessed, pair)
        telling.result(session, pair, words.nothing(asked))
        words.reading(asked, session.lesson)
    return bool(guessed)


def what_if(session: Session, asked: Asked) -> WhatIf:
    """The changes as the model takes them."""
    most = min(MOST_TARGET, 2 * len(session.walk.written) + 8)
    return machine.what_if(asked.changes, asked.sizes, most)


def paint(session: Session, asked: Asked, draw: Drawers) -> None:
    """The mask to click on."""
    view = attentions.attention(session, asked.kind, asked.layer)
    rows, columns = asked.sizes.of(asked.kind)
    painted = asked.changes.mask(asked.kind)
    now, usual = masks.allowed(painted, rows, columns), masks.plain(asked.kind, masks.TRAINED, rows, columns)
    title = _("The mask: click to paint")
    figure = draw.mask(
        view.seen(now), view.seen(usual), *view.pieces, names=view.names, title=title, mode=session.mode, origin=view.origin,
        states=words.states(),
    )  # fmt: skip
    opened, covered = masks.count(painted, rows, columns)
    alt = _("{title}. {opened} cells are opened and {covered} covered, of {count}.")
    told = alt.format(title=title, opened=opened, covered=covered, count=now.size)
    live_plot.show(figure, "mp_mask", told, choice.scope(session.walk), on_click=controls.paint(session, asked))
    if asked.kind == "encoder":
        prose.look(session.lesson.sections["Look at padding"])
    if blind := st.session_state.pop(controls.REFUSED, None):
        st.warning(plain(masks.refused([label(piece) for piece in blind])))


def reveal(session: Session, asked: Asked, pair: Compared, draw: Drawers) -> None:
    """The maps before and after, the chosen cell, how likely the reference is."""
    asked = controls.viewed(session, asked)
    views = compared(session, asked, pair)
    if views is None:
        st.info(_("This layer is taken out, so it has no map. Choose another layer."))
    else:
        query, key = attentions.chosen(session, views[0])
        cell = None if query is None or key is None else (query, key)
        shown = pictures.maps(views, asked.head, words.who(asked), selected=cell)
        plot(session, shown, draw.maps, "mp_maps")
        prose.look(session.lesson.look)
        words.cell(views, asked.head, query, key)
        tables.twin(*shown.table, "mp_maps")
        if asked.lab == "parts":
            sharp(session, views, draw)
    if not asked.code:
        return
    likely = pictures.chances(session, pair)
    plot(session, likely, draw.chances, "mp_chances")
    telling.rivals(session, pair)
    tables.twin(*likely.table, "mp_chances")


def plot(session: Session, picture: Picture, draw: Draw, key: str) -> None:
    """Draw a picture."""
    figure = draw(**picture.drawing, title=picture.title, mode=session.mode)
    live_plot.show(figure, key, picture.alt, choice.scope(session.walk), on_click=picture.on_click)


def compared(session: Session, asked: Asked, pair: Compared) -> Views | None:
    """The attention before and after; `None` if its layer is taken out."""
    before = attentions.attention(session, asked.kind, asked.layer)
    stack, gone = asked.changes.removed or ("", -1)
    here = stack == ("encoder" if asked.kind == "encoder" else "decoder")
    if here and gone == asked.layer:
        return None
    if pair.before is pair.after:
        return before, before
    moved = int(here and gone < asked.layer)
    return before, attentions.attention(outcome.seen(session, pair.after), asked.kind, asked.layer - moved)


def sharp(session: Session, views: Views, draw: Drawers) -> None:
    """The entropy of each head's rows before and after."""
    before, after = (sharpness.sharpness(view) for view in views)
    title = _("How widely each head looks: the entropy of its rows")
    figure = draw.chances(
        words.heads(len(before.entropy)), before.entropy.tolist(), after.entropy.tolist(), sides=pictures.sides(),
        axis_title=_("entropy / largest"), piece_name=_("head"), title=title, mode=session.mode,
    )  # fmt: skip
    live_plot.show(figure, "mp_sharp", words.sharp_alt(title, before, after), on_click=words.choose_head)
    prose.look(session.lesson.sections["Look at entropy"])
    words.sharp(before, after)


def reorder(session: Session, draw: Drawers) -> None:
    """The check: the encoder's outputs of the same words in another order."""
    st.subheader(_("Check: does the encoder know the order?"), anchor=False)
    how = controls.reordering()
    found = order.check(session.origin, session.walk.source_ids, how)
    title = _("How far the encoder's vectors are apart")
    figure = draw.reordered(
        found.given, found.bare, found.pieces, found.others, names=(_("English, as it is"), _("English, reordered")),
        sides=(_("with positions"), _("without")), title=title, value_name=_("largest difference"), mode=session.mode,
    )  # fmt: skip
    live_plot.show(figure, "mp_order", f"{title}. {words.order_alt(found)}", choice.scope(session.walk))
    prose.look(session.lesson.sections["Look at order"])
    words.order(found)
    tables.twin(*words.order_table(found), "mp_order")
