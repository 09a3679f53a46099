"""Questions about recurrent translators: what a gate lets through, what the decoder is handed, an additive score, a context."""

import math

import numpy as np
from numpy.typing import NDArray

from figures.labels import label
from pages.predict.facts import Facts, Relative, table, whole_row
from relatives.alignment import AlignedTrace, Bahdanau
from relatives.cells import CellTrace, GruTrace, LstmTrace
from relatives.recurrent import OneStateTrace
from ui.asking.question import Given, Question, Sentence
from ui.measures import arithmetic
from ui.session.walk import array
from ui.show.sums import bracketed, number
from ui.text import translate as _

STATE, ALIGNMENT = "400_one_hidden_state", "420_alignment"
SHOWN = 3  # products that are given one by one
KEYS = 24  # pieces that a row may have to be summed by hand
SOME = 0.05  # weight that is worth asking for


def step(facts: Facts, *kinds: str) -> tuple[Relative, CellTrace, int, int] | None:
    """A relative with one hidden state, its encoder, and a place and a dimension in it."""
    found = facts.relative(*kinds)
    if found is None or not isinstance(found.walk.trace, OneStateTrace):
        return None
    cell = found.walk.trace.encoder.cell
    return found, cell, facts.dice.randrange(cell.states.size(1)), facts.dice.randrange(cell.states.size(2))


def there(found: Relative, place: int) -> dict[str, str]:
    """The address of a piece on the relative's page."""
    return {"relative": found.name, "source": str(place + 1)}


def gated(facts: Facts) -> Question | None:
    """One number of a GRU's state: what is kept, and what is new."""
    if (found := step(facts, "gru")) is None or not isinstance(cell := found[1], GruTrace):
        return None
    who, _cell, place, column = found
    before, update, new, right = (
        float(each[0, place, column]) for each in (cell.before, cell.update, cell.candidate, cell.states)
    )
    piece = label(who.walk.source[place])
    return Question(
        kind="gated", page=STATE, right=right, tolerance=max(0.02, 0.05 * abs(right)),
        asked=Sentence(
            _("{name} reads {piece}. In dimension {column} its state was {before}, the update gate is {update}, the candidate is {new}. "
              "What is the state afterwards?"),
            {"name": who.name, "piece": piece, "column": column, "before": number(before), "update": number(update), "new": number(new)},
        ),
        given=Given(
            title=_("The GRU at {piece}").format(piece=piece), rows=(_("state before"), _("update gate"), _("candidate"), _("state")),
            columns=(_("dim {place}").format(place=column),), values=table([before], [update], [new], [right]),
            hidden=frozenset({(3, 0)}), names=(_("part"), _("dimension")), value_name=_("number"),
        ),
        why=Sentence(_("(1 − {update}) × {new} + {update} × {before} = {right}: the gate says how much of the old is kept."), {
            "update": number(update), "new": bracketed(new), "before": bracketed(before), "right": number(right),
        }),
        there=there(who, place),
    )  # fmt: skip


def kept(facts: Facts) -> Question | None:
    """One number of an LSTM's cell: what is forgotten, and what is written."""
    if (found := step(facts, "lstm")) is None or not isinstance(cell := found[1], LstmTrace):
        return None
    who, _cell, place, column = found
    parts = (cell.cells_before, cell.forget_gate, cell.input_gate, cell.candidate, cell.cells)
    before, forget, enter, new, right = (float(each[0, place, column]) for each in parts)
    piece = label(who.walk.source[place])
    return Question(
        kind="kept", page=STATE, right=right, tolerance=max(0.02, 0.05 * abs(right)),
        asked=Sentence(
            _("{name} reads {piece}. Dimension {column} of its cell was {before}; forget gate {forget}, input gate {enter}, candidate {new}. "
              "What does the cell hold afterwards?"),
            {"name": who.name, "piece": piece, "column": column, "before": number(before), "forget": number(forget),
             "enter": number(enter), "new": number(new)},
        ),
        given=Given(
            title=_("The LSTM at {piece}").format(piece=piece),
            rows=(_("cell before"), _("forget gate"), _("input gate"), _("candidate"), _("cell")),
            columns=(_("dim {place}").format(place=column),), values=table([before], [forget], [enter], [new], [right]),
            hidden=frozenset({(4, 0)}), names=(_("part"), _("dimension")), value_name=_("number"),
        ),
        why=Sentence(_("{forget} × {before} + {enter} × {new} = {right}: a cell is added to, so it can keep."), {
            "forget": number(forget), "before": bracketed(before), "enter": number(enter), "new": bracketed(new), "right": number(right),
        }),
        there=there(who, place),
    )  # fmt: skip


