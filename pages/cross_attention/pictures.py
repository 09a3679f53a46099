"""The pictures of the page about cross-attention, and what is told beside them."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from figures import describe
from figures.heads import attention, lines, links
from pages.cross_attention import telling
from pages.cross_attention.asked import Asked
from transformer.training.evaluation import alignment_error_rate
from ui import controls
from ui.controls import gold_offer
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures import gold
from ui.measures.gold import Aligned
from ui.session import attentions, chips, choice
from ui.show import live_plot, numpy_lines, prose, tables
from ui.show.numpy_lines import Redo
from ui.text import translate as _


def show(page: Session, rooms: Rooms, asked: Asked) -> None:
    """The picture that is chosen, what is told about it, and whether there are gold links."""
    telling.see(rooms, page, asked)
    with rooms.picture:
        if asked.picture == "words" and asked.found:
            by_words(page, asked, asked.found)
        else:
            {"map": by_map, "lines": by_lines, "all": by_tiles}[asked.picture](page, asked)
        gold_offer.offer(page.walk, asked.found)
    with rooms.words:
        goes_on = False
        if asked.picture == "words" and asked.found and asked.gold:
            tell_errors(asked, asked.found)
        else:
            goes_on = telling.cell(page, asked)
        if not goes_on:
            telling.sources(page, asked)
        prose.depths(page.lesson.of("chain") if goes_on else page.lesson, values(page, asked))


def by_map(page: Session, asked: Asked) -> None:
    """One head as a map, with an outline around what the corpus links."""
    view, (query, key) = asked.view, attentions.chosen(page, asked.view)
    cell = telling.told_cell(asked, query, key)
    figure = links.gold_map(
        view.seen(asked.weights), *view.pieces, asked.gold, names=view.names, title="", mode=page.mode,
        selected=cell, origin=view.origin,
    )  # fmt: skip
    look = page.lesson.sections["Look at gold"] if asked.gold else page.lesson.look
    finish(page, asked, figure, look)


def by_lines(page: Session, asked: Asked) -> None:
    """One head as lines between pieces."""
    view, weights = asked.view, asked.view.seen(asked.weights)
    query = attentions.chosen(page, view)[0]
    figure = lines.lines(
        weights, *view.pieces, query=query, names=view.names, title="", mode=page.mode, origin=view.origin
    )
    finish(page, asked, figure, f"{page.lesson.sections['Look at lines']} {lines.caption(weights)}")


def by_tiles(page: Session, asked: Asked) -> None:
    """All heads of the layer."""
    view = asked.view
    every = view.seen(view.weights)
    figure = attention.small_multiples(
        every, *view.pieces, selected_head=asked.head, names=view.names, title="", mode=page.mode, origin=view.origin
    )
    finish(page, asked, figure, page.lesson.look)


def finish(page: Session, asked: Asked, figure: live_plot.Figure, look: str) -> None:
    """The picture of pieces with what stands below it."""
    view, weights = asked.view, asked.view.seen(asked.weights)
    alt = f"{asked.who}. {describe.sentence(weights, *view.pieces)}"
    on_click = attentions.choose_tile(view) if asked.picture == "all" else attentions.chooser(view)
    live_plot.show(figure, "cross", alt, choice.scope(page.walk), on_click=on_click)
    prose.look(look)
    columns, rows = describe.column_names(view.pieces[1]), describe.table(weights, *view.pieces)
    if asked.picture == "all":
        columns, every = [_("head"), *columns], view.seen(view.weights)
        rows = [[number, *row] for number, each in enumerate(every, 1) for row in describe.table(each, *view.pieces)]
    tables.twin(columns, rows, "cross")


def by_words(page: Session, asked: Asked, found: Aligned) -> None:
    """For each French word the English word that is looked at most, beside the corpus's links."""
    strengths, proposed = gold.strengths(asked.weights, found), gold.links(asked.weights, found)
    ends = found.target_words, found.source_words
    chosen = attentions.chosen(page, asked.view)[0]
    figure = links.alignment(
        proposed, strengths, *ends, gold=found.gold, where=(found.target_first, found.source_first),
        query=gold.word_of(found.target_first, chosen), names=(_("French word"), _("English word")), title="",
        mode=page.mode,
    )  # fmt: skip
    said = [f"{ends[0][target]} – {ends[1][source]}" for source, target in sorted(proposed, key=lambda link: link[1])]
    live_plot.show(
        figure, "words", f"{asked.who}. {'; '.join(said)}", choice.scope(page.walk),
        on_click=attentions.chooser(asked.view),
    )  # fmt: skip
    prose.look(page.lesson.sections["Look at gold words" if found.gold else "Look at words"])
    rows = [
        [target + 1, ends[0][target], ends[1][source], float(strengths[target, source]), links_of(found, target)]
        for source, target in sorted(proposed, key=lambda link: link[1])
    ]
    tables.twin([_("Place"), _("French word"), _("looks most at"), _("Weight"), _("Gold")], rows, "words")
    if found.gold:
        errors(page, asked, found)


