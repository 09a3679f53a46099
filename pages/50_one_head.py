"""One head, step by step: from queries and keys to weights, from weights and values to the head's output."""

import streamlit as st

from figures import describe
from figures.heads import head_steps
from pages.one_head import steps as one_head
from ui import controls, frame
from ui.controls import in_head
from ui.session import attentions, choice
from ui.show import chain, live_plot, prose, tables
from ui.text import translate as _

session = frame.page("50_one_head")
walk, lesson = session.walk, session.lesson


@st.fragment
def show() -> None:
    """The pictures and what belongs to them; a click on a control runs only this."""
    rooms = frame.rooms(session, sides=controls.sides_of_attention())
    chain.remember()
    with rooms.picture, controls.row():
        kind, layer, head = controls.attention(session)
    view = attentions.attention(session, kind, layer)
    one = one_head.one_head(view, head, one_head.scaled())
    chosen, drawn = one_head.pick(session, one), one.drawn
    one_head.seen(rooms, one, chosen, walk)
    figures = head_steps.pictures(
        drawn, *view.pieces, titles=one_head.titles(one), value_names=("q · k", _("score"), _("score"), _("weight")),
        masked=_("masked: −∞ before the softmax, 0 after it"), panels=one_head.panels(view),
        names=view.names, selected=chosen.cell if chosen else None, column=chosen.dimension if chosen else None, origin=view.origin,
        mode=session.mode,
    )  # fmt: skip
    said = [
        head_steps.strongest(each, *view.pieces, drawn.mask) for each in (drawn.products, drawn.scores, drawn.scores)
    ]
    looks = describe.sentence(drawn.weights, *view.pieces)
    steps = one_head.steps(one, lesson, figures, [*said, looks, looks])
    start, choose = max(0, in_head.step() - 1), one_head.chooser(session, view)
    with rooms.picture:
        live_plot.show_steps(steps, "one_head", choice.scope(walk), choose, start=start, on_step=one_head.stand_at)
        tables.twin(*one_head.table(one), "one_head")
        tables.folded(_("The head's output as a table"), *one_head.output_table(one), "head_output")
    with rooms.words:
        if one_head.tell(session, one, chosen):
            prose.depths(lesson.of("chain"), one_head.values(one, chosen))
        else:
            one_head.undivided(one, chosen)
            prose.depths(lesson, one_head.values(one, chosen))
            one_head.sharpness(one, chosen)


show()
frame.bottom(session)