def squeezed(facts: Facts) -> Question | None:
    """How many numbers does the decoder get of the sentence?"""
    if (found := step(facts, "tanh", "gru")) is None:
        return None
    who, cell, _place, _column = found
    pieces, right = cell.states.size(1), cell.states.size(2)
    return Question(
        kind="squeezed", page=STATE, right=right, digits=0,
        asked=Sentence(
            _("{name} has read all {pieces} pieces of the sentence; its states have {width} numbers. How many numbers does its decoder get?"),
            {"name": who.name, "pieces": pieces, "width": right},
        ),
        given=Given(
            title=_("What is handed over"), rows=(_("pieces"), _("numbers of a state"), _("numbers handed over")), columns=(_("count"),),
            values=table([pieces], [right], [right]), hidden=frozenset({(2, 0)}), names=(_("size"), _("number")), value_name=_("count"),
        ),
        why=Sentence(
            _("Only the last state is handed over: {width} numbers, whether the sentence has {pieces} pieces or 60."),
            {"width": right, "pieces": pieces},
        ),
        there=there(who, pieces - 1),
    )  # fmt: skip


def looks(facts: Facts) -> tuple[Relative, AlignedTrace, int] | None:
    """Bahdanau's model, and a row of its alignment that can be summed by hand."""
    found = facts.relative("bahdanau")
    if found is None or not isinstance(found.walk.trace, AlignedTrace) or len(found.walk.source) > KEYS:
        return None
    return found, found.walk.trace, facts.dice.randrange(len(found.walk.written))


def at(found: Relative, row: int, column: int) -> dict[str, str]:
    """The address of a cell of the alignment."""
    return {"relative": found.name, "piece": str(row + 1), "source": str(column + 1)}


def additive(facts: Facts) -> Question | None:
    """A score of Bahdanau's: three terms of the sum by hand, the others given."""
    if (found := looks(facts)) is None or not isinstance(found[0].opened.model, Bahdanau):
        return None
    who, trace, row = found
    column = facts.dice.randrange(len(who.walk.source))
    mixed = arithmetic.double(np.tanh(array(trace.look.queries[0, row] + trace.look.keys[0, column])))
    dot = arithmetic.DotProduct(arithmetic.double(array(found[0].opened.model.score.v.detach())), mixed)
    terms, (count, rest), right = dot.largest(SHOWN), dot.rest(SHOWN), float(trace.look.scores[0, row, column])
    names = {"asks": label(who.walk.written[row]), "key": label(who.walk.source[column])}
    sums, hole = " + ".join(f"{bracketed(term.left)} × {bracketed(term.right)}" for term in terms), float("nan")
    return Question(
        kind="additive", page=ALIGNMENT, right=right, tolerance=max(0.1, 0.05 * abs(right)),
        asked=Sentence(
            _("Before {asks} is written, {name} scores {key}: v · tanh(W s + U h). The tanh is given; what is the score?"),
            {"name": who.name, **names},
        ),
        given=Given(
            title=_("The score of {key}").format(key=names["key"]), rows=("v", "tanh", _("product")),
            columns=(*(_("dim {place}").format(place=term.place) for term in terms), _("{count} others").format(count=count), _("score")),
            values=table([*(term.left for term in terms), hole, hole], [*(term.right for term in terms), hole, hole],
                         [*(term.product for term in terms), rest, right]),
            hidden=frozenset({(2, place) for place in range(len(terms))} | {(2, len(terms) + 1)}),
            names=(_("vector"), _("dimension")), value_name=_("number"),
        ),
        why=Sentence("{sums} + {rest} = {right}", {"sums": sums, "rest": bracketed(rest), "right": number(right)}),
        there=at(who, row, column),
    )  # fmt: skip