def links_of(found: Aligned, target: int) -> str:
    """The English words that the corpus links to a French one."""
    return ", ".join(found.source_words[source] for source, other in sorted(found.gold) if other == target)


def errors(page: Session, asked: Asked, found: Aligned) -> None:
    """The alignment error rate of every head of every layer."""
    rates = gold.rates(page.walk, found)
    chosen = asked.view.layer, rates.shape[1] - 1 if asked.head is None else asked.head
    figure = links.error_rates(
        rates, selected=chosen, names=(_("layer"), _("head")), mean_name=_("Mean"), value_name=_("alignment error rate"),
        title=_("How wrong each head is"), mode=page.mode,
    )  # fmt: skip
    layer, head = (int(place) for place in np.argwhere(rates == rates.min())[0])
    best = _("Mean") if head == rates.shape[1] - 1 else str(head + 1)
    alt = _("Alignment error rates. The lowest is {rate}: layer {layer}, head {head}.")
    told = alt.format(rate=f"{rates.min():.2f}", layer=layer + 1, head=best)
    live_plot.show(figure, "errors", told, choice.scope(page.walk), on_click=choose_head(rates.shape[1] - 1))
    prose.look(page.lesson.sections["Look at errors"])
    columns = [_("layer"), *(str(place + 1) for place in range(rates.shape[1] - 1)), _("Mean")]
    tables.twin(columns, [[place, *row] for place, row in enumerate(rates.tolist(), 1)], "errors")


def choose_head(heads: int) -> Callable[[live_plot.Cell], None]:
    """For a click on `[layer, head]`, where the one after the last head is the mean."""

    def choose(cell: live_plot.Cell) -> None:
        st.session_state["layer"] = str(int(cell[0] or 0) + 1)
        st.session_state["head"] = controls.MEAN if cell[1] == heads else str(int(cell[1] or 0) + 1)

    return choose


def tell_errors(asked: Asked, found: Aligned) -> None:
    """Where an alignment error rate comes from."""
    proposed = gold.links(asked.weights, found)
    told = _(
        "{who} proposes {proposed} links, one for each French word. The corpus has {gold}, and {hits} are the same: "
        "alignment error rate 1 − 2 · {hits} / ({proposed} + {gold}) = {rate}."
    )
    rate = alignment_error_rate(proposed, found.gold)
    prose.cell(
        told,
        who=asked.who,
        proposed=len(proposed),
        gold=len(found.gold),
        hits=len(proposed & found.gold),
        rate=f"{rate:.3f}",
    )
    numbers = {"hits": len(proposed & found.gold), "proposed": len(proposed), "gold": len(found.gold)}
    numpy_lines.offer(Redo(numbers=numbers, result="1 - 2 * hits / (proposed + gold)", shows=f"{rate:.3f}"))


def values(page: Session, asked: Asked) -> dict[str, str]:
    """The numbers of the lesson: one cell, and the sum behind it in the chosen head, or else in the one that looks there most."""
    walk, view = page.walk, asked.view
    cell = telling.told_cell(asked, *attentions.chosen(page, view))
    query, key = cell or (min(1, len(walk.written) - 1), int(asked.weights[min(1, len(walk.written) - 1)].argmax()))
    head = int(view.weights[:, query, key].argmax()) if asked.head is None else asked.head
    scores = view.scores[head, query].astype(np.float64)
    product = float(scores[key]) * float(np.sqrt(view.d_head))
    return {
        "layer": str(view.layer + 1), "head": str(head + 1), "row": str(query + 1), "column": str(key + 1), "who": asked.who,
        "query": view.query_chip(query), "read": chips.read(walk, query), "key": view.key_chip(key),
        "tex_query": prose.tex(view.query_chip(query)), "tex_key": prose.tex(view.key_chip(key)),
        "source": str(len(walk.source)), "target": str(len(walk.written)), "d_head": str(view.d_head), "layers": str(walk.layers),
        "d_model": str(view.asking.shape[-1]), "product": f"{product:.3f}", "score": f"{scores[key]:.3f}",
        "exponential": prose.scientific(float(np.exp(scores[key]))), "total": prose.scientific(float(np.exp(scores).sum())),
        "weight": f"{view.weights[head, query, key]:.3f}", "shown": f"{asked.weights[query, key]:.3f}",
    }  # fmt: skip
