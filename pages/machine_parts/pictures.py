"""What the page shows, from above to below."""

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
from ui.frame import Session
from ui.session import attentions, choice
from ui.session.attentions import Attention
from ui.session.state import MOST_TARGET
from ui.show import live_plot, prose, tables
from ui.text import plain
from ui.text import translate as _

Views = tuple[Attention, Attention]
WIDE = 20  # pieces beyond which the mask needs the whole width


def show(session: Session, asked: Asked) -> Compared:
    """All of it; answers with the models compared, as the lesson's numbers need them."""
    pair = outcome.compared(session, what_if(session, asked))
    if asked.lab == "mask":
        beside = len(session.walk.read) <= WIDE
        left, right = st.columns(2, gap="medium") if beside else (st.container(), st.container())
        with left:
            paint(session, asked)
        with right:
            seen = answer(session, asked, pair)
    else:
        seen = answer(session, asked, pair)
    if seen:
        reveal(session, asked, pair)
    if asked.lab == "positions":
        reorder(session)
    return pair


def answer(session: Session, asked: Asked, pair: Compared) -> bool:
    """What is changed, the guess, and if that is made what came out; whether it was."""
    words.changed(asked, session.checkpoint.card)
    lifted = guess.lifted(controls.PREFIX, asked.code, asked.guessing, pair)
    if lifted:
        telling.result(session, pair, words.nothing(asked))
        words.reading(asked, session.lesson)
    return lifted


def what_if(session: Session, asked: Asked) -> WhatIf:
    """The changes as the model takes them."""
    most = min(MOST_TARGET, 2 * len(session.walk.written) + 8)
    return machine.what_if(asked.changes, asked.sizes, most)


def paint(session: Session, asked: Asked) -> None:
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
    live_plot.show(figure, "mp_mask", told, choice.scope(session.walk), on_click=controls.paint(session, asked))
    if asked.kind == "encoder":
        prose.look(session.lesson.sections["Look at padding"])
    if blind := st.session_state.pop(controls.REFUSED, None):
        st.warning(plain(masks.refused([label(piece) for piece in blind])))


def reveal(session: Session, asked: Asked, pair: Compared) -> None:
    """The maps before and after, the chosen cell, how likely the reference is."""
    asked = controls.viewed(session, asked)
    views = compared(session, asked, pair)
    if views is None:
        st.info(_("This layer is taken out, so it has no map. Choose another layer."))
    else:
        query, key = attentions.chosen(session, views[0])
        cell = None if query is None or key is None else (query, key)
        shown = pictures.maps(views, asked.head, words.who(asked), session.mode, selected=cell)
        shown.plot("mp_maps", choice.scope(session.walk))
        prose.look(session.lesson.look)
        words.cell(views, asked.head, query, key)
        tables.twin(*shown.table, "mp_maps")
        if asked.lab == "parts":
            sharp(session, views)
    if not asked.code:
        return
    likely = pictures.likelier(session, pair, "mp_chances")
    tables.twin(*likely.table, "mp_chances")


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


def sharp(session: Session, views: Views) -> None:
    """The entropy of each head's rows before and after."""
    before, after = (sharpness.sharpness(view) for view in views)
    title = _("How widely each head looks: the entropy of its rows")
    figure = before_after.chances(
        words.heads(len(before.entropy)), before.entropy.tolist(), after.entropy.tolist(), sides=pictures.sides(),
        axis_title=_("entropy / largest"), piece_name=_("head"), title=title, mode=session.mode,
    )  # fmt: skip
    live_plot.show(figure, "mp_sharp", words.sharp_alt(title, before, after), on_click=words.choose_head)
    prose.look(session.lesson.sections["Look at entropy"])
    words.sharp(before, after)


def reorder(session: Session) -> None:
    """The check: the encoder's outputs of the same words in another order."""
    st.subheader(_("Check: does the encoder know the order?"), anchor=False)
    how = controls.reordering()
    found = order.check(session.origin, session.walk.source_ids, how)
    title = _("How far the encoder's vectors are apart")
    figure = reordered.reordered(
        found.given, found.bare, found.pieces, found.others, names=(_("English, as it is"), _("English, reordered")),
        sides=(_("with positions"), _("without")), title=title, value_name=_("largest difference"), mode=session.mode,
    )  # fmt: skip
    live_plot.show(figure, "mp_order", f"{title}. {words.order_alt(found)}", choice.scope(session.walk))
    prose.look(session.lesson.sections["Look at order"])
    words.order(found)
    tables.twin(*words.order_table(found), "mp_order")
