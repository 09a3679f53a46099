"""Questions about one head: the sizes of Q, K and V, a score, a weight, the mixture."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from figures.labels import label
from pages.predict.facts import Facts, table, where, whole_row
from transformer.what_if import Head
from ui.asking.question import Given, Question, Sentence
from ui.changed import names as called
from ui.measures import arithmetic
from ui.session.attentions import Attention
from ui.show.sums import bracketed, number
from ui.text import translate as _

SOME = 0.05  # weight that is worth asking for
OPEN = 0.9  # a row whose largest weight is smaller can become much sharper
SHOWN = 3  # products of a score that are given one by one


def who(view: Attention, head: int) -> str:
    """`Cross-attention, layer 2, head 3`."""
    return called.words(Head(view.kind, view.layer, head))


def shape(facts: Facts) -> Question:
    """How many numbers are in Q, K or V of one head?"""
    view, config = facts.attention(), facts.session.checkpoint.model.config
    letter = facts.pick(("Q", "K", "V"))
    pieces = len(view.query_pieces if letter == "Q" else view.key_pieces)
    right, head = pieces * view.d_head, facts.head()
    return Question(
        kind="shape", page="40_queries_keys_values", right=right, digits=0,
        asked=Sentence(_("{who}: how many numbers does the matrix {letter} of this one head hold for this sentence?"),
                       {"who": who(view, head), "letter": letter}),
        given=Given(
            title=_("The sizes of {letter}").format(letter=letter),
            rows=(
                _("pieces that look"), _("pieces that are looked at"), "d_model", _("heads"),
                _("numbers in {letter} of one head").format(letter=letter),
            ),
            columns=(_("count"),), hidden=frozenset({(4, 0)}), names=(_("size"), _("number")), value_name=_("count"),
            values=table([len(view.query_pieces)], [len(view.key_pieces)], [config.d_model], [config.heads], [right]),
        ),
        why=Sentence(
            _("d_k = d_model / heads = {d_model} / {heads} = {d_k}. {letter} has one row for each of {pieces} pieces: {pieces} × {d_k} = {right}. "
              "Q belongs to those who look, K and V to those who are looked at."),
            {"d_model": config.d_model, "heads": config.heads, "d_k": view.d_head, "letter": letter, "pieces": pieces, "right": right},
        ),
        there=where(view, head),
    )  # fmt: skip


def score(facts: Facts) -> Question:
    """A score from a query and a key: three products by hand, the others given as one sum."""
    view, head = facts.attention(), facts.head()
    query, key = facts.dice.randrange(len(view.query_pieces)), facts.dice.randrange(len(view.key_pieces))
    dot = arithmetic.DotProduct(arithmetic.double(view.queries[head, query]), arithmetic.double(view.keys[head, key]))
    terms, (count, rest) = dot.largest(SHOWN), dot.rest(SHOWN)
    right, hole = float(view.scores[head, query, key]), float("nan")
    names = {"asks": label(view.query_pieces[query]), "key": label(view.key_pieces[key])}
    sums = " + ".join(f"{bracketed(term.left)} × {bracketed(term.right)}" for term in terms)
    return Question(
        kind="score", page="40_queries_keys_values", right=right, tolerance=max(0.05, 0.03 * abs(right)),
        asked=Sentence(
            _("{who}: {asks} asks, {key} answers. Multiply the query and the key dimension by dimension, add up, divide by √d_k = √{d_k}. "
              "What is the score?"), {"who": who(view, head), "d_k": view.d_head, **names}),
        given=Given(
            title=_("Query of {asks}, key of {key}").format(**names), rows=(_("query"), _("key"), _("query × key")),
            columns=(*(_("dim {place}").format(place=term.place) for term in terms), _("{count} others").format(count=count), _("score")),
            values=table([*(term.left for term in terms), hole, hole], [*(term.right for term in terms), hole, hole],
                         [*(term.product for term in terms), rest, right]),
            hidden=frozenset({(2, place) for place in range(len(terms))} | {(2, len(terms) + 1)}),
            names=(_("vector"), _("dimension")), value_name=_("number"),
        ),
        why=Sentence("({sums} + {rest}) / √{d_k} = {total} / {root} = {right}", {
            "sums": sums, "rest": bracketed(rest), "d_k": view.d_head, "total": number(dot.total),
            "root": number(math.sqrt(view.d_head)), "right": number(right),
        }),
        there=where(view, head) | cell(view, query, key),
    )  # fmt: skip


def weight(facts: Facts) -> Question | None:
    """A weight from a row of scores."""
    if (found := facts.summable()) is None:
        return None
    view, head, rows = found
    query = facts.pick(rows)
    keys = np.flatnonzero(view.mask[query])
    scores, weights = view.scores[head, query][keys], view.weights[head, query][keys]
    place = facts.pick([key for key, each in enumerate(weights) if SOME <= each < 1] or [int(weights.argmax())])
    right, total = float(weights[place]), float(np.exp(arithmetic.double(scores)).sum())
    names = {"asks": label(view.query_pieces[query]), "key": label(view.key_pieces[keys[place]])}
    return Question(
        kind="weight", page="50_one_head", right=right, tolerance=0.05,
        asked=Sentence(_("{who}: these are all scores of {asks}. Softmax makes weights of them. How much weight does {key} get?"),
                       {"who": who(view, head), **names}),
        given=row_of(facts, view, _("Scores and weights of {asks}").format(**names), keys, scores, weights),
        why=Sentence(
            _("e^{score} = {power}; all of them sum to {total}; {power} / {total} = {right}"),
            {"score": number(float(scores[place])), "power": number(math.exp(float(scores[place]))), "total": number(total), "right": number(right)},
        ),
        there=where(view, head) | cell(view, query, int(keys[place])),
    )  # fmt: skip


def unscaled(facts: Facts) -> Question | None:
    """What becomes of the largest weight without the division by the root of d_k?"""
    if (found := facts.summable()) is None:
        return None
    view, head, rows = found
    query = facts.pick([row for row in rows if view.weights[head, row].max() < OPEN] or rows)
    keys, root = np.flatnonzero(view.mask[query]), math.sqrt(view.d_head)
    scores, weights = arithmetic.double(view.scores[head, query][keys]), view.weights[head, query][keys]
    raw = arithmetic.softmax(scores[None] * root, np.ones((1, len(keys)), dtype=bool))[0]
    place = int(weights.argmax())
    names = {"asks": label(view.query_pieces[query]), "key": label(view.key_pieces[keys[place]])}
    given = row_of(
        facts, view, _("The row of {asks}, with the division and without").format(**names), keys, scores, raw
    )
    return Question(
        kind="unscaled", page="50_one_head", right=float(raw[place]), tolerance=0.1,
        asked=Sentence(
            _("{who}: {asks} looks most at {key}, with weight {now}. Without the division by √d_k = {root} all scores are so many times "
              "as large. What weight does {key} get then?"),
            {"who": who(view, head), "now": number(float(weights[place])), "root": number(root), **names},
        ),
        given=Given(
            title=given.title, rows=(_("score"), _("weight"), _("weight, undivided")), columns=given.columns,
            values=table(scores, weights, raw), hidden=whole_row(2, len(keys)),
            names=given.names, value_name=given.value_name,
        ),
        why=Sentence(
            _("The softmax of the scores × {root} gives {key} {right} instead of {now}. Larger scores make sharper rows, and where one weight is "
              "nearly 1 little is learned: that is what the division is for."),
            {"root": number(root), "right": number(float(raw[place])), "now": number(float(weights[place])), "key": names["key"]},
        ),
        there=where(view, head) | cell(view, query, int(keys[place])),
    )  # fmt: skip


def mixture(facts: Facts) -> Question | None:
    """One number of a head's output: weights times values."""
    if (found := facts.summable()) is None:
        return None
    view, head, rows = found
    query = facts.pick(rows)
    column = int(facts.pick(np.argsort(-np.abs(view.heads[head, query]))[:4].tolist()))
    keys = np.flatnonzero(view.mask[query])
    weights, values = view.weights[head, query][keys], view.values[head, keys, column]
    dot, right = (
        arithmetic.DotProduct(arithmetic.double(weights), arithmetic.double(values)),
        float(view.heads[head, query, column]),
    )
    terms, (count, rest) = dot.largest(SHOWN), dot.rest(SHOWN)
    told = " + ".join(f"{number(term.left)} × {bracketed(term.right)}" for term in terms)
    asks = label(view.query_pieces[query])
    return Question(
        kind="mixture", page="50_one_head", right=right, tolerance=max(0.05, 0.05 * float(np.abs(dot.products).sum())),
        asked=Sentence(
            _("{who}: {asks} takes from every piece as much of its value as the weight says. What is dimension {column} of what this head "
              "hands over?"), {"who": who(view, head), "asks": asks, "column": column}),
        given=Given(
            title=_("Weights of {asks}, and the values’ dimension {column}").format(asks=asks, column=column),
            rows=(_("weight"), _("value"), _("output")), columns=(*facts.pieces([view.key_pieces[key] for key in keys]), _("sum")),
            values=table([*weights, float("nan")], [*values, float("nan")], [float("nan")] * len(keys) + [right]),
            hidden=frozenset({(2, len(keys))}), names=(_("number"), view.names[1]), value_name=_("number"),
        ),
        why=Sentence(_("{told} + {count} more terms, {rest} = {right}"),
                     {"told": told, "count": count, "rest": number(rest), "right": number(right)}),
        there=where(view, head) | cell(view, query, int(keys[int(weights.argmax())])),
    )  # fmt: skip


def row_of(
    facts: Facts, view: Attention, title: str, keys: NDArray[np.int64], scores: NDArray[Any], weights: NDArray[Any]
) -> Given:  # fmt: skip
    """Scores, and below them the weights, which are hidden."""
    return Given(
        title=title, rows=(_("score"), _("weight")), columns=facts.pieces([view.key_pieces[key] for key in keys]),
        values=table(scores, weights), hidden=whole_row(1, len(keys)),
        names=(_("number"), view.names[1]), value_name=_("number"),
    )  # fmt: skip


def cell(view: Attention, query: int, key: int) -> dict[str, str]:
    """The address of a cell of a map: see `attentions.chosen`."""
    if view.kind == "encoder":
        return {"source": str(query + 1), "key": str(key + 1)}
    if view.kind == "cross":
        return {"piece": str(query + 1), "source": str(key + 1)}
    return {"piece": str(query), "key": str(key + 1)}
