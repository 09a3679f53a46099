"""The words that a model expects beside the learner's: what it is trained to tell, and the loss of one pair."""

import html
import math

import numpy as np
import torch

from figures.writing.distributions import bars
from pages.words_as_vectors import asked, proofs
from pages.words_as_vectors.asked import POINT
from pages.words_as_vectors.found import Found, Numbers, chip
from systems.vectors.glove import Glove
from systems.vectors.windows import SPECIAL
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.measures.arithmetic import DotProduct
from ui.session import pointed
from ui.session.state import Origin
from ui.show import live_plot, numpy_lines, prose, sums, tables
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

COUNT = 8  # words


def show(rooms: Rooms, shop: Workshop, model: Found, origin: Origin, word: str, row: Numbers) -> None:
    """The whole view, of a word with its row."""
    read, guessed, biases = pairs(model, word, row)
    scores = guessed @ read + biases
    best = (np.argsort(-scores[SPECIAL:], kind="stable")[:COUNT] + SPECIAL).tolist()
    counts = isinstance(model.model, Glove)
    values = scores if counts else 1 / (1 + np.exp(-scores))
    place = pointed.chosen(POINT, len(best)) or 0
    picture(rooms, shop, model, word, best, values, counts)
    told = (
        _("Beside {word} the model expects {other} most: it gives the logarithm of their count as {value}.") if counts
        else _("Beside {word} the model expects {other} most: it takes them for a true pair with {value}.")
    )  # fmt: skip
    rooms.seen(told, word=chip(word, 0), other=chip(model.words[best[0]], 1), value=f"{values[best[0]]:.3f}")
    dot = DotProduct(read, guessed[best[place]], float(biases[best[place]]))
    with rooms.words:
        pair(model, word, best[place], dot, counts)
        proofs.noise(origin)
        facts = {
            "word": chip(word, 0), "other": chip(model.words[best[place]], 1), "score": f"{dot.total:.3f}", "value": f"{values[best[place]]:.3f}",
            "negatives": str(model.model.sizes.negatives), "window": str(model.model.sizes.window),
        }  # fmt: skip
        prose.depths(shop.lesson.of("beside").of(f"beside in {model.kind}"), facts)


def pairs(model: Found, word: str, row: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """What is read, `(dimension)`, what it is compared with, `(word, dimension)`, and what is added, `(word)`."""
    with torch.inference_mode():
        outputs = model.model.outputs().double().numpy()
        if isinstance(model.model, Glove):
            place = model.model.places[word]
            biases = (model.model.c + model.model.b[place]).double().numpy()
            return model.model.w[place].double().numpy(), outputs, biases
    return row, outputs, np.zeros(len(outputs))


def picture(
    rooms: Rooms, shop: Workshop, model: Found, word: str, best: list[int], values: Numbers, counts: bool
) -> None:
    """A bar for each word."""
    names, drawn = [model.words[place] for place in best], values[best]
    title = _("The words expected beside {word}").format(word=word)
    axis = _("log of the count") if counts else _("chance of a true pair")
    figure = bars(names, drawn, title=title, axis_title=axis, mode=shop.mode, limit=None if counts else 1.0, row=38,
                  selected=pointed.chosen(POINT, len(best)) or 0)  # fmt: skip
    told = "; ".join(f"{name} {value:.2f}" for name, value in zip(names, drawn, strict=True))
    with rooms.picture:
        look = prose.line(shop.lesson.sections["Look at beside"], {})
        live_plot.show(
            figure, "wv_beside", f"{title}. {told}.", f"{model.name} {word}", on_click=asked.point, look=look
        )
        tables.twin(
            [_("Word"), axis], [[name, float(value)] for name, value in zip(names, drawn, strict=True)], "wv_beside"
        )


def pair(model: Found, word: str, other: int, dot: DotProduct, counts: bool) -> None:
    """The sum behind a bar: the score of a pair, what it means, and what it costs in training."""
    title = filled(_("{word}, and {other} beside it"), word=chip(word, 0), other=chip(model.words[other], 1))
    redo = numpy_lines.product(dot, number(dot.total), ("v", "u"), bias=counts)
    if counts:
        lines = [
            Line("w · u + b + c", sums.summed(dot, bias=True), True),
            Line(
                "exp",
                sums.term(
                    f"exp({number(dot.total)}) = <b>{number(math.exp(dot.total))}</b>", _("the count that it tells")
                ),
            ),
        ]
        return sums.show(title, lines, redo=redo)
    chance = 1 / (1 + math.exp(-dot.total))
    lines = [
        Line("v · u", sums.summed(dot)),
        Line("σ", f"1 / (1 + exp({number(-dot.total)})) = <b>{number(chance)}</b>", True),
        Line(
            html.escape(_("loss, a true pair")),
            f"−log {number(chance)} = <b>{number(math.log1p(math.exp(-dot.total)))}</b>",
        ),
        Line(
            html.escape(_("loss, drawn by lot")),
            f"−log(1 − {number(chance)}) = <b>{number(math.log1p(math.exp(dot.total)))}</b>",
        ),
    ]
    return sums.show(title, lines, redo=redo)
