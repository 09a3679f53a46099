"""The view "What the blank looks at": the row of the blank in every head of every layer."""

import numpy as np

from figures.heads.attention import heatmap
from pages.masked_words import models
from pages.masked_words.asked import CELL, READ, Asked
from pages.masked_words.fill import sides
from pages.masked_words.models import Guess, chip
from ui import controls
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.measures.arithmetic import weighing
from ui.session import pointed
from ui.session.state import Origin
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.text import translate as _


def show(rooms: Rooms, shop: Workshop, asked: Asked, there: dict[str, Origin]) -> None:
    """The whole view."""
    with rooms.picture:
        kind = controls.one_of(_("Model"), READ, {each: sides()[each] for each in there})
    found = models.guess(there[kind], asked.words, asked.blanks, asked.at)
    names, weights, heads = models.read(found, asked), rows(found), numbered(found)
    cell = pointed.chosen(CELL, weights.size)
    row, column = telling(weights, found.position) if cell is None else divmod(cell, weights.shape[1])
    picture(rooms, shop, asked, kind, names, weights, heads, (row, column))
    asks = chip(names[found.position], found.position)
    first = (
        _("{head} gives {word} {weight} of the blank's attention.") if kind == "bert"
        else _("{head} gives {word} {weight} of the attention of {asks}, at which the causal model guesses the next word.")
    )  # fmt: skip
    rooms.seen(first, head=heads[row].capitalize(), word=chip(names[column], column), asks=asks,
               weight=f"{float(weights[row, column]):.2f}")  # fmt: skip
    layer, head = divmod(row, found.trace.encoder.layers[0].self_attention.weights.size(1))
    attention = found.trace.encoder.layers[layer].self_attention
    queries, keys, values = (each[0, head].numpy() for each in (attention.queries, attention.keys, attention.values))
    mask = attention.mask[0, 0].numpy()
    with rooms.words:
        sums.weighing(weighing(queries, keys, values, mask, found.position, column), asks, chip(names[column], column), 5,
                      int(mask[found.position].sum()))  # fmt: skip
        told = {
            "asks": asks, "heads": str(len(heads)), "word": chip(names[column], column), "weight": f"{float(weights[row, column]):.3f}",
            "seen": str(int(mask[found.position].sum())), "d_head": str(queries.shape[-1]), "head": heads[row],
        }  # fmt: skip
        prose.depths(shop.lesson.of("attention").of(f"attention in {kind}"), told)


def telling(weights: models.Numbers, position: int) -> tuple[int, int]:
    """The head and the word with the largest weight, leaving out the ends of the sentence and the blank itself."""
    inner = weights.copy()
    inner[:, [0, position]] = -1.0
    if inner.shape[1] > 3:
        inner[:, -1] = -1.0
    row, column = divmod(int((inner if inner.max() > 0 else weights).argmax()), weights.shape[1])
    return row, column


def rows(found: Guess) -> models.Numbers:
    """The weights of the answering position, (layer and head, word)."""
    layers = [layer.self_attention.weights[0, :, found.position] for layer in found.trace.encoder.layers]
    return np.concatenate([each.double().numpy() for each in layers])


def numbered(found: Guess) -> list[str]:
    """The heads by name."""
    layers = found.trace.encoder.layers
    return [
        _("layer {layer}, head {head}").format(layer=layer, head=head)
        for layer, each in enumerate(layers, 1) for head in range(1, each.self_attention.weights.size(1) + 1)
    ]  # fmt: skip


def picture(
    rooms: Rooms,
    shop: Workshop,
    asked: Asked,
    kind: str,
    names: list[str],
    weights: models.Numbers,
    heads: list[str],
    cell: tuple[int, int],
) -> None:
    """A row for each head."""
    title = (
        _("Where the blank looks, head by head")
        if kind == "bert"
        else _("Where the word before it looks, head by head")
    )
    short = [
        f"▁{name.replace(_('layer'), '').replace(_('head'), '').replace(' ', '').replace(',', '.')}" for name in heads
    ]
    figure = heatmap(weights, short, [f"▁{name}" for name in names], names=(_("layer.head"), _("word")), title=title,
                     mode=shop.mode, selected=cell)  # fmt: skip
    told = "; ".join(
        f"{head}: {names[int(row.argmax())]} {row.max():.2f}" for head, row in zip(heads, weights, strict=True)
    )

    def clicked(at: Cell) -> None:
        pointed.choose(CELL, int(at[0] or 0) * weights.shape[1] + int(at[1] or 0))

    with rooms.picture:
        line = "Look at attention" if kind == "bert" else "Look at attention in causal"
        look = prose.line(shop.lesson.sections[line], {})
        live_plot.show(figure, "mw_look", f"{title}. {told}.", f"{kind} {asked.said}", on_click=clicked, look=look)
        columns = [_("Head"), *(f"{place}: {name}" for place, name in enumerate(names))]
        tables.twin(columns, [[head, *map(float, row)] for head, row in zip(heads, weights, strict=True)], "mw_look")
