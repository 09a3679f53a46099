"""What is told beside the pictures of cross-attention: the first line, the sum of the chosen cell, and where keys and values come from."""

import html

import numpy as np

from pages.cross_attention.asked import Asked
from transformer.what_if import WhatIf
from ui.changed import outcome
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct, Weighing
from ui.session import attentions, chips, state
from ui.show import chain, numpy_lines, proof, prose, sums
from ui.show.numpy_lines import Redo
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _


def told_cell(asked: Asked, query: int | None, key: int | None) -> tuple[int, int] | None:
    """The cell that is told: the chosen one, or the strongest of the row or the column that is chosen."""
    weights = asked.weights
    if query is None:
        return None if key is None else (int(weights[:, key].argmax()), key)
    return query, int(weights[query].argmax()) if key is None else key


def see(rooms: Rooms, page: Session, asked: Asked) -> None:
    """The first line: where the position that is about to write the chosen piece looks."""
    cell = told_cell(asked, *attentions.chosen(page, asked.view))
    if cell is None:
        return rooms.seen(_("Choose a piece: where does the decoder look before it writes it?"))
    query, key = cell
    told = (
        _(
            "Having read {read}, about to write {query}, all heads of layer {layer} give {weight} of their look to {key}."
        )
        if asked.head is None
        else _(
            "Having read {read}, about to write {query}, head {head} of layer {layer} gives {weight} of its look to {key}."
        )
    )
    rooms.seen(
        told, read=chips.read(page.walk, query), query=asked.view.query_chip(query), key=asked.view.key_chip(key),
        weight=number(float(asked.weights[query, key]), 2), head=0 if asked.head is None else asked.head + 1, layer=asked.view.layer + 1,
    )  # fmt: skip


def cell(page: Session, asked: Asked) -> bool:
    """The chosen cell: the mean over the heads, or the sum behind one head's weight; or where it goes from there, and then True."""
    found = told_cell(asked, *attentions.chosen(page, asked.view))
    if found is None:
        prose.nothing_chosen()
        return False
    query, key = found
    head = int(asked.view.weights[:, query, key].argmax()) if asked.head is None else asked.head
    return chain.show(page, asked.view, (head, query, key), lambda: weight(asked, query, key), kinds=False)


def weight(asked: Asked, query: int, key: int) -> None:
    """The sum behind a weight of one head, or behind the mean of all."""
    asks, answers = asked.view.asking_chip(query), asked.view.key_chip(key)
    title = filled(
        _("{query} asks, {key} answers: {weight}"), query=asks, key=answers, weight=number(float(asked.weights[query, key]), 4)
    )  # fmt: skip
    gold = html.escape(_("The corpus links these two words.")) if (query, key) in asked.gold else ""
    lines = mean(asked, query, key) if asked.head is None else scored(asked, asked.head, query, key)
    sums.show(title, lines, f"<p>{gold}</p>" if gold else "", redo(asked, query, key))


def redo(asked: Asked, query: int, key: int) -> Redo:
    """The weight in NumPy: the softmax of a head, or the mean of all."""
    shown, view = number(float(asked.weights[query, key]), 4), asked.view
    if asked.head is None:
        return Redo(numbers={"weights": view.weights[:, query, key]}, result="weights.mean()", shows=shown)
    return numpy_lines.softmax(weighing(asked, asked.head, query, key), shown)


def weighing(asked: Asked, head: int, query: int, key: int) -> Weighing:
    """The chain of numbers behind one head's weight."""
    view = asked.view
    return arithmetic.weighing(view.queries[head], view.keys[head], view.values[head], view.mask, query, key)


def mean(asked: Asked, query: int, key: int) -> list[Line]:
    """The mean of all heads as a sum."""
    each = asked.view.weights[:, query, key]
    names = [_("head {head}").format(head=head) for head in range(1, len(each) + 1)]
    shares = DotProduct(arithmetic.double(each), np.full(len(each), 1 / len(each)))
    return [Line(html.escape(_("mean")), sums.summed(shares, names), True)]


def scored(asked: Asked, head: int, query: int, key: int) -> list[Line]:
    """The score, the softmax, and what the key gives, of one head."""
    view, found = asked.view, weighing(asked, head, query, key)
    asks, answers = view.asking_chip(query), view.key_chip(key)
    return [
        Line("q · k", f"<b>{number(found.dot.total)}</b>"),
        Line(*sums.divided(found)),
        Line("softmax", sums.share(found, int(view.mask[query].sum())), True),
        Line("× v", sums.given(found, asks, answers)),
    ]


def sources(page: Session, asked: Asked) -> None:
    """Where keys and values come from: the top of the encoder, and what comes of taking its last layer away."""
    walk, last = page.walk, len(page.walk.trace.encoder.layers)
    what = WhatIf(removed=(("encoder", last - 1),))
    found = outcome.outcome(page.origin, walk.source_text, walk.written_ids, state.Search(1), what)
    told = _(
        "Where do keys and values come from? From the top of the encoder, for each decoder layer. "
        "Taken one layer below, the right pieces get {after}, not {before}."
    )
    link = proof.Link("220_machine_parts", _("In the whole model"), {"mp_lab": "parts", "mp_do": f"xe{last}"})
    before, after = float(np.mean(walk.chances)), float(np.mean(found.chances))
    beside = proof.another_sentence("cross", asked.view.layer, asked.head)
    earlier = proof.Link("420_alignment", _("Before the Transformer"))
    proof.show(told, link, beside, earlier, before=number(before, 2), after=number(after, 2))
