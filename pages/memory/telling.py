"""The sum behind a weight of a hop: what asks, what is stored, their product, the share; and the answer's own."""

import html
import math

import numpy as np

from figures.labels import shorten
from pages.memory.looks import Looks
from ui.measures.arithmetic import DotProduct, Weighing
from ui.show import numpy_lines, sums
from ui.show.sums import Line, bracketed, number
from ui.text import filled
from ui.text import translate as _


def weighing(found: Looks, hop: int, fact: int) -> Weighing:
    """One weight, from the product to what it gives."""
    look, place = found.hops[hop], found.left.index(fact)
    largest = float(look.scores.max())
    scores = look.keys @ look.query
    return Weighing(
        dot=DotProduct(look.query, look.keys[place]), divisor=1.0, allowed=True, largest=largest,
        total=float(np.exp(scores - largest).sum()), value=look.values[place], row=scores, place=place,
    )  # fmt: skip


def tell(found: Looks, hop: int, fact: int, dimension: int | None) -> None:
    """The sum of one cell."""
    cell = weighing(found, hop, fact)
    dim = strongest(found, fact, hop) if dimension is None else dimension
    title = filled(
        _("Hop {hop} asks, fact {fact} answers: {weight} of its look"),
        hop=hop + 1,
        fact=fact + 1,
        weight=number(cell.weight, 4),
    )
    lines = [
        Line(f"u {sums.term('', called(dim))}", asks(found, hop, dim)),
        Line(f"m {sums.term('', called(dim))}", stored(found, hop, fact, dim)),
        Line("u · m", sums.summed(cell.dot)),
        Line("exp", power(cell)),
        Line("softmax", share(cell, len(found.left)), True),
        Line(f"o {sums.term('', called(dim))}", mixed(found, hop, dim)),
        *answer(found),
    ]
    sums.show(title, lines, redo=numpy_lines.softmax(cell, number(cell.weight, 4)))


def strongest(found: Looks, fact: int, hop: int) -> int:
    """The dimension that adds most to a score."""
    return weighing(found, hop, fact).dot.largest(1)[0].place


def called(dimension: int) -> str:
    """A dimension by name."""
    return _("dim {place}").format(place=dimension)


def asks(found: Looks, hop: int, dimension: int) -> str:
    """One number of u: the question's own in the first hop, what the hop before left in the others."""
    total = float(found.hops[hop].query[dimension])
    if not hop:
        return sums.summed(found.asked(dimension), [*found.typed.asks])
    before = found.hops[hop - 1]
    if found.model.sizes.sharing == "adjacent":
        told = f"{number(float(before.query[dimension]))} + {bracketed(float(before.output[dimension]))} = <b>{number(total)}</b>"
        return told + sums.why(_("u + o: what hop {hop} asked with, and what it read.").format(hop=hop))
    row = DotProduct(
        found.model.H.weight.detach()[dimension].double().numpy(), before.query, float(before.output[dimension])
    )
    note = _("H u + o: a learned mixture of what hop {hop} asked with, and what it read (the bias is o).").format(
        hop=hop
    )
    return sums.summed(row, bias=True) + sums.why(note)


def stored(found: Looks, hop: int, fact: int, dimension: int, value: bool = False) -> str:
    """One number of m: each word's row times its place, and the row of the fact's age."""
    dot = found.stored(hop, fact, dimension, value)
    age = _("age {age}").format(age=found.age(fact))
    names = [*found.typed.words[fact], *([age] if found.model.sizes.time else [])]
    note = _("Place of the word × its row of A, summed; last the row of T for a fact that is {age} facts old.")
    return sums.summed(dot, names, first=len(names) - 1) + sums.why(note.format(age=found.age(fact)))


def power(cell: Weighing) -> str:
    """The exponential of the score."""
    note = _("The largest score of the hop is taken off first, which changes no weight.")
    return (
        f"exp({number(cell.score)} − {bracketed(cell.largest)}) = <b>{number(cell.exponential, 4)}</b>{sums.why(note)}"
    )


def share(cell: Weighing, count: int) -> str:
    """Its share of all facts."""
    note = _("The sum of exp over the {count} facts.").format(count=count)
    return f"{number(cell.exponential, 4)} / {number(cell.total, 4)} = <b>{number(cell.weight, 4)}</b>{sums.why(note)}"


def mixed(found: Looks, hop: int, dimension: int) -> str:
    """One number of what the hop reads."""
    look = found.hops[hop]
    names = [_("fact {place}").format(place=fact + 1) for fact in found.left]
    return sums.summed(DotProduct(look.weights, look.values[:, dimension]), names)


def answer(found: Looks) -> list[Line]:
    """The logit of the answer, and its chance."""
    word = found.model.ids[found.answer]
    dot = found.answers(word)
    largest, total = float(found.logits.max()), float(np.exp(found.logits - found.logits.max()).sum())
    power = math.exp(dot.total - largest)
    note = _("The sum of exp over all {count} words.").format(count=len(found.logits))
    told = f"{number(power, 4)} / {number(total, 4)} = <b>{number(power / total, 4)}</b>{sums.why(note)}"
    name = html.escape(found.answer)
    return [Line(f"W · u {sums.term('', found.answer)}", sums.summed(dot)), Line(f"p({name})", told)]


def named(found: Looks, fact: int) -> str:
    """A fact with its number."""
    return f"{fact + 1} {shorten(found.typed.lines[fact], 40)}"


def most(found: Looks) -> str:
    """Where each hop looks most."""
    parts = []
    for number_of, hop in enumerate(found.hops, 1):
        place = int(hop.weights.argmax())
        told = _("hop {hop}: fact {fact} ({weight})")
        parts.append(
            told.format(hop=number_of, fact=found.left[place] + 1, weight=number(float(hop.weights[place]), 2))
        )
    return ", ".join(parts)
