"""Cross-attention: where each French piece looks in the English sentence, by layer and head, as a map and as lines."""

import streamlit as st

from figures import attention, describe, lines
from figures.chips import chip
from figures.labels import label
from ui import choice, controls, frame, live_plot, prose, tables
from ui.text import translate as _
from ui.walk import looked

session = frame.page("90_cross_attention")
walk, lesson, mode, pieces = session.walk, session.lesson, session.mode, (session.walk.written, session.walk.source)


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    frame.top(session, chip)
    query = choice.piece(walk)
    with controls.row():
        view, layer, head = controls.view(), controls.layer(walk.layers), controls.head(walk.heads)
    key, weights, every = choice.looked_at(walk), looked(walk, layer, head), walk.cross[layer]
    who = _("All heads on average") if head is None else _("Head {head}").format(head=head + 1)
    title = f"{who}, {_('layer {layer}').format(layer=layer + 1)}"
    alt, look, on_click = describe.sentence(weights, *pieces), lesson.look, choice.choose_cell
    columns, rows = describe.column_names(walk.source), describe.table(weights, *pieces)
    if view == "all":
        shown, on_click = _("All heads of layer {layer}").format(layer=layer + 1), choice.choose_tile
        figure = attention.small_multiples(every, *pieces, selected_head=head, title=shown, mode=mode)
        columns = [_("head"), *columns]
        rows = [[number, *row] for number, each in enumerate(every, 1) for row in describe.table(each, *pieces)]
    elif view == "lines":
        figure = lines.lines(weights, *pieces, query=query, title=title, mode=mode)
        look = f"{lesson.sections['Look at lines']} {lines.caption(weights)}"
    else:
        selected = None if query is None or key is None else (query, key)
        figure = attention.heatmap(weights, *pieces, selected=selected, title=title, mode=mode)
    live_plot.show(figure, "cross", f"{title}. {alt}", choice.scope(walk), on_click=on_click)
    prose.look(look)
    if query is None:
        prose.cell()
    else:
        key = int(weights[query].argmax()) if key is None else key
        told = _("{who} in layer {layer} gave {weight} of its attention to {key} when {query} was about to be written.")
        ends, weight = (
            {"key": label(walk.source[key]), "query": label(walk.written[query])},
            f"{weights[query, key]:.3f}",
        )
        prose.cell(told, who=who, layer=layer + 1, weight=weight, **ends)
    tables.twin(columns, rows, "cross")
    prose.depths(lesson)


show()
frame.bottom(session)
