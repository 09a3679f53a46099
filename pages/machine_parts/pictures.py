"""What the page shows: one picture at a time, and beside it what came of the change."""

import streamlit as st

from figures.changed import before_after, reordered
from figures.changed import paint as mask_paint
from figures.labels import label
from pages.machine_parts import asked as controls
from pages.machine_parts import order, sharpness, words
from pages.machine_parts.asked import Asked
from transformer.what_if import WhatIf
from ui.changed import guess, machine, masks, outcome, pictures, telling
from ui.changed.outcome import Compared
from ui.controls import row
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import attentions, choice
from ui.session.attentions import Attention
from ui.session.state import MOST_TARGET
from ui.show import live_plot, tables
from ui.text import plain
from ui.text import translate as _

Views = tuple[Attention, Attention]


def show(rooms: Rooms, session: Session, asked: Asked) -> Compared:
    """All of it; answers with what may be known of the models compared: before the guess nothing of the changed one."""
    pair = outcome.compared(session, what_if(session, asked))
    with rooms.words:
        guessing = guess.wanted(controls.PREFIX, default=True)
        lifted = guess.lifted(controls.PREFIX, asked.code, guessing, pair)
        words.seen(rooms, asked, pair, lifted)
        if lifted:
            telling.result(pair, words.nothing(asked), words.remarks(asked, session))
    if not lifted:
        pair = Compared(pair.before, pair.before)
    view = asked.view if lifted or asked.view in ("paint", "order") else "out"
    if view == "order":
        reorder(rooms, session)
    elif view == "out":
        chances(rooms, session, pair)
    else:
        {"paint": paint, "maps": maps, "sharp": sharp}[view](rooms, session, asked, pair)
    return pair


def what_if(session: Session, asked: Asked) -> WhatIf:
    """The changes as the model takes them."""
    most = min(MOST_TARGET, 2 * len(session.walk.written) + 8)
    return machine.what_if(asked.changes, asked.sizes, most)


def paint(rooms: Rooms, session: Session, asked: Asked, pair: Compared) -> None:
    """The mask to click on."""
    view = attentions.attention(session, asked.kind, asked.layer)
    rows, columns = asked.sizes.of(asked.kind)
    painted = asked.changes.mask(asked.kind)
    now, usual = masks.allowed(painted, rows, columns), masks.plain(asked.kind, masks.TRAINED, rows, columns)
    title = _("The mask: click to paint")
    figure = mask_paint.mask(
        view.seen(now), view.seen(usual), *view.pieces, names=view.names, title=title, mode=session.mode, origin=view.origin,
        states=words.states(),
    )  # fmt: skip
    opened, covered = masks.count(painted, rows, columns)
    alt = _("{title}. {opened} cells are opened and {covered} covered, of {count}.")
    told = alt.format(title=title, opened=opened, covered=covered, count=now.size)
    look = session.lesson.sections["Look at padding" if asked.kind == "encoder" else "Look at mask"]
    with rooms.picture:
        live_plot.show(
            figure, "mp_mask", told, choice.scope(session.walk), on_click=controls.paint(session, asked), look=look
        )
        if blind := st.session_state.pop(controls.REFUSED, None):
            st.warning(plain(masks.refused([label(piece) for piece in blind])))
    if pair.before is not pair.after:
        with rooms.words:
            telling.rivals(session, pair)


def chances(rooms: Rooms, session: Session, pair: Compared) -> None:
    """How likely each piece is, before and after, and what else was likely at the chosen place."""
    likely = pictures.chances(session, pair)
    with rooms.picture:
        likely.plot("mp_chances", choice.scope(session.walk), session.lesson.sections["Look at chances"])
        tables.twin(*likely.table, "mp_chances")
    with rooms.words:
        telling.rivals(session, pair)


def maps(rooms: Rooms, session: Session, asked: Asked, pair: Compared) -> None:
    """The maps before and after, and the chosen cell."""
    views = compared(session, asked, pair)
    if views is None:
        return gone(rooms)
    query, key = attentions.chosen(session, views[0])
    cell = None if query is None or key is None else (query, key)
    shown = pictures.maps(views, asked.head, words.who(asked), session.mode, selected=cell)
    with rooms.picture:
        shown.plot("mp_maps", choice.scope(session.walk), session.lesson.look)
        tables.twin(*shown.table, "mp_maps")
    with rooms.words:
        words.cell(views, asked.head, query, key)


def gone(rooms: Rooms) -> None:
    """In the place of a map that is not there."""
    with rooms.picture:
        st.info(_("This layer is taken out, so it has no map. Choose another layer."))


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


def sharp(rooms: Rooms, session: Session, asked: Asked, pair: Compared) -> None:
    """The entropy of each head's rows before and after."""
    views = compared(session, asked, pair)
    if views is None:
        return gone(rooms)
    before, after = (sharpness.sharpness(view) for view in views)
    title = _("How widely each head looks: the entropy of its rows")
    figure = before_after.chances(
        words.heads(len(before.entropy)), before.entropy.tolist(), after.entropy.tolist(), sides=pictures.sides(),
        axis_title=_("entropy / largest"), piece_name=_("head"), title=title, mode=session.mode, selected=asked.head,
    )  # fmt: skip
    told, look = words.sharp_alt(title, before, after), session.lesson.sections["Look at entropy"]
    with rooms.picture:
        live_plot.show(figure, "mp_sharp", told, on_click=words.choose_head, look=look)
    with rooms.words:
        words.sharp(before, after)


def reorder(rooms: Rooms, session: Session) -> None:
    """The check: the encoder's outputs of the same words in another order."""
    with rooms.picture:
        with row():
            how = controls.reordering()
        found = order.check(session.origin, session.walk.source_ids, how)
        title = _("How far the encoder's vectors are apart")
        figure = reordered.reordered(
            found.given, found.bare, found.pieces, found.others, names=(_("English, as it is"), _("English, reordered")),
            sides=(_("with positions"), _("without")), title=title, value_name=_("largest difference"), mode=session.mode,
        )  # fmt: skip
        look = session.lesson.sections["Look at order"]
        live_plot.show(figure, "mp_order", f"{title}. {words.order_alt(found)}", choice.scope(session.walk), look=look)
        tables.twin(*words.order_table(found), "mp_order")
    with rooms.words:
        words.order(found)