def aligned(facts: Facts) -> Question | None:
    """A weight of the alignment, from a row of scores."""
    if (found := looks(facts)) is None:
        return None
    who, trace, row = found
    scores, weights = (arithmetic.double(array(each[0, row])) for each in (trace.look.scores, trace.look.weights))
    place = facts.pick([key for key, each in enumerate(weights) if each >= SOME] or [int(weights.argmax())])
    names = {"asks": label(who.walk.written[row]), "key": label(who.walk.source[place])}
    power, total = math.exp(scores[place] - scores.max()), float(np.exp(scores - scores.max()).sum())
    return Question(
        kind="aligned", page=ALIGNMENT, right=float(weights[place]), tolerance=0.05,
        asked=Sentence(
            _("{name} is about to write {asks}: these are its scores. Softmax makes shares of them. How much does {key} get?"),
            {"name": who.name, **names},
        ),
        given=Given(
            title=_("Scores and weights before {asks}").format(asks=names["asks"]), rows=(_("score"), _("weight")),
            columns=facts.pieces(who.walk.source), values=table(scores, weights), hidden=whole_row(1, len(scores)),
            names=(_("number"), _("English pieces")), value_name=_("number"),
        ),
        why=Sentence(
            _("With the largest score taken off, e^({score} − {most}) = {power}; all of them sum to {total}; {power} / {total} = {right}"),
            {"score": number(float(scores[place])), "most": bracketed(float(scores.max())), "power": number(power),
             "total": number(total), "right": number(float(weights[place]))},
        ),
        there=at(who, row, place),
    )  # fmt: skip


def context(facts: Facts) -> Question | None:
    """One number of the context: weights times annotations."""
    if (found := looks(facts)) is None:
        return None
    who, trace, row = found
    weights = arithmetic.double(array(trace.look.weights[0, row]))
    column = strongest(facts, arithmetic.double(array(trace.look.context[0, row])))
    values = arithmetic.double(array(trace.encoder.annotations[0, :, column]))
    dot, right = arithmetic.DotProduct(weights, values), float(trace.look.context[0, row, column])
    terms, (count, rest) = dot.largest(SHOWN), dot.rest(SHOWN)
    told, hole = " + ".join(f"{number(term.left)} × {bracketed(term.right)}" for term in terms), [float("nan")]
    asks = label(who.walk.written[row])
    return Question(
        kind="context", page=ALIGNMENT, right=right, tolerance=max(0.05, 0.05 * float(np.abs(dot.products).sum())),
        asked=Sentence(
            _("Before {asks}, {name} mixes the annotations by their weights. What is dimension {column} of the context?"),
            {"asks": asks, "name": who.name, "column": column},
        ),
        given=Given(
            title=_("Weights before {asks}, and dimension {column} of the annotations").format(asks=asks, column=column),
            rows=(_("weight"), _("annotation"), _("context")), columns=(*facts.pieces(who.walk.source), _("sum")),
            values=table([*weights, *hole], [*values, *hole], hole * len(weights) + [right]), hidden=frozenset({(2, len(weights))}),
            names=(_("number"), _("English pieces")), value_name=_("number"),
        ),
        why=Sentence(_("{told} + {count} more terms, {rest} = {right}"),
                     {"told": told, "count": count, "rest": number(rest), "right": number(right)}),
        there=at(who, row, int(weights.argmax())),
    )  # fmt: skip


def strongest(facts: Facts, values: NDArray[np.float64]) -> int:
    """One of the dimensions with the largest numbers."""
    return int(facts.pick(np.argsort(-np.abs(values))[:4].tolist()))
