"""Exercises about what was there before the Transformer: a gate, an additive score, a hop over the facts of a story."""

from decimal import Decimal
from functools import cache

import numpy as np
import torch

from pages.worksheets.exact import added, all_rounded, bracketed, exp, rounded, share, written
from pages.worksheets.exercise import Blank, Exercise, Table, line
from pages.worksheets.facts import Facts, dim, largest, name, to
from pages.worksheets.kinds.head import FEW, summed
from relatives.alignment import AlignedTrace, Bahdanau
from relatives.cells import GruTrace
from relatives.recurrent import OneStateTrace
from systems.stories import corpus as stories
from systems.stories.corpus import Story
from systems.stories.memory import MemoryNetwork, MemoryTrace
from systems.stories.world import words
from ui.measures import arithmetic
from ui.session.walk import array
from ui.text import filled
from ui.text import translate as _

LINES = (3, 6)  # facts of a story


def gate(facts: Facts) -> Exercise | None:
    """Three numbers of a GRU's state: what is kept, and what is new."""
    found = facts.relative("gru")
    if (
        found is None
        or not isinstance(found[2].trace, OneStateTrace)
        or not isinstance(cell := found[2].trace.encoder.cell, GruTrace)
    ):
        return None
    place, dims = facts.dice.randrange(cell.states.size(1)), facts.some(FEW, cell.states.size(2))
    before, update, new, own = (
        all_rounded(array(each[0])[place, dims].tolist())
        for each in (cell.before, cell.update, cell.candidate, cell.states)
    )
    left = [1 - z for z in update]
    states = [rounded(a * n + z * b) for a, n, z, b in zip(left, new, update, before, strict=True)]
    body = (
        (_("state before, h"), *map(written, before)), (_("update gate, z"), *map(written, update)), (_("candidate, n"), *map(written, new)),
        line("1 − z", *(Blank(written(a), f"1 − {written(z)}") for a, z in zip(left, update, strict=True))),
        line("(1 − z) × n + z × h", *(Blank(written(s), f"{written(a)} × {bracketed(n)} + {written(z)} × {bracketed(b)}")
                                  for s, a, n, z, b in zip(states, left, new, update, before, strict=True))),
    )  # fmt: skip
    return Exercise(
        kind="gate", page="400_one_hidden_state", title=_("A gate keeps and lets go"), rounding=to(2),
        tables=(Table(head=("", *map(dim, dims)), rows=body),),
        asked=filled(_("{model}, a GRU, reads {piece}. The update gate says how much of the old state is kept. What is the new state?"),
                     model=found[0], piece=name(found[2].source[place])),
        view=filled(_("{few} of the state’s {all} numbers."), few=len(dims), all=cell.states.size(2)),
        full=filled(_("Without rounding the model has {own}."), own=", ".join(map(written, own))),
        there={"relative": found[0], "source": str(place + 1)}, room=20,
    )  # fmt: skip


def additive(facts: Facts) -> Exercise | None:
    """A score of Bahdanau's: three terms of the sum by hand, the others given."""
    found = facts.relative("bahdanau")
    if (
        found is None
        or not isinstance(trace := found[2].trace, AlignedTrace)
        or not isinstance(model := found[1].model, Bahdanau)
    ):
        return None
    who, _opened, walk = found
    row, column = facts.dice.randrange(len(walk.written)), facts.dice.randrange(len(walk.source))
    mixed = np.tanh(arithmetic.double(array(trace.look.queries[0, row] + trace.look.keys[0, column])))
    v = arithmetic.double(array(model.score.v.detach()))
    dims = largest(v * mixed, FEW)
    others = {_("the {count} others").format(count=len(v) - FEW): rounded(float(np.delete(v * mixed, dims).sum()))}
    table, _total, _terms = summed(
        ("v", "tanh", _("product")), dims, all_rounded(v[dims].tolist()), all_rounded(mixed[dims].tolist()), others
    )
    return Exercise(
        kind="additive", page="420_alignment", title=_("Bahdanau’s score"), rounding=to(2), tables=(table,), room=20,
        asked=filled(_("Before {asks} is written, {model} scores {key}: v · tanh(W s + U h). The tanh is given. Multiply and add up."),
                     asks=name(walk.written[row]), model=who, key=name(walk.source[column])),
        view=_("Three of the dimensions, those with the largest products, are yours. What the others add up to is given."),
        full=filled(_("Without rounding the model has {own}."), own=written(rounded(float(trace.look.scores[0, row, column]), 3))),
        there={"relative": who, "piece": str(row + 1), "source": str(column + 1)},
    )  # fmt: skip


@cache
def told() -> tuple[Story, ...]:
    """Held-out stories that fit on a sheet."""
    return tuple(each for each in stories.load().split("test") if LINES[0] <= len(each.lines) <= LINES[1])


def hop(facts: Facts) -> Exercise | None:
    """The first look of a memory network at the facts of a story: scores become shares."""
    model = facts.system("memory")
    if not isinstance(model, MemoryNetwork) or not told():
        return None

    def throw() -> tuple[Story, MemoryTrace, int]:
        story = facts.pick(told())
        batch = model.read([[words(line) for line in story.lines]], [words(story.question)])
        with torch.inference_mode():
            trace = model(batch.story, batch.ages, batch.question)
        return story, trace, facts.dice.randrange(len(trace.hops))

    story, trace, number = facts.best(throw, lambda each: -float(each[1].hops[each[2]].weights.max()))
    scores = all_rounded(array(trace.hops[number].scores[0]).tolist())
    most = max(scores)
    powers = [exp(each - most) for each in scores]
    total = sum(powers, Decimal(0))
    body = tuple(
        (fact, written(s), Blank(written(s - most), f"{bracketed(s)} − {bracketed(most)}"), written(p),
         Blank(written(share(p, total)), f"{written(p)} / {written(total)}"))
        for fact, s, p in zip(story.lines, scores, powers, strict=True)
    )  # fmt: skip
    last = (_("sum"), "–", "–", Blank(written(total), added(powers)), "–")
    return Exercise(
        kind="hop", page="460_memory", title=_("One look at the memory"), rounding=to(2), room=18,
        tables=(Table(head=(_("fact"), _("score u · m"), _("− largest"), _("power of e"), _("share")), rows=(*body, last)),),
        asked=filled(_("“{question}?” In hop {hop} of {hops} the network scores each fact. Make shares of the scores. Which fact decides this hop?"),
                     question=story.question, hop=number + 1, hops=len(trace.hops)),
        there={"mem_story": "\n".join(story.lines), "mem_ask": story.question, "mem_hop": str(number)},
    )  # fmt: skip
