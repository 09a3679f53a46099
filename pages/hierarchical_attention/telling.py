"""The sum behind a weight of a word or of a sentence: tanh(W h + b) . u term by term, the share, and what the label is made of."""

import html
import math

import numpy as np

from pages.hierarchical_attention import states
from pages.hierarchical_attention.looks import Level, Looks
from systems.reviews.corpus import LABELS
from ui.measures.arithmetic import Weighing
from ui.show import numpy_lines, sums
from ui.show.sums import Line, bracketed, number
from ui.text import filled
from ui.text import translate as _


def tell(found: Looks, row: int | None, place: int, name: str, where: str, dimension: int | None) -> None:
    """The sum of one cell: the word at `place` of what was weighed together as number `row`, or a sentence (`None`); it is called `name`."""
    level = found.top if row is None else found.levels[row]
    cell = level.weighing(place)
    title = filled(
        _("{name} gets {weight} of the look {where}"),
        name=name,
        weight=number(float(level.weights[place]), 4),
        where=where,
    )
    if found.model.sizes.look == "mean":
        told = f"1 / {len(level.weights)} = <b>{number(1 / len(level.weights), 4)}</b>"
        return sums.show(title, [Line(html.escape(_("mean")), told, True), *answer(found)])
    dim = strongest(level, place) if dimension is None else dimension
    inside = level.hidden(place, dim)
    squeezed = f"tanh({number(inside.total)}) = <b>{number(math.tanh(inside.total))}</b>"
    note = _(
        "h is what two GRUs know here: the first half has read from the left up to here, the second half from the right."
    )
    lines = [
        state(found, row, place, inside.largest(1)[0].place),
        Line(f"W h + b {sums.term('', called(dim))}", sums.summed(inside, bias=True) + sums.why(note)),
        Line("tanh", squeezed),
        Line("tanh · u", sums.summed(cell.dot)),
        Line("exp", power(cell)),
        Line("softmax", share(cell, len(level.weights)), True),
        *answer(found),
    ]
    return sums.show(title, lines, redo=numpy_lines.softmax(cell, number(cell.weight, 4)))


def state(found: Looks, row: int | None, place: int, dimension: int) -> Line:
    """One number of the state: a step of a GRU; its gates fold out, each of W x + b and U h + b (as on the page about one hidden state)."""
    step = states.step(found, row, place, dimension)
    update, candidate, before = step.value("update"), step.value("candidate"), float(step.before[step.column])
    told = f"(1 − {number(update)}) × {bracketed(candidate)} + {number(update)} × {bracketed(before)}"
    rows = [(_("h before"), _("0 at the start") if step.first else "", number(before))]
    for gate, name in (("reset", "r = σ"), ("update", "z = σ"), ("candidate", "n = tanh")):
        reads, recalls = (each.total for each in step.sums(gate))
        times = f"{number(step.value('reset'))} × " if gate == "candidate" else ""
        rows.append((name, f"{number(reads)} + {times}{bracketed(recalls)}", number(step.value(gate))))
    side = _("read from the left") if step.forwards else _("read from the right")
    more = sums.folded(sums.term(told, side), rows)
    return Line(
        f"h {sums.term('', called(dimension))}", f'{more} <span class="term">= <b>{number(step.state)}</b></span>'
    )


def strongest(level: Level, place: int) -> int:
    """The dimension that adds most to the score."""
    return level.score(place).largest(1)[0].place


def called(dimension: int) -> str:
    """A dimension by name."""
    return _("dim {place}").format(place=dimension)


def power(cell: Weighing) -> str:
    """The exponential of the score."""
    note = _("The largest score is taken off first, which changes no weight.")
    return (
        f"exp({number(cell.score)} − {bracketed(cell.largest)}) = <b>{number(cell.exponential, 4)}</b>{sums.why(note)}"
    )


def share(cell: Weighing, count: int) -> str:
    """Its share of all."""
    note = _("The sum of exp over all {count} of them.").format(count=count)
    return f"{number(cell.exponential, 4)} / {number(cell.total, 4)} = <b>{number(cell.weight, 4)}</b>{sums.why(note)}"


def answer(found: Looks) -> list[Line]:
    """Both logits, and the probability of "positive"."""
    shown = [
        Line(f"W_c v {sums.term('', name)}", sums.summed(found.output(place), bias=True))
        for place, name in enumerate(LABELS)
    ]
    negative, positive = (found.output(place).total for place in (0, 1))
    told = f"1 / (1 + exp({number(negative)} − {bracketed(positive)})) = <b>{number(1 / (1 + math.exp(negative - positive)), 4)}</b>"
    return [*shown, Line("p", told)]


def rank(attention: np.ndarray, changes: np.ndarray) -> str:
    """Kendall's tau of two orders, in words; a dash if one of them ranks nothing."""
    from transformer.analysis.attributions import agreement

    real = ~np.isnan(changes)
    tau = agreement(attention[real], np.abs(changes[real])).tau if real.sum() > 1 else float("nan")
    return "–" if math.isnan(tau) else number(tau, 2)
