"""Cross-attention: where each French piece looks in the English sentence, by layer and head, as a map and as lines."""

from figures import attention, describe, lines, theme
from figures.labels import label
from ui import choice, controls, frame, live_plot, prose, tables, token_strip
from ui.text import translate as _
from ui.walk import looked

session = frame.page("50_cross_attention")
walk, lesson = session.walk, session.lesson

token_strip.show(walk, theme.token_colour, label)
frame.heading(lesson)
with controls.row():
    view, layer, head = controls.view(), controls.layer(walk.layers), controls.head(walk.heads)

pieces, query, key = (walk.written, walk.source), choice.piece(walk), choice.looked_at(walk)
weights, who = looked(walk, layer, head), _("All heads on average") if head is None else _("Head {head}").format(head=head + 1)
title = f"{who}, {_('layer {layer}').format(layer=layer + 1)}"
if view == "all":
    figure = attention.small_multiples(walk.cross[layer], *pieces, selected_head=head, title=_("All heads of layer {layer}").format(layer=layer + 1), mode=session.mode)
elif view == "lines":
    figure = lines.lines(weights, *pieces, query=query, title=title, mode=session.mode)
else:
    selected = None if query is None or key is None else (query, key)
    figure = attention.heatmap(weights, *pieces, selected=selected, title=title, mode=session.mode)

alt = f"{title}. {describe.sentence(weights, *pieces)}"
live_plot.show(figure, "cross", alt, choice.scope(walk), on_click=choice.choose_cell)
prose.look(lesson.look if view != "lines" else f"{lesson.look} {lines.caption(weights)}")
if query is not None:
    key = int(weights[query].argmax()) if key is None else key
    prose.cell(
        _("{who} in layer {layer} gave {weight} of its attention to {source} when {target} was about to be written."),
        who=who, layer=layer + 1, weight=f"{weights[query, key]:.3f}", source=label(walk.source[key]), target=label(walk.written[query]),
    )  # fmt: skip
else:
    prose.cell()
tables.twin(describe.column_names(walk.source), describe.table(weights, *pieces), "cross")
prose.depths(lesson)
