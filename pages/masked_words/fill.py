"""The view "Fill the blank": the likeliest words by the model that sees both sides, and by the one that sees the left alone."""

import math

import numpy as np
import streamlit as st

from figures.writing.distributions import bars
from pages.masked_words import models
from pages.masked_words.asked import POINT, SIDE, Asked
from pages.masked_words.models import Guess, chip
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.measures.arithmetic import DotProduct
from ui.session import pointed
from ui.session.state import Origin
from ui.show import live_plot, numpy_lines, proof, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

COUNT = 8  # answers
KINDS = ("bert", "causal")


def sides() -> dict[str, str]:
    """What each model sees."""
    return {"bert": _("Both sides (BERT)"), "causal": _("The left alone (causal)")}


def show(rooms: Rooms, shop: Workshop, asked: Asked, there: dict[str, Origin]) -> None:
    """The whole view."""
    guesses = {kind: models.guess(origin, asked.words, asked.blanks, asked.at) for kind, origin in there.items()}
    pictures(rooms, shop, asked, guesses)
    first_line(rooms, asked, guesses)
    side, place = pointed.chosen(SIDE, len(guesses)) or 0, pointed.chosen(POINT, COUNT) or 0
    kind = list(guesses)[side]
    with rooms.words:
        logit(there[kind], guesses[kind], guesses[kind].best(COUNT)[place], sides()[kind])
        both_sides(there)
        prose.depths(shop.lesson.of("fill"), values(asked, guesses))


def pictures(rooms: Rooms, shop: Workshop, asked: Asked, guesses: dict[str, Guess]) -> None:
    """The bars of both models, beside each other where there is room."""
    limit = max(float(each.chances[each.best(1)].max()) for each in guesses.values())
    with rooms.picture:
        st.markdown(prose.line(shop.lesson.look, {}))
        for column, (side, kind) in zip(st.columns(len(guesses)), enumerate(guesses), strict=True):
            with column:
                one(shop, asked, guesses[kind], kind, side, limit)
        rows = [
            [sides()[kind], models.called(found.words, id), float(found.logits[id]), float(found.chances[id])]
            for kind, found in guesses.items() for id in found.best(40)
        ]  # fmt: skip
        tables.twin([_("Who"), _("Word"), _("Logit"), _("Probability")], rows, "mw_fill")


def one(shop: Workshop, asked: Asked, found: Guess, kind: str, side: int, limit: float) -> None:
    """The likeliest words of one model."""
    best = found.best(COUNT)
    names, chances = [models.called(found.words, id) for id in best], found.chances[best]
    here = (pointed.chosen(SIDE, 2) or 0) == side
    figure = bars(names, chances, title=sides()[kind], axis_title=_("probability"), mode=shop.mode, limit=limit, row=36,
                  selected=(pointed.chosen(POINT, COUNT) or 0) if here else -1)  # fmt: skip
    told = "; ".join(f"{name} {chance:.3f}" for name, chance in zip(names, chances, strict=True))

    def clicked(cell: Cell) -> None:
        pointed.choose(SIDE, side)
        pointed.choose(POINT, int(cell if isinstance(cell, int | float) else cell[0] or 0))

    live_plot.show(figure, f"mw_{kind}", f"{sides()[kind]}: {told}.", asked.said, on_click=clicked)


def first_line(rooms: Rooms, asked: Asked, guesses: dict[str, Guess]) -> None:
    """What each model thinks of first."""
    told = {
        kind: (models.called(found.words, found.best(1)[0]), float(found.chances[found.best(1)[0]]))
        for kind, found in guesses.items()
    }
    if len(told) < 2:
        word, chance = next(iter(told.values()))
        rooms.seen(
            _("For the blank the likeliest word is {word}: {chance} %."),
            word=chip(word, asked.at),
            chance=f"{100 * chance:.1f}",
        )
        return
    rooms.seen(
        _("With both sides in view the likeliest word is {word}, {chance} %; from the left alone it is {other}, {less} %."),
        word=chip(told["bert"][0], asked.at), chance=f"{100 * told['bert'][1]:.1f}", other=chip(told["causal"][0], asked.at),
        less=f"{100 * told['causal'][1]:.1f}",
    )  # fmt: skip


def logit(origin: Origin, found: Guess, id: int, who: str) -> None:
    """The sum behind a bar: the logit term by term, and its share."""
    row, bias = models.parts(origin, id)
    dot = DotProduct(found.output, row, bias)
    largest = float(found.logits.max())
    total, power = float(np.exp(found.logits - largest).sum()), math.exp(dot.total - largest)
    title = filled(
        _("{word}: {chance} %, {who}"),
        word=chip(models.called(found.words, id), 0),
        chance=f"{100 * power / total:.2f}",
        who=who,
    )
    lines = [
        Line("h · e + b", sums.summed(dot, bias=True)),
        Line("exp", f"exp({number(dot.total)} − {sums.bracketed(largest)}) = <b>{number(power, 4)}</b>"),
        Line("softmax", f"{number(power, 4)} / {number(total, 4)} = <b>{number(power / total, 4)}</b>", True),
    ]
    sums.show(title, lines, redo=numpy_lines.product(dot, number(dot.total), ("output", "row"), bias=True))


def both_sides(there: dict[str, Origin]) -> None:
    """What the right side is worth, over held-out sentences."""
    told = {kind: models.held_out(origin) for kind, origin in there.items()}
    both, left = told.get("bert"), told.get("causal")
    if not both or not left:
        return
    proof.show(
        _(
            "What is the right side worth? Of {count} held-out blanks BERT finds {both} %, the causal model {left} %; always the most "
            "frequent word: {baseline} %."
        ),
        count=f"{both[2]:,}", both=f"{both[0]:.1f}", left=f"{left[0]:.1f}", baseline=f"{both[1]:.1f}",
    )  # fmt: skip


def values(asked: Asked, guesses: dict[str, Guess]) -> dict[str, str]:
    """The numbers of the lesson."""
    found = next(iter(guesses.values()))
    word = asked.words[asked.at]
    true = found.words.index(word) if word in found.words else None
    rank = None if true is None else 1 + int((found.logits > found.logits[true]).sum())
    best = found.best(1)[0]
    ahead = [each for place, each in enumerate(asked.words) if place < asked.at]
    return {
        "best": chip(models.called(found.words, best), asked.at), "chance": f"{100 * float(found.chances[best]):.1f}",
        "true": chip(word, asked.at), "true_chance": "–" if true is None else f"{100 * float(found.chances[true]):.2f}",
        "rank": "–" if rank is None else f"{rank:,}", "words": f"{len(found.words):,}", "seen": str(len(asked.words) - len(asked.blanks)),
        "left": " ".join(ahead) or "–", "logit": f"{float(found.logits[best]):.3f}", "d_model": str(len(found.output)),
        "probability": f"{float(found.chances[best]):.4f}", "blanks": str(len(asked.blanks)),
    }  # fmt: skip
