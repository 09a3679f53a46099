"""One head, step by step: its numbers with and without the division by sqrt(d_k), the chosen cell, and the words for both."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from figures.heads.head_steps import Head
from figures.labels import label
from figures.numbers.products import Panels
from ui.controls import in_head
from ui.frame.rooms import Rooms
from ui.measures import arithmetic
from ui.session import attentions, chips
from ui.session.attentions import Attention, Cell, Shown
from ui.session.kept import kept
from ui.session.walk import Walk
from ui.show import chain, proof, prose, sums
from ui.show.live_plot import Figure, Step
from ui.text import Lesson
from ui.text import translate as _

OUTPUT, VALUES, WEIGHTS = 5, 6, 7  # what the panels of the last step report: the output, V, and the weights beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class OneHead:
    """Every step of one head. If `scaled`, `scores` and what follows are the model's own."""

    view: Attention
    head: int
    scaled: bool
    products: NDArray[np.floating]  # query key: Q K^T
    scores: NDArray[np.floating]  # query key, before the mask
    weights: NDArray[np.floating]  # query key
    output: NDArray[np.floating]  # query d_head

    def weighing(self, query: int, key: int) -> arithmetic.Weighing:
        """The chain of sums behind one weight."""
        queries, keys, values = (each[self.head] for each in (self.view.queries, self.view.keys, self.view.values))
        return arithmetic.weighing(queries, keys, values, self.view.mask, query, key, scaled=self.scaled)

    def mixing(self, query: int, dimension: int) -> arithmetic.DotProduct:
        """The sum behind one number of the output."""
        return arithmetic.mixing(self.weights, self.view.values[self.head], query, dimension)

    @property
    def drawn(self) -> Head:
        """The parts that are drawn."""
        seen, view = self.view.seen, self.view
        return Head(
            products=seen(self.products), scores=seen(self.scores), mask=seen(view.mask), weights=seen(self.weights),
            values=view.values[self.head][view.columns], output=self.output[view.rows],
        )  # fmt: skip

    def rows(self, query: int) -> tuple[arithmetic.Row, arithmetic.Row]:
        """How sharp the query's row is with the division, and without."""
        raw = arithmetic.softmax(self.products[query], self.view.mask[query])
        return arithmetic.row(self.view.weights[self.head, query]), arithmetic.row(raw)


@dataclass(frozen=True, slots=True)
class Pick:
    """The chosen cell."""

    query: int
    key: int
    dimension: int | None  # of the head's output, if that is what was clicked

    @property
    def cell(self) -> tuple[int, int]:
        """The cell of the maps."""
        return self.query, self.key


def scaled() -> bool:
    """Whether the scores are divided by sqrt(d_k), as `switch`, which stands beside the picture, says."""
    return bool(st.session_state.get("scale", st.query_params.get("scale") != "false"))


def switch() -> None:
    """The switch for the division by sqrt(d_k)."""
    with kept("scale", True):
        st.toggle(_("Divide by √d_k"), value=True, key="scale", bind="query-params")


def one_head(view: Attention, head: int, scaled: bool) -> OneHead:
    """The head's steps; without the division, they are computed here from the model's queries, keys and values."""
    products = arithmetic.dot_products(view.queries[head], view.keys[head])
    scores, weights, output = view.scores[head], view.weights[head], view.heads[head]
    if not scaled:
        scores, weights = products, arithmetic.softmax(products, view.mask)
        output = weights @ view.values[head]
    return OneHead(
        view=view, head=head, scaled=scaled, products=products, scores=scores, weights=weights, output=output
    )


def pick(session: Shown, one: OneHead) -> Pick | None:
    """What the learner points at; of a row without a key, the key with the most weight. None if no row is chosen."""
    query, key = attentions.chosen(session, one.view)
    if query is None:
        return None
    key = int(one.weights[query].argmax()) if key is None else key
    at_output = in_head.step() == OUTPUT
    return Pick(query, key, in_head.dimension(one.view.d_head) if at_output else None)


