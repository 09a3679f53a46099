"""All kinds of question, in the order of the pages that they belong to.

A kind makes a question from `Facts`, or answers with `None` if the sentence or the model does not permit it. To add one: write such
a function, and name it here.
"""

from collections.abc import Callable

from pages.predict.facts import Facts
from pages.predict.kinds import (
    beside,
    head,
    lab,
    layers,
    learning,
    looking,
    meaning,
    output,
    remembered,
    seen,
    states,
    words,
)
from ui.asking.question import Question

Make = Callable[[Facts], Question | None]
TOPICS: dict[str, tuple[Make, ...]] = {
    "input": (words.pieces, words.enters, words.neighbour, words.sinusoid),
    "attention": (
        head.shape, head.score, head.weight, head.unscaled, head.mixture, looking.habit, looking.adds, looking.looks,
    ),
    "decoder": (layers.normed, layers.early, layers.forbidden, layers.future, layers.has_read),
    "output": (output.second, output.odds, output.survives),
    "change": (lab.missed, lab.part_gone, lab.pinned, lab.left_out),
    "learning": (learning.parameters, learning.blind, learning.rate, learning.half),
    "origins": (
        states.gated, states.kept, states.squeezed, states.additive, states.aligned, states.context, beside.cheaper, beside.matrix,
        beside.waiting, beside.spread, beside.better,
    ),
    "systems": (
        remembered.matches, remembered.recalls, remembered.hops, remembered.forgets, remembered.decides, seen.glances, seen.rows,
        seen.pulls, meaning.close, meaning.nearest, meaning.parts, meaning.blank, meaning.both,
    ),
}  # fmt: skip
KINDS: dict[str, Make] = {make.__name__: make for makes in TOPICS.values() for make in makes}
ALWAYS = "shape"  # what every model and sentence permits
