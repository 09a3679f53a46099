"""The three scores of one query and one key, term by term."""

import html
import math

import numpy as np

from pages.score_functions import words
from pages.score_functions.three import FUNCTIONS, Doubles, Function, Three, terms
from ui.measures.arithmetic import DotProduct
from ui.show import numpy_lines, sums
from ui.show.numpy_lines import Redo
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _


def tell(three: Three, function: Function, query: int, key: int) -> None:
    """The scores of a cell, and the three weights that come of them."""
    view = three.view
    title = filled(
        _("{query} asks, {key} answers: three scores"), query=view.asking_chip(query), key=view.key_chip(key)
    )
    shares = [f"{html.escape(words.called(each, view.d_head))} <b>{number(float(weights[query, key]), 4)}</b>"
              for each, weights in zip(FUNCTIONS, three.weights, strict=True)]  # fmt: skip
    last = Line("softmax", " · ".join(shares) if view.mask[query, key] else html.escape(_("it may not look: 0")))
    show(three, function, three.queries[query], key, title, [last])


def tell_point(three: Three, function: Function, changed: Doubles, key: int, what: str) -> None:
    """The scores of a query that was made longer or turned."""
    title = filled(_("{what} asks, {key} answers: three scores"), what=what, key=three.view.key_chip(key))
    show(three, function, changed, key, title, [])


def show(three: Three, function: Function, query: Doubles, key: int, title: str, more: list[Line]) -> None:
    """The lines: what tanh makes of q + k, the additive sum, the dot product, its division."""
    answers = three.keys[key]
    additive, dot = (terms(each, query, answers, three.v) for each in ("additive", "dot"))  # type: ignore[arg-type]
    d_k = len(query)
    scaled = f"{number(dot.total)} / {number(math.sqrt(d_k))} = <b>{number(dot.total / math.sqrt(d_k))}</b>"
    lines = [
        Line("tanh", squeezed(query, answers, additive), function == "additive"),
        Line("v · tanh", sums.summed(additive), function == "additive"),
        Line("q · k", sums.summed(dot), function == "dot"),
        Line(f"÷ √{d_k}", scaled, function == "scaled"),
        *more,
    ]
    sums.show(title, lines, redo=redo(three, function, query, answers))


def squeezed(query: Doubles, key: Doubles, additive: DotProduct) -> str:
    """The tanh of the largest term of the additive sum; all fold out."""
    rows = [
        (_("dim {place}").format(place=place), f"tanh({number(a)} + {sums.bracketed(b)})", number(c))
        for place, (a, b, c) in enumerate(zip(query.tolist(), key.tolist(), additive.right.tolist(), strict=True))
    ]
    place = additive.largest(1)[0].place
    name, told, value = rows[place]
    return sums.folded(sums.term(f"{told} = {value}", _("{name}; all of them").format(name=name)), rows)


def redo(three: Three, function: Function, query: Doubles, key: Doubles) -> Redo:
    """The chosen function in NumPy."""
    found = terms(function, query, key, three.v)
    if function == "dot":
        return numpy_lines.product(found, number(found.total), ("q", "k"))
    if function == "scaled":
        return Redo(numbers={"q": query, "k": key}, result="q @ k / np.sqrt(len(q))", shows=number(found.total / math.sqrt(len(query))))  # fmt: skip
    return Redo(numbers={"q": query, "k": key, "v": three.v}, result="v @ np.tanh(q + k)", shows=number(found.total))


def values(three: Three, query: int, key: int) -> dict[str, str]:
    """For the lesson."""
    view = three.view
    weights, scores = three.weights[:, query, key], three.scores[:, query, key]
    cells = int(view.mask.sum())
    queries = three.queries[query]
    told = {"query": view.asking_chip(query), "key": view.key_chip(key), "d_k": str(view.d_head), "root": number(math.sqrt(view.d_head)),
            "bound": number(float(np.abs(three.v).sum()), 2), "cells": f"{cells:,}", "tanh": f"{cells * view.d_head:,}",
            "length": number(float(np.linalg.norm(queries)), 2),
            "v": _("learned in training") if three.explained is None else _("fitted: this model learned none"),
            "explained": "100 %" if three.explained is None else f"{100 * three.explained:.0f} %"}  # fmt: skip
    for function, weight, score in zip(FUNCTIONS, weights, scores, strict=True):
        told |= {f"{function}_weight": f"{weight:.2f}", f"{function}_score": number(float(score), 2)}
    return told