def chooser(session: Shown, view: Attention) -> Callable[[Cell], None]:
    """For clicks `[step, query, key]`, and on the last picture `[panel, row, column]`."""
    query, key = attentions.chosen(session, view)

    def choose(cell: Cell) -> None:
        where, row, column = (int(number or 0) for number in cell)
        point = attentions.chooser(view)
        if where == OUTPUT:
            point([row, key])
        elif where == VALUES:
            point([query, row])
        else:
            point([row, column])
        in_head.choose(column if where in (OUTPUT, VALUES) else None, min(where, OUTPUT))
        chain.rest()

    return choose


def stand_at(step: int) -> None:
    """The browser came to rest at a step, counted from 0."""
    in_head.stand_at(step + 1)
    chain.rest()


def names(one: OneHead) -> list[str]:
    """The names of the five steps, as on their buttons."""
    return ["Q Kᵀ", f"÷ √{one.view.d_head}" if one.scaled else _("not divided"), _("+ mask"), "softmax", "× V"]


def titles(one: OneHead) -> list[str]:
    """The titles of the five pictures."""
    where = _("{step} · layer {layer}, head {head}")
    return [where.format(step=name, layer=one.view.layer + 1, head=one.head + 1) for name in names(one)]


def steps(one: OneHead, lesson: Lesson, figures: Sequence[Figure], alts: Sequence[str]) -> list[Step]:
    """The five pictures with their names, their text alternatives and the lines below them."""
    spoken = [f"{title}. {alt}" for title, alt in zip(titles(one), alts, strict=True)]
    return [Step(*step) for step in zip(names(one), figures, spoken, looks(lesson, one), strict=True)]


def looks(lesson: Lesson, one: OneHead) -> list[str]:
    """The line below each step."""
    names = ["Look", "Look at division", "Look at mask", "Look at softmax", "Look at output"]
    if not one.scaled:
        names[1] = "Look without division"
    if one.view.mask.all():
        names[2] = "Look without mask"
    told = {"root": f"{math.sqrt(one.view.d_head):.3f}", "d_head": str(one.view.d_head)}
    return [prose.line(lesson.sections[name], told) for name in names]


def seen(rooms: Rooms, one: OneHead, chosen: Pick | None, walk: Walk) -> None:
    """The first line: how much the chosen piece looks at the chosen one."""
    view = one.view
    if chosen is None:
        return rooms.seen(_("Choose a piece: who looks at whom, and why?"))
    weight, key = f"{one.weights[chosen.query, chosen.key]:.2f}", view.key_chip(chosen.key)
    if view.kind == "encoder":
        told = _("{query} gives {weight} of its look to {key} in this head.")
        return rooms.seen(told, query=view.query_chip(chosen.query), weight=weight, key=key)
    read, written = chips.read(walk, chosen.query), chips.written(walk, chosen.query)
    told = _("Having read {read}, about to write {written}: {weight} of this head's look goes to {key}.")
    return rooms.seen(told, read=read, written=written, weight=weight, key=key)


def tell(session: Shown, one: OneHead, chosen: Pick | None) -> bool:
    """The whole sum behind the chosen cell, or where its number goes from there, and then True."""
    if chosen is None:
        prose.cell()
        return False
    if not one.scaled:  # the model's own numbers go on from the model's own weights
        weighed(one, chosen)
        return False
    return chain.show(session, one.view, (one.head, *chosen.cell), lambda: weighed(one, chosen), kinds=True)


def weighed(one: OneHead, chosen: Pick) -> None:
    """The sum behind a weight, or behind a number of the head's output."""
    view, query = one.view, one.view.asking_chip(chosen.query)
    count = int(view.mask[chosen.query].sum())
    if chosen.dimension is not None:
        names = [label(piece) for piece in view.key_pieces]
        return sums.mixing(one.mixing(chosen.query, chosen.dimension), query, names, chosen.dimension)
    cell = one.weighing(chosen.query, chosen.key)
    sums.weighing(cell, query, view.key_chip(chosen.key), in_head.step() or 1, count)


def sharpness(one: OneHead, chosen: Pick | None) -> None:
    """How sharp the chosen row is, with and without the division."""
    if chosen is not None:
        count, query = int(one.view.mask[chosen.query].sum()), one.view.query_chip(chosen.query)
        sums.sharpness(*one.rows(chosen.query), one.view.d_head, count, query, one.scaled)


