"""The view "Against gold", of this sentence: its map beside the links of the corpus, and how often the two disagree."""

import html

import numpy as np

from figures import describe
from figures.heads import links
from pages.alignment import maps, telling
from pages.alignment.asked import Shown
from transformer.training.evaluation import alignment_error_rate
from ui.controls import gold_offer
from ui.frame import Visit
from ui.frame.rooms import Rooms
from ui.measures import gold
from ui.measures.gold import Aligned
from ui.session.chips import chip
from ui.show import live_plot, prose, sums, tables
from ui.show.numpy_lines import Redo
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _


def sentence(visit: Visit, rooms: Rooms, shown: Shown) -> None:
    """The map with an outline around each gold link, and the error rate of this sentence."""
    walk = shown.looks.walk
    found = gold.aligned(walk, shown.seen.checkpoint.tokenizer)
    weights = shown.looks.weights[shown.rows, shown.columns].round(4)
    cells = gold.gold_cells(found) if found else ()
    figure = links.gold_map(
        weights, *shown.pieces, cells, names=maps.names(), title="", mode=visit.mode, selected=(shown.row, shown.column), origin=shown.origin
    )  # fmt: skip
    alt = f"{shown.seen.name}. {describe.sentence(weights, *shown.pieces)}"
    lesson = visit.lesson.of("gold")
    with rooms.picture:
        live_plot.show(figure, "al_gold_map", alt, shown.scope, on_click=maps.take, look=lesson.look if cells else "")
        tables.twin(describe.column_names(shown.pieces[1]), describe.table(weights, *shown.pieces), "al_gold_map")
        gold_offer.offer(walk, found)
    with rooms.words:
        if found and found.gold:
            told(rooms, shown, found)
        else:
            row = shown.looks.weights[shown.row]
            most = int(row.argmax())
            rooms.seen(
                _("{query} looks most at {key}, {weight}. Is that right? This French has no gold links to ask."),
                query=shown.query, key=chip(shown.looks.walk.source[most], most), weight=number(float(row[most]), 2),
            )  # fmt: skip
            telling.cell(shown)
        telling.adds(visit, shown)
        prose.depths(lesson, telling.values(shown))


def told(rooms: Rooms, shown: Shown, found: Aligned) -> None:
    """How many French words look most at the word that the corpus links, by either row."""
    weights, count = shown.looks.weights.astype(np.float32), len(found.target_spans)
    predicts = gold.links(weights, found)
    ways = [predicts, gold.links(weights[1:], found)] if len(weights) > count else [predicts]
    rates = [alignment_error_rate(each, found.gold) for each in ways]
    rooms.seen(
        _("{hits} of {words} French words look most at the word that the corpus links: alignment error rate {rate}."),
        hits=len(predicts & found.gold), words=len(predicts), rate=number(rates[0], 2),
    )  # fmt: skip
    names = (_("predicts"), _("reads"))
    lines = [
        Line(html.escape(name), rate_of(len(each & found.gold), len(each), len(found.gold)), not place)
        for place, (name, each) in enumerate(zip(names, ways, strict=False))
    ]
    title = filled(
        _("Alignment error rate {rate}: by the row that predicts a piece, or that reads it"), rate=number(rates[0], 4)
    )
    sums.show(
        title,
        lines,
        f"<p>{meaning(shown.looks.kind)}</p>",
        redo(len(predicts & found.gold), len(predicts), len(found.gold)),
    )


def rate_of(hits: int, proposed: int, linked: int) -> str:
    """The error rate as a sum, as HTML."""
    return f"1 − 2 × {hits:,} / ({proposed:,} + {linked:,}) = <b>{number(1 - 2 * hits / (proposed + linked), 4)}</b>"


def redo(hits: int, proposed: int, linked: int) -> Redo:
    """The same in NumPy."""
    rate = number(1 - 2 * hits / (proposed + linked), 4)
    return Redo(
        numbers={"hits": hits, "proposed": proposed, "gold": linked},
        result="1 - 2 * hits / (proposed + gold)",
        shows=rate,
    )


def meaning(kind: str) -> str:
    """What the two rows mean in this model, as HTML."""
    what = {
        "bahdanau": _(
            "Bahdanau: the row that predicts a piece looks with a state that has not read the piece before it yet; the next row reads it."
        ),
    }.get(
        kind,
        _(
            "Luong: the row that predicts a piece looks with a state that has just read the piece before it; the next row has read it."
        ),
    )
    return html.escape(what)