def undivided(one: OneHead, chosen: Pick | None) -> None:
    """What the division is for: the same row with the other setting of the switch."""
    if chosen is None:
        return
    model, raw = one.rows(chosen.query)
    told = _(
        "Why divide? Without it {query}'s largest share is {raw}, not {model}; the gradient {raw_gradient}, not {gradient}."
    )
    if f"{model.largest:.2f}" == f"{raw.largest:.2f}":
        told = _("Why divide? Here it changes nothing, {query} is sure either way: {model}. Try another head.")
    proof.show(
        told, proof.Link("220_machine_parts", _("In the whole model"), {"mp_lab": "parts", "mp_do": "ns"}),
        proof.another_sentence(one.view.kind, one.view.layer, one.head), control=switch,
        query=one.view.asking_chip(chosen.query), model=f"{model.largest:.2f}", raw=f"{raw.largest:.2f}",
        gradient=f"{model.gradient:.3f}", raw_gradient=f"{raw.gradient:.3f}",
    )  # fmt: skip


def table(one: OneHead) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The first four steps as a table: a row for each query and key that is drawn."""
    view = one.view
    columns = [_("looks"), _("is looked at"), "q · k", _("score"), _("may look"), _("weight")]
    matrices = (one.products, one.scores, view.mask, one.weights)
    cells = zip(*(view.seen(each).ravel().tolist() for each in matrices), strict=True)
    queries, keys = ([label(piece) for piece in pieces] for pieces in view.pieces)
    ends = [(query, key) for query in queries for key in keys]
    return columns, [(*end, *cell) for end, cell in zip(ends, cells, strict=True)]


def panels(view: Attention) -> Panels:
    """What the matrices of the last picture are called, and what a click on each reports first."""
    return Panels(
        result=_("output"), left=_("weights"), right="V", equation=_("output = weights × V"), rows=view.names[0],
        inner=view.names[1], columns=_("dimension of V"), codes=(OUTPUT, WEIGHTS, VALUES),
    )  # fmt: skip


def output_table(one: OneHead) -> tuple[list[str], Sequence[Sequence[Any]]]:
    """The last step as a table: the head's output for each query that is drawn."""
    columns = [_("piece"), *(str(place) for place in range(one.view.d_head))]
    rows = zip(one.view.pieces[0], one.output[one.view.rows].tolist(), strict=True)
    return columns, [[label(piece), *row] for piece, row in rows]


def values(one: OneHead, chosen: Pick | None) -> dict[str, str]:
    """For the lesson: the head's own numbers, and those of the chosen cell or of the first row's strongest one."""
    view, row = one.view, one.view.rows.start
    chosen = chosen or Pick(row, int(one.weights[row].argmax()), None)
    cell, raw = one.weighing(chosen.query, chosen.key), arithmetic.softmax(one.products, view.mask)
    query, key = view.asking_chip(chosen.query), view.key_chip(chosen.key)
    rows = [[arithmetic.row(each) for each in weights] for weights in (view.weights[one.head], raw)]
    means = [np.mean([[each.entropy, each.gradient] for each in kind], axis=0) for kind in rows]
    return {
        "query": query, "key": key, "query_tex": prose.tex(query), "key_tex": prose.tex(key),
        "d_head": str(view.d_head), "root": f"{math.sqrt(view.d_head):.3f}", "queries": str(len(view.query_pieces)),
        "keys": str(len(view.key_pieces)), "cells": str(view.mask.size), "hidden": str(int((~view.mask).sum())),
        "before": f"{one.products.var():.3f}", "after": f"{(one.products / math.sqrt(view.d_head)).var():.3f}",
        "dot": f"{cell.dot.total:.3f}", "divisor": f"{cell.divisor:.3f}", "score": f"{cell.score:.3f}",
        "minus": f"{-cell.largest:+.3f}", "exp": f"{cell.exponential:.4f}", "total": f"{cell.total:.4f}",
        "weight": f"{cell.weight:.4f}", "masked": f"{cell.score:.3f}" if cell.allowed else r"-\infty",
        "entropy": f"{means[0][0]:.3f}", "entropy_raw": f"{means[1][0]:.3f}",
        "gradient": f"{means[0][1]:.3f}", "gradient_raw": f"{means[1][1]:.3f}",
    }  # fmt: skip
